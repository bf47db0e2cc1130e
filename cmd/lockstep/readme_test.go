package main

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lockstep/cmd/internal/command"
	"lockstep/cmd/internal/view"
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
		row(&b, "`"+a.Name+"`", view.TypeName(a.Type), doc)
	}
	b.WriteString("\n## The kinds\n\n| kind | is known by | |\n|---|---|---|\n")
	for _, k := range p.Kinds {
		row(&b, "[`"+k.Name+"`](#"+k.Name+")", view.KnownBy(k), view.KindTraits(k))
	}
	b.WriteString("\n## The data sources\n\n| data source | finds | arguments |\n|---|---|---|\n")
	for _, d := range p.Data {
		var arguments []string
		for _, a := range d.Arguments {
			arguments = append(arguments, "`"+a.Name+"`: "+a.Doc)
		}
		row(&b, "`"+d.Name+"`", d.Doc, strings.Join(arguments, "<br>"))
	}
	actions(&b, p)
	for _, k := range p.Kinds {
		fmt.Fprintf(&b, "\n### `%s`\n\n%s\n\n| attribute | type | | |\n|---|---|---|---|\n", k.Name, k.Doc)
		for i := range k.Attributes {
			a := &k.Attributes[i]
			row(&b, "`"+a.Name+"`", view.TypeName(a.Type), strings.Join(view.Traits(a), ", "), a.Doc)
		}
	}
	return b.String()
}

// actions describes the actions of a provider, if it has some.
func actions(b *strings.Builder, p *schema.Provider) {
	if len(p.Actions) == 0 {
		return
	}
	b.WriteString("\n## The actions\n\n| action | does | people notice | run again by itself | arguments |\n|---|---|---|---|---|\n")
	for _, a := range p.Actions {
		var arguments []string
		for i := range a.Arguments {
			arguments = append(arguments, "`"+a.Arguments[i].Name+"`: "+a.Arguments[i].Doc)
		}
		again := "never"
		if a.Repeatable {
			again = "yes"
		}
		row(b, "`"+a.Name+"`", a.Doc, a.Disruptive, again, strings.Join(arguments, "<br>"))
	}
}

// row writes one row of a table.
func row(b *strings.Builder, cells ...string) {
	for _, cell := range cells {
		b.WriteString("| " + strings.ReplaceAll(cmp.Or(cell, " "), "|", `\|`) + " ")
	}
	b.WriteString("|\n")
}
