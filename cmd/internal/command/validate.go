package command

import (
	"context"

	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/view"
)

func validateCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "validate", Usage: "check the files, without network or credentials",
		Flags:  append(variableFlags(), &cli.BoolFlag{Name: "json", Usage: "print JSON"}),
		Action: s.does(validate),
	}
}

func validate(ctx context.Context, s *session, c *cli.Command) error {
	if err := positional(c, 0, 0, ""); err != nil {
		return err
	}
	diags := check(ctx, s, c)
	if err := failed(diags); err != nil {
		return err
	}
	if s.json {
		return view.ValidateJSON(s.env.Stdout, diags, s.files)
	}
	s.tell(diags)
	s.say("Success! The configuration is valid.")
	return nil
}
