package planner

import (
	"fmt"
	"slices"

	"lockstep/planner/state"
	"lockstep/schema"
)

// Subject is one object of a kind, live or to be made, with everybody who
// writes to it. There is one for each live object, so it is small; what is to be
// written hangs from its parts.
type Subject struct {
	live *schema.Object
	// owner is the resource block's object that this is, and record what the
	// state has of it; nil when there is none.
	owner  *Desired
	record *state.Record
	// inStep is the desired object with which this one was in step when it was
	// listed, so that all but its natural keys was let go; nil for one that is
	// whole. Before the list has it, it is the one that is expected.
	inStep *Desired
	// own is what the owner wants done; nil when that is nothing. mappings are
	// the parts of mappings, in the order in which they came.
	own      *part
	mappings []*part
	// rebase reports that nothing differs, but the state no longer tells what
	// the owner wants.
	rebase bool
	// apart reports that the plan is not about what the owner wants.
	apart bool
	// refused reports that its owner cannot have it, for a reason that was told.
	refused bool
	// shelved reports that the roster's shelf of such subjects has it.
	shelved bool
	// counted reports that the summary has the object.
	counted bool
}

// part is what one author wants of a subject, compared and not yet decided.
type part struct {
	*Desired
	// action of an owner: Create, Adopt or NoOp for an object of the state. A
	// mapping that makes its target has Create, and else Update.
	action Action
	// fields are what is written: those that differ, or all of a new object.
	// instead of a replacement, only these differ.
	fields, instead []FieldChange
	// base is the record that the author was compared with, nil for none.
	base *state.Record
	// rebase reports that the state no longer tells what the author wants.
	rebase bool
	// gone reports that a managed object was here and is no longer.
	gone bool
	// apart reports that the plan is not about what a mapping wants.
	apart bool
	// reason says how it came to be, as a sentence part.
	reason string
	// join and kept are those of the Author that a mapping becomes.
	join *Join
	kept []string
	// stays are fields that a mapping wrote once and leaves as they are. The state
	// remembers them, and other authors may have them.
	stays schema.Fields
}

// Live returns the object as it was read, nil when it is yet to be made.
func (s *Subject) Live() *schema.Object {
	if s == nil {
		return nil
	}
	return s.live
}

// untouched reports whether neither the object nor its record is to be written,
// as is so of nearly all: they cost no change that is then dropped.
func (s *Subject) untouched() bool {
	return s.owner != nil && !s.refused && s.own == nil && !s.rebase && len(s.mappings) == 0 && remembers(s.record, s.owner)
}

// Stays returns the live object, unless it is to be replaced.
func (s *Subject) Stays() *schema.Object {
	if s.replaced() {
		return nil
	}
	return s.Live()
}

// Writes reports whether any author has something to write.
func (s *Subject) Writes() bool {
	return s != nil && slices.ContainsFunc(s.parts(), func(p *part) bool { return p.action == Create || p.instead != nil || len(p.fields) > 0 })
}

func (s *Subject) replaced() bool {
	return s != nil && s.own != nil && s.own.instead != nil
}

// made reports whether writing to the object means to write to one that this
// plan makes.
func (s *Subject) made() bool { return s.live == nil || s.replaced() }

// parts are what everybody wants, the owner first.
func (s *Subject) parts() []*part {
	if s.own == nil {
		return s.mappings
	}
	return append([]*part{s.own}, s.mappings...)
}

// maker is who makes the object: its owner, or the mapping that creates it.
func (s *Subject) maker() *Desired {
	if s.owner != nil {
		return s.owner
	}
	return s.mappings[0].Desired
}

// authors are those that want something of the object, be it in step or not.
func (s *Subject) authors() []*Desired {
	all := make([]*Desired, 0, 1+len(s.mappings))
	for _, p := range s.mappings {
		all = append(all, p.Desired)
	}
	if s.owner != nil {
		all = append(all, s.owner)
	}
	return all
}

// others are the authors beside one.
func (s *Subject) others(d *Desired) []*Desired {
	if len(s.mappings) == 0 {
		return nil
	}
	return slices.DeleteFunc(s.authors(), func(o *Desired) bool { return o == d })
}

// becomes is the value of an object once everybody has written what is known
// so far.
func (s *Subject) becomes(path string) schema.Value {
	var value schema.Value
	if s.live != nil {
		value = s.live.Value(path)
	} else {
		value = s.maker().Value(path)
	}
	for _, p := range s.parts() {
		for i := range p.fields {
			if f := &p.fields[i]; f.Path == path && f.Desired.IsKnown() {
				value = f.Desired
			}
		}
	}
	return value
}

// changing are the authors that give the object other values under some paths.
func (s *Subject) changing(paths []string) []schema.Address {
	var found []schema.Address
	for _, p := range s.parts() {
		if slices.ContainsFunc(p.fields, func(f FieldChange) bool { return slices.Contains(paths, f.Path) }) {
			found = append(found, p.Address())
		}
	}
	return found
}

// rival finds a path that an author wants and another one has, and why both
// cannot have it.
func (s *Subject) rival(d *Desired) (other *Desired, path, problem string) {
	for _, other := range s.authors() {
		if path, problem := clash(d.Fields(), other.Fields()); path != "" {
			return other, path, problem
		}
	}
	return nil, "", ""
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

// spared drops from an author's fields the removal of members that another
// author names.
func spared(fields []FieldChange, others []*Desired) []FieldChange {
	if len(others) == 0 {
		return fields
	}
	fields = slices.Clone(fields)
	for i := range fields {
		f := &fields[i]
		if len(f.Remove) == 0 {
			continue
		}
		named := namedMembers(others, f.Path)
		f.Remove = slices.DeleteFunc(slices.Clone(f.Remove), func(m string) bool { return slices.Contains(named, m) })
		f.Desired = changedSet(f)
	}
	return slices.DeleteFunc(fields, func(f FieldChange) bool {
		return f.IsSet() && len(f.Add)+len(f.Remove) == 0 && f.Desired.IsKnown()
	})
}

// namedMembers are those of a set that authors name, rather than exclude.
func namedMembers(authors []*Desired, path string) []string {
	var named []string
	for _, d := range authors {
		for _, f := range d.Fields() {
			if f.Path == path && f.Claim != schema.ClaimExcludes && f.Claim != schema.ClaimValue {
				named = append(named, f.Value.Strings()...)
			}
		}
	}
	return named
}

// changedSet is the live set with the members that are added and without those
// that are removed.
func changedSet(f *FieldChange) schema.Value {
	if !f.Desired.IsKnown() {
		return f.Desired
	}
	return schema.SetOf(slices.DeleteFunc(append(f.Live.Strings(), f.Add...), func(m string) bool { return slices.Contains(f.Remove, m) }))
}

func replacing(fields []FieldChange) bool {
	return slices.ContainsFunc(fields, func(f FieldChange) bool { return f.Replaces })
}
