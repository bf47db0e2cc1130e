package ghl

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"lockstep/providers/ghl/catalogue"
	"lockstep/providers/ghl/sandbox"
)

var updateCoverage = flag.Bool("update", false, "rewrite the table of operations in the README")

const (
	coverageBegin = "<!-- What follows is made from the declarations: go test ./providers/ghl -run TestReadmeOperations -update -->\n"
	coverageEnd   = "<!-- end of the operations -->\n"
)

// TestReadmeOperations keeps the table of the README in step with the calls that
// are declared.
func TestReadmeOperations(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begun := strings.Cut(string(text), coverageBegin)
	_, after, ended := strings.Cut(rest, coverageEnd)
	if !begun || !ended {
		t.Fatalf("README.md lacks the line %q or %q", coverageBegin, coverageEnd)
	}
	want := before + coverageBegin + "\n" + coverage(t) + "\n" + coverageEnd + after
	switch {
	case want == string(text):
	case *updateCoverage:
		if err := os.WriteFile("README.md", []byte(want), 0o644); err != nil {
			t.Error(err)
		}
	default:
		t.Error("the table of operations in README.md is not what the declarations say: run go test ./providers/ghl -run TestReadmeOperations -update")
	}
}

// coverage is the table of the catalogue's operations, with what uses each.
func coverage(t *testing.T) string {
	t.Helper()
	all, err := catalogue.Operations()
	if err != nil {
		t.Fatal(err)
	}
	uses := uses(t)
	var rows strings.Builder
	reached := 0
	for _, o := range all {
		var by []string
		for _, u := range uses {
			if slices.Contains(catalogue.Of(all, u.call.method, u.call.path), o) && !slices.Contains(by, u.by) {
				by = append(by, u.by)
			}
		}
		if len(by) > 0 {
			reached++
		}
		fmt.Fprintf(&rows, "| %s | %s | `%s %s` | %s |\n", o.Category, o.Name, o.Method, o.Path, strings.Join(by, ", "))
	}
	return fmt.Sprintf("%d of the %d operations of the catalogue are used. Where nothing stands, nothing uses the operation yet.\n\n"+
		"| category | operation | call | used by |\n|---|---|---|---|\n%s", reached, len(all), rows.String())
}

// use is a call and what makes it.
type use struct {
	call call
	by   string
}

// uses are the calls of all kinds, data sources and actions.
func uses(t *testing.T) []use {
	t.Helper()
	p, _ := openSandboxed(t, sandbox.Options{}, nil)
	var out []use
	for _, name := range slices.Sorted(maps.Keys(p.account.kinds)) {
		k := p.account.kinds[name]
		for _, c := range k.calls() {
			out = append(out, use{c, "`" + name + "`"})
		}
		for _, source := range slices.Sorted(maps.Keys(k.lists)) {
			for _, l := range k.lists[source] {
				by := "data `" + source + "`"
				if source == "" {
					by = "`" + name + "`"
				}
				out = append(out, use{l.call, by})
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.account.actions)) {
		out = append(out, use{p.account.actions[name].call, "action `" + name + "`"})
	}
	return out
}

// calls are the calls that a kind's objects are read and written by.
func (k *kind) calls() []call {
	out := []call{k.list.call, k.find.call, k.children, k.get, k.create, k.update, k.remove}
	for _, ch := range k.channels {
		out = append(out, ch.add, ch.remove, ch.set, ch.addAlone, ch.removeAlone)
	}
	for i := range k.attributes {
		out = append(out, k.attributes[i].alone)
	}
	return out
}
