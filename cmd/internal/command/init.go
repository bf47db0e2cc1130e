package command

import (
	"context"
	"path/filepath"

	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/view"
	"lockstep/schema/files"
)

// starter is the file that `init -from-scratch` writes.
const starter = `# A location, emulated on this machine. For a real one, remove sandbox and the
# state, and set GHL_TOKEN and GHL_LOCATION_ID in the environment.
provider "ghl" {
  sandbox = true
}

resource "ghl_tag" "newsletter" {
  name = "newsletter"
}

resource "ghl_contact" "ann" {
  first_name = "Ann"
  last_name  = "Example"
  email      = "ann@example.com"
  tags       = [ghl_tag.newsletter.name]
}
`

func initCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "init", Usage: "check that a folder is ready to plan",
		Description: "Checks the files, the state and that each provider has its credentials. Reads no account, and may be run at any time.",
		Flags: append(variableFlags(), inputFlag(),
			&cli.BoolFlag{Name: "from-scratch", Usage: "write a first main.hcl into an empty folder"}),
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

// writeStarter writes the first file, unless there is one already.
func writeStarter(s *session) error {
	found, err := filepath.Glob("*.hcl")
	if err != nil || len(found) > 0 {
		return failed(problem("The folder is not empty", "-from-scratch writes main.hcl into a folder without *.hcl files, and this one has %s.", found[0]))
	}
	if err := files.ReplaceBytes("main.hcl", 0o644, []byte(starter)); err != nil {
		return failed(problem("Cannot write a file", "main.hcl: %s.", reason(err)))
	}
	s.say("- wrote main.hcl")
	return nil
}
