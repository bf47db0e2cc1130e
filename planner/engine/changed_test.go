package engine_test

import (
	"strings"
	"testing"
	"time"

	"lockstep/planner/engine"
)

// TestRefreshSettles writes many objects at once and goes on with changed
// refreshes: they read all of them until lists have surely shown everything, and
// after that only what is newer.
func TestRefreshSettles(t *testing.T) {
	w := newWorld(t, people(20, "Pat"))
	w.crowd(1)
	w.applied()
	w.refresh = engine.RefreshChanged
	steps := []struct {
		reason string
		after  time.Duration
		apply  bool
		most   int
		writes bool
	}{
		{reason: "A first apply without changes notes how far it saw.", apply: true, most: 15, writes: true},
		{reason: "Lists may lag behind what was just written, so it is read again.", after: time.Minute, apply: true, most: 15},
		{reason: "A plan writes no state, so it cannot settle.", after: time.Hour, most: 15},
		{reason: "An apply that sees nothing newer settles the mark.", apply: true, most: 15, writes: true},
		{reason: "From then on only what is newer is read.", most: 5},
		{reason: "A settled mark is not written again.", after: 24 * time.Hour, apply: true, most: 5},
	}
	for _, step := range steps {
		w.server.now = w.server.now.Add(step.after)
		before := w.log.Writes
		e, p := w.plan(engine.PlanOptions{})
		if n := len(w.server.calls); n > step.most {
			t.Errorf("%s\n%d calls, want at most %d: %v", step.reason, n, step.most, w.server.calls)
		}
		equal(t, step.reason, true, p.Empty())
		if !step.apply {
			continue
		}
		if _, _, err := e.Apply(t.Context(), p, engine.ApplyOptions{}); err != nil {
			t.Fatalf("%s\n%v", step.reason, err)
		}
		equal(t, step.reason+" writes the state", step.writes, w.log.Writes > before)
	}
	w.server.edit(w.server.find("p0007@example.com"), "first_name", "Eve")
	equal(t, "an edit", []string{`update crm_contact.people["p0007@example.com"] first_name`}, w.actions())
}

// TestRefreshLags hides an edit from lists until the marks of two applies were
// written, and wants it found as soon as lists show it.
func TestRefreshLags(t *testing.T) {
	w := newWorld(t, people(20, "Pat"))
	w.crowd(1)
	w.applied()
	id := w.server.find("p0007@example.com")
	old := w.server.object(id)
	w.server.edit(id, "first_name", "Eve")
	w.server.edit(w.server.find("x0000@example.com"), "first_name", "Xi")
	w.server.lagging[id] = &old
	w.refresh = engine.RefreshChanged
	for range 2 {
		w.applied()
		w.server.now = w.server.now.Add(4 * time.Minute)
	}
	delete(w.server.lagging, id)
	equal(t, "an edit that lists showed late", []string{`update crm_contact.people["p0007@example.com"] first_name`}, w.actions())
}

// TestRefreshDistrusted changes more in the files than a changed refresh reads by id,
// so that it lists instead. What that list leaves out is confirmed by id all the same,
// and neither made again nor forgotten.
func TestRefreshDistrusted(t *testing.T) {
	w := newWorld(t, people(20, "Pat"))
	w.crowd(1)
	w.applied()
	w.refresh = engine.RefreshChanged
	for range 3 { // until what was made is not listed as changed
		w.server.now = w.server.now.Add(time.Hour)
		w.applied()
	}
	w.server.shifted = map[string]bool{}
	for _, email := range []string{"p0001@example.com", "p0002@example.com", "p0003@example.com"} {
		w.server.shifted[w.server.find(email)] = true
	}
	w.file("main.hcl", people(20, "Pam"))
	actions := w.actions()
	equal(t, "all are changed", 20, len(actions))
	for _, action := range actions {
		if !strings.HasPrefix(action, "update ") {
			t.Errorf("what the list leaves out is taken for deleted: %s", action)
		}
	}
}
