package view

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/planner/engine"
)

// TestIncomplete tells of every object once: what is done, and what is not.
func TestIncomplete(t *testing.T) {
	const goesOn = "The state has all that was done. `lockstep apply` goes on from here."
	tests := map[string]struct {
		reason      string
		report      engine.Report
		interrupted bool
		summary     string
		detail      string
	}{
		"Stopped": {
			reason:      "What was created is added, though its tags were not written any more.",
			report:      engine.Report{Counts: planner.Counts{Add: 289}, Skipped: 11, Unfinished: 289},
			interrupted: true, summary: "Apply interrupted",
			detail: "Done: 289 added, 0 changed, 0 destroyed.\nNot done: 0 failed, 11 not tried, 289 written only in part.\n\n" + goesOn,
		},
		"Failed": {
			reason:  "What is zero is left out, but for the two that are always told.",
			report:  engine.Report{Counts: planner.Counts{Change: 2}, Failed: 1},
			summary: "Apply incomplete",
			detail:  "Done: 0 added, 2 changed, 0 destroyed.\nNot done: 1 failed, 0 not tried.\n\n" + goesOn,
		},
		"Unknown": {
			reason:  "Lost answers are looked up by the next run.",
			report:  engine.Report{Uncertain: 3},
			summary: "Apply incomplete",
			detail:  "Done: 0 added, 0 changed, 0 destroyed.\nNot done: 0 failed, 0 not tried, 3 unknown: their answers were lost, and the next run looks them up.\n\n" + goesOn,
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := Incomplete(&tc.report, tc.interrupted)[0]
			if diff := cmp.Diff([]string{tc.summary, tc.detail}, []string{got.Summary, got.Detail}); diff != "" {
				t.Errorf("%s\nIncomplete(...) (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestManyReasonsAreCounted(t *testing.T) {
	reasons := make([]string, 1500)
	for i := range reasons {
		reasons[i] = fmt.Sprintf("ghl_contact.c[%d]: city changed in the files and in the CRM", i)
	}
	cases := map[string]struct {
		reason string
		in     hcl.Diagnostics
	}{
		"Refused": {"each conflict is a reason", Refused("Apply refused", &engine.RefusedError{Reasons: slices.Clone(reasons)})},
		"Stale":   {"everything may have moved", Stale(&engine.StaleError{Moved: slices.Clone(reasons)})},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := tc.in[0].Detail
			for _, want := range []string{reasons[19], "… and 1,480 more\n", "Nothing was written."} {
				if !strings.Contains(got, want) {
					t.Errorf("%s: there is no %q in %s", tc.reason, want, got)
				}
			}
			if strings.Contains(got, reasons[20]) {
				t.Errorf("%s: more than 20 are listed", tc.reason)
			}
		})
	}
}
