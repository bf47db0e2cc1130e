package ghl

import (
	"fmt"
	"slices"
	"strings"

	"lockstep/providers"
	"lockstep/schema"
)

// verified adds to the result of a write which of the fields that were sent the
// answer has with another value, of those that the declaration does not trust.
func (k *kind) verified(r providers.Result, sent schema.Fields) providers.Result {
	for _, f := range written(sent) {
		a := k.attributeOf(schema.PathAttribute(f.Path))
		if a == nil || !a.verify || !f.Value.IsKnown() {
			continue
		}
		kept := r.Object.Value(f.Path)
		want := f.Value
		if a.Own == schema.OwnItems {
			// Of its items only what was sent must be there.
			want = a.Items.Merged(kept, schema.ItemClaim{Wanted: f.Value, Exactly: true})
		}
		if kept.Equal(want) || unset(a, kept) && unset(a, want) {
			continue
		}
		r.Dropped = append(r.Dropped, f.Path)
		if r.Err == nil {
			r.Err = dropped(f.Path, problem(a, want, kept))
		}
	}
	return r
}

// unset reports whether a value is the same as none.
func unset(a *attribute, v schema.Value) bool {
	return isEmpty(v) || v.Equal(a.Default) || v.Type() != schema.String && len(v.Items()) == 0 && v.Text() == ""
}

// problem tells what the server made of a value.
func problem(a *attribute, want, kept schema.Value) string {
	switch {
	case a.Own == schema.OwnItems:
		var names []string
		for _, c := range a.Items.Changes(kept, want) {
			if !slices.Contains(names, c.Name) {
				names = append(names, c.Name)
			}
		}
		return "HighLevel did not take " + strings.Join(names, ", ") + " as it was sent, without a word"
	case kept.IsAbsent():
		return "HighLevel took the value and dropped it without a word"
	default:
		return fmt.Sprintf("HighLevel kept %s in place of it, without a word", kept)
	}
}

func dropped(path, problem string) error {
	return &providers.FieldError{Path: path, Problem: problem,
		Advice: "Look at the object in HighLevel. Write what it keeps, or leave " + schema.PathAttribute(path) + " out."}
}
