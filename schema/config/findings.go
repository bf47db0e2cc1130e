package config

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

// findings collects what is wrong with the files, so that one run reports all
// of it.
type findings struct {
	diags hcl.Diagnostics
	// allowed are the arguments that a block may have, once they were looked at.
	allowed map[*hclsyntax.Block][]string
}

func newFindings() *findings { return &findings{allowed: map[*hclsyntax.Block][]string{}} }

func (f *findings) add(diags hcl.Diagnostics) { f.diags = append(f.diags, diags...) }

func (f *findings) error(summary string, subject hcl.Range, format string, args ...any) {
	f.diags = append(f.diags, &hcl.Diagnostic{
		Severity: hcl.DiagError,
		Summary:  summary,
		Detail:   fmt.Sprintf(format, args...),
		Subject:  subject.Ptr(),
	})
}

// duplicate reports a second declaration with the place of the first.
func (f *findings) duplicate(what, name string, first, second hcl.Range) {
	f.error("Duplicate "+what, second, "%s is already declared at %s:%d. Rename or remove one of the two.", name, first.Filename, first.Start.Line)
}

// constant evaluates an expression that may use neither references nor
// functions.
func (f *findings) constant(expr hclsyntax.Expression) (cty.Value, bool) {
	val, diags := expr.Value(nil)
	if diags.HasErrors() {
		f.error("Not a constant", expr.Range(), "Only a constant can stand here: no references and no functions.")
		return cty.DynamicVal, false
	}
	return val, true
}

// literal checks the value of an attribute that needs no evaluation.
func (f *findings) literal(a *schema.Attribute, expr hclsyntax.Expression) {
	if !isConstant(expr) {
		return
	}
	val, diags := expr.Value(nil)
	if diags.HasErrors() {
		f.add(diags)
		return
	}
	if _, err := ConvertValue(a, val); err != nil {
		f.error("Invalid value", expr.Range(), "%s", Sentence(err))
	}
}

// distinct drops repetitions, which come from modules that are called twice.
func distinct(diags hcl.Diagnostics) hcl.Diagnostics {
	seen := map[string]bool{}
	var kept hcl.Diagnostics
	for _, d := range diags {
		key := d.Error()
		if !seen[key] {
			seen[key] = true
			kept = append(kept, d)
		}
	}
	return kept
}
