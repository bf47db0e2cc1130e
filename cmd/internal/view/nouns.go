package view

import (
	"fmt"
	"strings"

	"lockstep/planner"
)

// Nouns name kinds to people: singular and plural.
type Nouns map[string][2]string

// of is the noun for a number of objects.
func (n Nouns) of(kind string, count int) string {
	noun, ok := n[kind]
	switch {
	case !ok:
		return kind
	case count == 1:
		return noun[0]
	default:
		return noun[1]
	}
}

// ReadLine tells what was read, "Read 10,000 contacts, 42 tags from ghl in 24
// calls.", empty when nothing was. full adds how each kind was read.
func ReadLine(p *planner.Plan, nouns Nouns, full bool) string {
	var lines []string
	for i := 0; i < len(p.Reads); {
		provider, calls := p.Reads[i].Provider, 0
		var parts []string
		for ; i < len(p.Reads) && p.Reads[i].Provider == provider; i++ {
			r := p.Reads[i]
			part := thousands(r.Objects) + " " + nouns.of(r.Kind, r.Objects)
			if full && r.How != "" {
				part += " (" + r.How + ")"
			}
			parts = append(parts, part)
			calls += r.Calls
		}
		lines = append(lines, fmt.Sprintf("Read %s from %s in %s.", strings.Join(parts, ", "), provider, plural(calls, "call", "calls")))
	}
	return strings.Join(lines, "\n")
}
