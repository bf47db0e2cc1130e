package eval

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema/config"
	"lockstep/schema/functions"
)

// BrokenAssertion is the summary of an assert of a test that does not hold.
const BrokenAssertion = "Test assertion failed"

// TestScope is where the expressions of a test file are evaluated: in the root module,
// with what only tests know.
type TestScope struct {
	*Evaluator
	// Names are what only tests know, by the first word of references.
	Names map[string]cty.Value
}

// Assert checks what a run of a test wants to hold.
func (t TestScope) Assert(conditions []*config.Condition) hcl.Diagnostics {
	e := t.Evaluator
	e.mu.Lock()
	defer e.mu.Unlock()
	e.searches = 0
	asserts := rules{s: e.root, extra: t.Names, summary: BrokenAssertion, severity: hcl.DiagError}
	var diags hcl.Diagnostics
	for _, c := range conditions {
		holds, more := asserts.condition(c)
		if len(more) == 0 && !holds.IsKnown() {
			more = errorAt(c.Condition.Range(), "Condition is not known",
				"A plan does not know this yet: what a server sets is known after an apply. Leave command = plan out of the run block, or assert something else.")
		}
		diags = append(diags, more...)
	}
	return dedupe(diags)
}

// TestOutputs are the outputs of the root module as the asserts of a test see them:
// secrets stay marked.
func TestOutputs(outputs map[string]Output) cty.Value {
	values := make(map[string]cty.Value, len(outputs))
	for name, o := range outputs {
		values[name] = o.Value
		if o.Sensitive {
			values[name] = o.Value.Mark(functions.Sensitive)
		}
	}
	return cty.ObjectVal(values)
}

// Value evaluates an expression, which must be known.
func (t TestScope) Value(expr hclsyntax.Expression) (cty.Value, hcl.Diagnostics) {
	e := t.Evaluator
	e.mu.Lock()
	defer e.mu.Unlock()
	v, diags := e.root.eval(expr, t.Names)
	if !diags.HasErrors() && !v.IsWhollyKnown() {
		return cty.DynamicVal, errorAt(expr.Range(), "Value is not known", "This depends on what a plan does not know yet. A run that applies tells its outputs.")
	}
	return v, diags
}

// Assignments are the values that a test file gives to variables.
func (t TestScope) Assignments(values map[string]*hclsyntax.Attribute) ([]Assignment, hcl.Diagnostics) {
	var found []Assignment
	var diags hcl.Diagnostics
	for _, name := range slices.Sorted(maps.Keys(values)) {
		a := values[name]
		v, more := t.Value(a.Expr)
		if diags = append(diags, more...); more.HasErrors() {
			continue
		}
		at := a.SrcRange
		found = append(found, Assignment{Name: name, Value: v, From: FromFile, Range: &at, Source: fmt.Sprintf("%s:%d", at.Filename, at.Start.Line)})
	}
	return found, diags
}
