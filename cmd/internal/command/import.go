package command

import (
	"context"

	"github.com/urfave/cli/v3"

	"lockstep/schema"
)

func importCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "import", Usage: "take an existing object into the state by its id", ArgsUsage: "ADDRESS ID",
		Description: "The block of ADDRESS must be declared. Nothing is written to the CRM; the next plan shows where file and object differ.",
		Flags:       variableFlags(),
		Metadata:    examples("lockstep import 'ghl_contact.leads[\"ann@example.com\"]' uT6vBqgMwLxqyzVKNbq2", "the id is the last part of the address that the CRM shows of a contact"),
		Action:      s.does(importObject),
	}
}

func importObject(ctx context.Context, s *session, c *cli.Command) error {
	if err := positional(c, 2, 2, "an ADDRESS and an ID"); err != nil {
		return err
	}
	address, err := schema.ParseAddress(c.Args().First())
	if err != nil {
		return usage("%s.", capital(err.Error()))
	}
	p, err := s.load(c)
	if err != nil {
		return err
	}
	e, release, err := p.openLocked(ctx, "import")
	if err != nil {
		return err
	}
	defer release()
	diags := e.Import(ctx, address, c.Args().Get(1))
	s.line.Clear()
	if err := s.warn(diags); err != nil {
		return err
	}
	s.say("Import successful! %s is in the state now. `lockstep plan` shows where it differs from the files.", address)
	return nil
}
