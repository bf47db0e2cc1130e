package view

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"

	"lockstep/planner/engine"
	"lockstep/providers"
)

// wrong is an error of a row.
func wrong(line int, path, detail string) *hcl.Diagnostic {
	return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Invalid value", Detail: detail, Subject: &hcl.Range{Filename: "main.hcl", Start: hcl.Pos{Line: 6}},
		Extra: &engine.Detail{Address: fmt.Sprintf(`ghl_contact.a["%d"]`, line), Origin: fmt.Sprintf("leads.csv:%d", line), Path: path}}
}

// refusedFor is a refusal for lack of a scope.
func refusedFor(path, scope string) *hcl.Diagnostic {
	return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "The token of ghl lacks a scope", Detail: "Add it.",
		Extra: &engine.Detail{API: &providers.APIError{Method: "GET", Path: path, Status: 401, Scopes: []string{scope}}}}
}

// TestFoldCauses has what folds, and what the first tells of the others.
func TestFoldCauses(t *testing.T) {
	var many hcl.Diagnostics
	for i := range 300 {
		many = append(many, wrong(i+2, "phone", fmt.Sprintf(`"call %d" is no number`, i)))
	}
	counted := wrong(2, "phone", "no")
	counted.Extra = &engine.Detail{Address: "a", Origin: "leads.csv:2", Path: "phone", More: 40}
	named := &hcl.Diagnostic{Summary: "Skipped", Severity: hcl.DiagWarning, Extra: &engine.Detail{Address: "ghl_tag.a"}}
	cases := map[string]struct {
		reason string
		in     hcl.Diagnostics
		want   [][]string
	}{
		"None":   {"nothing is nothing", nil, nil},
		"Few":    {"few rows are told with what is in them", hcl.Diagnostics{wrong(4, "phone", `"x" is no number`), wrong(3, "phone", `"y" is no number`)}, [][]string{{`And 1 more row of leads.csv: 3 ("y")`}}},
		"Many":   {"of many the first rows are told", many, [][]string{{"And 299 more rows of leads.csv: 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, …"}}},
		"Paths":  {"another attribute is another cause, though on one line", hcl.Diagnostics{wrong(2, "custom_fields.a", `no field "a"`), wrong(2, "custom_fields.b", `no field "b"`)}, [][]string{nil, nil}},
		"Words":  {"other words are another cause", hcl.Diagnostics{wrong(2, "phone", "too long"), wrong(3, "phone", "too short")}, [][]string{nil, nil}},
		"Unkept": {"what is only counted is of the same file", hcl.Diagnostics{counted, wrong(3, "phone", "no")}, [][]string{{"And 41 more rows of leads.csv: 3"}}},
		"Scopes": {"requests that lack scopes are one cause", hcl.Diagnostics{refusedFor("/tags", "tags.readonly"), refusedFor("/fields", "fields.readonly")}, [][]string{{"And 1 more: GET /fields (scope fields.readonly)"}}},
		"Same":   {"what has no name is counted", hcl.Diagnostics{{Summary: "Old"}, {Summary: "Old"}, {Summary: "Old"}}, [][]string{{"And 2 more times"}}},
		"Kinds":  {"a warning is not an error", hcl.Diagnostics{named, {Summary: "Skipped", Severity: hcl.DiagError}}, [][]string{nil, nil}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var got [][]string
			for _, f := range foldCauses(tc.in) {
				got = append(got, f.lines())
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestDiagnosticsBound writes little, whatever there is to tell, and the message of
// each in any case.
func TestDiagnosticsBound(t *testing.T) {
	var all, long hcl.Diagnostics
	for i := range 5000 {
		all = append(all, &hcl.Diagnostic{Severity: hcl.DiagnosticSeverity(1 + i%2), Summary: fmt.Sprintf("Cause %d", i), Detail: strings.Repeat("word ", 50)})
	}
	source := []byte(`a = "` + strings.Repeat("y", 1_000_000) + `"`)
	long = append(long, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Long", Detail: "What is wrong.", Subject: &hcl.Range{Filename: "main.hcl",
		Start: hcl.Pos{Line: 1, Column: 1}, End: hcl.Pos{Line: 1, Column: len(source), Byte: len(source)}}})
	for name, tc := range map[string]struct {
		reason string
		in     hcl.Diagnostics
		want   string
	}{
		"Many": {"of many causes the rest is counted", all, "more errors of other kinds; -json lists more."},
		"Long": {"a long line of a file does not push out the message", long, "\nWhat is wrong.\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if err := Diagnostics(&out, tc.in, map[string]*hcl.File{"main.hcl": {Bytes: source}}, Options{}); err != nil {
				t.Fatal(err)
			}
			if out.Len() > 60_000 || !strings.Contains(out.String(), tc.want) {
				t.Errorf("%s: %d bytes, with %q: %t", tc.reason, out.Len(), tc.want, strings.Contains(out.String(), tc.want))
			}
		})
	}
}

// TestListed keeps errors before warnings when JSON cannot list all.
func TestListed(t *testing.T) {
	var all hcl.Diagnostics
	for range 1500 {
		all = append(all, &hcl.Diagnostic{Severity: hcl.DiagWarning, Summary: "Old"})
	}
	all = append(all, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Wrong"})
	got := listed(all)
	if len(got) != 1+maxListed || got[0].Detail != "501 more are not listed." || got[len(got)-1].Summary != "Wrong" {
		t.Errorf("%d listed, first %q, last %q", len(got), got[0].Detail, got[len(got)-1].Summary)
	}
	if wrong, warnings := countBoth(all); wrong != 1 || warnings != 1500 {
		t.Errorf("counted %d errors and %d warnings", wrong, warnings)
	}
}
