package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lockstep/cmd/internal/command"
	"lockstep/cmd/internal/reference"
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
			want, err := withTables(string(text), reference.Tables(p.New(command.Hooks{}).Schema()))
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
