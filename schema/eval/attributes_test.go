package eval

import (
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// TestNoKey tells which key of a map is meant.
func TestNoKey(t *testing.T) {
	ctx := &hcl.EvalContext{Variables: map[string]cty.Value{
		"stages": cty.MapVal(map[string]cty.Value{"New": cty.StringVal("1"), "Won": cty.StringVal("2")}),
		"none":   cty.MapValEmpty(cty.String), "wanted": cty.StringVal("Lost"), "list": cty.ListVal([]cty.Value{cty.True}),
		"people": cty.MapVal(map[string]cty.Value{"ann@example.com": cty.StringVal("Ann")}),
		"secret": cty.StringVal("Lost").Mark("secret"),
	}}
	const general = "The given key does not identify an element in this collection value."
	cases := map[string]struct{ reason, in, want string }{
		"near":   {"one letter too many", `stages["Wonn"]`, `The map has no key "Wonn". Did you mean "Won"?`},
		"far":    {"where nothing comes near all are told", `stages["Elsewhere"]`, `The map has no key "Elsewhere". It has: New, Won.`},
		"made":   {"so it is with a key that is made", `stages[wanted]`, `The map has no key "Lost". It has: New, Won.`},
		"empty":  {"there is nothing to choose from", `none["a"]`, `The map has no key "a". It is empty.`},
		"people": {"nobody is named", `people["bea"]`, general},
		"secret": {"nor is a secret", `stages[secret]`, general},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			expr, diags := hclsyntax.ParseExpression([]byte(tc.in), "main.hcl", hcl.InitialPos)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			_, diags = expr.Value(ctx)
			if len(diags) != 1 {
				t.Fatalf("%d errors, want 1: %v", len(diags), diags)
			}
			if got := noKey(diags[0]).Detail; got != tc.want {
				t.Errorf("%s: got %q, want %q", tc.reason, got, tc.want)
			}
		})
	}
}

func TestLacking(t *testing.T) {
	many := map[string]cty.Value{}
	for _, name := range strings.Split("abcdefghijklmn", "") {
		many["column_"+name] = cty.StringVal(name)
	}
	ctx := &hcl.EvalContext{Variables: map[string]cty.Value{
		"row":    cty.ObjectVal(map[string]cty.Value{"Email": cty.StringVal("ann@example.com"), "First Name": cty.StringVal("Ann")}),
		"deep":   cty.ObjectVal(map[string]cty.Value{"row": cty.ObjectVal(map[string]cty.Value{"town": cty.StringVal("Ghent")})}),
		"wide":   cty.ObjectVal(many),
		"people": cty.ObjectVal(map[string]cty.Value{"ann@example.com": cty.StringVal("Ann")}),
	}}
	const has = "This object does not have an attribute named "
	cases := map[string]struct{ reason, in, want string }{
		"near":     {"capitals count in the names of columns", `row.email`, has + `"email". Did you mean "Email"?`},
		"far":      {"where nothing comes near all are told", `row.telephone`, has + `"telephone". It has: Email, First Name.`},
		"deep":     {"the object that lacks it is meant, not the first one", `deep.row.city_name`, has + `"city_name". It has: town.`},
		"relative": {"so it is after an index in brackets", `[row][0].telephone`, has + `"telephone". It has: Email, First Name.`},
		"people":   {"nobody is named", `people.ann`, has + `"ann".`},
		"wide": {"long lists are cut", `wide.x`, has + `"x". It has: column_a, column_b, column_c, column_d, column_e, column_f, ` +
			`column_g, column_h, column_i, column_j, column_k, column_l, and 2 more.`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			expr, diags := hclsyntax.ParseExpression([]byte(tc.in), "main.hcl", hcl.InitialPos)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			_, diags = expr.Value(ctx)
			if len(diags) != 1 {
				t.Fatalf("%d errors, want 1: %v", len(diags), diags)
			}
			wanted, of := missing(diags[0])
			if got := lacking(diags[0], wanted, of).Detail; got != tc.want {
				t.Errorf("%s: got %q, want %q", tc.reason, got, tc.want)
			}
		})
	}
}
