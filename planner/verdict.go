package planner

import (
	"time"

	"lockstep/planner/state"
	"lockstep/schema"
	"lockstep/schema/config"
)

// verdict says for the fields of one instance of a mapping which side gives.
//
// The base of a field is what both sides had when they were last in step. The
// side that differs from it has moved. A value that is empty never travels: the
// side that has none is given that of the other.
type verdict struct {
	m    *Matcher
	d    *Mapped
	live *schema.Object
	base *baseline

	// desired are the fields of the target, back what is written to the source.
	desired schema.Fields
	back    []FieldChange
	// gives are the rules by which the target gives.
	gives []*config.MappedField
	// kept are the paths whose base stays until the way back is done.
	kept []string
	// notes say of fields on which both sides moved who wins, and open are those
	// of which nobody does.
	notes map[string]string
	open  map[string]bool
}

func (v *verdict) decide(r *state.Record) error {
	v.base, v.notes, v.open = &baseline{record: r}, map[string]string{}, map[string]bool{}
	if err := v.base.load(); err != nil {
		return err
	}
	for _, rule := range v.d.Mapping.Fields {
		switch rule.Direction {
		case config.Once:
			v.once(rule)
		case config.ToSource:
			v.toSource(rule)
		case config.Both:
			v.both(rule)
		default:
			v.desired = append(v.desired, v.given(rule.Path)...)
			if rule.Conflict == config.ConflictSource {
				v.notes[rule.Path] = "both sides moved; the source wins"
			}
		}
	}
	// Derived fields belong to no rule.
	for _, f := range v.d.Fields {
		if f.Derived {
			v.desired = append(v.desired, f)
		}
	}
	v.desired.Sort()
	return nil
}

// given are the fields that the source gives to a path; a whole map has many.
func (v *verdict) given(path string) schema.Fields {
	var found schema.Fields
	for _, f := range v.d.Fields {
		if !f.Derived && (f.Path == path || schema.PathAttribute(f.Path) == path) {
			found = append(found, f)
		}
	}
	return found
}

func (v *verdict) want(path string, value schema.Value) {
	f, _ := v.d.Fields.Find(path)
	v.desired = append(v.desired, schema.Field{Path: path, Value: value, Sensitive: f.Sensitive})
}

// once gives a value to a target that never had one, and leaves it alone ever
// after. The base remembers that it was there.
func (v *verdict) once(rule *config.MappedField) {
	has := v.live.Value(rule.Path)
	a := v.m.Kind.Attribute(schema.PathAttribute(rule.Path))
	if _, known := v.base.find(rule.Path, schema.ClaimValue); known || !isUnset(a, has) {
		v.want(rule.Path, has)
		return
	}
	v.desired = append(v.desired, v.given(rule.Path)...)
}

// toSource lets the target give.
func (v *verdict) toSource(rule *config.MappedField) {
	has := v.live.Value(rule.Path)
	a := v.m.Kind.Attribute(schema.PathAttribute(rule.Path))
	switch {
	case v.d.Source == nil || isEmpty(has):
	case sameValue(a, has, v.d.Source.Value(rule.Source)):
		v.want(rule.Path, has)
		v.gives = append(v.gives, rule)
	default:
		v.giveBack(rule, has)
	}
}

func (v *verdict) both(rule *config.MappedField) {
	a := v.m.Kind.Attribute(schema.PathAttribute(rule.Path))
	gives, has := v.d.Fields.Value(rule.Path), v.live.Value(rule.Path)
	switch {
	case isEmpty(gives) && isEmpty(has):
	case !gives.IsKnown(), isEmpty(has), sameValue(a, gives, has):
		v.want(rule.Path, gives)
	case v.d.Source == nil:
		// The source does not exist yet, or it is not known which it is.
		v.want(rule.Path, has)
	case isEmpty(gives):
		v.giveBack(rule, has)
	default:
		v.differing(rule, a, gives, has)
	}
}

// differing decides between two values.
func (v *verdict) differing(rule *config.MappedField, a *schema.Attribute, gives, has schema.Value) {
	df := differ{kind: v.m.Kind, sealer: v.m.Sealer}
	was, known := v.base.find(rule.Path, schema.ClaimValue)
	sourceMoved, targetMoved := !known || !df.isBase(a, was, gives), !known || !df.isBase(a, was, has)
	if !sourceMoved && targetMoved {
		v.giveBack(rule, has)
		return
	}
	if !targetMoved {
		v.want(rule.Path, gives)
		return
	}
	told := "both sides moved"
	if !known {
		told = "the two differ and were never in step"
	}
	switch v.winner(rule, told) {
	case config.ConflictSource:
		v.want(rule.Path, gives)
	case config.ConflictTarget:
		v.giveBack(rule, has)
	default:
		v.want(rule.Path, gives)
		v.open[rule.Path] = true
	}
}

// winner is the side that a field's rule gives right when both moved, or never
// were in step. An empty word leaves the conflict open.
func (v *verdict) winner(rule *config.MappedField, told string) string {
	side, who := rule.Conflict, "; the "+rule.Conflict+" wins"
	switch rule.Conflict {
	case config.ConflictSource, config.ConflictTarget:
	case config.ConflictNewest:
		side, who = v.newest()
	default:
		side, who = "", ""
	}
	v.notes[rule.Path] = told + who
	return side
}

// newest is the side whose object changed last, and how to say so.
func (v *verdict) newest() (side, who string) {
	source, err := time.Parse(time.RFC3339, v.d.Source.Version)
	target, err2 := time.Parse(time.RFC3339, v.live.Version)
	switch {
	case err != nil:
		return "", ", and the source does not tell when, so which is the newest is not known"
	case err2 != nil:
		return "", ", and the target does not tell when, so which is the newest is not known"
	case target.After(source):
		return config.ConflictTarget, "; the target is newer and wins"
	default:
		return config.ConflictSource, "; the source is newer and wins"
	}
}

// giveBack writes the target's value to the source. Until that is done, the
// base must not say that the two are in step.
func (v *verdict) giveBack(rule *config.MappedField, has schema.Value) {
	v.want(rule.Path, has)
	v.kept, v.gives = append(v.kept, rule.Path), append(v.gives, rule)
	a := v.m.Kind.Attribute(schema.PathAttribute(rule.Path))
	c := FieldChange{
		Path: rule.Source, Desired: has, Live: v.d.Source.Value(rule.Source), Mapped: rule.Path, Note: v.notes[rule.Path],
		Sensitive: a.Sensitive, Personal: a.Personal, FileMoved: true,
	}
	if was, known := v.base.find(rule.Path, schema.ClaimValue); known {
		df := differ{kind: v.m.Kind, sealer: v.m.Sealer}
		c.HasBase, c.Base, c.BaseHidden = true, was.Value, was.Hash != ""
		gives := v.d.Fields.Value(rule.Path)
		if gives.IsAbsent() {
			gives = c.Live
		}
		c.FileMoved, c.LiveMoved = !df.isBase(a, was, has), !df.isBase(a, was, gives)
	}
	v.back = append(v.back, c)
}

// mark notes who wins, and which conflicts are open.
func (v *verdict) mark(fields []FieldChange) []FieldChange {
	for i := range fields {
		f := &fields[i]
		note, ruled := v.notes[f.Path]
		if ruled && (f.Conflict || v.open[f.Path] || v.d.Mapping.Field(f.Path).Direction == config.Both) {
			f.Note, f.Conflict = note, v.open[f.Path]
		}
	}
	return fields
}
