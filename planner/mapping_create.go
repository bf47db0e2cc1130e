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
	c := m.mapped(d, &wanted, fields)
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
	r := m.keep(d)
	gone := r != nil && m.Live.ID(r.ID) == nil
	if !m.claimKey(&wanted) || m.occupied(d, &wanted) {
		return
	}
	match := Match{Change: -1, gone: gone}
	m.create(&wanted, &match)
	if j.Change = match.Change; j.Change < 0 {
		return
	}
	c := &m.Changes[j.Change]
	c.Reason, c.Keep.Match = "no "+m.Kind.Noun+" was found", m.Sealer.Sum(d.Match)
	c.Join = &Join{Match: d.Match, Needs: m.vacating(d, &wanted)}
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

// vacating are the changes that take from live objects what a new one is found
// by, or its natural key: until then it would be there twice.
func (m *Matcher) vacating(d *Mapped, wanted *Desired) []schema.Address {
	var changes []schema.Address
	paths, text := matchText(d.Match)
	for _, o := range m.Live.matching(paths, text) {
		changes = append(changes, m.changing(o, paths)...)
	}
	for rank, key := range m.Kind.Keys {
		for _, o := range m.Live.key(rank, keyText(key, wanted.Fields.Value)) {
			changes = append(changes, m.changing(o, key)...)
		}
	}
	return changes
}

// occupied refuses to create what exists: nobody has what the mapping looks
// for, but somebody has the natural key that the new object would get, or is
// given it by another change.
func (m *Matcher) occupied(d *Mapped, wanted *Desired) bool {
	for rank, key := range m.Kind.Keys {
		text := keyText(key, wanted.Fields.Value)
		if text == "" {
			continue
		}
		for _, other := range m.matching(key, text) {
			if m.contradicts(rank, wanted, other) {
				continue
			}
			taken := "has " + describeKey(key, wanted.Fields) + " already"
			if keyText(key, other.Value) != text {
				taken = "gets " + describeKey(key, wanted.Fields)
			}
			m.refuse(&d.Desired, key[0], "The natural key is taken", fmt.Sprintf(
				"No live %s has %s, so one would be created, but another live %s (id %s) %s. Match by %s, or give that one %s.",
				m.Kind.Noun, matchWords(d.Match), m.Kind.Noun, other.ID, taken, strings.Join(key, " and "), matchWords(d.Match)))
			return true
		}
	}
	return false
}
