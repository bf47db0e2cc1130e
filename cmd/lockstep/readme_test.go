package main

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/zclconf/go-cty/cty"

	"lockstep/cmd/internal/command"
	"lockstep/schema"
)

var updateReadmes = flag.Bool("update", false, "rewrite the tables of kinds in the READMEs of the providers")

const (
	generated    = "<!-- What follows is made from the declarations: go test ./cmd/lockstep -run TestReadmeNamesKinds -update -->\n"
	endGenerated = "<!-- end of what is made -->\n"
)

// TestReadmeNamesKinds keeps the README of each provider in step with what it
// declares.
func TestReadmeNamesKinds(t *testing.T) {
	for _, p := range command.Providers() {
		t.Run(p.Name, func(t *testing.T) {
			name := filepath.Join("..", "..", "providers", p.Name, "README.md")
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			want, err := withTables(string(text), reference(p.New(command.Hooks{}).Schema()))
			switch {
			case err != nil:
				t.Errorf("providers/%s/README.md: %v", p.Name, err)
			case want == string(text):
			case *updateReadmes:
				if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
					t.Error(err)
				}
			default:
				t.Errorf("providers/%s/README.md is not what the declarations say: run go test ./cmd/lockstep -run TestReadmeNamesKinds -update", p.Name)
			}
		})
	}
}

// withTables puts tables between the two marks of a text.
func withTables(text, tables string) (string, error) {
	before, rest, begun := strings.Cut(text, generated)
	_, after, ended := strings.Cut(rest, endGenerated)
	if !begun || !ended {
		return "", fmt.Errorf("it lacks the line %q or %q", generated, endGenerated)
	}
	return before + generated + "\n" + tables + "\n" + endGenerated + after, nil
}

func TestWithTables(t *testing.T) {
	cases := map[string]struct {
		reason, in, want string
		bad              bool
	}{
		"fresh":    {"the tables stand between the marks", "a\n" + generated + endGenerated + "b\n", "a\n" + generated + "\nT\n\n" + endGenerated + "b\n", false},
		"stale":    {"old ones go", "a\n" + generated + "old\n" + endGenerated + "b\n", "a\n" + generated + "\nT\n\n" + endGenerated + "b\n", false},
		"no marks": {"a README without them says so", "a\n", "", true},
		"no end":   {"nothing may be cut off", "a\n" + generated + "old\n", "", true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := withTables(tc.in, "T\n")
			if got != tc.want || (err != nil) != tc.bad {
				t.Errorf("%s: got %q, %v", tc.reason, got, err)
			}
		})
	}
}

// reference describes what a provider declares, in Markdown.
func reference(p *schema.Provider) string {
	var b strings.Builder
	b.WriteString("## The provider block\n\n| argument | type | |\n|---|---|---|\n")
	for _, a := range p.Config {
		doc := a.Doc
		if a.Env != "" {
			doc += " Also `" + a.Env + "`."
		}
		row(&b, "`"+a.Name+"`", typeName(a.Type), doc)
	}
	b.WriteString("\n## The kinds\n\n| kind | is known by | |\n|---|---|---|\n")
	for _, k := range p.Kinds {
		row(&b, "[`"+k.Name+"`](#"+k.Name+")", knownBy(k), kindTraits(k))
	}
	b.WriteString("\n## The data sources\n\n| data source | finds | arguments |\n|---|---|---|\n")
	for _, d := range p.Data {
		var arguments []string
		for _, a := range d.Arguments {
			arguments = append(arguments, "`"+a.Name+"`: "+a.Doc)
		}
		row(&b, "`"+d.Name+"`", d.Doc, strings.Join(arguments, "<br>"))
	}
	for _, k := range p.Kinds {
		fmt.Fprintf(&b, "\n### `%s`\n\n%s\n\n| attribute | type | | |\n|---|---|---|---|\n", k.Name, k.Doc)
		for i := range k.Attributes {
			a := &k.Attributes[i]
			row(&b, "`"+a.Name+"`", typeName(a.Type), strings.Join(traits(a), ", "), a.Doc)
		}
	}
	return b.String()
}

// row writes one row of a table.
func row(b *strings.Builder, cells ...string) {
	for _, cell := range cells {
		b.WriteString("| " + strings.ReplaceAll(cmp.Or(cell, " "), "|", `\|`) + " ")
	}
	b.WriteString("|\n")
}

func typeName(ty cty.Type) string { return typeexpr.TypeString(ty) }

// knownBy tells how an object of a kind is found again.
func knownBy(k *schema.Kind) string {
	var keys []string
	for _, key := range k.Keys {
		keys = append(keys, "`"+strings.Join(key, "` and `")+"`")
	}
	if len(k.Content) > 0 {
		content := slices.Concat([]string{k.Parent}, k.Content)
		keys = append(keys, "`"+strings.Join(content, "` and `")+"`")
	}
	return cmp.Or(strings.Join(keys, ", then "), "its id")
}

// kindTraits tells what cannot be done with the objects of a kind, and what it
// costs to list them.
func kindTraits(k *schema.Kind) string {
	var out []string
	if k.ReadOnly {
		out = append(out, "can only be read")
	}
	if k.Lasting == schema.Permanent {
		out = append(out, "cannot be deleted")
	}
	if k.Lasting == schema.Irreplaceable {
		out = append(out, "never replaced")
	}
	if k.Listing.PerParent {
		out = append(out, "listed one `"+k.Parent+"` at a time")
	}
	if k.Listing.Page > 0 {
		out = append(out, fmt.Sprintf("up to %d in a call", k.Listing.Page))
	}
	return strings.Join(out, ", ")
}

// traits tells who writes an attribute, and when.
func traits(a *schema.Attribute) []string {
	var out []string
	for _, t := range []struct {
		is   bool
		word string
	}{
		{a.Required, "required"},
		{!a.Writable(), "read only"},
		{a.Immutable, "a new value replaces the object"},
		{a.CreateOnly, "only when it is created"},
		{a.WriteOnly, "cannot be read"},
		{a.Sensitive, "sensitive"},
		{a.Personal, "personal"},
		{a.Own == schema.OwnMembers, "owned by members"},
		{a.Own == schema.OwnKeys, "owned by keys"},
	} {
		if t.is {
			out = append(out, t.word)
		}
	}
	if len(a.OneOf) > 0 {
		out = append(out, "one of `"+strings.Join(a.OneOf, "`, `")+"`")
	}
	if a.Refers != "" {
		out = append(out, "the id of a `"+a.Refers+"`")
	}
	return out
}
