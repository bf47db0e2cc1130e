package view

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"

	"lockstep/planner/state"
	"lockstep/schema"
)

// Outputs writes the outputs for people, sorted by name.
func Outputs(w io.Writer, outputs map[string]state.Output) error {
	out := bufio.NewWriter(w)
	names := slices.Sorted(maps.Keys(outputs))
	for _, name := range names {
		o := outputs[name]
		text := sensitiveText
		if !o.Sensitive {
			var v schema.Value
			if err := json.Unmarshal(o.Value, &v); err != nil {
				return fmt.Errorf("output %q: %w", name, err)
			}
			text = block(v, "")
		}
		fmt.Fprintf(out, "%s = %s\n", name, text)
	}
	return out.Flush()
}

// OutputsJSON writes the outputs as Terraform's `output -json` does.
func OutputsJSON(w io.Writer, outputs map[string]state.Output) error {
	all := outputsJSON(outputs)
	for name, o := range all {
		if o.Value == nil {
			o.Value = json.RawMessage("null")
			all[name] = o
		}
	}
	return writeJSON(w, all, "  ")
}

// OutputValue writes one value for people.
func OutputValue(w io.Writer, v schema.Value) error {
	_, err := fmt.Fprintln(w, block(v, ""))
	return err
}
