package command

import (
	"context"

	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/view"
)

func initCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "init", Usage: "check that a folder is ready to plan",
		Description: "Checks the files, the state and that each provider has its credentials. Reads no account, and may be run at any time.",
		Flags: append(variableFlags(), inputFlag(),
			&cli.BoolFlag{Name: "from-scratch", Usage: "write a first main.hcl and .gitignore into an empty folder"}),
		Action: s.does(initialize),
	}
}

func initialize(ctx context.Context, s *session, c *cli.Command) error {
	if err := positional(c, 0, 0, ""); err != nil {
		return err
	}
	if c.Bool("from-scratch") {
		if err := writeStarter(s); err != nil {
			return err
		}
	}
	p, err := s.load(c)
	if err != nil {
		return err
	}
	e, err := p.open(ctx)
	if err != nil {
		return err
	}
	if err := e.Close(); err != nil {
		return failed(view.FromError("Cannot close the providers", err))
	}
	for _, ref := range p.eval.ProviderConfigs() {
		s.say("- provider %s is configured", ref)
	}
	s.say("- the state is %s", relative(p.settings.StatePath))
	s.say("\nlockstep is ready. `lockstep plan` shows what differs from the CRM.")
	return nil
}
