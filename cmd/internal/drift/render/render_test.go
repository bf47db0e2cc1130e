package render

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"lockstep/cmd/internal/drift"
	"lockstep/cmd/internal/junit"
)

// report has n objects of each sort.
func report(n int) *drift.Report {
	share := 70.8
	r := &drift.Report{FormatVersion: drift.FormatVersion, Drifted: true, Made: "2026-11-26T08:00:00Z", Coverage: &share, Compared: true, New: 1,
		Kinds: []drift.Kind{{Provider: "ghl", Kind: "ghl_contact", InStep: 9951, LiveMoved: n, Unmanaged: n, Live: 10, Coverage: &share}}}
	for i := range n {
		r.Objects = append(r.Objects,
			drift.Object{Address: fmt.Sprintf(`ghl_contact.leads["p%d@example.com"]`, i), Provider: "ghl", Kind: "ghl_contact", ID: fmt.Sprint("C", i), Class: drift.InCRM,
				Action: "update", Source: "my files/main.hcl:3", Link: "https://crm.example/contacts/detail/C1", Changed: "2026-11-25T10:00:00Z", New: i == 0,
				Fields: []drift.Field{{Path: "city", Base: "Bern", File: "Bern", Live: "`<script>alert(1)</script> | \u0001", Moved: "crm"}}},
			drift.Object{Provider: "ghl", Kind: "ghl_contact", Name: "Lin Example", ID: fmt.Sprint("D", i), Class: drift.Unmanaged, Action: "no-op", Fields: []drift.Field{}})
	}
	return r
}

func written(t *testing.T, write Writer, r *drift.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, r, Options{Version: "1.2.3", Title: "Drift", Fails: []drift.Class{drift.InCRM}}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestFormatsTell(t *testing.T) {
	for format, want := range map[string][]string{
		"markdown": {"| in step | 9,951 |", "70.8 % of what is live is managed", "**new**", "CRM `` \"`<script>", "](https://crm.example/contacts/detail/C1)"},
		"html":     {"default-src &#39;none&#39;", "p0@example.com", "&lt;script&gt;alert", `href="https://crm.example/contacts/detail/C1"`, "Last applied"},
		"junit":    {`<testsuite name="ghl_contact" tests="3" failures="1" errors="0" skipped="1"`, `file="my files/main.hcl" line="3"`},
		"sarif":    {`"level": "warning"`, `"uri": "my%20files/main.hcl"`, `"baselineState": "new"`},
	} {
		got := written(t, Find(format), report(1))
		for _, text := range want {
			if !strings.Contains(got, text) {
				t.Errorf("%s: there is no %q in\n%s", format, text, got)
			}
		}
	}
}

func TestMarkdownFits(t *testing.T) {
	got := written(t, Markdown, report(10_000))
	if len(got) > 65_536 || !strings.Contains(got, "more\n\n</details>") || strings.Count(got, "<details>") != strings.Count(got, "</details>") {
		t.Errorf("%d bytes, ending in %q", len(got), got[len(got)-300:])
	}
}

func TestJUnitIsXML(t *testing.T) {
	var got junit.Suites
	if err := xml.Unmarshal([]byte(written(t, JUnit, report(3))), &got); err != nil {
		t.Fatal(err)
	}
	if got.Tests != 7 || got.Failures != 3 || len(got.Suites) != 1 || got.Suites[0].Cases[1].Failure == nil {
		t.Errorf("the report reads as %+v", got)
	}
}

// TestSARIF holds what sections 3.13, 3.14, 3.18, 3.19, 3.27 and 3.49 of the standard
// require, and that results name rules that there are.
func TestSARIF(t *testing.T) {
	var log struct {
		Version string
		Runs    []struct {
			Tool struct {
				Driver struct {
					Name  string
					Rules []struct{ ID string }
				}
			}
			Results []struct {
				RuleID    string
				RuleIndex int
				Level     string
				Message   struct{ Text string }
			}
		}
	}
	if err := json.Unmarshal([]byte(written(t, SARIF, report(2))), &log); err != nil {
		t.Fatal(err)
	}
	if log.Version != "2.1.0" || len(log.Runs) != 1 || log.Runs[0].Tool.Driver.Name == "" || len(log.Runs[0].Results) != 4 {
		t.Fatalf("the log reads as %+v", log)
	}
	for _, r := range log.Runs[0].Results {
		if r.Message.Text == "" || log.Runs[0].Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID || r.Level != "warning" && r.Level != "note" {
			t.Errorf("an odd result: %+v", r)
		}
	}
}
