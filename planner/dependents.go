package planner

import (
	"cmp"
	"fmt"
	"slices"

	"lockstep/schema"
)

// dependents are the objects of one kind that go along with objects that are
// replaced. Who takes a block out knows what goes with it; who changes a value may
// not, so a replacement with dependents is refused however few they are.
type dependents struct {
	kind  *schema.Kind
	count int
	// of are the replaced objects.
	of []*Change
}

// dependents finds those of all replacements of a plan.
func (p *Plan) dependents() map[objectsOf]*dependents {
	all := map[objectsOf]*dependents{}
	for c := range p.Deleting() {
		for _, a := range c.Along {
			if c.Action != Replace || a.Attribute != "" {
				continue
			}
			k := objectsOf{c.Provider, a.Kind.Name}
			if all[k] == nil {
				all[k] = &dependents{kind: a.Kind}
			}
			all[k].count += a.Count
			all[k].of = append(all[k].of, c)
		}
	}
	return all
}

// text says what is replaced, why, and what to do about it. deleted are how many objects
// of the kind the plan deletes in all.
func (d *dependents) text(deleted int) string {
	first := slices.MinFunc(d.of, func(a, b *Change) int {
		return cmp.Or(cmp.Compare(a.Place.Filename, b.Place.Filename), cmp.Compare(a.Place.Start.Line, b.Place.Start.Line), a.Address.Compare(b.Address))
	})
	subject, verb, old := first.Address.String(), "is", "the old one"
	if first.Place.Filename != "" {
		subject += fmt.Sprintf(" (%s:%d)", first.Place.Filename, first.Place.Start.Line)
	}
	if n := len(d.of) - 1; n > 0 {
		subject, verb, old = fmt.Sprintf("%s and %s more", subject, schema.Thousands(n)), "are", "the old ones"
	}
	what, they := d.kind.Plural, "them"
	if d.count == 1 {
		what, they = d.kind.Noun, "it"
	}
	remedy := "Write the old value back, or give the new object its own block"
	if first.Reason == ReasonRequested {
		remedy = "Leave -replace out"
	}
	text := fmt.Sprintf("%s %s to be replaced%s, and with %s the CRM deletes %s %s: a new one does not get %s. %s.",
		subject, verb, sinceReason(first.Reason), old, schema.Thousands(d.count), what, they, remedy)
	if deleted > d.count {
		text += fmt.Sprintf(" In all the plan deletes %s %s.", schema.Thousands(deleted), d.kind.Plural)
	}
	return text
}
