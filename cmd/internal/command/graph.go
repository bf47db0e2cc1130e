package command

import (
	"context"
	"fmt"
	"strings"

	"github.com/urfave/cli/v3"
)

func (a *app) graphCommand() *cli.Command {
	return &cli.Command{
		Name: "graph", Usage: "print the dependencies between blocks in the DOT language",
		Flags: variableFlags(),
		Action: func(_ context.Context, c *cli.Command) error {
			if err := positional(c, 0, 0, ""); err != nil {
				return err
			}
			return a.graph(c)
		},
	}
}

func (a *app) graph(c *cli.Command) error {
	p, err := a.load(c)
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
	_, err = a.env.Stdout.Write([]byte(b.String()))
	return err
}
