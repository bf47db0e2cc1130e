package view

import (
	"fmt"
	"strings"

	"lockstep/planner"
)

// alongLine counts what the CRM deletes along with what a plan deletes; empty when
// that is nothing.
func alongLine(p *planner.Plan) string {
	text := alongText(planner.AllAlong(p.Deleting()))
	if text == "" {
		return ""
	}
	return "Destroyed with them: " + text + "."
}

// alongText counts what goes along with deleted objects: "2 tasks, 3 values of
// custom_fields of contacts (1 of them written again)".
func alongText(all []planner.Along) string {
	var parts []string
	for _, a := range all {
		if a.Attribute == "" {
			parts = append(parts, plural(a.Count, a.Kind.Noun, a.Kind.Plural))
			continue
		}
		again := "none of them"
		if a.Again > 0 {
			again = thousands(a.Again) + " of them"
		}
		parts = append(parts, fmt.Sprintf("%s of %s of %s (%s written again)", plural(a.Count, "value", "values"), a.Attribute, a.Kind.Plural, again))
	}
	return strings.Join(parts, ", ")
}
