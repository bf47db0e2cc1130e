package command

import (
	"context"

	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/view"
)

func (a *app) validateCommand() *cli.Command {
	return &cli.Command{
		Name: "validate", Usage: "check the files, without network or credentials",
		Flags: append(variableFlags(), &cli.BoolFlag{Name: "json", Usage: "print JSON"}),
		Action: func(ctx context.Context, c *cli.Command) error {
			if err := positional(c, 0, 0, ""); err != nil {
				return err
			}
			return a.validate(ctx, c)
		},
	}
}

func (a *app) validate(ctx context.Context, c *cli.Command) error {
	diags := a.check(ctx, c)
	if err := failed(diags); err != nil {
		return err
	}
	if a.json {
		return view.ValidateJSON(a.env.Stdout, diags, a.files)
	}
	a.report(diags)
	a.say("Success! The configuration is valid.")
	return nil
}
