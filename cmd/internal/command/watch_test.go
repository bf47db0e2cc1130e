package command

import (
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"

	"lockstep/schema/eval"
	"lockstep/schema/files"
)

// TestWatch looks at an evaluation that takes memory and time of its choice.
func TestWatch(t *testing.T) {
	const mib = 1 << 20
	type moment struct {
		after time.Duration
		// doing is what happens: other work, the files are read, or local.rows is
		// evaluated.
		doing string
		// heap is what is in use, and alive what of it is no garbage, in MiB.
		heap, alive int64
	}
	const other, loads, rows = "", "loads", "rows"
	tests := map[string]struct {
		reason  string
		moments []moment
		want    string
	}{
		"Small":   {"Most evaluations are small and short.", []moment{{0, other, 20, 20}, {time.Second, rows, 90, 90}, {time.Second, other, 90, 20}}, ""},
		"Grows":   {"What grows without end is given up.", []moment{{0, other, 20, 20}, {time.Second, rows, 900, 900}}, "local.rows takes more than 488 MiB"},
		"Bit":     {"Also bit by bit, with other work between.", []moment{{0, other, 20, 20}, {1, rows, 200, 200}, {1, other, 200, 200}, {1, rows, 400, 400}, {1, other, 400, 400}, {1, rows, 600, 600}}, "local.rows takes more than 488 MiB"},
		"Garbage": {"Garbage does not count.", []moment{{0, other, 20, 20}, {time.Second, rows, 900, 30}, {time.Second, rows, 900, 30}}, ""},
		"Before":  {"What other work takes is no part of it, and much data needs much.", []moment{{0, other, 20, 20}, {1, other, 900, 900}, {time.Second, rows, 2500, 2500}}, ""},
		"Load":    {"Reading the files has a limit of its own.", []moment{{0, other, 20, 20}, {1, loads, 900, 900}}, "the files takes more than 768 MiB"},
		"Loaded":  {"What the files take is no part of what is made of them.", []moment{{0, other, 20, 20}, {1, loads, 700, 700}, {1, rows, 1500, 1500}}, ""},
		"Other":   {"What is not evaluated may take what it likes.", []moment{{0, other, 20, 20}, {time.Hour, other, 9000, 9000}}, ""},
		"Endless": {"So is what has no end.", []moment{{0, other, 20, 20}, {time.Second, rows, 20, 20}, {time.Minute, rows, 20, 20}}, "local.rows takes more than 31s"},
		"Again":   {"Each evaluation has its time.", []moment{{0, rows, 20, 20}, {20 * time.Second, other, 20, 20}, {time.Second, rows, 20, 20}, {20 * time.Second, rows, 20, 20}}, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			task := &eval.Task{What: "local.rows", At: hcl.Range{Filename: "main.hcl"}}
			s := &stages{}
			var now moment
			w := newWatch(s)
			w.heap = func() int64 { return now.heap * mib }
			w.collect = func() { now.heap = now.alive }
			at, got := time.Unix(0, 0), ""
			for _, now = range tc.moments {
				at = at.Add(now.after)
				s.loading.Store(now.doing != other)
				s.task.Store(nil)
				if now.doing == rows {
					s.task.Store(task)
					s.project.Store(&files.Project{})
				}
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
