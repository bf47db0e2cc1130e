package view

import (
	"fmt"
	"strings"

	"lockstep/planner"
)

// mostPlaces is how many accounts a question names.
const mostPlaces = 3

// heading is what stands above the changes: where they will be written. Of several
// accounts each has a line with its numbers.
func (v *planView) heading(p *planner.Plan) {
	if len(p.Changes)+len(p.Invocations) == 0 {
		return
	}
	if len(p.WritesTo) <= 1 {
		v.actions(In(p))
		return
	}
	counts := map[string]planner.Counts{}
	for i := range p.Changes {
		c := &p.Changes[i]
		n := counts[c.Provider]
		n.Count(c)
		counts[c.Provider] = n
	}
	v.actions("")
	var rows [][]string
	for _, a := range p.WritesTo {
		rows = append(rows, []string{a.Provider, placeName(a), strings.Join(countWords(counts[a.Provider]), ", ")})
	}
	for _, r := range aligned(rows) {
		v.line("  %s", strings.Join(r, "   "))
	}
	v.line("")
}

// actions is the line above the changes, for people or for tools.
func (v *planView) actions(where string) {
	if !v.o.ForTools {
		v.paragraph(fmt.Sprintf("lockstep will perform the following actions%s:\n", where))
		return
	}
	if where != "" {
		v.line("lockstep writes%s.\n", where)
	}
	v.line("%s\n", actionsForTools)
}

// In tells where a plan writes, ` in the location "Run Club" (ve9EPM428h8vShlRW1KT)`;
// it is empty where nothing is written.
func In(p *planner.Plan) string {
	var all []string
	for _, a := range p.WritesTo {
		all = append(all, "the "+placeName(a))
	}
	switch n := len(all); {
	case n == 0:
		return ""
	case n == 1:
		return " in " + all[0]
	case n <= mostPlaces:
		return " in " + strings.Join(all[:n-1], ", ") + " and " + all[n-1]
	default:
		return fmt.Sprintf(" in the %s accounts that are listed above", thousands(n))
	}
}

// placeName is an account as people know it.
func placeName(a planner.Account) string {
	switch {
	case a.ID == "":
		return "accounts of the provider " + a.Provider
	case a.Name == "":
		return a.Noun + " " + a.ID
	default:
		return fmt.Sprintf("%s %q (%s)", a.Noun, a.Name, a.ID)
	}
}

// placeJSON is an account that a plan writes to.
type placeJSON struct {
	Provider string `json:"provider"`
	Noun     string `json:"noun"`
	ID       string `json:"id"`
	Name     string `json:"name"`
}

func places(p *planner.Plan) []placeJSON {
	out := make([]placeJSON, 0, len(p.WritesTo))
	for _, a := range p.WritesTo {
		out = append(out, placeJSON{a.Provider, a.Noun, a.ID, a.Name})
	}
	return out
}
