package command

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/view"
)

func (a *app) consoleCommand() *cli.Command {
	return &cli.Command{
		Name: "console", Usage: "evaluate expressions, one on each line",
		Description: "Knows variables, local values and functions. Without a terminal it reads expressions from stdin, and stops at the first error.",
		Flags:       variableFlags(),
		Action: func(ctx context.Context, c *cli.Command) error {
			if err := positional(c, 0, 0, ""); err != nil {
				return err
			}
			return a.console(ctx, c)
		},
	}
}

func (a *app) console(ctx context.Context, c *cli.Command) error {
	p, err := a.load(c)
	if err != nil {
		return err
	}
	prompt := func() {
		if a.env.StdinTerminal {
			fmt.Fprint(a.env.Stderr, "> ")
		}
	}
	lines := bufio.NewScanner(a.env.Stdin)
	lines.Buffer(nil, 1<<20)
	for prompt(); lines.Scan() && ctx.Err() == nil; prompt() {
		expr := strings.TrimSpace(lines.Text())
		switch expr {
		case "":
			continue
		case "exit", "quit":
			return nil
		}
		v, diags := p.eval.Evaluate(expr)
		if diags.HasErrors() && !a.env.StdinTerminal {
			return failed(diags)
		}
		a.report(diags)
		if !diags.HasErrors() {
			fmt.Fprintln(a.env.Stdout, view.Evaluated(v))
		}
	}
	return lines.Err()
}
