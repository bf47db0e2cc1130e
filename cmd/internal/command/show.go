package command

import (
	"context"

	"github.com/urfave/cli/v3"
	"github.com/zclconf/go-cty/cty"

	"lockstep/cmd/internal/view"
	"lockstep/planner/state"
)

func showCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "show", Usage: "show a saved plan, or the state", ArgsUsage: "[FILE]",
		Metadata: examples("lockstep show -json next.plan", "a saved plan in the form that tools for Terraform read"),
		Flags:    append(variableFlags(), &cli.BoolFlag{Name: "json", Usage: "print JSON"}, fullFlag(), redactFlag(), formatFlag()),
		Action: func(ctx context.Context, c *cli.Command) error {
			if err := positional(c, 0, 1, "at most one FILE"); err != nil {
				return err
			}
			if file := c.Args().First(); file != "" {
				return showSaved(s, c, file)
			}
			if s.reviews() {
				return usage("-format=%s shows a saved plan: name its FILE.", s.format)
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
		given, err := assignments(f)
		if err != nil {
			return err
		}
		d := view.PlanDocument{Version: f.ToolVersion, Variables: map[string]cty.Value{}, Configuration: f.Configuration}
		for _, a := range given {
			d.Variables[a.Name] = a.Value
		}
		return view.PlanJSON(s.env.Stdout, s.seen(f.Plan), d, s.shown(c))
	}
	s.note("%s", age(f, s.env.Now()))
	return s.showPlan(f.Plan, s.shown(c), file)
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
	return view.StateJSON(o.env.Stdout, view.StateDocument{
		Version: Version, Lineage: o.Snapshot().Lineage(), Serial: o.Snapshot().Serial, Outputs: o.shownOutputs(o.Store),
		Count: len(records),
		Object: func(i int) (view.StateObject, error) {
			own, err := o.toJSON(records[i], shown[i])
			if err != nil {
				return view.StateObject{}, err
			}
			base, err := o.base(records[i])
			return view.StateObject{Address: shown[i], Provider: records[i].Provider, ID: own.ID, Base: base, Own: own}, err
		},
	})
}
