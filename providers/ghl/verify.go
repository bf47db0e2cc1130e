package ghl

import (
	"fmt"
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
		if kept.Equal(f.Value) || unset(a, kept) && unset(a, f.Value) {
			continue
		}
		r.Dropped = append(r.Dropped, f.Path)
		if r.Err == nil {
			r.Err = dropped(f, kept)
		}
	}
	return r
}

// unset reports whether a value is the same as none.
func unset(a *attribute, v schema.Value) bool {
	return isEmpty(v) || v.Equal(a.Default) || v.Type() != schema.String && len(v.Items()) == 0 && v.Text() == ""
}

// dropped tells what the server made of a value.
func dropped(f schema.Field, kept schema.Value) error {
	problem := "HighLevel took the value and dropped it without a word"
	if !kept.IsAbsent() {
		problem = fmt.Sprintf("HighLevel kept %s in place of it, without a word", kept)
	}
	return &providers.FieldError{Path: f.Path, Problem: problem,
		Advice: "Look at the object in HighLevel. Write what it keeps, or leave " + strings.SplitN(f.Path, ".", 2)[0] + " out."}
}
