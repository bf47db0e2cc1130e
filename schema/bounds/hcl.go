package bounds

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"lockstep/schema"
)

// MaxDepth is how deep a text may be nested, in brackets, blocks, templates and
// operators of one expression. Parsers and evaluation take some kilobytes of the
// stack for each.
const MaxDepth = 1000

// level is one open bracket, block or template.
type level struct {
	open hclsyntax.TokenType
	// steps are the operators, dots and closed brackets since the last separator:
	// each may nest what stands before or after it.
	steps int
}

// within reports what in the tokens of a text goes beyond the limits; nil when
// nothing does.
func within(tokens hclsyntax.Tokens) *hcl.Diagnostic {
	levels, depth := []level{{}}, 0
	for i, t := range tokens {
		top := &levels[len(levels)-1]
		switch {
		case opens(t.Type):
			levels = append(levels, level{open: t.Type})
			depth++
		case closes(t.Type) && len(levels) > 1:
			depth -= 1 + top.steps
			levels = levels[:len(levels)-1]
			levels[len(levels)-1].steps++
			depth++
		case closes(t.Type):
			// The parser tells that it closes nothing.
		case separates(t.Type, top.open):
			depth -= top.steps
			top.steps = 0
		case joins(t.Type):
			top.steps++
			depth++
		case t.Type == hclsyntax.TokenNumberLit && Number(string(t.Bytes)) != nil:
			return refuse(t.Range, "Number too large", "A number has at most 9,999 digits.")
		}
		if ends(tokens, i) && top.steps > 0 {
			top.steps--
			depth--
		}
		if depth > MaxDepth {
			return refuse(t.Range, "Nested too deep", fmt.Sprintf("Brackets, blocks, templates and operators are nested at most %s deep. Give parts of this a name each, in locals.", schema.Thousands(MaxDepth)))
		}
	}
	return nil
}

func opens(t hclsyntax.TokenType) bool {
	switch t {
	case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc, hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
		return true
	default:
		return false
	}
}

func closes(t hclsyntax.TokenType) bool {
	switch t {
	case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc, hclsyntax.TokenTemplateSeqEnd:
		return true
	default:
		return false
	}
}

// separates reports whether a token ends what can nest at a level. Within round and
// square brackets the end of a line does not.
func separates(t, open hclsyntax.TokenType) bool {
	switch t {
	case hclsyntax.TokenComma:
		return true
	case hclsyntax.TokenNewline:
		return open == 0 || open == hclsyntax.TokenOBrace
	default:
		return false
	}
}

// joins reports whether a token may nest what stands around it.
func joins(t hclsyntax.TokenType) bool {
	switch t {
	case hclsyntax.TokenIdent, hclsyntax.TokenNumberLit, hclsyntax.TokenStringLit, hclsyntax.TokenQuotedLit,
		hclsyntax.TokenEqual, hclsyntax.TokenComment, hclsyntax.TokenNewline, hclsyntax.TokenEOF, hclsyntax.TokenEllipsis:
		return false
	default:
		return true
	}
}

// ends reports whether a token ends a directive such as %{ if } of a template, which
// then nests no more.
func ends(tokens hclsyntax.Tokens, i int) bool {
	if i < 2 || tokens[i].Type != hclsyntax.TokenTemplateSeqEnd || tokens[i-1].Type != hclsyntax.TokenIdent || tokens[i-2].Type != hclsyntax.TokenTemplateControl {
		return false
	}
	word := string(tokens[i-1].Bytes)
	return word == "endif" || word == "endfor"
}

func refuse(at hcl.Range, summary, detail string) *hcl.Diagnostic {
	return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: detail, Subject: &at}
}
