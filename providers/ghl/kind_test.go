package ghl

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// aboutKinds are the files that may name kinds without declaring one.
var aboutKinds = map[string]string{
	"contact_query.go":  "the search of contacts",
	"custom.go":         "the values of custom fields, which are read by their definitions",
	"foresee_blocks.go": "what blocked time does to appointments",
	"foresee_slots.go":  "what free slots mean for appointments",
	"foresee_crowd.go":  "what a calendar has room for",
	"definitions.go":    "the definitions of custom fields, which other kinds are read by",
}

var kindWord = regexp.MustCompile(`^kind[A-Z]|\bghl_[a-z]`)

// kindsNamed lists the kinds that a file names; none for a file that declares
// one.
func kindsNamed(file *ast.File) []string {
	var named []string
	declares := false
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			f, ok := n.Fun.(*ast.Ident)
			declares = declares || ok && (f.Name == "declared" || f.Name == "declaredAction")
		case *ast.Ident:
			if kindWord.MatchString(n.Name) && n.Name != "kindOf" && n.Name != "kindName" {
				named = append(named, n.Name)
			}
		case *ast.BasicLit:
			if n.Kind == token.STRING && kindWord.MatchString(strings.Trim(n.Value, "`\"")) {
				named = append(named, n.Value)
			}
		}
		return true
	})
	if declares {
		return nil
	}
	return named
}

// TestGeneric holds that what is odd about a kind stands in its own file.
func TestGeneric(t *testing.T) {
	names, err := filepath.Glob("*.go")
	if err != nil || len(names) < 20 {
		t.Fatalf("found %d files: %v", len(names), err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") || aboutKinds[name] != "" {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range kindsNamed(file) {
			t.Errorf("%s names the kind %s: make it a word or an oddity of the declaration", name, kind)
		}
	}
}

func TestKindsNamed(t *testing.T) {
	cases := map[string]struct {
		reason, in string
		want       []string
	}{
		"constant": {"generic code asks for no kind", `func f(k *kind) bool { return k.Name == kindTag }`, []string{"kindTag"}},
		"text":     {"by no other way either", `func f(k *kind) bool { return k.Name == "ghl_tag" }`, []string{`"ghl_tag"`}},
		"declared": {"a kind's own file names it", `func tagKind() *kind { return declared(&kind{Kind: schema.Kind{Name: kindTag}}) }`, nil},
		"generic":  {"this is the way", `func f(k *kind) bool { return k.odd.learn != nil && kindOf(k) }`, nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			file, err := parser.ParseFile(token.NewFileSet(), "a.go", "package ghl\n"+tc.in, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, kindsNamed(file)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
