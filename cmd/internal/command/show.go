package command

import (
	"context"
	"encoding/json"

	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/view"
	"lockstep/planner/state"
	"lockstep/schema"
)

func (a *app) showCommand() *cli.Command {
	return &cli.Command{
		Name: "show", Usage: "show a saved plan, or the state", ArgsUsage: "[FILE]",
		Flags: append(variableFlags(), &cli.BoolFlag{Name: "json", Usage: "print JSON"}, fullFlag(), redactFlag()),
		Action: func(ctx context.Context, c *cli.Command) error {
			if err := positional(c, 0, 1, "at most one FILE"); err != nil {
				return err
			}
			if file := c.Args().First(); file != "" {
				return a.showSaved(c, file)
			}
			return a.showState(ctx, c)
		},
	}
}

func (a *app) showSaved(c *cli.Command, file string) error {
	f, err := a.readPlan(file)
	if err != nil {
		return err
	}
	if c.Bool("json") {
		return view.PlanJSON(a.env.Stdout, f.Plan, f.ToolVersion, a.shown(c))
	}
	a.note("%s", age(f, a.env.Now()))
	return a.showPlan(f.Plan, a.shown(c), "plan")
}

func (a *app) showState(ctx context.Context, c *cli.Command) error {
	p, store, err := a.openState(ctx, c)
	if err != nil {
		return err
	}
	records := store.Snapshot().Sorted()
	if c.Bool("json") {
		return a.showStateJSON(store.Snapshot(), records, a.shownAddresses(p, store, records))
	}
	if len(records) == 0 {
		a.say("The state is empty.")
	}
	shown := a.shownAddresses(p, store, records)
	for i, r := range records {
		if i > 0 {
			a.say("")
		}
		if err := a.showRecord(r, shown[i], false); err != nil {
			return err
		}
	}
	if outputs := a.shownOutputs(store); len(outputs) > 0 {
		a.say("\nOutputs:\n")
		return view.Outputs(a.env.Stdout, outputs)
	}
	return nil
}

// showStateJSON writes the whole state as one object.
func (a *app) showStateJSON(s *state.Snapshot, records []*state.Record, shown []schema.Address) error {
	out := struct {
		FormatVersion string       `json:"format_version"`
		Lineage       string       `json:"lineage"`
		Serial        int          `json:"serial"`
		Resources     []recordJSON `json:"resources"`
	}{"1.0", s.Lineage(), s.Serial, make([]recordJSON, 0, len(records))}
	for i, r := range records {
		record, err := a.recordToJSON(r, shown[i])
		if err != nil {
			return err
		}
		out.Resources = append(out.Resources, record)
	}
	enc := json.NewEncoder(a.env.Stdout)
	enc.SetEscapeHTML(false)
	return enc.Encode(out)
}
