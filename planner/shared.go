package planner

import (
	"fmt"
	"slices"
	"strings"

	"lockstep/schema"
)

// share warns of weaker natural keys that somebody else has, or gets by another
// change: an account may refuse the second one, or allow it, as families share a
// phone. Which it does is known only when it answers.
func (m *Matcher) share() {
	for rank, key := range m.Kind.Keys {
		m.shareFurther(rank, key)
		if rank == 0 {
			continue
		}
		first := map[string]*Change{}
		for i := range m.Changes {
			c := &m.Changes[i]
			text := c.writesKey(key)
			if text == "" {
				continue
			}
			if o := m.sharer(rank, text, c); o != nil {
				m.warnShared(key, c, fmt.Sprintf("The live %s %s has", m.Kind.Noun, o.ID))
			} else if other := first[text]; other != nil {
				m.warnShared(key, c, fmt.Sprintf("%s gets", other.Address))
			}
			if first[text] == nil {
				first[text] = c
			}
		}
	}
}

// shareFurther warns of natural keys that another live object has as a further
// value.
func (m *Matcher) shareFurther(rank int, key schema.NaturalKey) {
	for i := range m.Changes {
		c := &m.Changes[i]
		text := c.writesKey(key)
		if text == "" {
			continue
		}
		for _, o := range m.Live.further(rank, text) {
			if o != c.Live {
				m.warnShared(key, c, fmt.Sprintf("As an additional one, the live %s %s has", m.Kind.Noun, o.ID))
				break
			}
		}
	}
}

// writesKey is a natural key that a change writes, at least in part; empty when
// it writes nothing of it.
func (c *Change) writesKey(key schema.NaturalKey) string {
	if !c.Writes() || c.Action == Delete || c.Address.Source {
		return ""
	}
	writes := false
	for i := range c.Fields {
		writes = writes || slices.Contains(key, c.Fields[i].Path)
	}
	if !writes {
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

// sharer is another live object that has a natural key and keeps it, at least
// until the end of the apply, when deletes come.
func (m *Matcher) sharer(rank int, text string, c *Change) *schema.Object {
	for _, o := range m.Live.key(rank, text) {
		keeps := keyText(m.Kind.Keys[rank], func(path string) schema.Value { return m.becomes(o, path) }) == text
		if o != c.Live && keeps {
			return o
		}
	}
	return nil
}

func (m *Matcher) warnShared(key schema.NaturalKey, c *Change, who string) {
	name := strings.Join(key, " and ")
	m.Warnings = append(m.Warnings, Problem{
		Address: c.Address, Place: c.Place, Path: key[0], Summary: "Two objects with one " + name,
		Detail: fmt.Sprintf("%s the same %s as %s. An account that allows no duplicates refuses that. Give one of them another %s, unless the account allows it.",
			who, name, c.Address, name),
	})
}
