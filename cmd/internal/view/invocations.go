package view

import (
	"fmt"
	"maps"
	"slices"

	"lockstep/planner"
	"lockstep/schema"
)

// maxInvocations is how many runs of one action block a folded plan lists.
const maxInvocations = 5

// invocations lists the actions that a plan runs, those of one block together.
func (v *planView) invocations(p *planner.Plan) {
	if len(p.Invocations) == 0 {
		return
	}
	v.line("%s", v.paint.bold("Actions to be invoked:"))
	shown := map[schema.Address]int{}
	for i := range p.Invocations {
		one := &p.Invocations[i]
		block := one.Address.Block()
		if shown[block]++; v.o.Full || shown[block] <= maxInvocations {
			v.invocation(one)
		}
	}
	for _, block := range slices.SortedFunc(maps.Keys(shown), schema.Address.Compare) {
		if more := shown[block] - maxInvocations; more > 0 && !v.o.Full {
			v.line("  … and %s of %s (-full lists them)", plural(more, "more run", "more runs"), block)
		}
	}
	v.line("")
}

// invocation writes one run of an action: when it is, what people notice, and its
// arguments.
func (v *planView) invocation(i *planner.Invocation) {
	v.line("  %s", v.paint.bold(fmt.Sprintf("# %s will be invoked %s", i.Address, i.When())))
	for _, note := range invocationNotes(i) {
		v.line("  %s", v.paint.faint("# ("+note+")"))
	}
	width := 0
	for _, f := range i.Fields {
		width = max(width, len(f.Path))
	}
	for _, f := range i.Fields {
		v.line("    %s = %s", pad(f.Path, width), v.o.argument(i.Action, f))
	}
}

func invocationNotes(i *planner.Invocation) []string {
	var notes []string
	if place := placeText(i.Place); place != "" {
		notes = append(notes, place)
	}
	if i.Action.Disruptive != "" {
		notes = append(notes, i.Action.Disruptive)
	}
	if !i.Action.Repeatable {
		notes = append(notes, "never run again by itself when its answer is lost")
	}
	if i.Trigger != nil && i.Trigger.Unsure {
		notes = append(notes, "only if its condition holds, which is known after apply")
	}
	return notes
}

// argument renders the value of an argument of an action.
func (o Options) argument(a *schema.Action, f schema.Field) string {
	switch {
	case !f.Value.IsKnown():
		return unknownText
	case secretArgument(a, f):
		return sensitiveText
	default:
		return o.text(f.Value)
	}
}

// actionsLine counts the actions of a plan; empty when it has none.
func actionsLine(p *planner.Plan) string {
	if len(p.Invocations) == 0 {
		return ""
	}
	return fmt.Sprintf("Actions: %d to invoke.", len(p.Invocations))
}
