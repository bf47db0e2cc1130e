package planner

import (
	"fmt"
	"slices"

	"lockstep/schema"
)

// Mirroring is a pair of kinds between which the API copies the value of an
// attribute, as schema.Attribute.Mirrors says.
type Mirroring struct {
	Attribute *schema.Attribute
	// From has the objects with the attribute, and To those that it is copied to.
	From, To *Roster
	// Refers reports whether the block of one object refers to the block of another:
	// it tells which objects that are yet to be made an unknown id may be of.
	Refers func(from, to *Desired) bool
}

// Check refuses values of a pair of objects that cannot both last.
func (m Mirroring) Check() {
	for _, s := range m.From.subjects {
		d := s.wanting(m.Attribute.Name)
		if d == nil || s.refused {
			continue
		}
		if rival := m.rival(s, d); rival != nil {
			m.From.refuse(d, m.Attribute.Name, "Two values for what is kept equal", fmt.Sprintf(
				"%s has another %s than %s, and the API copies that of each to the other: every apply would undo the one before. %s. Write one value, or write it at one of the two only.",
				d.Address(), m.Attribute.Name, rival.Address(), rival.place()))
		}
	}
}

// rival returns the author of the other object that wants another value than an
// author of a subject does; nil when there is none.
func (m Mirroring) rival(s *Subject, d *Desired) *Desired {
	id := s.becomes(m.Attribute.Mirrors.Through)
	if id.IsKnown() {
		return m.differing(m.To.Live.find(id.Text()), d)
	}
	return m.rivalMade(d)
}

// wanting returns the author that manages an attribute of the object with a value that
// is known; nil when there is none.
func (s *Subject) wanting(attribute string) *Desired {
	if s == nil {
		return nil
	}
	for _, d := range s.authors() {
		f, wanted := d.Find(attribute)
		if wanted && !f.Derived && f.Value.IsKnown() && !slices.Contains(d.Block.Ignore, attribute) {
			return d
		}
	}
	return nil
}

// differing returns the author of an object that wants another value than an author of
// the other one does; nil when there is none.
func (m Mirroring) differing(to *Subject, d *Desired) *Desired {
	rival := to.wanting(m.Attribute.Mirrors.Attribute)
	if rival == nil || sameValue(m.Attribute, d.Value(m.Attribute.Name), rival.Value(m.Attribute.Mirrors.Attribute)) {
		return nil
	}
	return rival
}

// rivalMade returns an author of the objects to be made that an object may refer to,
// when all of them want another value: whichever it is, the two differ.
func (m Mirroring) rivalMade(d *Desired) (rival *Desired) {
	for _, s := range m.To.made.all {
		if !m.Refers(d, s.maker()) {
			continue
		}
		other := m.differing(s, d)
		if other == nil {
			return nil
		}
		if rival == nil {
			rival = other
		}
	}
	return rival
}
