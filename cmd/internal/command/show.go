package command

import (
	"context"
	"encoding/json"

	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/view"
	"lockstep/planner/state"
)

func showCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "show", Usage: "show a saved plan, or the state", ArgsUsage: "[FILE]",
		Metadata: examples("lockstep show -json next.plan", "a saved plan in the form that tools for Terraform read"),
		Flags:    append(variableFlags(), &cli.BoolFlag{Name: "json", Usage: "print JSON"}, fullFlag(), redactFlag()),
		Action: func(ctx context.Context, c *cli.Command) error {
			if err := positional(c, 0, 1, "at most one FILE"); err != nil {
				return err
			}
			if file := c.Args().First(); file != "" {
				return showSaved(s, c, file)
			}
			return showState(ctx, s, c)
		},
	}
}

func showSaved(s *session, c *cli.Command, file string) error {
	f, err := s.readPlan(file)
	if err != nil {
		return err
	}
	if c.Bool("json") {
		return view.PlanJSON(s.env.Stdout, s.seen(f.Plan), f.ToolVersion, s.shown(c))
	}
	s.note("%s", age(f, s.env.Now()))
	return s.showPlan(f.Plan, s.shown(c))
}

func showState(ctx context.Context, s *session, c *cli.Command) error {
	o, err := s.openState(ctx, c)
	if err != nil {
		return err
	}
	records := o.Snapshot().Sorted()
	if c.Bool("json") {
		return o.showJSON(records)
	}
	if len(records) == 0 {
		s.say("The state is empty.")
	}
	shown := o.shown(records)
	for i, r := range records {
		if i > 0 {
			s.say("")
		}
		if err := o.show(r, shown[i], false); err != nil {
			return err
		}
	}
	if outputs := s.shownOutputs(o.Store); len(outputs) > 0 {
		s.say("\nOutputs:\n")
		return view.Outputs(s.env.Stdout, outputs)
	}
	return nil
}

// showJSON writes the whole state as one object.
func (o stored) showJSON(records []*state.Record) error {
	shown := o.shown(records)
	out := struct {
		FormatVersion string       `json:"format_version"`
		Lineage       string       `json:"lineage"`
		Serial        int          `json:"serial"`
		Resources     []recordJSON `json:"resources"`
	}{"1.0", o.Snapshot().Lineage(), o.Snapshot().Serial, make([]recordJSON, 0, len(records))}
	for i, r := range records {
		record, err := o.toJSON(r, shown[i])
		if err != nil {
			return err
		}
		out.Resources = append(out.Resources, record)
	}
	enc := json.NewEncoder(o.env.Stdout)
	enc.SetEscapeHTML(false)
	return enc.Encode(out)
}
