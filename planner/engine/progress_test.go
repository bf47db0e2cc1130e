package engine_test

import (
	"context"
	"sync"
	"testing"

	"lockstep/planner/engine"
)

// TestApplyTellsObjects counts objects, not their writes, and only the calls of the
// apply.
func TestApplyTellsObjects(t *testing.T) {
	w := newWorld(t, everything)
	e, p := w.plan(engine.PlanOptions{})
	var mu sync.Mutex
	var told []engine.Progress
	e.OnProgress = func(p engine.Progress) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, p)
	}
	_, diags, err := e.Apply(context.Background(), p, engine.ApplyOptions{})
	if w.must(diags); err != nil {
		t.Fatal(err)
	}
	want := engine.Progress{Phase: "Writing", Kind: "objects", Total: 13, CallsTotal: 16}
	equal(t, "the beginning", want, told[0])
	want.Done, want.Calls = 13, 16
	equal(t, "the end", want, told[len(told)-1])
	for i := 1; i < len(told); i++ {
		if told[i].Done < told[i-1].Done {
			t.Errorf("progress goes back: %+v after %+v", told[i], told[i-1])
		}
	}
}
