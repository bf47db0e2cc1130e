package command

import (
	"context"
	"io"

	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/complete"
)

// completeName is the hidden command that the scripts of completion call.
const completeName = "__complete"

func completionCommand(s *session) *cli.Command {
	c := &cli.Command{
		Name: "completion", Usage: "print a completion script for a shell",
		Description: "Completes commands, flags and their values, files, kinds, and the addresses and outputs of the folder, also of one that -chdir names. Asks no API.",
		Metadata:    examples("source <(lockstep completion bash)", "in ~/.bashrc; the scripts of the other shells begin with what to do"),
	}
	for _, shell := range complete.Shells() {
		c.Commands = append(c.Commands, &cli.Command{
			Name: shell, Usage: "print the script for " + shell,
			Action: func(_ context.Context, c *cli.Command) error {
				if err := positional(c, 0, 0, ""); err != nil {
					return err
				}
				script, err := complete.Script(shell)
				if err != nil {
					return err
				}
				_, err = io.WriteString(s.exact, script)
				return err
			},
		})
	}
	return c
}

// completeCommand answers the scripts: `__complete bash LINE REPLACED` with what bash
// inserts, and `__complete words WORD...` with whole words.
func completeCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: completeName, Hidden: true, SkipFlagParsing: true,
		Action: func(ctx context.Context, c *cli.Command) error {
			args := c.Args().Slice()
			// Nothing but candidates may be seen: a shell is waiting.
			s.env.Stdout, s.env.Stderr = io.Discard, io.Discard
			switch {
			case len(args) == 3 && args[0] == "bash":
				line := complete.ParseLine(args[1])
				return line.Write(s.exact, (&candidates{session: s, flags: c}).of(ctx, line.Words), args[2])
			case len(args) > 1 && args[0] == "words":
				return complete.Write(s.exact, (&candidates{session: s, flags: c}).of(ctx, args[1:]))
			}
			return exit(ExitError)
		},
	}
}
