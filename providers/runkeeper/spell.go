package runkeeper

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/providers/runkeeper/export"
	"lockstep/providers/runkeeper/health"
	"lockstep/schema"
)

// accountAttribute names the person that an object belongs to.
func accountAttribute() attribute {
	return attribute{Name: "account", Type: cty.String, Required: true, Immutable: true, Refers: kindAthlete, Example: `"ada"`, Doc: "Name of the account."}
}

// written declares an attribute that a file may give and that is read as well.
func written(a attribute) attribute {
	a.Optional = !a.Required
	a.Computed = a.Optional
	return a
}

// spellings of desired values, so that they are spelt as live ones.

// clock spells a time as the clock on the wall, which has no zone.
func clock(path string, v schema.Value) (schema.Value, error) {
	for _, form := range []string{clockForm, "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04", time.RFC3339} {
		if t, err := time.Parse(form, v.Text()); err == nil {
			return schema.StringValue(t.Format(clockForm)), nil
		}
	}
	return v, &providers.FieldError{Path: path, Problem: fmt.Sprintf("%q is not a time by the clock on the wall", v.Text()),
		Advice: "Write it as 2026-06-14T08:00:00, where the person was. An offset from UTC is not kept."}
}

// places rounds a number, which cannot be negative, to decimal places.
func places(n int) func(string, schema.Value) (schema.Value, error) {
	return func(path string, v schema.Value) (schema.Value, error) {
		f, err := strconv.ParseFloat(v.Text(), 64)
		if err != nil || f < 0 {
			return v, &providers.FieldError{Path: path, Problem: v.Text() + " is not a number that can be measured", Advice: "Write 0 or more."}
		}
		return number(export.Round(f, n)), nil
	}
}

// atMost is a text of so many characters, without spaces around it.
func atMost(n int) func(string, schema.Value) (schema.Value, error) {
	return func(path string, v schema.Value) (schema.Value, error) {
		text := spellText(v.Text())
		if length := len([]rune(text)); length > n {
			return v, &providers.FieldError{Path: path, Problem: fmt.Sprintf("the text has %d characters", length), Advice: fmt.Sprintf("Runkeeper keeps %d at most.", n)}
		}
		return schema.StringValue(text), nil
	}
}

// spellText spells what people write so that what looks the same is the same.
func spellText(s string) string { return strings.TrimSpace(schema.NormalText(s)) }

// digits is a number that is an id.
func digits(path string, v schema.Value) (schema.Value, error) {
	n, err := strconv.ParseUint(v.Text(), 10, 63)
	if err != nil || n == 0 {
		return v, &providers.FieldError{Path: path, Problem: fmt.Sprintf("%q is not a user id", v.Text()),
			Advice: "Write Runkeeper's number of the person, such as 650491. There is no search by name or e-mail address."}
	}
	return schema.StringValue(strconv.FormatUint(n, 10)), nil
}

// wireClock spells the clock on the wall as the API does.
func wireClock(v schema.Value) any {
	t, err := time.Parse(clockForm, v.Text())
	if err != nil {
		return v.Text()
	}
	return health.Clock(t)
}

// spell normalises the fields of a kind.
func (k *kind) spell(fields schema.Fields) (schema.Fields, error) {
	if k.writes == nil {
		return fields, nil
	}
	out := slices.Clone(fields)
	for _, p := range k.writes.properties {
		i := slices.IndexFunc(out, func(f schema.Field) bool { return f.Path == p.path })
		if p.spell == nil || i < 0 || out[i].Value.IsAbsent() || !out[i].Value.IsKnown() {
			continue
		}
		var err error
		if out[i].Value, err = p.spell(p.path, out[i].Value); err != nil {
			return nil, err
		}
	}
	if k.writes.normalize != nil {
		return k.writes.normalize(out)
	}
	return out, nil
}
