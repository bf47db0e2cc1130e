package accept

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"lockstep/schema"
	"lockstep/schema/config"
)

// listCase is a list, what is taken out of it and put into it, and what it becomes;
// empty when it cannot be changed so.
type listCase struct {
	reason, list string
	remove, add  []string
	want         string
}

func TestListEdit(t *testing.T) {
	cases := map[string]listCase{
		"First":        {"the comma goes with it", `["a", "b", "c"]`, []string{"a"}, nil, `["b", "c"]`},
		"Last":         {"the comma before it goes with it", `["a", "b", "c"]`, []string{"c"}, nil, `["a", "b"]`},
		"Two":          {"the last two", `["a", "b", "c"]`, []string{"b", "c"}, nil, `["a"]`},
		"All":          {"the list is empty then", `["a", "b"]`, []string{"a", "b"}, nil, `[]`},
		"Only":         {"one element", `["a"]`, []string{"a"}, nil, `[]`},
		"OnlyComma":    {"one element with a comma", `["a",]`, []string{"a"}, nil, `[]`},
		"Lines":        {"a line goes with its comment", "[\n  \"a\", # first\n  \"b\", # second\n]", []string{"a"}, nil, "[\n  \"b\", # second\n]"},
		"LinesLast":    {"the last line without a comma", "[\n  \"a\",\n  \"b\"\n]", []string{"b"}, nil, "[\n  \"a\",\n]"},
		"LinesAll":     {"no line is left", "[\n  \"a\",\n  \"b\"\n]", []string{"a", "b"}, nil, "[\n]"},
		"Add":          {"in one line", `exactly(["a"])`, nil, []string{"b"}, `exactly(["a", "b"])`},
		"AddToNothing": {"an empty list", `exactly([])`, nil, []string{"b"}, `exactly(["b"])`},
		"AddLine":      {"on a line of its own", "exactly([\n  \"a\",\n])", nil, []string{"b"}, "exactly([\n  \"a\",\n  \"b\",\n])"},
		"AddLineEnd":   {"no comma at the end, as before", "exactly([\n  \"a\"\n])", nil, []string{"b"}, "exactly([\n  \"a\",\n  \"b\"\n])"},
		"Instead":      {"one goes and one comes", `exactly(["a", "b"])`, []string{"b"}, []string{"c"}, `exactly(["a", "c"])`},
		"AddComment":   {"a comment stays with its element", "exactly([\n  \"a\" # first\n])", nil, []string{"b"}, "exactly([\n  \"a\", # first\n  \"b\"\n])"},
		"Between":      {"a comment before it goes with it", `["a", /* b, c */ "b"]`, []string{"b"}, nil, `["a"]`},
		"Windows":      {"lines end as they do", "exactly([\r\n  \"a\",\r\n])", nil, []string{"b"}, "exactly([\r\n  \"a\",\r\n  \"b\",\r\n])"},
		"Accents":      {"letters before it are spelt as they were", "[\"Zoe\u0308\", \"b\", \"c\"]", []string{"b"}, nil, "[\"Zoe\u0308\", \"c\"]"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) { checkList(t, tc) })
	}
}

func checkList(t *testing.T, tc listCase) {
	old := "tags = " + tc.list + "\n"
	parsed, diags := config.Parse([]byte(old), "main.hcl")
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	expr := parsed.Body.(*hclsyntax.Body).Attributes["tags"].Expr
	tuple, _ := setOf(expr)
	e := &listEdit{file: &file{old: old, canonical: schema.CanonicalText(old)}, at: expr.Range(), tuple: tuple}
	members := written(tuple)
	for _, m := range tc.remove {
		e.remove = append(e.remove, slices.Index(members, m))
	}
	for _, m := range tc.add {
		e.add = append(e.add, `"`+m+`"`)
	}
	got, why := e.text()
	if diff := cmp.Diff(tc.want, got); diff != "" || (why == "") != (tc.want != "") {
		t.Errorf("%s: %q (-want +got):\n%s", tc.reason, why, diff)
	}
	if strings.Contains(got, "[,") {
		t.Errorf("%s: an element is missing", tc.reason)
	}
}
