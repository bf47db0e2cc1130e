package command

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"slices"

	"github.com/urfave/cli/v3"

	"lockstep/cmd/internal/view"
	"lockstep/planner/state"
	"lockstep/schema"
)

func outputCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "output", Usage: "print the outputs of the last apply", ArgsUsage: "[NAME]",
		Flags: append(variableFlags(),
			&cli.BoolFlag{Name: "json", Usage: "print JSON"},
			redactFlag(),
			&cli.BoolFlag{Name: "raw", Usage: "print a text, number or truth value as it is"}),
		Metadata: examples("lockstep output -raw invite_link", "one output as it is, for a shell script"),
		Action:   s.does(output),
	}
}

func output(ctx context.Context, s *session, c *cli.Command) error {
	if err := positional(c, 0, 1, "at most one NAME"); err != nil {
		return err
	}
	name := c.Args().First()
	if c.Bool("raw") && (name == "" || c.Bool("json")) {
		return usage("-raw prints one output: give its NAME, and no -json.")
	}
	o, err := s.openState(ctx, c)
	if err != nil {
		return err
	}
	outputs := s.shownOutputs(o.Store)
	if name == "" {
		return allOutputs(s.printer, outputs, c.Bool("json"))
	}
	found, ok := outputs[name]
	if !ok {
		return failed(problem("There is no such output", "The state has no output %q.%s Outputs are there after an apply.",
			name, schema.DidYouMean(name, slices.Sorted(maps.Keys(outputs)))))
	}
	out := s.env.Stdout
	if c.Bool("raw") {
		out = s.exact
	}
	return oneOutput(out, name, found, c.Bool("json"), c.Bool("raw"))
}

// shownOutputs returns the outputs of the state, masked when personal data is.
func (p *printer) shownOutputs(store *state.Store) map[string]state.Output {
	if p.redact {
		return view.RedactedOutputs(store.Snapshot().Outputs)
	}
	return store.Snapshot().Outputs
}

func allOutputs(p *printer, outputs map[string]state.Output, asJSON bool) error {
	if asJSON {
		return view.OutputsJSON(p.env.Stdout, outputs)
	}
	if len(outputs) == 0 {
		p.note("The state has no outputs. They are there after an apply.")
	}
	return view.Outputs(p.env.Stdout, outputs)
}

func oneOutput(out io.Writer, name string, o state.Output, asJSON, raw bool) error {
	if o.Sensitive && len(o.Value) == 0 {
		return failed(problem("The output is not kept", "The output %q is sensitive, and the state keeps no sensitive value.", name))
	}
	if asJSON {
		out.Write(append([]byte(o.Value), '\n'))
		return nil
	}
	var v schema.Value
	if err := json.Unmarshal(o.Value, &v); err != nil {
		return failed(problem("Unreadable state", "The output %q: %s.", name, err))
	}
	if !raw {
		return view.OutputValue(out, v)
	}
	if v.Type() == schema.List || v.Type() == schema.Map {
		return usage("-raw prints texts, numbers and truth values, and the output %q is a list or a map. Use -json.", name)
	}
	_, err := out.Write([]byte(v.Text()))
	return err
}
