package view

import (
	"strings"

	"lockstep/schema"
)

// ExplainAction tells what an action does, what people notice of it, and how it is run.
func ExplainAction(a *schema.Action) string {
	var b strings.Builder
	b.WriteString("action " + a.Name + "\n\n" + Wrap(a.Doc, 2) + "\n")
	var facts, arguments []Entry
	if a.Disruptive != "" {
		facts = append(facts, Entry{"people notice", a.Disruptive})
	}
	again := "yes: twice is the same as once"
	if !a.Repeatable {
		again = "never"
	}
	facts = append(facts, Entry{"run again by itself when its answer is lost", again})
	if names := append(append([]string{}, a.Scopes.Read...), a.Scopes.Write...); len(names) > 0 {
		facts = append(facts, Entry{"scopes", strings.Join(names, ", ")})
	}
	for i := range a.Arguments {
		one := &a.Arguments[i]
		arguments = append(arguments, Entry{one.Name, about(one.Type, Traits(one), one.Doc)})
	}
	entries(&b, "Facts", facts)
	entries(&b, "Arguments of the config block", arguments)
	b.WriteString("\nA change runs it with lifecycle { action_trigger { events = [after_create]  actions = [action." + a.Name + ".NAME] } }, a person with -invoke=action." + a.Name + ".NAME.\n")
	return b.String()
}
