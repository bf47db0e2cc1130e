package planner

import (
	"fmt"
	"slices"

	"lockstep/schema"
)

// An object may have several authors: the resource block that declares it, and
// mappings. Each has fields of its own, and of a set members of its own.

// claim notes what an author wants of an object. It refuses a field that
// another author wants too.
func (m *Matcher) claim(to target, d *Desired) bool {
	for _, other := range m.authorsOf(to) {
		if path, problem := clash(d.Fields, other.Fields); path != "" {
			m.refuse(d, path, "Two authors of one field", fmt.Sprintf("%s and %s both write %s of one %s%s. %s. Let one of them do it.",
				d.Address, other.Address, path, m.Kind.Noun, problem, other.place()))
			return false
		}
	}
	if m.authors == nil {
		m.authors = map[target][]*Desired{}
	}
	m.authors[to] = append(m.authors[to], d)
	return true
}

// authorsOf are those that want something of an object so far.
func (m *Matcher) authorsOf(to target) []*Desired {
	all := slices.Clone(m.authors[to])
	resource := to.made
	if to.live != nil {
		resource = m.taken[to.live]
	}
	if resource != nil {
		all = append(all, resource)
	}
	return all
}

// clash finds a path that two authors want. Of a set they may name different
// members, unless one of them claims all of it, or one excludes what the other
// names.
func clash(a, b schema.Fields) (path, problem string) {
	for _, f := range a {
		if f.Derived {
			continue
		}
		for _, g := range b {
			if g.Derived || f.Path != g.Path {
				continue
			}
			exactly := f.Claim == schema.ClaimExactly || g.Claim == schema.ClaimExactly
			switch {
			case f.Claim == schema.ClaimValue || g.Claim == schema.ClaimValue:
				return f.Path, ""
			case exactly:
				return f.Path, ", and one of them claims all of it with exactly()"
			case f.Claim != g.Claim:
				if member := common(f.Value.Strings(), g.Value.Strings()); member != "" {
					return f.Path, fmt.Sprintf(", one to have %q in it and one to have it out", member)
				}
			}
		}
	}
	return "", ""
}

func common(a, b []string) string {
	for _, s := range a {
		if slices.Contains(b, s) {
			return s
		}
	}
	return ""
}

// spare takes out of an author's changes the removal of members that another
// author names, and out of the others' changes those that this one names.
func (m *Matcher) spare(to target, d *Desired, fields []FieldChange) []FieldChange {
	others := slices.DeleteFunc(m.authorsOf(to), func(o *Desired) bool { return o == d })
	if len(others) == 0 {
		return fields
	}
	for _, o := range others {
		fields = without(fields, o.Fields)
	}
	for _, i := range m.changesOf(to.live) {
		c := &m.Changes[i]
		if c.Action != Update {
			continue
		}
		if c.Fields = without(c.Fields, d.Fields); len(c.Fields) == 0 {
			c.Action = NoOp
			m.Rebased = append(m.Rebased, *c)
		}
	}
	return fields
}

func (m *Matcher) count(c *Change) {
	var live, file bool
	for i := range c.Fields {
		live = live || c.Fields[i].LiveMoved
		file = file || c.Fields[i].FileMoved || !c.Fields[i].HasBase
	}
	if c.Address.Source {
		// What moved is the target, and the source is to follow.
		live, file = file, live
	}
	m.Summary.Managed++
	switch {
	case live && file:
		m.Summary.BothMoved++
	case live:
		m.Summary.LiveMoved++
	case file || c.Action == Create || c.Action == Replace:
		m.Summary.FileMoved++
	default:
		m.Summary.InStep++
	}
}

// countAuthor counts what one more author wants of an object. An object counts
// once, by the first author that has to write it.
func (m *Matcher) countAuthor(c *Change) {
	live := m.listed(c.Live)
	_, counted := m.taken[live]
	switch {
	case !counted:
		m.taken[live] = nil
		m.count(c)
	case len(c.Fields) > 0 && len(m.changesOf(c.Live)) == 0:
		m.Summary.Managed--
		m.Summary.InStep--
		m.count(c)
	}
}

// changedSet is the live set with the members that are added and without those
// that are removed.
func changedSet(f *FieldChange) schema.Value {
	if !f.Desired.IsKnown() {
		return f.Desired
	}
	return schema.SetOf(slices.DeleteFunc(append(f.Live.Strings(), f.Add...), func(s string) bool { return slices.Contains(f.Remove, s) }))
}

// without drops removals of members that an author names.
func without(fields []FieldChange, named schema.Fields) []FieldChange {
	for i := range fields {
		f := &fields[i]
		for _, n := range named {
			if n.Path != f.Path || n.Claim == schema.ClaimExcludes || n.Claim == schema.ClaimValue {
				continue
			}
			keeps := n.Value.Strings()
			f.Remove = slices.DeleteFunc(slices.Clone(f.Remove), func(s string) bool { return slices.Contains(keeps, s) })
			f.Desired = changedSet(f)
		}
	}
	return slices.DeleteFunc(fields, func(f FieldChange) bool {
		return f.IsSet() && len(f.Add)+len(f.Remove) == 0 && f.Desired.IsKnown()
	})
}
