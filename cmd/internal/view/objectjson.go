package view

import (
	"slices"

	"lockstep/planner"
	"lockstep/schema"
)

// values are the object before and after the change, as far as it is known.
func (v *planJSON) values(c *planner.Change) (before, after tree) {
	if c.ID != "" && c.Action != planner.Create {
		before = v.was(c)
	}
	switch c.Action {
	case planner.Delete, planner.Forget:
		return before, nil
	case planner.Create, planner.Replace, planner.Read:
		after = tree{"id": leaf{value: schema.UnknownValue()}}
	default:
		after = v.was(c)
	}
	for i := range c.Fields {
		f := &c.Fields[i]
		after.put(f.Path, v.leaf(f, becomes(after.at(f.Path), f)))
	}
	return before, after
}

// was is the object as it was read: what was listed of it, and what is written over.
func (v *planJSON) was(c *planner.Change) tree {
	t := tree{"id": leaf{value: schema.StringValue(c.ID)}}
	known := map[string]bool{}
	if c.Live != nil {
		for _, f := range c.Live.Fields {
			t.put(f.Path, v.live(c, f))
			known[f.Path] = true
		}
	}
	for i := range c.Fields {
		f := &c.Fields[i]
		// Fields of a replaced object are all written again, and only some differ.
		if !known[f.Path] && (!f.Live.IsAbsent() || !f.IsSet() && c.Action != planner.Replace) {
			t.put(f.Path, v.leaf(f, f.Live))
		}
	}
	return t
}

// becomes is the value of a field after the change: of a set, also the members that
// the author does not claim.
func becomes(now schema.Value, f *planner.FieldChange) schema.Value {
	if !f.IsSet() || !f.Desired.IsKnown() {
		return f.Desired
	}
	add, remove := f.Desired.Strings(), f.Remove
	if f.Claim == schema.ClaimExcludes {
		add, remove = nil, f.Desired.Strings()
	}
	members := slices.DeleteFunc(now.Strings(), func(m string) bool { return slices.Contains(remove, m) })
	return schema.SetOf(append(members, add...))
}

func (v *planJSON) live(c *planner.Change, f schema.Field) leaf {
	l := leaf{value: f.Value, sensitive: f.Sensitive}
	if c.Kind == nil {
		return l
	}
	if a := c.Kind.Attribute(schema.PathAttribute(f.Path)); a != nil {
		l.sensitive = l.sensitive || a.Sensitive
		if a.Personal && v.o.Redact {
			l.hidden = personalText
		}
	}
	return l
}

func (v *planJSON) leaf(f *planner.FieldChange, value schema.Value) leaf {
	l := leaf{value: value, sensitive: f.Sensitive}
	if f.Personal && v.o.Redact {
		l.hidden = personalText
	}
	return l
}
