package engine

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestStages holds every stage to where each event leads it, so that what is in
// effect is neither forgotten nor made up.
func TestStages(t *testing.T) {
	// In the order of the events: wrote, wroteLast, refused, refusedWhole,
	// unanswered, unansweredWhole, dropped.
	tests := map[string]struct {
		reason string
		from   stage
		want   [7]stage
	}{
		"Waiting": {"Every event is news.", waiting,
			[7]stage{writing, done, partly, failed, lost, unknown, skipped}},
		"Writing": {"What was written stays written.", writing,
			[7]stage{writing, done, partly, failed, lost, unknown, stopped}},
		"Done": {"Nothing is left that could fail, and if it did, it would be told.", done,
			[7]stage{done, done, done, failed, lost, unknown, done}},
		"Skipped": {"A call that was under way may still be answered.", skipped,
			[7]stage{stopped, stopped, failed, failed, unknown, unknown, skipped}},
		"Stopped": {"It is skipped, and something was written.", stopped,
			[7]stage{stopped, stopped, failed, failed, unknown, unknown, stopped}},
		"Partly": {"A later success does not mend a refusal.", partly,
			[7]stage{partly, partly, partly, failed, lost, unknown, failed}},
		"Failed": {"A lost answer is worse than a refusal: it must be looked up.", failed,
			[7]stage{failed, failed, failed, failed, unknown, unknown, failed}},
		"Lost": {"A later success does not find a lost answer.", lost,
			[7]stage{lost, lost, lost, unknown, lost, unknown, unknown}},
		"Unknown": {"Nothing tells any more whether the object exists.", unknown,
			[7]stage{unknown, unknown, unknown, unknown, unknown, unknown, unknown}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			var got [7]stage
			for e := wrote; e <= dropped; e++ {
				got[e] = tc.from.after(e)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\nafter each event (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestStageReport counts every stage in exactly one number of a report.
func TestStageReport(t *testing.T) {
	want := map[stage]Report{
		waiting: {Skipped: 1}, skipped: {Skipped: 1},
		writing: {Unfinished: 1}, stopped: {Unfinished: 1},
		partly: {Failed: 1}, failed: {Failed: 1},
		lost: {Uncertain: 1}, unknown: {Uncertain: 1},
		done: {},
	}
	for s := waiting; s <= unknown; s++ {
		var got Report
		got.count(s)
		if diff := cmp.Diff(want[s], got); diff != "" {
			t.Errorf("stage %d (-want +got):\n%s", s, diff)
		}
	}
}
