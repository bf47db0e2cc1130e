package command

import (
	"context"

	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/view"
)

func (a *app) driftCommand() *cli.Command {
	return &cli.Command{
		Name: "drift", Usage: "report what moved since the last apply: in the CRM, in the files, in both",
		Description: "Exits 0 when nothing moved and 2 when something did. Writes nothing.",
		Flags:       planFlags(),
		Action:      a.drift,
	}
}

func (a *app) drift(ctx context.Context, c *cli.Command) error {
	if err := positional(c, 0, 0, ""); err != nil {
		return err
	}
	p, err := a.load(c)
	if err != nil {
		return err
	}
	e, err := a.open(ctx, p)
	if err != nil {
		return err
	}
	defer e.Close()
	plan, err := a.makePlan(ctx, e, false)
	if err != nil {
		return err
	}
	if a.json {
		err = view.DriftJSON(a.env.Stdout, plan, a.shown(c))
	} else {
		err = view.Drift(a.env.Stdout, plan, a.nouns(), a.shown(c))
	}
	if err != nil || !view.Drifted(plan) {
		return err
	}
	return exit(ExitChanges)
}
