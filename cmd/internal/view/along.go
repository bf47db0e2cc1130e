package view

import (
	"strings"

	"lockstep/planner"
)

// AlongLine counts what the CRM deletes along with what a plan deletes; empty when
// that is nothing.
func AlongLine(p *planner.Plan) string {
	text := alongText(planner.AllAlong(p.Deleting()))
	if text == "" {
		return ""
	}
	return "Destroyed with them: " + text + "."
}

// alongText counts what goes along with deleted objects: "2 tasks, 3 notes".
func alongText(all []planner.Along) string {
	var parts []string
	for _, a := range all {
		parts = append(parts, plural(a.Count, a.Kind.Noun, a.Kind.Plural))
	}
	return strings.Join(parts, ", ")
}
