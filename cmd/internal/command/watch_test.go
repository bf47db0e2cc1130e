package command

import (
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"

	"lockstep/schema/eval"
)

// TestWatch looks at an evaluation that takes memory and time of its choice.
func TestWatch(t *testing.T) {
	const mib = 1 << 20
	type moment struct {
		after time.Duration
		// busy is set while local.rows is evaluated.
		busy bool
		// heap is what is in use, and alive what of it is no garbage, in MiB.
		heap, alive int64
	}
	tests := map[string]struct {
		reason  string
		moments []moment
		want    string
	}{
		"Small":   {"Most evaluations are small and short.", []moment{{0, false, 20, 20}, {time.Second, true, 90, 90}, {time.Second, false, 90, 20}}, ""},
		"Grows":   {"What grows without end is given up.", []moment{{0, false, 20, 20}, {time.Second, true, 900, 900}}, "local.rows takes more than 488 MiB"},
		"Garbage": {"Garbage does not count.", []moment{{0, false, 20, 20}, {time.Second, true, 900, 30}, {time.Second, true, 900, 30}}, ""},
		"Before":  {"What was in use before is somebody else's, and much data needs much.", []moment{{0, false, 900, 900}, {time.Second, true, 2500, 2500}}, ""},
		"Other":   {"What is not evaluated may take what it likes.", []moment{{0, false, 20, 20}, {time.Hour, false, 9000, 9000}}, ""},
		"Endless": {"So is what has no end.", []moment{{0, false, 20, 20}, {time.Second, true, 20, 20}, {2 * time.Minute, true, 20, 20}}, "local.rows takes more than 1m1s"},
		"Again":   {"Each evaluation has its time.", []moment{{0, true, 20, 20}, {50 * time.Second, false, 20, 20}, {time.Second, true, 20, 20}, {50 * time.Second, true, 20, 20}}, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			task := &eval.Task{What: "local.rows", At: hcl.Range{Filename: "main.hcl"}}
			s := &stages{}
			s.task.Store(task)
			var now moment
			w := newWatch(s)
			w.heap = func() int64 { return now.heap * mib }
			w.collect = func() { now.heap = now.alive }
			at, got := time.Unix(0, 0), ""
			for _, now = range tc.moments {
				at = at.Add(now.after)
				s.loading.Store(now.busy)
				if diags := w.check(at); diags != nil {
					got += diags.Error()
				}
			}
			if (got == "") != (tc.want == "") || !strings.Contains(got, tc.want) {
				t.Errorf("%s\ngot %q, want %q", tc.reason, got, tc.want)
			}
		})
	}
}
