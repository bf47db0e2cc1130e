package engine_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"lockstep/planner"
	"lockstep/planner/engine"
	"lockstep/providers"
)

// TestInterruptedReport stops an apply when some creates are sent, and wants the
// report to count the objects that exist, whether an answer or a look-up told.
func TestInterruptedReport(t *testing.T) {
	added := func(n int) engine.Report {
		return engine.Report{Counts: planner.Counts{Add: n}, Unfinished: n, Skipped: 40 - n}
	}
	tests := map[string]struct {
		reason string
		// answer is what becomes of the creates that were sent.
		answer verdict
		want   func(sent int) engine.Report
	}{
		"Answered": {reason: "What was created is added, though its tags were not written any more.",
			answer: obey, want: added},
		"LookedUp": {reason: "What was created without an answer is found and added all the same.",
			answer: loseAfter, want: added},
		"NotMade": {reason: "What was not created is unknown.",
			answer: loseBefore, want: func(n int) engine.Report { return engine.Report{Uncertain: n, Skipped: 40 - n} }},
		"Refused": {reason: "What was refused has failed, and is not added.",
			answer: refuse, want: func(n int) engine.Report { return engine.Report{Failed: n, Skipped: 40 - n} }},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, `resource "crm_contact" "all" {
  for_each = toset([for n in range(40) : tostring(n)])
  email    = "${each.key}@example.com"
  tags     = ["vip"]
}`)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var mu sync.Mutex
			sent := 0
			w.server.judge = func(providers.Operation, providers.Write) verdict {
				mu.Lock()
				defer mu.Unlock()
				if sent++; sent == 10 {
					cancel()
				}
				return tc.answer
			}
			r, err := w.applyPlan(ctx, engine.PlanOptions{}, engine.ApplyOptions{})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%s\nApply(...): %v, want to be stopped", tc.reason, err)
			}
			want := tc.want(sent)
			want.Interrupted, want.Calls = true, r.Calls
			equal(t, tc.reason, &want, r)
			w.server.judge = nil
			w.applied()
			equal(t, tc.reason+" afterwards", 40, len(w.server.dump()))
		})
	}
}

// TestReplacedInPart counts the object that is gone when nothing could take its
// place.
func TestReplacedInPart(t *testing.T) {
	w := newWorld(t, `resource "crm_contact" "ann" {
  email  = "ann@example.com"
  source = "fair"
}`)
	w.applied()
	w.file("main.hcl", `resource "crm_contact" "ann" {
  email  = "ann@example.com"
  source = "shop"
}`)
	w.server.judge = refuseNames("create contact", "")
	r, _ := w.apply(engine.ApplyOptions{})
	equal(t, "report", &engine.Report{Counts: planner.Counts{Destroy: 1}, Failed: 1, Calls: 2}, r)
	w.finish([]string{"contact ann@example.com shop"})
}
