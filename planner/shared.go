package planner

import (
	"fmt"
	"slices"
	"strings"

	"lockstep/schema"
)

// writesKey is a natural key that a change writes, at least in part; empty when
// it writes nothing of it.
func (c *Change) writesKey(key schema.NaturalKey) string {
	if !c.Writes() || c.Action == Delete {
		return ""
	}
	if !slices.ContainsFunc(c.Fields, func(f FieldChange) bool { return slices.Contains(key, f.Path) }) {
		return ""
	}
	return keyText(key, func(path string) schema.Value {
		for i := range c.Fields {
			if c.Fields[i].Path == path {
				return c.Fields[i].Desired
			}
		}
		if c.Live == nil {
			return schema.Value{}
		}
		return c.Live.Value(path)
	})
}

// warnShared warns of weaker natural keys that another object has, or gets by
// another change: an account may refuse the second one, or allow it, as families
// share a phone. Which it does is known only when it answers.
func (d *decider) warnShared() {
	for rank, key := range d.Kind.Keys {
		d.warnFurther(rank, key)
		if rank == 0 || shareable(d.Kind, key) {
			continue
		}
		first := map[string]*Change{}
		for i := range d.Changes {
			c := &d.Changes[i]
			text := c.writesKey(key)
			if text == "" {
				continue
			}
			if o := d.sharer(rank, text, c); o != nil {
				d.warn(key, c, fmt.Sprintf("The live %s %s has", d.Kind.Noun, o.live.ID), d.wasManaged(o, c))
			} else if other := first[text]; other != nil {
				d.warn(key, c, fmt.Sprintf("%s gets", other.Address), "")
			}
			if first[text] == nil {
				first[text] = c
			}
		}
	}
}

// warnFurther warns of natural keys that another live object has as a further
// value.
func (d *decider) warnFurther(rank int, key schema.NaturalKey) {
	for i := range d.Changes {
		c := &d.Changes[i]
		for _, s := range d.Live.further(rank, c.writesKey(key)) {
			if s.live != c.Live {
				d.warn(key, c, fmt.Sprintf("As an additional one, the live %s %s has", d.Kind.Noun, s.live.ID), "")
				break
			}
		}
	}
}

// sharer is another live object that has a natural key and keeps it, at least
// until the end of the apply, when deletes come.
func (d *decider) sharer(rank int, text string, c *Change) *Subject {
	for _, s := range d.Live.key(rank, text) {
		if s.live != c.Live && keyText(d.Kind.Keys[rank], s.becomes) == text {
			return s
		}
	}
	return nil
}

func (d *decider) warn(key schema.NaturalKey, c *Change, who, hint string) {
	name := strings.Join(key, " and ")
	d.Warnings = append(d.Warnings, Problem{
		Address: c.Address, Place: c.Place, Path: key[0], Summary: "Two objects with one " + name,
		Detail: fmt.Sprintf("%s the same %s as %s. An account that allows no duplicates refuses that. Give one of them another %s, unless the account allows it.%s",
			who, name, c.Address, name, hint),
	})
}

// wasManaged tells what to do about an object that has the key of a new one and
// was managed until now under an address that is gone: it may be the same one.
func (d *decider) wasManaged(s *Subject, c *Change) string {
	a, managed := d.of(s.live.ID)
	if c.Action != Create || !managed || s.owner != nil {
		return ""
	}
	return fmt.Sprintf(" It is %s until this plan forgets it: if it is the same %s, write a moved block from there.", Called(d.shown(a, s.live), d.Kind, s.live), d.Kind.Noun)
}
