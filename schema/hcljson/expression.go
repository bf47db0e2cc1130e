package hcljson

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema/bounds"
)

// mode is what texts are.
type mode uint8

const (
	// templates have references within ${ and }.
	templates mode = iota
	// words are references themselves.
	words
	// literals are texts as they are.
	literals
)

// expression reads a value of JSON.
func (t *translator) expression(from hcl.Expression, how mode) hclsyntax.Expression {
	at := from.Range()
	if pairs, diags := hcl.ExprMap(from); !diags.HasErrors() {
		object := &hclsyntax.ObjectConsExpr{SrcRange: at, OpenRange: from.StartRange()}
		for _, pair := range pairs {
			object.Items = append(object.Items, hclsyntax.ObjectConsItem{
				KeyExpr:   &hclsyntax.ObjectConsKeyExpr{Wrapped: t.expression(pair.Key, how), ForceNonLiteral: how != words},
				ValueExpr: t.expression(pair.Value, how),
			})
		}
		return object
	}
	if items, diags := hcl.ExprList(from); !diags.HasErrors() {
		tuple := &hclsyntax.TupleConsExpr{SrcRange: at, OpenRange: from.StartRange()}
		for _, item := range items {
			tuple.Exprs = append(tuple.Exprs, t.expression(item, how))
		}
		return tuple
	}
	// Without a context a text is given as it is written.
	v, diags := from.Value(nil)
	t.diags = append(t.diags, diags...)
	if diags.HasErrors() || v.IsNull() || v.Type() != cty.String || how == literals {
		return &hclsyntax.LiteralValueExpr{Val: v, SrcRange: at}
	}
	return t.text(v.AsString(), at, how)
}

// text reads a text of JSON, which stands between quotes. Escapes in it shift the
// columns of what follows in the line.
func (t *translator) text(text string, at hcl.Range, how mode) hclsyntax.Expression {
	parse := bounds.ParseTemplateAt
	if how == words {
		parse = bounds.ParseExpressionAt
	}
	start := at.Start
	start.Column, start.Byte = start.Column+1, start.Byte+1
	expr, diags := parse([]byte(text), t.file, start)
	if t.diags = append(t.diags, diags...); diags.HasErrors() || expr == nil {
		return &hclsyntax.LiteralValueExpr{Val: cty.DynamicVal, SrcRange: at}
	}
	if whole, ok := expr.(*hclsyntax.TemplateWrapExpr); ok {
		return whole.Wrapped
	}
	return expr
}
