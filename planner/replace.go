package planner

import (
	"fmt"

	"lockstep/schema"
)

// irreplaceable refuses to replace what is protected, cannot be deleted, or is
// not ours.
func (d *decider) irreplaceable(s *Subject, author *Author) bool {
	fields := s.own.instead
	switch {
	case author.Keep.Protected && !replacing(fields):
		d.refuse(s.owner, "", "Protected object would be replaced", "It has prevent_destroy, and -replace asks for a new one. Leave -replace out, or remove prevent_destroy.")
		d.Problems[len(d.Problems)-1].Protected = true
	case author.Keep.Protected:
		d.refuse(s.owner, "", "Protected object must be replaced", "It has prevent_destroy, and an attribute that cannot be changed in place differs. Write the old value back, or remove prevent_destroy.")
		d.Problems[len(d.Problems)-1].Protected = true
	case d.Kind.Lasting == schema.Permanent:
		d.refuse(s.owner, immutable(fields), "The object cannot be replaced", fmt.Sprintf(
			"%s, and %s cannot be deleted. Write the old value back; for another %s, give it its own block, or take this one out of the state with `lockstep state rm`.",
			because(fields), d.Kind.Plural, d.Kind.Noun))
	case d.Kind.Lasting == schema.Irreplaceable, d.Kind.Lasting == schema.Kept:
		d.refuse(s.owner, immutable(fields), "The object is not replaced", fmt.Sprintf(
			"%s, and with the old %s all that belongs to it would be lost. Write the old value back, or give another %s its own block.",
			because(fields), d.Kind.Noun, d.Kind.Noun))
	case s.own.action == Adopt && !d.ours(s.owner.Sealed()):
		d.refuse(s.owner, "", "The object exists already and does not fit", fmt.Sprintf(
			"A live %s (id %s) is to be adopted, but %s, and only objects that lockstep made or manages are replaced. Write the live value, or delete the object in the CRM.",
			d.Kind.Noun, s.live.ID, because(fields)))
	default:
		return false
	}
	return true
}

// immutable is the path of the first field that cannot be changed in place; empty
// when there is none.
func immutable(fields []FieldChange) string {
	for _, f := range fields {
		if f.Replaces {
			return f.Path
		}
	}
	return ""
}
