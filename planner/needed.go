package planner

import (
	"fmt"

	"lockstep/schema"
)

// incomplete refuses to make an object without what a new one needs, whoever of its
// authors would write that.
func (d *decider) incomplete(c *Change) bool {
	if c.Action != Create && c.Action != Replace {
		return false
	}
	given := func(name string) schema.Value {
		for _, f := range c.Fields {
			if schema.PathAttribute(f.Path) == name {
				return f.Desired
			}
		}
		return schema.Value{}
	}
	for i := range d.Kind.Attributes {
		a := &d.Kind.Attributes[i]
		if a.Needed == nil || !given(a.Name).IsAbsent() || !a.Needed.In(given) {
			continue
		}
		what := "A new " + d.Kind.Noun
		if a.Needed.By != "" {
			what += fmt.Sprintf(" whose %s is %s", a.Needed.By, given(a.Needed.By).Text())
		}
		d.Problems = append(d.Problems, Problem{Address: c.Address, Place: c.Place, Path: a.Name, Summary: "A new object lacks an attribute",
			Detail: fmt.Sprintf("%s needs %s, and none is written. Write it, or take over an existing %s with an import block.", what, a.Name, d.Kind.Noun)})
		return true
	}
	return false
}
