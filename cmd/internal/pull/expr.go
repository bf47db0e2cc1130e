package pull

import (
	"strings"
	"unicode"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

// widest is how many characters a list has at most in one line.
const widest = 100

// Literal is a value as an expression. With heredocs, a text of several lines is one.
func Literal(v schema.Value, heredocs bool) string {
	if heredocs {
		return strings.TrimSuffix(literal(v), "\n")
	}
	return inner(v)
}

// literal is a value as an expression.
func literal(v schema.Value) string {
	switch v.Type() {
	case schema.String:
		return text(v.Written())
	case schema.Number, schema.Bool:
		return v.Text()
	case schema.List:
		items := make([]string, len(v.Items()))
		for i, item := range v.Items() {
			items[i] = inner(item)
		}
		return list(items)
	case schema.Map:
		items := make([]string, len(v.Items()))
		for i, item := range v.Items() {
			items[i] = inner(item)
		}
		return object(v.Keys(), items)
	default:
		return "null"
	}
}

// inner is a value within another one, where a heredoc would not be read easily.
func inner(v schema.Value) string {
	if v.Type() == schema.String {
		return quoted(v.Written())
	}
	return literal(v)
}

// list is a list of expressions, in one line where they fit.
func list(items []string) string {
	if line := "[" + strings.Join(items, ", ") + "]"; len(line) <= widest && !strings.Contains(line, "\n") {
		return line
	}
	return "[\n" + strings.Join(items, ",\n") + ",\n]"
}

// object is a map of expressions, in one line while it is small.
func object(keys, items []string) string {
	entries := make([]string, len(keys))
	for i, key := range keys {
		if !hclsyntax.ValidIdentifier(key) || key == "for" || key == "null" || key == "true" || key == "false" {
			key = quoted(key)
		}
		entries[i] = key + " = " + items[i]
	}
	switch line := "{ " + strings.Join(entries, ", ") + " }"; {
	case len(keys) == 0:
		return "{}"
	case len(keys) <= 3 && len(line) <= widest && !strings.Contains(line, "\n"):
		return line
	}
	return "{\n" + strings.Join(entries, "\n") + "\n}"
}

// text is a text as an expression: one of several lines as a heredoc.
func text(s string) string {
	if !strings.Contains(strings.TrimSuffix(s, "\n"), "\n") || strings.ContainsFunc(s, unprintable) {
		return quoted(s)
	}
	word := "EOT"
	for hasLine(s, word) {
		word += "_"
	}
	if strings.HasSuffix(s, "\n") {
		return "<<" + word + "\n" + escaped(s) + word + "\n"
	}
	// A heredoc ends with the end of a line, and the text does not.
	return "chomp(<<" + word + "\n" + escaped(s) + "\n" + word + "\n)"
}

// unprintable reports whether a rune must be spelled out.
func unprintable(r rune) bool { return r != '\n' && r != '\t' && !unicode.IsPrint(r) }

func hasLine(s, word string) bool {
	for line := range strings.Lines(s) {
		if strings.TrimSpace(line) == word {
			return true
		}
	}
	return false
}

// escaped keeps what begins a template from doing so.
func escaped(s string) string {
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(s)
}

// quoted is a text in quotes.
func quoted(s string) string { return string(hclwrite.TokensForValue(cty.StringVal(s)).Bytes()) }
