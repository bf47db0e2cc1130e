package command

import (
	"context"

	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/view"
	"lockstep/planner/engine"
)

func initCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "init", Usage: "check that a folder is ready to plan",
		Description: "Checks the files, the state and that each provider has its credentials, without any call. With -check it asks each account who answers, " +
			"and once more for each permission to read that the kinds of the files need. It tells which are missing, what is left of the day's calls, and whether " +
			"clocks differ. What a token may write is seen by an apply only. It may be run at any time, and writes nothing but with -from-scratch.",
		Flags: append(variableFlags(), inputFlag(),
			&cli.BoolFlag{Name: "check", Usage: "ask the accounts as well"},
			&cli.BoolFlag{Name: "from-scratch", Usage: "write a first main.hcl and .gitignore into an empty folder"}),
		Metadata: examples(
			"lockstep init -from-scratch", "begin in an empty folder, with an emulated location",
			"lockstep init -check", "is the token good, and for which location?"),
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
	defer e.Close()
	if c.Bool("check") {
		return p.check(ctx, e)
	}
	for _, ref := range p.eval.ProviderConfigs() {
		s.say("- provider %s is configured, and was not asked anything", ref)
	}
	s.say("- the state is %s", p.kept())
	s.say("\nlockstep is ready, as far as can be told without a call: `lockstep init -check` asks the accounts.\n`lockstep plan` shows what differs from the CRM.")
	return nil
}

// check asks the accounts, and whether the state can be written.
func (p *project) check(ctx context.Context, e *engine.Engine) error {
	found, diags := e.Inspect(ctx)
	p.line.Clear()
	for i := range found {
		for _, line := range view.Inspected(&found[i]) {
			p.say("- %s", line)
		}
	}
	p.tellOdd(e)
	release, err := p.lock(ctx, "init")
	if err != nil {
		p.tell(diags)
		return err
	}
	release()
	p.say("- the state is %s, and can be written", p.kept())
	if diags.HasErrors() {
		return failed(diags)
	}
	p.say("\nlockstep is ready. `lockstep plan` shows what differs from the CRM.")
	return nil
}
