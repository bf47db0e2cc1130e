package view

import (
	"slices"
	"time"

	"lockstep/planner"
	"lockstep/schema"
)

// RedactedPlan is a plan as it may be shown to others, whichever view shows it. It
// has no keys, no texts that people wrote, and no names of accounts; equal keys get
// equal numbers, so that a contact and its task can be told to belong together. It
// is for looking at, and cannot be applied.
func RedactedPlan(p *planner.Plan) *planner.Plan {
	r := newRedactor(p)
	out := *p
	out.Changes = make([]planner.Change, len(p.Changes))
	for i := range p.Changes {
		out.Changes[i] = r.change(&p.Changes[i])
	}
	out.Instances = make(map[schema.Address]int, len(p.Instances))
	for a, n := range p.Instances {
		out.Instances[r.address(a)] = n
	}
	out.Waves = slices.Clone(p.Waves)
	for i := range out.Waves {
		out.Waves[i].Operations = r.operations(out.Waves[i].Operations)
	}
	out.Unmanaged = slices.Clone(p.Unmanaged)
	for i, u := range p.Unmanaged {
		out.Unmanaged[i].Title, out.Unmanaged[i].Live = "", r.live(u.Kind, u.Live)
	}
	out.WritesTo = slices.Clone(p.WritesTo)
	for i := range out.WritesTo {
		out.WritesTo[i].Name = ""
	}
	out.Outputs = slices.Clone(p.Outputs)
	for i, c := range out.Outputs {
		out.Outputs[i].Before, out.Outputs[i].After = redactJSON(c.Before), redactJSON(c.After)
	}
	out.Unmatched = slices.Clone(p.Unmatched)
	for i, u := range out.Unmatched {
		out.Unmatched[i].Mapping = r.address(u.Mapping)
		out.Unmatched[i].Addresses = r.addresses(u.Addresses)
	}
	out.Refusals = slices.Clone(p.Refusals)
	for i := range out.Refusals {
		out.Refusals[i].Message = r.text(out.Refusals[i].Message)
	}
	out.Invocations = slices.Clone(p.Invocations)
	for i := range out.Invocations {
		r.invocation(&out.Invocations[i])
	}
	return &out
}

// invocation hides arguments that may tell of a person, but for ids.
func (r *redactor) invocation(i *planner.Invocation) {
	i.Address = r.address(i.Address)
	if i.Trigger != nil {
		t := *i.Trigger
		t.Address = r.address(t.Address)
		i.Trigger = &t
	}
	i.Fields = slices.Clone(i.Fields)
	for n, f := range i.Fields {
		a := i.Action.Argument(schema.PathAttribute(f.Path))
		if !shareable(a, f.Value) && (a == nil || a.Refers == "") {
			i.Fields[n].Value = hiddenValue(f.Value)
		}
	}
}

func (r *redactor) addresses(all []schema.Address) []schema.Address {
	out := make([]schema.Address, len(all))
	for i, a := range all {
		out[i] = r.address(a)
	}
	return out
}

func (r *redactor) change(c *planner.Change) planner.Change {
	out := *c
	out.Author = r.author(&c.Author)
	out.Others = slices.Clone(c.Others)
	for i := range out.Others {
		out.Others[i] = r.author(&c.Others[i])
	}
	out.ID, out.Reason = r.id(c.Kind, c.ID), r.text(c.Reason)
	out.Fields = slices.Clone(c.Fields)
	for i := range out.Fields {
		r.field(c.Kind, &out.Fields[i])
	}
	if c.Live != nil {
		out.Live = r.live(c.Kind, c.Live)
	}
	return out
}

// live is a live object as it may be shown.
func (r *redactor) live(kind *schema.Kind, o *schema.Object) *schema.Object {
	out := *o
	out.ID, out.Fields = r.id(kind, o.ID), slices.Clone(o.Fields)
	for i, f := range out.Fields {
		if !shareable(attributeOf(kind, f.Path), f.Value) {
			out.Fields[i].Value = hiddenValue(f.Value)
		}
	}
	return &out
}

// author leaves out what no view shows.
func (r *redactor) author(a *planner.Author) planner.Author {
	out := planner.Author{Address: r.address(a.Address), Place: a.Place, Level: a.Level, Keep: a.Keep, Apart: a.Apart}
	if a.Previous != nil {
		from := r.address(*a.Previous)
		out.Previous = &from
	}
	return out
}

// field hides all sides of a field, or none: one that is shown tells about the
// others.
func (r *redactor) field(kind *schema.Kind, f *planner.FieldChange) {
	f.LostWith, f.Note = r.text(f.LostWith), r.text(f.Note)
	f.Personal = f.Personal || !shareable(attributeOf(kind, f.Path), f.Base, f.Live, f.Desired)
	if !f.Personal {
		return
	}
	f.Base, f.Live, f.Desired = hiddenValue(f.Base), hiddenValue(f.Live), hiddenValue(f.Desired)
	f.Add, f.Remove = hiddenTexts(f.Add), hiddenTexts(f.Remove)
}

// operations have names that tell the members of a set, such as a tag.
func (r *redactor) operations(all []planner.Operation) []planner.Operation {
	all = slices.Clone(all)
	for i := range all {
		o := &all[i]
		o.Writes = nil
		if o.Channel != "" {
			o.Name = "write " + o.Channel
		}
	}
	return all
}

// id hides the id of an object that holds the name of an account.
func (r *redactor) id(kind *schema.Kind, id string) string {
	if r == nil || id == "" || kind != nil && !kind.NamedIDs {
		return id
	}
	return hide("")
}

func attributeOf(kind *schema.Kind, path string) *schema.Attribute {
	if kind == nil {
		return nil
	}
	return kind.Attribute(schema.PathAttribute(path))
}

// shareable reports whether values of an attribute tell of no person and no
// account: numbers, truth values, days and times, and words of a fixed list.
// Whatever else is a text may. a is nil for an attribute that is not known.
func shareable(a *schema.Attribute, values ...schema.Value) bool {
	if a == nil || a.Personal {
		return false
	}
	return len(a.OneOf) > 0 || !slices.ContainsFunc(values, func(v schema.Value) bool { return !plain(v) })
}

// plain reports whether a value is no text but a day or a time.
func plain(v schema.Value) bool {
	switch v.Type() {
	case schema.String:
		return v.Text() == "" || isTime(v.Text())
	case schema.List, schema.Map:
		return len(v.Keys()) == 0 && !slices.ContainsFunc(v.Items(), func(item schema.Value) bool { return !plain(item) })
	default:
		return true
	}
}

func isTime(text string) bool {
	return slices.ContainsFunc([]string{time.DateOnly, time.RFC3339, "2006-01-02T15:04:05"}, func(form string) bool {
		_, err := time.Parse(form, text)
		return err == nil
	})
}

// hiddenValue stands for a value that is not shown. That there is none, or that it
// is not known yet, may be told.
func hiddenValue(v schema.Value) schema.Value {
	if v.IsAbsent() || !v.IsKnown() || v.Type() == schema.String && v.Text() == "" {
		return v
	}
	return schema.StringValue(personalText)
}

func hiddenTexts(all []string) []string {
	out := make([]string, len(all))
	for i := range all {
		out[i] = personalText
	}
	return out
}
