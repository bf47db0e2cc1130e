package pull

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"lockstep/providers"
	"lockstep/schema"
)

// selected decides what is written of an object. It reports whether the object can be
// written at all; why not is noted.
func (w *writer) selected(e *entry, keys *keys) bool {
	kind := e.set.Kind
	for i := range kind.Attributes {
		a := &kind.Attributes[i]
		live := e.Fields.Of(a.Name)
		reason := withheld(a, live)
		switch {
		case reason != "" && a.Required:
			w.leave(e, "", "it needs "+a.Name+", and "+reason)
			return false
		case reason != "":
			w.leave(e, a.Name, reason)
		case a.Writable() && !a.WriteOnly && !a.CreateOnly:
			e.fields = append(e.fields, claimed(a, live)...)
		}
	}
	e.fields.Sort()
	return w.spelt(e) && w.alone(e, keys)
}

// withheld is why the value of an attribute is not written that a reader would miss;
// empty when it is written, or not missed.
func withheld(a *schema.Attribute, live schema.Fields) string {
	switch {
	case a.Sensitive && len(live) > 0 && a.Writable():
		return "it is secret"
	case a.Required && (a.WriteOnly || a.CreateOnly):
		return "the API never shows it"
	case a.Required && len(live) == 0:
		return "it has none"
	default:
		return ""
	}
}

// claimed are the values of an attribute as fields of a file. Defaults and empty
// values are left out: they are as if they were not written.
func claimed(a *schema.Attribute, live schema.Fields) schema.Fields {
	var fields schema.Fields
	for _, f := range live {
		v := f.Value
		if !a.Required && (v.IsEmpty() || v.Equal(a.Default)) {
			continue
		}
		claim := schema.ClaimValue
		switch {
		case a.Own == schema.OwnMembers:
			claim = schema.ClaimIncludes
		case a.Own == schema.OwnItems:
			claim, v = schema.ClaimIncludes, keyed(a, v)
		}
		fields = append(fields, schema.Field{Path: f.Path, Value: v, Claim: claim})
	}
	return fields
}

// keyed are items with the properties that a file writes, and with keys of their own
// where only files have them.
func keyed(a *schema.Attribute, list schema.Value) schema.Value {
	names := newNames(nil)
	items := make([]schema.Value, 0, len(list.Items()))
	for _, item := range list.Items() {
		written := map[string]schema.Value{}
		for i, property := range item.Keys() {
			if a.Type.ElementType().HasAttribute(property) && !item.Items()[i].IsAbsent() {
				written[property] = item.Items()[i]
			}
		}
		if key := a.Items.Key; written[key].IsAbsent() && a.Items.Match != "" {
			written[key] = schema.StringValue(names.give("", item.Entry(a.Items.Match).Text(), a.Name))
		}
		items = append(items, schema.MapValue(written))
	}
	return schema.ListValue(items...)
}

// spelt holds the fields against what the provider makes of them: a value that it
// refuses, or would write in another way, is left out. It reports whether the object
// can be written without that.
func (w *writer) spelt(e *entry) bool {
	if w.Spell == nil {
		return true
	}
	for {
		spelt, err := w.Spell(e.set.Provider, e.set.Kind, evaluated(e.fields))
		var field *providers.FieldError
		if err != nil && (!errors.As(err, &field) || !e.has(field.Path)) {
			w.leave(e, "", err.Error())
			return false
		}
		path, reason := "", ""
		if err != nil {
			path, reason = field.Path, field.Problem
		} else if path = e.differs(spelt); path != "" {
			reason = "it cannot be written as it is"
		}
		if path == "" {
			return true
		}
		if a := e.set.Kind.Attribute(schema.PathAttribute(path)); a != nil && a.Required {
			w.leave(e, "", "of its "+path+": "+reason)
			return false
		}
		w.leave(e, path, reason)
		e.fields = slices.DeleteFunc(e.fields, func(f schema.Field) bool { return f.Path == path || strings.HasPrefix(f.Path, path+".") })
	}
}

func (e *entry) has(path string) bool {
	return slices.ContainsFunc(e.fields, func(f schema.Field) bool { return f.Path == path || strings.HasPrefix(f.Path, path+".") })
}

// differs is the first path that would be written as something else than it is live;
// empty when none would.
func (e *entry) differs(spelt schema.Fields) string {
	for i := range e.fields {
		f := &e.fields[i]
		a := e.set.Kind.Attribute(schema.PathAttribute(f.Path))
		got, still := spelt.Find(f.Path)
		if a.Own == schema.OwnItems || still && (got.Value.Equal(e.Value(f.Path)) || got.Value.IsEmpty() && f.Value.IsEmpty()) {
			continue
		}
		return f.Path
	}
	return ""
}

// evaluated are fields as a file gives them back: in the normal form of Unicode, and
// in the spelling that is shown.
func evaluated(fields schema.Fields) schema.Fields {
	fields = slices.Clone(fields)
	for i := range fields {
		fields[i].Value = read(fields[i].Value)
	}
	return fields
}

func read(v schema.Value) schema.Value {
	switch v.Type() {
	case schema.String:
		if norm.NFC.IsNormalString(v.Written()) && v.Written() == v.Text() {
			return v
		}
		return schema.StringValue(norm.NFC.String(v.Written()))
	case schema.List:
		items := make([]schema.Value, len(v.Items()))
		for i, item := range v.Items() {
			items[i] = read(item)
		}
		return schema.ListValue(items...)
	case schema.Map:
		entries := make(map[string]schema.Value, len(v.Keys()))
		for i, key := range v.Keys() {
			entries[key] = read(v.Items()[i])
		}
		return schema.MapValue(entries)
	default:
		return v
	}
}

// keys are the natural keys that objects have.
type keys struct {
	kind *schema.Kind
	held map[string]bool
}

func newKeys(kind *schema.Kind) *keys { return &keys{kind: kind, held: map[string]bool{}} }

// alone reports whether no other object has the strongest natural key of one: two
// blocks with one key are refused by a plan.
func (w *writer) alone(e *entry, keys *keys) bool {
	key, held := keys.claim(e.fields)
	if held {
		w.leave(e, "", "another one has the same "+strings.Join(key, " and ")+"; merge or rename them in the CRM")
	}
	return !held
}

// claim takes the strongest natural key that fields have, and reports whether it was
// held already.
func (k *keys) claim(fields schema.Fields) (key schema.NaturalKey, held bool) {
	for rank, key := range k.kind.Keys {
		text := k.text(key, fields)
		if text == "" {
			continue
		}
		text = strconv.Itoa(rank) + "\x00" + text
		held = k.held[text]
		k.held[text] = true
		return key, held
	}
	return nil, false
}

// text is a natural key as it is compared; empty when a part is missing.
func (k *keys) text(key schema.NaturalKey, fields schema.Fields) string {
	parts := make([]string, len(key))
	for i, path := range key {
		parts[i] = fields.Value(path).Text()
		if a := k.kind.Attribute(path); a != nil && a.Folded {
			parts[i] = strings.ToLower(parts[i])
		}
		if parts[i] == "" {
			return ""
		}
	}
	return strings.Join(parts, "\x00")
}
