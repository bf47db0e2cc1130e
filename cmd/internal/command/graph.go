package command

import (
	"context"
	"fmt"
	"strings"

	"github.com/urfave/cli/v3"

	"lockstep/planner/engine"
	"lockstep/schema/eval"
)

func graphCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "graph", Usage: "print the dependencies between blocks in the DOT language",
		Description: "An arrow leads from a block to one that it needs: drawn through for a reference, dashed where it only names\nan object, such as a contact its tags and custom fields. Dotted ones lead from an action to what triggers it.",
		Flags:       variableFlags(),
		Action:      s.does(graph),
	}
}

func graph(ctx context.Context, s *session, c *cli.Command) error {
	if err := positional(c, 0, 0, ""); err != nil {
		return err
	}
	p, err := s.load(c)
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("digraph lockstep {\n  rankdir = \"RL\";\n  node [shape = rect];\n")
	blocks := p.eval.Blocks()
	actions := eval.NewActions(p.eval)
	for _, block := range blocks {
		fmt.Fprintf(&b, "  %q;\n", block.Address().String())
	}
	for _, action := range actions.Blocks() {
		fmt.Fprintf(&b, "  %q [shape = ellipse];\n", action.Address().String())
	}
	named := engine.NamedNeeds(ctx, p.eval, s.factories())
	for _, block := range blocks {
		for _, need := range block.Needs {
			fmt.Fprintf(&b, "  %q -> %q;\n", block.Address().String(), need.Address().String())
		}
		for _, need := range named[block] {
			fmt.Fprintf(&b, "  %q -> %q [style = dashed];\n", block.Address().String(), need.Address().String())
		}
		drawTriggers(&b, actions, block)
	}
	for _, action := range actions.Blocks() {
		for _, need := range action.Needs {
			fmt.Fprintf(&b, "  %q -> %q;\n", action.Address().String(), need.Address().String())
		}
	}
	b.WriteString("}\n")
	_, err = s.env.Stdout.Write([]byte(b.String()))
	return err
}

// drawTriggers draws the arrows from actions to a block whose changes run them, with the
// events.
func drawTriggers(b *strings.Builder, actions *eval.Actions, block *eval.Block) {
	for _, t := range block.Resource.Lifecycle.Triggers {
		events := make([]string, len(t.Events))
		for i, e := range t.Events {
			events[i] = string(e)
		}
		for _, action := range actions.Named(block, t) {
			fmt.Fprintf(b, "  %q -> %q [style = dotted, label = %q];\n", action.Address().String(), block.Address().String(), strings.Join(events, ", "))
		}
	}
}
