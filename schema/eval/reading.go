package eval

import (
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

// Reading is how a field is made of the text of a cell, where that can be undone. The
// zero Reading takes the text as it is.
type Reading struct {
	// Text is the cell as it was read.
	Text string
	// Converts is set where a function makes another type of the text.
	Converts bool
	// Separator parts the text into members; empty when it is one value.
	Separator string
	// Claim on the members.
	Claim schema.Claim
	// Spared is set where an empty cell leaves the field alone.
	Spared bool
}

// undone follows what makes a value of a cell and can be undone: a function that
// converts or parts its text, a claim on a set, and a condition that leaves the field
// alone where the cell is empty. It is what such expressions look like in the files
// of `lockstep pull`.
func (w *tracer) undone(t site) (Written, bool) {
	o := opened{Reading: Reading{Claim: schema.ClaimIncludes}}
	expr, ok := o.open(t.expr)
	if !ok {
		return Written{}, false
	}
	found := w.at(t.of(expr), nil)
	w.last = t
	if !found.Cell() || found.Reading.opened() {
		return Written{}, false
	}
	if o.empty != nil {
		asked, _ := w.sources.trace(t.of(o.empty), nil)
		if o.Spared = asked.Spot == found.Spot; !o.Spared {
			return Written{}, false
		}
	}
	o.Text = found.Reading.Text
	found.Reading = o.Reading
	return found, true
}

// opened is an expression that is being taken apart from outside.
type opened struct {
	Reading
	// empty is what a condition asks for null; nil without one.
	empty hclsyntax.Expression
}

// opened reports whether the text goes through an expression.
func (r Reading) opened() bool { return r != Reading{Text: r.Text} }

// open takes off what can be undone, and returns the expression within. ok is false
// when there is nothing.
func (o *opened) open(expr hclsyntax.Expression) (inner hclsyntax.Expression, ok bool) {
	for inner = expr; ; ok = true {
		next := o.next(inner)
		if next == nil {
			return inner, ok
		}
		inner = next
	}
}

// next takes off the outermost expression; nil when it cannot be undone.
func (o *opened) next(expr hclsyntax.Expression) hclsyntax.Expression {
	switch expr := expr.(type) {
	case *hclsyntax.ParenthesesExpr:
		return expr.Expression
	case *hclsyntax.ConditionalExpr:
		is, ok := expr.Condition.(*hclsyntax.BinaryOpExpr)
		if !ok || is.Op != hclsyntax.OpEqual || !isNull(is.RHS) || !isNull(expr.TrueResult) || o.empty != nil {
			return nil
		}
		o.empty = is.LHS
		return expr.FalseResult
	case *hclsyntax.FunctionCallExpr:
		return o.call(expr)
	default:
		return nil
	}
}

func (o *opened) call(call *hclsyntax.FunctionCallExpr) hclsyntax.Expression {
	switch {
	case call.ExpandFinal || o.Separator != "" || len(call.Args) == 0:
		return nil
	case len(call.Args) == 2 && call.Name == "split":
		o.Separator = literalText(call.Args[0])
		if o.Separator == "" {
			return nil
		}
		return call.Args[1]
	case len(call.Args) != 1:
		return nil
	}
	switch call.Name {
	case "tonumber", "tobool", "tostring":
		o.Converts = true
	case "exactly":
		o.Claim = schema.ClaimExactly
	case "excludes":
		o.Claim = schema.ClaimExcludes
	case "includes", "toset", "tolist":
	default:
		return nil
	}
	return call.Args[0]
}

// literalText is a text that is written out; empty for anything else.
func literalText(expr hclsyntax.Expression) string {
	v, diags := expr.Value(nil)
	if diags.HasErrors() || v.IsNull() || !v.IsKnown() || v.Type() != cty.String {
		return ""
	}
	return v.AsString()
}

func isNull(expr hclsyntax.Expression) bool {
	literal, ok := expr.(*hclsyntax.LiteralValueExpr)
	return ok && literal.Val.IsNull()
}
