package trial

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"

	"lockstep/schema/config"
)

func result(name string, status Status) Result {
	r := Result{Run: &config.TestRun{Name: name, Range: hcl.Range{Filename: "a.test.hcl", Start: hcl.Pos{Line: 3}}}, Status: status}
	if status == Fail || status == Error {
		r.Diagnostics = hcl.Diagnostics{
			{Severity: hcl.DiagWarning, Summary: "Beside", Detail: "the point"},
			{Severity: hcl.DiagError, Summary: "Wrong", Detail: name, Subject: &hcl.Range{Filename: "a.test.hcl", Start: hcl.Pos{Line: 7}}},
		}
	}
	return r
}

func TestReport(t *testing.T) {
	broken := hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Wrong", Detail: "cleaning"}}
	cases := map[string]struct {
		reason  string
		report  Report
		status  Status
		counts  [3]int
		wantXML []string
	}{
		"passed":  {"all is well", Report{Results: []Result{result("a", Pass)}}, Pass, [3]int{1, 0, 0}, []string{`tests="1" failures="0"`}},
		"failed":  {"one assert is enough", Report{Results: []Result{result("a", Fail), result("b", Pass)}}, Fail, [3]int{1, 1, 0}, []string{`failures="1"`, `<failure message="Wrong: a">a.test.hcl:7: Wrong: a</failure>`}},
		"error":   {"what comes after an error is skipped", Report{Results: []Result{result("a", Error), result("b", Skip)}}, Error, [3]int{0, 1, 1}, []string{`errors="1" skipped="1"`, `line="3"`}},
		"cleaned": {"what cannot be destroyed is an error", Report{Results: []Result{result("a", Pass)}, Cleaning: broken}, Error, [3]int{1, 1, 0}, []string{`name="destroy"`, "cleaning"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := tc.report.Status(); got != tc.status {
				t.Errorf("%s: %s, want %s", tc.reason, got, tc.status)
			}
			passed, failed, skipped := Count([]Report{tc.report})
			if diff := cmp.Diff(tc.counts, [3]int{passed, failed, skipped}); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			var b bytes.Buffer
			if err := JUnit([]Report{tc.report}, time.Unix(0, 0)).Write(&b); err != nil {
				t.Fatal(err)
			}
			for _, text := range tc.wantXML {
				if !strings.Contains(b.String(), text) {
					t.Errorf("%s: there is no %s in\n%s", tc.reason, text, b.String())
				}
			}
		})
	}
}
