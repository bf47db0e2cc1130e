package main

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// bite is a file that breaks a rule, or just does not.
type bite struct {
	reason           string
	rule, name, text string
	exceptions       map[string]string
	want             []string
}

const packageDoc = "// Package x is here.\npackage x\n"

func TestRulesBite(t *testing.T) {
	cases := roomBites()
	maps.Copy(cases, sizeBites())
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s, err := parse(tc.name, []byte(tc.text))
			if err != nil {
				t.Fatalf("%s: %v", tc.reason, err)
			}
			if diff := cmp.Diff(tc.want, rules(tc.exceptions)[tc.rule]([]*source{s})); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// roomBites are about what a room may use and how its code is written.
func roomBites() map[string]bite {
	return map[string]bite{
		"SchemaUsesProviders": {reason: "the language knows no API",
			rule: "imports", name: "schema/eval/a.go", text: packageDoc + `import "lockstep/providers"`,
			want: []string{"schema/eval/a.go:3: schema/eval must not import providers"}},
		"VocabularyUsesLanguage": {reason: "the vocabulary is the lowest room",
			rule: "imports", name: "schema/a.go", text: packageDoc + `import "lockstep/schema/config"`,
			want: []string{"schema/a.go:3: schema must not import schema/config"}},
		"PlannerUsesProvider": {reason: "the planner knows the contract only",
			rule: "imports", name: "planner/engine/a.go", text: packageDoc + `import "lockstep/providers/ghl"`,
			want: []string{"planner/engine/a.go:3: planner/engine must not import providers/ghl"}},
		"PlannerUsesHTTP": {reason: "the planner reaches nothing by itself",
			rule: "imports", name: "planner/a.go", text: packageDoc + `import "net/http"`,
			want: []string{"planner/a.go:3: planner must not import net/http"}},
		"ProviderUsesPlanner": {reason: "imports run one way",
			rule: "imports", name: "providers/ghl/a.go", text: packageDoc + `import "lockstep/planner"`,
			want: []string{"providers/ghl/a.go:3: providers/ghl must not import planner"}},
		"ProviderUsesNeighbour": {reason: "providers do not know each other",
			rule: "imports", name: "providers/a/a.go", text: packageDoc + `import "lockstep/providers/b"`,
			want: []string{"providers/a/a.go:3: providers/a must not import providers/b"}},
		"ProviderUsesContract": {reason: "this is the way",
			rule: "imports", name: "providers/ghl/a.go", text: packageDoc + `import "lockstep/providers"`},
		"Exit": {reason: "only main ends the process",
			rule: "calls", name: "cmd/x/a.go", text: packageDoc + "func f() { os.Exit(1) }",
			want: []string{"cmd/x/a.go:3: os.Exit outside main"}},
		"Panic": {reason: "errors are values",
			rule: "calls", name: "planner/a.go", text: packageDoc + "func f() { panic(1) }",
			want: []string{"planner/a.go:3: panic outside main"}},
		"Fatal": {reason: "errors are values",
			rule: "calls", name: "planner/a.go", text: packageDoc + "func f() { log.Fatalf(``) }",
			want: []string{"planner/a.go:3: log.Fatalf outside main"}},
		"Init": {reason: "nothing runs before main",
			rule: "calls", name: "planner/a.go", text: packageDoc + "func init() {}",
			want: []string{"planner/a.go:3: no init functions"}},
		"NoDoc": {reason: "exported names are explained",
			rule: "docs", name: "planner/a.go", text: packageDoc + "type T struct{}\n// F is.\nfunc F() {}\nfunc (*T) M() {}\nvar V, w int",
			want: []string{"planner/a.go:3: T has no doc comment", "planner/a.go:6: M has no doc comment", "planner/a.go:7: V has no doc comment"}},
		"Says": {reason: "comments have Go's idiom",
			rule: "words", name: "planner/a.go", text: packageDoc + "// f says whether it is.\nfunc f() bool { return true } // an API says that\n",
			want: []string{`planner/a.go:3: "// f says whether it is.": write "reports whether" or "is true when"`}},
		"StaleMap": {reason: "a file that was renamed leads nowhere",
			rule: "maps", name: "providers/a.go", text: "// Package x is in a.go and old.go.\npackage x",
			want: []string{"providers/a.go:1: old.go is named and is not there"}},
		"NoPackageComment": {reason: "each room says what it is",
			rule: "packages", name: "planner/a.go", text: "package x",
			want: []string{"planner: 0 package comments, want one"}},
	}
}

// sizeBites are about what is too large.
func sizeBites() map[string]bite {
	methods := func(n int) string {
		return packageDoc + "type T[K any] struct{}\n" + numbered("func (t *T[K]) m#() {}\n", n)
	}
	fields := func(n int) string {
		return packageDoc + "type T struct {\n\tE\n\ta, b int\n" + numbered("\tf# int\n", n-3) + "}\n"
	}
	test := func(lines int) string {
		return packageDoc + "func TestF(t *testing.T) {" + strings.Repeat("\n", lines-1) + "}\n"
	}
	stale := "planner.T is within the limits: remove its exception"
	excused := map[string]string{"planner.T": "mirrors a document"}
	return map[string]bite{
		"LongFunction": {reason: "a function fits on a screen",
			rule: "size", name: "planner/a.go", text: packageDoc + "func f() {" + strings.Repeat("\n", 60) + "}\n",
			want: []string{"planner/a.go:3: f has 61 lines, at most 60"}},
		"LongFile": {reason: "a file is about one thing",
			rule: "size", name: "planner/a.go", text: packageDoc + strings.Repeat("\n", 399),
			want: []string{"planner/a.go:2: 401 lines, at most 400"}},
		"31Methods": {reason: "a type has one reason",
			rule: "types", name: "planner/a.go", text: methods(31),
			want: []string{"planner/a.go:34: T has 31 methods, at most 30"}},
		"30Methods": {reason: "as many as allowed", rule: "types", name: "planner/a.go", text: methods(30)},
		"16Fields": {reason: "embedded and grouped fields count each",
			rule: "types", name: "planner/a.go", text: fields(16),
			want: []string{"planner/a.go:3: T has 16 fields, at most 15"}},
		"15Fields": {reason: "as many as allowed", rule: "types", name: "planner/a.go", text: fields(15)},
		"16FieldsWithoutName": {reason: "a struct without a name is one too",
			rule: "types", name: "planner/a.go", text: packageDoc + "var v struct {\n" + numbered("\tf# int\n", 16) + "}\n",
			want: []string{"planner/a.go:3: struct of line 3 has 16 fields, at most 15"}},
		"LongTest": {reason: "a test is read like any function",
			rule: "types", name: "planner/a_test.go", text: test(61),
			want: []string{"planner/a_test.go:3: TestF has 61 lines, at most 60"}},
		"Test": {reason: "as long as allowed", rule: "types", name: "planner/a_test.go", text: test(60)},
		"Excused": {reason: "exceptions are named",
			rule: "types", name: "planner/a.go", text: methods(31), exceptions: excused},
		"Stale": {reason: "exceptions go with their reason",
			rule: "types", name: "planner/a.go", text: methods(30), exceptions: excused,
			want: []string{stale}},
	}
}

// numbered writes a text n times, with the number in place of #.
func numbered(text string, n int) string {
	var out strings.Builder
	for i := range n {
		out.WriteString(strings.ReplaceAll(text, "#", fmt.Sprint(i)))
	}
	return out.String()
}
