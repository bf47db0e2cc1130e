package command

import (
	"context"
	"fmt"
	"strings"

	"github.com/urfave/cli/v3"
)

func graphCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "graph", Usage: "print the dependencies between blocks in the DOT language",
		Flags:  variableFlags(),
		Action: s.does(graph),
	}
}

func graph(_ context.Context, s *session, c *cli.Command) error {
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
	for _, block := range blocks {
		for _, need := range block.Needs {
			fmt.Fprintf(&b, "  %q -> %q;\n", block.Address().String(), need.Address().String())
		}
	}
	b.WriteString("}\n")
	_, err = s.env.Stdout.Write([]byte(b.String()))
	return err
}
