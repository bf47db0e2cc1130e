package planner

import (
	"slices"

	"lockstep/planner/state"
	"lockstep/schema"
	"lockstep/schema/config"
)

// sides are what both sides of one instance have, and what becomes of that.
type sides struct {
	roster *Roster
	d      *Instance
	target *schema.Object
	base   *baseline

	// wants are the fields that the source gives.
	wants schema.Fields
	// desired are the fields of the target, and back what is written to the
	// source.
	desired schema.Fields
	back    []FieldChange
	// gives are the rules by which the target gives, and kept the paths whose
	// base stays until the way back is done.
	gives []*config.MappedField
	kept  []string
	// stays are fields that were written once and stay as they are. They are no
	// claim: another author may have them. The source of the stale ones has no value
	// any more.
	stays schema.Fields
	stale []string
	// notes and open are those of the outcomes, by path.
	notes map[string]string
	open  map[string]bool
	// unread is why the base could not be read, where somebody asked.
	unread error
}

// decide asks agree of every field. base is the record of when both sides were
// last in step, nil when they never were.
func (s *sides) decide(base *state.Record) error {
	s.base, s.wants = &baseline{record: base}, s.d.Fields()
	s.desired = make(schema.Fields, 0, len(s.wants))
	for _, rule := range s.d.Mapping.Fields {
		if !s.held(rule) {
			s.carry(rule, agree(s.pair(rule)))
		}
	}
	// Derived fields belong to no rule.
	for _, f := range s.wants {
		if f.Derived {
			s.desired = append(s.desired, f)
		}
	}
	s.desired.Sort()
	return s.unread
}

// was finds a field in the base, which is read when the first one is asked for:
// nearly always both sides have one value.
func (s *sides) was(path string) (state.BaseField, bool) {
	if err := s.base.load(); err != nil {
		s.unread = err
		return state.BaseField{}, false
	}
	return s.base.find(path, schema.ClaimValue)
}

// held reports whether a field stays as it is, and with it what the state has of
// it. Of a map it may be single keys.
func (s *sides) held(rule *config.MappedField) bool {
	all := false
	for _, path := range s.d.Held {
		if path != rule.Path && schema.PathAttribute(path) != rule.Path {
			continue
		}
		all = all || path == rule.Path
		if err := s.base.load(); err != nil {
			s.unread = err
			return all
		}
		for _, was := range s.base.fields {
			if was.Path == path || schema.PathAttribute(was.Path) == path {
				s.kept = append(s.kept, was.Path)
				s.stays = append(s.stays, schema.Field{Path: was.Path, Value: s.target.Value(was.Path)})
			}
		}
	}
	return all
}

// pair makes what agree decides on.
func (s *sides) pair(rule *config.MappedField) pair {
	a := s.roster.Kind.Attribute(schema.PathAttribute(rule.Path))
	df := s.roster.differ(nil)
	p := pair{
		rule:   rule,
		source: side{value: s.d.Value(rule.Path)},
		target: side{value: s.target.Value(rule.Path), version: s.target.Version},
	}
	p.silent = !slices.ContainsFunc(s.wants, func(f schema.Field) bool { return isGiven(&f, rule.Path) })
	p.same, p.unset = sameValue(a, p.source.value, p.target.value), isUnset(a, p.target.value)
	if s.d.Source != nil {
		p.exists, p.source.version = true, s.d.Source.Version
		p.echoed = sameValue(a, p.target.value, s.d.Source.Value(rule.Source)) || s.echoed(rule, &p)
	}
	if p.decided() {
		return p
	}
	if was, known := s.was(rule.Path); known {
		p.known, p.source.moved, p.target.moved = true, !df.isBase(a, was, p.source.value), !df.isBase(a, was, p.target.value)
		p.had = !df.isBase(a, was, schema.Value{})
	}
	return p
}

// echoed reports whether the source would spell the target's value as it has its
// own: both ways there and back, a number that it rounds is in step.
func (s *sides) echoed(rule *config.MappedField, p *pair) bool {
	return rule.Direction == config.Both && rule.Plain && !p.same && !p.target.value.IsEmpty() && s.d.Echoes != nil && s.d.Echoes(rule, p.target.value)
}

// carry does what an outcome says.
func (s *sides) carry(rule *config.MappedField, o outcome) {
	if o.note != "" {
		if s.notes == nil {
			s.notes = map[string]string{}
		}
		s.notes[rule.Path] = o.note
	}
	if o.open {
		if s.open == nil {
			s.open = map[string]bool{}
		}
		s.open[rule.Path] = true
	}
	has := s.target.Value(rule.Path)
	switch o.verdict {
	case leave:
	case keep:
		s.want(rule.Path, has)
	case settled:
		s.want(rule.Path, has)
		s.gives = append(s.gives, rule)
	case empty:
		s.want(rule.Path, schema.StringValue(""))
	case stale:
		s.stale = append(s.stale, rule.Path)
		s.stays = append(s.stays, schema.Field{Path: rule.Path, Value: has, Sensitive: s.sensitive(rule.Path)})
	case giveBack:
		s.want(rule.Path, has)
		// Until the way back is done, the base must not say that both are in step.
		s.kept, s.gives = append(s.kept, rule.Path), append(s.gives, rule)
		s.back = append(s.back, s.backward(rule, has))
	case give:
		if rule.Direction == config.Both {
			s.want(rule.Path, s.d.Value(rule.Path))
			return
		}
		s.desired = s.given(s.desired, rule.Path)
	}
}

// given appends the fields that the source gives to a path; a whole map has many.
func (s *sides) given(to schema.Fields, path string) schema.Fields {
	for _, f := range s.wants {
		if isGiven(&f, path) {
			to = append(to, f)
		}
	}
	return to
}

// isGiven reports whether a field of the source goes to a path.
func isGiven(f *schema.Field, path string) bool {
	return !f.Derived && (f.Path == path || schema.PathAttribute(f.Path) == path)
}

func (s *sides) want(path string, value schema.Value) {
	s.desired = append(s.desired, schema.Field{Path: path, Value: value, Sensitive: s.sensitive(path)})
}

// sensitive reports whether the value of a path is, or was when the source still
// had one.
func (s *sides) sensitive(path string) bool {
	if f, given := s.d.Find(path); given {
		return f.Sensitive
	}
	was, known := s.was(path)
	return known && was.Sensitive
}

// all are the fields of the target, with those that stay as they are.
func (s *sides) all() schema.Fields {
	if len(s.stays) == 0 {
		return s.desired
	}
	all := slices.Concat(s.desired, s.stays)
	all.Sort()
	return all
}

// backward is the change of the source's field.
func (s *sides) backward(rule *config.MappedField, has schema.Value) FieldChange {
	a := s.roster.Kind.Attribute(schema.PathAttribute(rule.Path))
	c := FieldChange{
		Path: rule.Source, Desired: has, Live: s.d.Source.Value(rule.Source), From: rule.Path, Note: s.notes[rule.Path],
		Sensitive: a.Sensitive, Personal: a.Personal, Sides: Sides{FileMoved: true},
	}
	if was, known := s.was(rule.Path); known {
		c.Sensitive = c.Sensitive || was.Sensitive
		df := s.roster.differ(nil)
		gives := s.d.Value(rule.Path)
		if gives.IsAbsent() {
			gives = c.Live
		}
		c.Sides = Sides{
			Base: was.Value, HasBase: true, BaseHidden: was.Hidden(),
			FileMoved: !df.isBase(a, was, has), LiveMoved: !df.isBase(a, was, gives),
		}
	}
	return c
}

// mark notes who wins, and which conflicts are open.
func (s *sides) mark(fields []FieldChange) []FieldChange {
	for i := range fields {
		f := &fields[i]
		note, ruled := s.notes[f.Path]
		if ruled && (f.Conflict || s.open[f.Path] || s.d.Mapping.Field(f.Path).Direction == config.Both) {
			f.Note, f.Conflict = note, s.open[f.Path]
		}
	}
	return fields
}
