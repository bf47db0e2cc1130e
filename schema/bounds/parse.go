package bounds

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// ParseFile reads a file of HCL, which messages call name, unless it goes beyond
// the limits. Its expressions keep to them. The file is nil when there is none.
func ParseFile(src []byte, name string) (*hcl.File, hcl.Diagnostics) {
	// What is wrong with the tokens is told by the parser.
	tokens, _ := hclsyntax.LexConfig(src, name, hcl.InitialPos)
	if d := within(tokens); d != nil {
		return nil, hcl.Diagnostics{d}
	}
	f, diags := hclsyntax.ParseConfig(src, name, hcl.InitialPos)
	if f != nil {
		if body, ok := f.Body.(*hclsyntax.Body); ok {
			operators(body)
		}
	}
	return f, diags
}

// ParseExpression is ParseFile for a single expression.
func ParseExpression(src []byte, name string) (hclsyntax.Expression, hcl.Diagnostics) {
	tokens, _ := hclsyntax.LexExpression(src, name, hcl.InitialPos)
	return bounded(tokens, hclsyntax.ParseExpression, src, name)
}

// ParseTemplate is ParseFile for a template.
func ParseTemplate(src []byte, name string) (hclsyntax.Expression, hcl.Diagnostics) {
	tokens, _ := hclsyntax.LexTemplate(src, name, hcl.InitialPos)
	return bounded(tokens, hclsyntax.ParseTemplate, src, name)
}

type parser func(src []byte, name string, start hcl.Pos) (hclsyntax.Expression, hcl.Diagnostics)

func bounded(tokens hclsyntax.Tokens, parse parser, src []byte, name string) (hclsyntax.Expression, hcl.Diagnostics) {
	if d := within(tokens); d != nil {
		return nil, hcl.Diagnostics{d}
	}
	expr, diags := parse(src, name, hcl.InitialPos)
	if expr != nil {
		operators(expr)
	}
	return expr, diags
}
