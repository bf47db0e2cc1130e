package eval

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
	"lockstep/schema/bounds"
)

// Evaluate evaluates an expression in the root module, for the console. unread are
// the blocks that the value depends on and whose objects were not provided: what
// they say is unknown.
func (e *Evaluator) Evaluate(expr string) (v cty.Value, unread []schema.Address, diags hcl.Diagnostics) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.searches = 0
	src := []byte(schema.CanonicalText(expr))
	parsed, diags := bounds.ParseExpression(src, "console")
	if diags.HasErrors() {
		return cty.DynamicVal, nil, diags
	}
	if diags := e.cfg.CheckExpression(parsed); diags.HasErrors() {
		return cty.DynamicVal, nil, diags
	}
	v, more := e.root.eval(parsed, nil)
	delete(e.refs, parsed)
	for _, r := range e.cfg.NeedsOf(e.cfg.Root, parsed) {
		if e.provided.source(r) == nil {
			unread = append(unread, r.Address())
		}
	}
	return v, unread, append(diags, more...)
}

// Unfinished reports whether an expression goes on: a bracket, a template or a
// heredoc is open.
func Unfinished(expr string) bool {
	tokens, _ := hclsyntax.LexExpression([]byte(expr+"\n"), "console", hcl.InitialPos)
	open, heredocs := 0, 0
	for _, token := range tokens {
		switch token.Type {
		case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
			open++
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenTemplateSeqEnd:
			open--
		case hclsyntax.TokenOHeredoc:
			heredocs++
		case hclsyntax.TokenCHeredoc:
			heredocs--
		}
	}
	return open > 0 || heredocs > 0
}
