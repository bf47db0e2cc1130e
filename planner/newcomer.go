package planner

import (
	"fmt"
	"slices"
	"strings"

	"lockstep/schema"
)

// newcomer says what stands in the way of a new object.
type newcomer struct{ *Roster }

// refused refuses to make what an author wants.
func (n newcomer) refused(w *Desired) bool { return n.nameless(w) || n.lingers(w) }

// nameless refuses to create what no natural key tells apart: with the answer
// or the state lost, it would be made a second time.
func (n newcomer) nameless(w *Desired) bool {
	if len(n.Kind.Keys) == 0 {
		return false
	}
	choices := make([]string, len(n.Kind.Keys))
	for i, key := range n.Kind.Keys {
		if !slices.ContainsFunc(key, func(path string) bool { return w.Value(path).IsEmpty() }) {
			return false
		}
		choices[i] = strings.Join(key, " and ")
	}
	n.refuse(w, "", "Nothing to find the object by", fmt.Sprintf(
		"This %s would be created without %s. It could not be found again, and would be created twice if an answer or the state were lost. Give it one, or take over an existing %s with an import block.",
		n.Kind.Noun, strings.Join(choices, " or "), n.Kind.Noun))
	return true
}

// incomplete refuses to make an object without what a new one needs, whoever of its
// authors would write that.
func (n newcomer) incomplete(c *Change) bool {
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
	for i := range n.Kind.Attributes {
		a := &n.Kind.Attributes[i]
		if a.Needed == nil || !given(a.Name).IsAbsent() || !a.Needed.In(given) {
			continue
		}
		what := "A new " + n.Kind.Noun
		if a.Needed.By != "" {
			what += fmt.Sprintf(" whose %s is %s", a.Needed.By, given(a.Needed.By).Text())
		}
		n.Problems = append(n.Problems, Problem{Address: c.Address, Place: c.Place, Path: a.Name, Summary: "A new object lacks an attribute",
			Detail: fmt.Sprintf("%s needs %s, and none is written. Write it, or take over an existing %s with an import block.", what, a.Name, n.Kind.Noun)})
		return true
	}
	return false
}
