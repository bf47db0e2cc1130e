package view

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"lockstep/cmd/internal/drift"
	"lockstep/planner"
	"lockstep/planner/engine"
	"lockstep/providers"
)

func planJSONOf(t *testing.T, p *planner.Plan, o Options) (string, map[string]any) {
	t.Helper()
	var b bytes.Buffer
	if err := PlanJSON(&b, p, PlanDocument{Version: "0.1.0"}, o); err != nil {
		t.Fatal(err)
	}
	var decoded map[string]any
	if err := json.Unmarshal(b.Bytes(), &decoded); err != nil {
		t.Fatalf("the plan is not JSON: %v\n%s", err, b.String())
	}
	return b.String(), decoded
}

func TestPlanJSON(t *testing.T) {
	raw, got := planJSONOf(t, mixed(), Options{})
	var indented bytes.Buffer
	if err := json.Indent(&indented, []byte(raw), "", "  "); err != nil {
		t.Fatal(err)
	}
	golden(t, "the representation is stable", "mixed.json", indented.String())
	if got["format_version"] != "1.2" {
		t.Errorf("format_version is %v", got["format_version"])
	}
	if strings.Contains(raw, `"123"`) {
		t.Error("a sensitive value stands in the JSON")
	}
}

func TestPlanJSONChangesAreWhole(t *testing.T) {
	_, got := planJSONOf(t, mixed(), Options{})
	for _, key := range []string{"resource_changes", "resource_drift"} {
		for _, item := range got[key].([]any) {
			wholeChange(t, item.(map[string]any)["change"])
		}
	}
	for _, c := range got["output_changes"].(map[string]any) {
		wholeChange(t, c)
	}
}

// wholeChange fails when a key is missing that readers of plans rely on.
func wholeChange(t *testing.T, change any) {
	t.Helper()
	for _, key := range []string{"actions", "before", "after", "after_unknown", "before_sensitive", "after_sensitive"} {
		if _, ok := change.(map[string]any)[key]; !ok {
			t.Errorf("a change has no %s: %v", key, change)
		}
	}
}

func TestPlanJSONRedacts(t *testing.T) {
	p := created(7)
	raw, _ := planJSONOf(t, RedactedPlan(p), Options{Redact: true})
	if strings.Contains(raw, "@example.com") {
		t.Errorf("a redacted plan names a person: %.400s", raw)
	}
	if open, _ := planJSONOf(t, p, Options{}); !strings.Contains(open, "p3@example.com") {
		t.Error("a plan that is not redacted hides people")
	}
}

func TestStream(t *testing.T) {
	var b bytes.Buffer
	s := NewStream(&b, "0.1.0", func() time.Time { return time.Date(2026, 9, 23, 10, 14, 22, 0, time.UTC) })
	s.Plan(mixed(), Options{})
	golden(t, "the stream is stable and sorted", "mixed.events", b.String())
	counts := map[string]int{}
	for line := range strings.Lines(b.String()) {
		var event map[string]any
		if err := json.Unmarshal([]byte(line), &event); err != nil {
			t.Fatalf("not JSON: %s", line)
		}
		counts[event["type"].(string)]++
	}
	want := map[string]int{"version": 1, "read_complete": 1, "resource_drift": 2, "planned_change": 8, "conflict": 1, "revert": 1, "refusal": 1, "change_summary": 1, "cost": 1, "outputs": 1}
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Errorf("events: -want, +got:\n%s", diff)
	}
}

const source = "resource \"ghl_contact\" \"ann\" {\n  phone = \"abc\"\n}\n"

func refused() (hcl.Diagnostics, map[string]*hcl.File) {
	file, _ := hclsyntax.ParseConfig([]byte(source), "main.hcl", hcl.InitialPos)
	start := strings.Index(source, `"abc"`)
	place := hcl.Range{Filename: "main.hcl", Start: hcl.Pos{Line: 2, Column: 11, Byte: start}, End: hcl.Pos{Line: 2, Column: 16, Byte: start + 5}}
	warning := hcl.Diagnostic{Severity: hcl.DiagWarning, Summary: "Deprecated", Detail: "Old."}
	return hcl.Diagnostics{
		{Severity: hcl.DiagError, Summary: "Invalid value", Detail: "The phone is wrong.", Subject: &place, Extra: &engine.Detail{
			Address: "ghl_contact.ann", Origin: "leads.csv:118",
			API: &providers.APIError{Method: "PUT", Path: "/contacts/1", Status: 422, Message: "invalid phone", TraceID: "7f3a", Field: "phone"}}},
		&warning, &warning, &warning,
	}, map[string]*hcl.File{"main.hcl": file}
}

func TestDiagnostics(t *testing.T) {
	diags, files := refused()
	var b bytes.Buffer
	if err := Diagnostics(&b, diags, files, Options{}); err != nil {
		t.Fatal(err)
	}
	golden(t, "an API's refusal points at the line and names the request", "diagnostics.txt", b.String())
}

func TestValidateJSON(t *testing.T) {
	diags, files := refused()
	var b bytes.Buffer
	if err := ValidateJSON(&b, diags, files); err != nil {
		t.Fatal(err)
	}
	golden(t, "the form that editors read", "validate.json", b.String())
}

func TestDrift(t *testing.T) {
	var b bytes.Buffer
	if err := Drift(&b, mixed(), &drift.Report{}, nouns, Options{}); err != nil {
		t.Fatal(err)
	}
	golden(t, "names object, field, both values and who moved", "mixed.drift", b.String())
}
