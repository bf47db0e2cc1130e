package functions

import (
	"strings"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"
)

// TestGrowth has calls that would make much of little, next to ones that do not.
func TestGrowth(t *testing.T) {
	library := New(nil, time.Time{}).Functions()
	text := func(s string) cty.Value { return cty.StringVal(s) }
	big := text(strings.Repeat("x", 10<<20))
	shared := cty.ListVal([]cty.Value{big, big, big, big, big, big, big})
	tests := map[string]struct {
		reason, function string
		args             []cty.Value
		refused          bool
	}{
		"Join":          {"One text in memory may be joined many times.", "join", []cty.Value{text(","), shared}, true},
		"Separator":     {"So may a separator.", "join", []cty.Value{big, cty.ListVal(letters(8))}, true},
		"JoinFew":       {"Few texts are joined.", "join", []cty.Value{text(","), cty.ListVal([]cty.Value{text("a"), text("b")})}, false},
		"Replace":       {"Each letter may become a book.", "replace", []cty.Value{big, text("x"), text("12345678")}, true},
		"Pattern":       {"So by a pattern,", "replace", []cty.Value{big, text("/x/"), text("12345678")}, true},
		"Group":         {"and by what it matched.", "replace", []cty.Value{big, text("/(x+)/"), text("$1$1$1$1$1$1$1")}, true},
		"Once":          {"One match does not grow much.", "replace", []cty.Value{big, text("/^x/"), text(strings.Repeat("y", 100))}, false},
		"Shorter":       {"Nothing grows here.", "replace", []cty.Value{big, text("xx"), text("y")}, false},
		"Format":        {"A format may name one value many times.", "format", []cty.Value{text(strings.Repeat("%[1]s", 7)), big}, true},
		"FormatNumber":  {"A format makes numbers of texts.", "format", []cty.Value{text("%d"), text("1e99999999")}, true},
		"FormatLong":    {"A long text is no number.", "format", []cty.Value{text("%s"), text(strings.Repeat("9", 20_000))}, false},
		"FormatList":    {"So for each of a list.", "formatlist", []cty.Value{text(strings.Repeat("%[1]s", 7)), cty.ListVal([]cty.Value{big, big})}, true},
		"FormatListFew": {"Many short texts are short.", "formatlist", []cty.Value{text("%s-%s"), cty.ListVal(letters(1000)), text("b")}, false},
		"JSON":          {"JSON spells out what is there once.", "jsonencode", []cty.Value{shared}, true},
		"YAML":          {"So does YAML.", "yamlencode", []cty.Value{shared}, true},
		"Split":         {"Each letter becomes a text.", "split", []cty.Value{text(""), big}, true},
		"Indent":        {"Each line becomes longer.", "indent", []cty.Value{cty.NumberIntVal(9999), text(strings.Repeat("\n", 10_000))}, true},
		"Power":         {"Infinity has no digits.", "pow", []cty.Value{cty.NumberIntVal(10), cty.NumberIntVal(9999)}, true},
		"Range":         {"Numbers are read from texts.", "range", []cty.Value{text("1e99999999")}, true},
		"Sum":           {"So in a list.", "sum", []cty.Value{cty.TupleVal([]cty.Value{text("1e99999999"), cty.Zero})}, true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := library[tc.function].Call(tc.args); (err != nil) != tc.refused {
				t.Errorf("%s\n%s: %.200v, refused wanted: %t", tc.reason, tc.function, err, tc.refused)
			}
		})
	}
}

// TestChecks calls the checks alone: the functions themselves would take seconds to
// find marks in so much.
func TestChecks(t *testing.T) {
	nested := cty.StringVal("x")
	for range 24 {
		nested = cty.TupleVal([]cty.Value{nested, nested})
	}
	members := cty.ListVal(letters(2_000_000))
	few := cty.ListVal(letters(3))
	tests := map[string]struct {
		reason  string
		check   func([]cty.Value) error
		args    []cty.Value
		refused bool
	}{
		"JSON":       {"JSON spells out what is there once, however deep.", encoded, []cty.Value{nested}, true},
		"Flatten":    {"A list within lists stands for many.", flattened, []cty.Value{nested}, true},
		"Concat":     {"Lists become one.", concatenated, []cty.Value{members, members, members}, true},
		"FewJSON":    {"Little stays little.", encoded, []cty.Value{few}, false},
		"FewFlatten": {"Little stays little.", flattened, []cty.Value{few}, false},
		"FewConcat":  {"Little stays little.", concatenated, []cty.Value{few, few}, false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if err := tc.check(tc.args); (err != nil) != tc.refused {
				t.Errorf("%s\n%v, refused wanted: %t", tc.reason, err, tc.refused)
			}
		})
	}
}

// letters is so many times the text a.
func letters(n int) []cty.Value {
	values := make([]cty.Value, n)
	for i := range values {
		values[i] = cty.StringVal("a")
	}
	return values
}

func TestMatches(t *testing.T) {
	deep := strings.Repeat("a/", 40)
	tests := map[string]struct {
		reason, pattern, name string
		want                  bool
	}{
		"Any":     {"** stands for no folder as well.", "**/x.csv", "x.csv", true},
		"Deep":    {"And for many.", "**/x.csv", "a/b/x.csv", true},
		"Between": {"Between others too.", "a/**/c/*.csv", "a/b/b/c/x.csv", true},
		"Other":   {"The last step counts.", "**/x.csv", "a/y.csv", false},
		"Within":  {"A star stays within its step.", "*/x.csv", "a/b/x.csv", false},
		"All":     {"** at the end takes all.", "a/**", "a/b/c", true},
		"Many":    {"Trying all ways would take longer than anybody lives.", strings.Repeat("**/a/", 40) + "b", deep + "c", false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := matches(strings.Split(tc.pattern, "/"), strings.Split(tc.name, "/")); got != tc.want {
				t.Errorf("%s\nmatches(%q, %q) = %t", tc.reason, tc.pattern, tc.name, got)
			}
		})
	}
}
