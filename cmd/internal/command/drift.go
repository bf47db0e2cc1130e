package command

import (
	"context"

	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/view"
	"lockstep/planner/engine"
)

func driftCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "drift", Usage: "report what moved since the last apply, and on which side",
		Description: "Exits 0 when nothing moved and 2 when something did. Writes nothing.",
		Flags:       planFlags(),
		Action:      s.does(drift),
	}
}

func drift(ctx context.Context, s *session, c *cli.Command) error {
	if err := positional(c, 0, 0, ""); err != nil {
		return err
	}
	p, err := s.load(c)
	if err != nil {
		return err
	}
	e, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer e.Close()
	plan, err := p.makePlan(ctx, e, engine.PlanOptions{})
	if err != nil {
		return err
	}
	if s.json {
		err = view.DriftJSON(s.env.Stdout, s.seen(plan), s.shown(c))
	} else {
		err = view.Drift(s.env.Stdout, s.seen(plan), s.nouns(), s.shown(c))
	}
	if err != nil || !view.Drifted(plan) {
		return err
	}
	return exit(ExitChanges)
}
