package command

import (
	"context"
	"fmt"
	"strings"

	"github.com/urfave/cli/v3"

	"lockstep/planner/engine"
)

func graphCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "graph", Usage: "print the dependencies between blocks in the DOT language",
		Description: "An arrow leads from a block to one that it needs: drawn through for a reference, dashed where it only names\nan object, such as a contact its tags and custom fields.",
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
	for _, block := range blocks {
		fmt.Fprintf(&b, "  %q;\n", block.Address().String())
	}
	named := engine.NamedNeeds(ctx, p.eval, s.factories())
	for _, block := range blocks {
		for _, need := range block.Needs {
			fmt.Fprintf(&b, "  %q -> %q;\n", block.Address().String(), need.Address().String())
		}
		for _, need := range named[block] {
			fmt.Fprintf(&b, "  %q -> %q [style = dashed];\n", block.Address().String(), need.Address().String())
		}
	}
	b.WriteString("}\n")
	_, err = s.env.Stdout.Write([]byte(b.String()))
	return err
}
