package view

import (
	"testing"

	"github.com/google/go-cmp/cmp"

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
