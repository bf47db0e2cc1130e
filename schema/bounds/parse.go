package bounds

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// maxWords is how many words and signs a text of HCL may have: forty thousand blocks
// of a few lines.
const maxWords = 2_000_000

// ParseFile reads a file of HCL, which messages call name, unless it goes beyond
// the limits. Its expressions keep to them. The file is nil when there is none.
func ParseFile(src []byte, name string) (*hcl.File, hcl.Diagnostics) {
	if d := check(hclsyntax.LexConfig, src, name, hcl.InitialPos); d != nil {
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
	return ParseExpressionAt(src, name, hcl.InitialPos)
}

// ParseExpressionAt is ParseExpression for a text that begins at a place of its file.
func ParseExpressionAt(src []byte, name string, start hcl.Pos) (hclsyntax.Expression, hcl.Diagnostics) {
	return bounded(hclsyntax.LexExpression, hclsyntax.ParseExpression, src, name, start)
}

// ParseTemplate is ParseFile for a template.
func ParseTemplate(src []byte, name string) (hclsyntax.Expression, hcl.Diagnostics) {
	return ParseTemplateAt(src, name, hcl.InitialPos)
}

// ParseTemplateAt is ParseTemplate for a text that begins at a place of its file.
func ParseTemplateAt(src []byte, name string, start hcl.Pos) (hclsyntax.Expression, hcl.Diagnostics) {
	return bounded(hclsyntax.LexTemplate, hclsyntax.ParseTemplate, src, name, start)
}

type (
	lexer  func(src []byte, name string, start hcl.Pos) (hclsyntax.Tokens, hcl.Diagnostics)
	parser func(src []byte, name string, start hcl.Pos) (hclsyntax.Expression, hcl.Diagnostics)
)

func bounded(lex lexer, parse parser, src []byte, name string, start hcl.Pos) (hclsyntax.Expression, hcl.Diagnostics) {
	if d := check(lex, src, name, start); d != nil {
		return nil, hcl.Diagnostics{d}
	}
	expr, diags := parse(src, name, start)
	if expr != nil {
		operators(expr)
	}
	return expr, diags
}

// check reports what in a text goes beyond the limits; nil when nothing does.
func check(lex lexer, src []byte, name string, start hcl.Pos) *hcl.Diagnostic {
	if line := crowded(src); line > 0 {
		at := hcl.Pos{Line: start.Line + line - 1, Column: 1}
		return refuse(hcl.Range{Filename: name, Start: at, End: at}, "File too long",
			fmt.Sprintf("A file has at most %d words and signs. Split it, or put rows into a CSV file and repeat one block over them with for_each.", maxWords))
	}
	// What is wrong with the tokens is told by the parser.
	tokens, _ := lex(src, name, start)
	return within(tokens)
}

// crowded returns the line at which a text has more words and signs than a file may
// have; 0 when it has not. Reading and laying out take half a kilobyte for each.
func crowded(src []byte) int {
	if len(src) <= maxWords {
		return 0
	}
	words, line, inWord := 0, 1, false
	for _, c := range src {
		isWord := c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80
		blank := c == ' ' || c == '\t' || c == '\r'
		if !blank && !(isWord && inWord) {
			words++
		}
		if inWord = isWord; words > maxWords {
			return line
		}
		if c == '\n' {
			line++
		}
	}
	return 0
}
