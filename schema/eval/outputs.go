package eval

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema/config"
)

// Output is the value of an output of the root module.
type Output struct {
	Value       cty.Value
	Sensitive   bool
	Description string
}

// Outputs evaluates the outputs of the root module. A value that is sensitive
// without its output saying so is an error, because outputs are shown.
func (e *Evaluator) Outputs() (map[string]Output, hcl.Diagnostics) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.searches = 0
	outputs := make(map[string]Output, len(e.cfg.Root.Outputs))
	var diags hcl.Diagnostics
	for _, name := range slices.Sorted(maps.Keys(e.cfg.Root.Outputs)) {
		o := e.cfg.Root.Outputs[name]
		v, more := e.root.node(config.NodeOutput, name)
		diags = append(diags, more...)
		if isSensitive(v) && !o.Sensitive {
			diags = append(diags, errorAt(o.Value.Range(), "Output is sensitive",
				"The value of output.%s comes from a sensitive value. Write sensitive = true in its block, or wrap the value in nonsensitive() if it is not secret.", name)...)
		}
		sensitive := o.Sensitive || isSensitive(v)
		v, _ = v.UnmarkDeep()
		outputs[name] = Output{Value: v, Sensitive: sensitive, Description: o.Description}
	}
	return outputs, dedupe(diags)
}
