package command

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/view"
	"lockstep/planner/state"
	"lockstep/schema"
)

func (a *app) outputCommand() *cli.Command {
	return &cli.Command{
		Name: "output", Usage: "print the outputs of the last apply", ArgsUsage: "[NAME]",
		Flags: append(variableFlags(),
			&cli.BoolFlag{Name: "json", Usage: "print JSON"},
			redactFlag(),
			&cli.BoolFlag{Name: "raw", Usage: "print a text, number or truth value as it is"}),
		Action: a.output,
	}
}

func (a *app) output(ctx context.Context, c *cli.Command) error {
	if err := positional(c, 0, 1, "at most one NAME"); err != nil {
		return err
	}
	name := c.Args().First()
	if c.Bool("raw") && (name == "" || c.Bool("json")) {
		return usage("-raw prints one output: give its NAME, and no -json.")
	}
	_, store, err := a.openState(ctx, c)
	if err != nil {
		return err
	}
	outputs := a.shownOutputs(store)
	if name == "" {
		return a.allOutputs(outputs, c.Bool("json"))
	}
	o, ok := outputs[name]
	if !ok {
		return failed(problem("There is no such output", "The state has no output %q.%s Outputs are there after an apply.",
			name, schema.DidYouMean(name, slices.Sorted(maps.Keys(outputs)))))
	}
	return a.oneOutput(name, o, c.Bool("json"), c.Bool("raw"))
}

// shownOutputs are those of the state, masked when personal data is.
func (a *app) shownOutputs(store *state.Store) map[string]state.Output {
	if a.redact {
		return view.RedactedOutputs(store.Snapshot().Outputs)
	}
	return store.Snapshot().Outputs
}

func (a *app) allOutputs(outputs map[string]state.Output, asJSON bool) error {
	if asJSON {
		return view.OutputsJSON(a.env.Stdout, outputs)
	}
	if len(outputs) == 0 {
		a.note("The state has no outputs. They are there after an apply.")
	}
	return view.Outputs(a.env.Stdout, outputs)
}

func (a *app) oneOutput(name string, o state.Output, asJSON, raw bool) error {
	if o.Sensitive && len(o.Value) == 0 {
		return failed(problem("The output is not kept", "The output %q is sensitive, and the state keeps no sensitive value.", name))
	}
	if asJSON {
		a.env.Stdout.Write(append([]byte(o.Value), '\n'))
		return nil
	}
	var v schema.Value
	if err := json.Unmarshal(o.Value, &v); err != nil {
		return failed(problem("Unreadable state", "The output %q: %s.", name, err))
	}
	if !raw {
		return view.OutputValue(a.env.Stdout, v)
	}
	if v.Type() == schema.List || v.Type() == schema.Map {
		return usage("-raw prints texts, numbers and truth values; the output %q is none of them. Use -json.", name)
	}
	_, err := a.env.Stdout.Write([]byte(v.Text()))
	return err
}
