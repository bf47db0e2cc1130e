package planner

import (
	"fmt"
	"slices"
	"strings"

	"lockstep/schema"
)

// mapMade writes to what another block is about to create.
func (m *Matcher) mapMade(d *Mapped, to target, j *Joined) {
	m.keep(d)
	wanted := d.Desired
	if !m.claim(to, &wanted) {
		return
	}
	fields := m.created(wanted.Fields)
	if len(fields) == 0 || m.impossible(&wanted, nil, fields) {
		return
	}
	c := m.change(&wanted, Update, fields)
	c.Of, c.Reason = &to.made.Address, to.made.Address.String()
	j.Change = len(m.Changes)
	m.Changes = append(m.Changes, c)
}

// mapCreate creates the target, with what it is to be found by.
func (m *Matcher) mapCreate(d *Mapped, j *Joined) {
	wanted := d.Desired
	wanted.Fields = slices.Clone(d.Fields)
	for _, f := range d.Match {
		a := m.Kind.Attribute(schema.PathAttribute(f.Path))
		if _, given := wanted.Fields.Find(f.Path); !given && a != nil && a.Writable() {
			wanted.Fields = append(wanted.Fields, f)
		}
	}
	wanted.Fields.Sort()
	gone := m.keep(d) != nil
	if !m.claimKey(&wanted) || m.occupied(d, &wanted) {
		return
	}
	match := Match{Change: -1, gone: gone}
	m.create(&wanted, &match)
	if j.Change = match.Change; j.Change < 0 {
		return
	}
	c := &m.Changes[j.Change]
	c.Reason = "nobody was found"
	// What it is found by belongs to nobody once it is there.
	c.Desired = slices.Clone(c.Desired)
	for i := range c.Desired {
		_, mapped := d.Fields.Find(c.Desired[i].Path)
		c.Desired[i].Derived = c.Desired[i].Derived || !mapped
	}
	made := wanted
	made.Fields = c.Desired
	m.creates = append(m.creates, &made)
	m.createsBy.add(&made, desiredValue)
}

// occupied refuses to create what exists: nobody has what the mapping looks
// for, but somebody has the natural key that the new object would get.
func (m *Matcher) occupied(d *Mapped, wanted *Desired) bool {
	found, problem := m.find(wanted)
	switch {
	case problem != nil:
		m.Problems = append(m.Problems, *problem)
		return true
	case found == nil:
		return false
	}
	for _, key := range m.Kind.Keys {
		if text := keyText(key, wanted.Fields.Value); text != "" && text == keyText(key, found.Value) {
			m.refuse(&d.Desired, key[0], "The natural key is taken", fmt.Sprintf(
				"No live %s has %s, so one would be created, but another live %s (id %s) has %s already. Match by %s, or give that one %s.",
				m.Kind.Noun, matchWords(d.Match), m.Kind.Noun, found.ID, describeKey(key, wanted.Fields), strings.Join(key, " and "), matchWords(d.Match)))
			return true
		}
	}
	return false
}
