package ghl

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"lockstep/providers"
	"lockstep/schema"
)

// speller carries what normalising needs beside the value.
type speller struct {
	ctx     context.Context
	account *account
	// attribute is the one whose value is spelt.
	attribute *attribute
	// fields are all that is desired of the object, not yet spelt.
	fields schema.Fields
}

// Normalize spells desired fields the way that List and Get return them, and
// derives what can be predicted. Before Configure it leaves alone what only
// the account knows: phone numbers without country code and the types of
// custom fields. Its errors are *providers.FieldError, except when the account
// could not be asked. The fields given stay as they are; when all are spelled
// well, they are returned.
func (p *Provider) Normalize(ctx context.Context, kindName string, fields schema.Fields) (schema.Fields, error) {
	k := p.account.kinds[kindName]
	if k == nil {
		return nil, fmt.Errorf("no kind %q", kindName)
	}
	return normalized(ctx, p.account, k, fields)
}

// normalized spells the fields of a kind.
func normalized(ctx context.Context, a *account, k *kind, fields schema.Fields) (schema.Fields, error) {
	fields, err := k.spellKeys(fields)
	if err != nil {
		return nil, err
	}
	s := &speller{ctx: ctx, account: a, fields: fields}
	out, copied := fields, k.odd.derive != nil
	if copied {
		out = slices.Clone(fields)
	}
	for i := range fields {
		f := &fields[i]
		if f.Value.IsAbsent() || f.Value.Type() == schema.Unknown {
			continue
		}
		declared := k.attributeOf(schema.PathAttribute(f.Path))
		if declared == nil || declared.form.normalize == nil {
			continue
		}
		s.attribute = declared
		v, err := declared.form.normalize(s, f.Path, f.Value)
		if err != nil {
			return nil, err
		}
		if v.Equal(f.Value) {
			continue
		}
		if !copied {
			// Most objects are spelled well, and there may be a great many.
			out, copied = slices.Clone(fields), true
		}
		out[i].Value = v
	}
	if k.odd.derive != nil {
		out = k.odd.derive(out)
	}
	return out, nil
}

// spellKeys spells the keys of maps that are owned by their keys, and refuses
// one that is written in two spellings. The fields given stay as they are.
func (k *kind) spellKeys(fields schema.Fields) (schema.Fields, error) {
	var out schema.Fields
	for i := range fields {
		name, key, ok := strings.Cut(fields[i].Path, ".")
		if !ok {
			continue
		}
		a := k.attributeOf(name)
		if a == nil || a.form.key == nil {
			continue
		}
		spelt := a.form.key(key)
		if spelt == key {
			continue
		}
		if out == nil {
			out = slices.Clone(fields)
		}
		out[i].Path = a.Name + "." + spelt
	}
	if out == nil {
		return fields, nil
	}
	out.Sort()
	for i := 1; i < len(out); i++ {
		if out[i].Path == out[i-1].Path && out[i].Claim == out[i-1].Claim {
			return nil, &providers.FieldError{Path: out[i].Path, Problem: fmt.Sprintf("the key %q is written twice, in two spellings", schema.PathKey(out[i].Path)),
				Advice: "Keep one of the two."}
		}
	}
	return out, nil
}

// normalText makes a normaliser of a spelling, in which the text is also sent;
// an empty text stays empty.
func normalText(spell func(string) string) func(*speller, string, schema.Value) (schema.Value, error) {
	return func(_ *speller, _ string, v schema.Value) (schema.Value, error) {
		if v.Type() != schema.String {
			return v, nil
		}
		return schema.StringValue(spell(v.Written())), nil
	}
}

// normalWritten makes a normaliser of a spelling that is for comparing only: the
// text is sent as it is written.
func normalWritten(spell func(string) string) func(*speller, string, schema.Value) (schema.Value, error) {
	return func(_ *speller, _ string, v schema.Value) (schema.Value, error) {
		if v.Type() != schema.String {
			return v, nil
		}
		return schema.WrittenValue(spell(v.Written()), v.Written()), nil
	}
}

// normalNames spells a list of names and refuses an empty one, which the server
// would leave out.
func normalNames(_ *speller, path string, v schema.Value) (schema.Value, error) {
	if v.Type() != schema.List || !v.IsKnown() {
		return v, nil
	}
	items := v.Strings()
	for i := range items {
		if items[i] = spellName(items[i]); items[i] == "" {
			return v, emptyMember(path)
		}
	}
	return schema.StringsValue(items), nil
}

func emptyMember(path string) error {
	return &providers.FieldError{Path: path, Problem: "a member is empty", Advice: "Remove the empty text from the list."}
}

// normalSet spells the members of a set. Unknown members are kept.
func normalSet(spell func(string) string) func(*speller, string, schema.Value) (schema.Value, error) {
	return func(_ *speller, path string, v schema.Value) (schema.Value, error) {
		if v.Type() != schema.List || !v.IsKnown() || isSet(v.Items(), spell) {
			return v, nil
		}
		members := make([]string, 0, len(v.Items()))
		for _, item := range v.Items() {
			s := spell(item.Text())
			if s == "" {
				return v, emptyMember(path)
			}
			members = append(members, s)
		}
		return schema.SetOf(members), nil
	}
}

// isSet reports whether members are spelt, sorted and distinct already, as they
// are in most objects.
func isSet(members []schema.Value, spell func(string) string) bool {
	last := ""
	for _, m := range members {
		if text := m.Text(); text <= last || spell(text) != text {
			return false
		}
		last = m.Text()
	}
	return true
}

func normalEmail(_ *speller, path string, v schema.Value) (schema.Value, error) {
	s := spellEmail(v.Text())
	if s == "" {
		return schema.StringValue(""), nil
	}
	local, domain, ok := strings.Cut(s, "@")
	bad := !ok || local == "" || strings.ContainsAny(s, " \t\n,;<>\"") || strings.Contains(domain, "@") ||
		!strings.Contains(domain, ".") || strings.HasPrefix(domain, ".") || strings.HasSuffix(domain, ".")
	if bad {
		return v, &providers.FieldError{Path: path, Problem: fmt.Sprintf("%q is not an e-mail address", v.Text()),
			Advice: "Write one address, as in ann@example.com."}
	}
	return schema.StringValue(s), nil
}

func normalDate(_ *speller, path string, v schema.Value) (schema.Value, error) {
	return normalTime(path, v, time.DateOnly, "Write it as YYYY-MM-DD.")
}

func normalInstant(_ *speller, path string, v schema.Value) (schema.Value, error) {
	return normalTime(path, v, instantLayout, "Write it as 2026-07-20T10:00:00Z, or as YYYY-MM-DD for midnight UTC.")
}

func normalTime(path string, v schema.Value, layout, advice string) (schema.Value, error) {
	if strings.TrimSpace(v.Text()) == "" {
		return schema.StringValue(""), nil
	}
	t, ok := parseTime(v.Text())
	if !ok {
		return v, &providers.FieldError{Path: path, Problem: fmt.Sprintf("%q is not a date", v.Text()), Advice: advice}
	}
	if layout == instantLayout {
		t = t.UTC()
	}
	return schema.StringValue(t.Format(layout)), nil
}
