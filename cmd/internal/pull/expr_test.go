package pull

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"lockstep/schema"
)

func TestLiteral(t *testing.T) {
	cases := map[string]struct {
		reason string
		value  schema.Value
		want   string
	}{
		"text":      {"a text is quoted", schema.StringValue(`say "hi" ${x} %{y}`), `"say \"hi\" $${x} %%{y}"`},
		"hidden":    {"what changes the direction of a text is spelled out", schema.StringValue("\u202eevil"), `"\u202eevil"`},
		"lines":     {"a text of several lines is a heredoc", schema.StringValue("a\nb\n"), "<<EOT\na\nb\nEOT\n"},
		"no end":    {"a heredoc ends with a line end, which the text has not", schema.StringValue("a\n${b}"), "chomp(<<EOT\na\n$${b}\nEOT\n)"},
		"its end":   {"no line of the text ends the heredoc", schema.StringValue("a\nEOT\n"), "<<EOT_\na\nEOT\nEOT_\n"},
		"one line":  {"a line end alone makes no heredoc", schema.StringValue("a\n"), `"a\n"`},
		"list":      {"a short list stands in one line", schema.StringsValue([]string{"a", "b"}), `["a", "b"]`},
		"map":       {"keys that are no names are quoted", schema.MapValue(map[string]schema.Value{"a b": schema.NumberValue("1.5"), "c": schema.BoolValue(true)}), `{ "a b" = 1.5, c = true }`},
		"empty map": {"an empty map is written as one", schema.MapValue(nil), `{}`},
		"written":   {"the spelling that is sent is written, not the one that is compared", schema.WrittenValue("a", "<p>a</p>"), `"<p>a</p>"`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, literal(c.value)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.reason, diff)
			}
		})
	}
}

// TestLaidOutTexts reads back what was written of any text, laid out in a block.
func TestLaidOutTexts(t *testing.T) {
	parts := rapid.SliceOf(rapid.OneOf(
		rapid.SampledFrom([]string{"$", "%", "{", "}", "${", "%{", "$${", "\\", "\"", "\n", "\n\n", "\r", "\t", " ", "EOT", "EOT\n", "\nEOT_\n", "~}", "\u202e", "e\u0301", "\x00", "\u2028", "'", "#", "/*"}),
		rapid.String()))
	context := &hcl.EvalContext{Functions: map[string]function.Function{"chomp": stdlib.ChompFunc}}
	rapid.Check(t, func(t *rapid.T) {
		want := ""
		for _, part := range parts.Draw(t, "parts") {
			want += part
		}
		source := laidOut("resource \"k\" \"n\" {\nlonger_name = 1\nx = " + literal(schema.StringValue(want)) + "\n}\n")
		file, diags := hclsyntax.ParseConfig(source, "x.hcl", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatalf("%s\n%s", diags, source)
		}
		v, diags := file.Body.(*hclsyntax.Body).Blocks[0].Body.Attributes["x"].Expr.Value(context)
		if diags.HasErrors() || v.Type() != cty.String {
			t.Fatalf("%s\n%s", diags, source)
		}
		if diff := cmp.Diff(norm.NFC.String(want), v.AsString()); diff != "" {
			t.Errorf("(-want +got):\n%s\n%s", diff, source)
		}
	})
}
