package command

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/view"
)

func consoleCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "console", Usage: "evaluate expressions, one on each line",
		Description: "Knows variables, local values and functions. Without a terminal it reads expressions from stdin, and stops at the first error.",
		Flags:       variableFlags(),
		Action:      s.does(console),
	}
}

func console(ctx context.Context, s *session, c *cli.Command) error {
	if err := positional(c, 0, 0, ""); err != nil {
		return err
	}
	p, err := s.load(c)
	if err != nil {
		return err
	}
	prompt := func() {
		if s.env.StdinTerminal {
			fmt.Fprint(s.env.Stderr, "> ")
		}
	}
	lines := bufio.NewScanner(s.env.Stdin)
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
		if diags.HasErrors() && !s.env.StdinTerminal {
			return failed(diags)
		}
		s.tell(diags)
		if !diags.HasErrors() {
			fmt.Fprintln(s.env.Stdout, view.Evaluated(v))
		}
	}
	return lines.Err()
}
