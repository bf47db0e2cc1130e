package hcljson_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema/hcljson"
)

var root = hcljson.Block{Blocks: map[string]hcljson.Block{
	"thing": {Labels: 1, Words: []string{"needs"}, Blocks: map[string]hcljson.Block{"part": {}}},
	"words": {Literal: true},
}}

// shape is what is compared of a body: values of attributes, and blocks by their
// headers.
type shape struct {
	Values map[string]string
	Blocks []string
}

func shapeOf(body *hclsyntax.Body) shape {
	s := shape{Values: map[string]string{}}
	ctx := &hcl.EvalContext{Variables: map[string]cty.Value{"a": cty.StringVal("A"), "b": cty.ObjectVal(map[string]cty.Value{"c": cty.True})}}
	for name, a := range body.Attributes {
		v, diags := a.Expr.Value(ctx)
		if s.Values[name] = v.GoString(); diags.HasErrors() {
			s.Values[name] = diags[0].Summary
		}
	}
	for _, b := range body.Blocks {
		inner := shapeOf(b.Body)
		header := b.Type
		for _, label := range b.Labels {
			header += " " + label
		}
		s.Blocks = append(s.Blocks, header)
		for name, v := range inner.Values {
			s.Values[header+"."+name] = v
		}
		for _, in := range inner.Blocks {
			s.Blocks = append(s.Blocks, header+" > "+in)
		}
	}
	slices.Sort(s.Blocks)
	return s
}

func TestParse(t *testing.T) {
	cases := map[string]struct {
		reason, in string
		want       shape
		wrong      string // the summary of the first error
	}{
		"templates": {"a text has templates, and one alone keeps its type", `{"thing": {"x": {"t": "is ${a}", "v": "${b.c}", "k": {"${a}": [1, null]}}}}`,
			shape{map[string]string{
				"thing x.t": `cty.StringVal("is A")`, "thing x.v": `cty.True`,
				"thing x.k": `cty.ObjectVal(map[string]cty.Value{"A":cty.TupleVal([]cty.Value{cty.NumberIntVal(1), cty.NullVal(cty.DynamicPseudoType)})})`,
			}, []string{"thing x"}}, ""},
		"words":    {"a word is a reference", `{"thing": {"x": {"needs": ["b.c"]}}}`, shape{map[string]string{"thing x.needs": `cty.TupleVal([]cty.Value{cty.True})`}, []string{"thing x"}}, ""},
		"literals": {"a literal is as it is", `{"words": {"t": "is ${a}"}}`, shape{map[string]string{"words.t": `cty.StringVal("is ${a}")`}, []string{"words"}}, ""},
		"lists": {"a list of objects is many blocks, also of the file", `[{"thing": {"x": [{"part": [{}, {}]}]}}, {"thing": {"y": {}}, "//": "no word"}]`,
			shape{map[string]string{}, []string{"thing x", "thing x > part", "thing x > part", "thing y"}}, ""},
		"unknown":  {"what is no block is refused", `{"thang": {}}`, shape{}, "Extraneous JSON object property"},
		"syntax":   {"a template is checked", `{"thing": {"x": {"t": "${"}}}`, shape{}, "Missing expression"},
		"not json": {"native syntax is not JSON", `thing "x" {}`, shape{}, "Invalid JSON keyword"},
		"scalar":   {"a file is an object", `5`, shape{}, "Root value must be object"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f, diags := hcljson.Parse([]byte(tc.in), "x.hcl.json", root)
			if tc.wrong != "" || diags.HasErrors() {
				if !diags.HasErrors() || diags[0].Summary != tc.wrong {
					t.Fatalf("%s: %v", tc.reason, diags)
				}
				return
			}
			if diff := cmp.Diff(tc.want, shapeOf(f.Body.(*hclsyntax.Body))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestParsePlaces(t *testing.T) {
	f, diags := hcljson.Parse([]byte("{\"thing\": {\n  \"x\": {\"t\": \"is ${wrong}\"}}}"), "x.hcl.json", root)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	b := f.Body.(*hclsyntax.Body).Blocks[0]
	got := []string{b.DefRange().String(), b.Body.Attributes["t"].Expr.Variables()[0].SourceRange().String()}
	if diff := cmp.Diff([]string{"x.hcl.json:2,3-6", "x.hcl.json:2,20-25"}, got); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"thing": {"x": {"t": "is ${a}", "needs": ["b.c"], "part": [{}]}}}`))
	f.Fuzz(func(t *testing.T, src []byte) {
		file, diags := hcljson.Parse(src, "x.hcl.json", root)
		if body, ok := file.Body.(*hclsyntax.Body); ok && !diags.HasErrors() {
			shapeOf(body) // must not panic
		}
	})
}
