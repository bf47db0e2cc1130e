package planner

import (
	"slices"

	"lockstep/planner/state"
	"lockstep/schema"
)

// moved notes the address that a record had before, as people write it, and
// says whether there is one.
func (m *Matcher) moved(c *Change, d *Desired) bool {
	from, moved := m.Previous[d.Sealed]
	if !moved {
		return false
	}
	if from.Key == d.Sealed.Key {
		from.Key = d.Address.Key
	}
	shown := m.Sealer.Recover(m.Kind, from, c.Live)
	c.Previous = &shown
	return true
}

// LiveMoved says that a live object is not as it was last written. A list that
// shows an object as it was written is not behind, whatever the files want
// now; one that does not may show an older picture.
func (m *Matcher) LiveMoved(d *Desired) bool {
	r := m.Records[d.Sealed]
	if r == nil {
		return false
	}
	live := m.Live.ID(r.ID)
	if live == nil {
		return true
	}
	df := differ{kind: m.Kind, sealer: m.Sealer, ignore: d.Block.Ignore}
	if r.Sum == m.Sealer.Sum(d.Fields) {
		fields, _, err := df.diff(d.Fields, live, r)
		return err != nil || len(fields) > 0
	}
	base, err := r.Base()
	return err != nil || slices.ContainsFunc(base, func(f state.BaseField) bool { return df.moved(f, live) })
}

// moved compares one field of the base with the live object.
func (d *differ) moved(was state.BaseField, live *schema.Object) bool {
	a := d.kind.Attribute(schema.PathAttribute(was.Path))
	if a == nil || a.WriteOnly || a.CreateOnly || Ignored(d.ignore, was.Path) {
		return false
	}
	value := live.Value(was.Path)
	if was.Claim == schema.ClaimValue {
		return !d.isBase(a, was, value) && !d.stillHas(a, was, live)
	}
	if was.Hash != "" {
		return true
	}
	has, named := value.Strings(), was.Value.Strings()
	isThere := func(member string) bool { return slices.Contains(has, member) }
	switch was.Claim {
	case schema.ClaimExcludes:
		return slices.ContainsFunc(named, isThere)
	case schema.ClaimExactly:
		return !schema.SetOf(has).Equal(schema.SetOf(named))
	default:
		return slices.ContainsFunc(named, func(member string) bool { return !isThere(member) })
	}
}
