package view

import (
	"lockstep/planner"
)

// mostMoved is how many objects that moved in the CRM a folded plan names.
const mostMoved = 10

// moved names what was changed in the CRM since the last apply and that the plan
// answers to. The first line, and the last one, are those that tools for Terraform
// look for.
func (v *planView) moved(p *planner.Plan) {
	names, more := v.movedNames(p)
	if len(names) == 0 {
		return
	}
	first := "Note: Objects have changed in the CRM since the last apply"
	if v.o.ForTools {
		first = movedForTools
	}
	v.line("%s\n", first)
	for _, name := range names {
		v.line("  # %s", name)
	}
	if more > 0 {
		v.line("  … and %s more (`lockstep drift` lists them)", thousands(more))
	}
	v.line("")
	v.paragraph("Unless you have made equivalent changes to your configuration, the plan below may undo these changes.")
	v.line("\n%s\n", Rule)
}

// movedNames say of each object what happened to it, and how many more there are.
func (v *planView) movedNames(p *planner.Plan) (names []string, more int) {
	for i := range p.Changes {
		c := &p.Changes[i]
		what := map[string]string{"delete": " has been deleted", "update": " has changed"}[driftAction(c)]
		switch {
		case what == "":
		case len(names) < mostMoved || v.o.Full:
			names = append(names, c.Called(0)+what)
		default:
			more++
		}
	}
	return names, more
}
