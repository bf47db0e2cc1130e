package command

import (
	"context"
	"fmt"
	"slices"

	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/view"
	"lockstep/planner/state"
	"lockstep/schema"
)

func stateCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "state", Usage: "look into the state and mend it",
		Metadata: examples(
			"lockstep state list ghl_contact.leads", "the addresses of one block",
			"lockstep state rm 'ghl_contact.leads[\"ann@example.com\"]'", "forget one object; it stays in the CRM"),
		Action: func(_ context.Context, c *cli.Command) error {
			if name := c.Args().First(); name != "" {
				return unknownCommand(c, name)
			}
			return showHelp(c)
		},
		Commands: append([]*cli.Command{
			{Name: "list", Usage: "list the addresses", ArgsUsage: "[ADDRESS]...", Flags: append(variableFlags(), redactFlag()), Action: s.does(stateList)},
			{Name: "show", Usage: "show one record", ArgsUsage: "ADDRESS", Action: s.does(stateShow),
				Flags: append(variableFlags(), &cli.BoolFlag{Name: "json", Usage: "print JSON"}, redactFlag())},
			{Name: "mv", Usage: "give a record another address", ArgsUsage: "ADDRESS ADDRESS", Flags: variableFlags(), Action: s.does(stateMove),
				Metadata: examples("lockstep state mv ghl_tag.vip ghl_tag.member", "from the first address to the second; an object is neither read nor written")},
			{Name: "rm", Usage: "forget records; the objects stay in the CRM", ArgsUsage: "ADDRESS...", Flags: variableFlags(), Action: s.does(stateRemove)},
		}, copyCommands(s)...),
	}
}

func stateList(ctx context.Context, s *session, c *cli.Command) error {
	for _, text := range c.Args().Slice() {
		if _, err := schema.ParseAddress(text); err != nil {
			return usage("%s.", capital(err.Error()))
		}
	}
	o, err := s.openState(ctx, c)
	if err != nil {
		return err
	}
	records := o.Snapshot().Sorted()
	if c.Args().Len() > 0 {
		records = slices.DeleteFunc(records, func(r *state.Record) bool { return !o.selects(c.Args().Slice(), r) })
	}
	listed := o.shown(records)
	slices.SortFunc(listed, schema.Address.Compare)
	for _, address := range listed {
		s.say("%s", address)
	}
	return nil
}

func stateShow(ctx context.Context, s *session, c *cli.Command) error {
	if err := positional(c, 1, 1, "one ADDRESS"); err != nil {
		return err
	}
	o, err := s.openState(ctx, c)
	if err != nil {
		return err
	}
	r, err := o.record(c.Args().First())
	if err != nil {
		return err
	}
	return o.show(r, o.shown([]*state.Record{r})[0], c.Bool("json"))
}

func stateMove(ctx context.Context, s *session, c *cli.Command) error {
	if err := positional(c, 2, 2, "two addresses, FROM and TO"); err != nil {
		return err
	}
	to, err := schema.ParseAddress(c.Args().Get(1))
	if err != nil {
		return usage("%s.", capital(err.Error()))
	}
	return editState(ctx, s, c, "state mv", func(o stored) (state.Batch, string, error) {
		from := c.Args().First()
		r, err := o.record(from)
		if err == nil {
			batch, err := o.moved([]*state.Record{r}, to, false)
			return batch, fmt.Sprintf("Moved %s to %s.", from, to), err
		}
		found := o.matching(from)
		if len(found) == 0 {
			return state.Batch{}, "", err
		}
		if to.Key != (schema.Key{}) {
			return state.Batch{}, "", usage("%s is a block with instances: name one of them, or a block that all of them move to.", from)
		}
		all := make([]*state.Record, len(found))
		for i, address := range found {
			all[i] = o.Snapshot().Record(address)
		}
		batch, err := o.moved(all, to, true)
		return batch, fmt.Sprintf("Moved %s of %s to %s.", view.Count(len(all), "record", "records"), from, to), err
	})
}

func stateRemove(ctx context.Context, s *session, c *cli.Command) error {
	if err := positional(c, 1, -1, "at least one ADDRESS"); err != nil {
		return err
	}
	return editState(ctx, s, c, "state rm", func(o stored) (state.Batch, string, error) {
		var batch state.Batch
		for _, text := range c.Args().Slice() {
			found := o.matching(text)
			if len(found) == 0 {
				_, err := o.record(text)
				return state.Batch{}, "", err
			}
			batch.Gone = append(batch.Gone, found...)
		}
		return batch, fmt.Sprintf("Forgot %s. The objects stay in the CRM.", view.Count(len(batch.Gone), "record", "records")), nil
	})
}

// editState writes what edit returns, under the lock, and then says it.
func editState(ctx context.Context, s *session, c *cli.Command, what string, edit func(stored) (state.Batch, string, error)) error {
	p, err := s.load(c)
	if err != nil {
		return err
	}
	release, err := p.lock(ctx, what)
	if err != nil {
		return err
	}
	defer release()
	store, err := p.store(ctx)
	if err != nil {
		return err
	}
	batch, done, err := edit(stored{p, store})
	if err != nil {
		return err
	}
	if err := store.Write(ctx, batch); err != nil {
		return failed(problem("Cannot write the state", "%s.", capital(fmt.Sprint(err))))
	}
	s.say("%s", done)
	return nil
}
