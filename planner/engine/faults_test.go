package engine_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"lockstep/planner"
	"lockstep/planner/engine"
	"lockstep/planner/state/statetest"
	"lockstep/providers"
)

// changes of everything, in which objects are made, changed and deleted.
const everythingElse = `
resource "crm_tag" "all" {
  for_each = toset(["hot", "new"])
  name     = each.key
}
resource "crm_field" "tier" {
  key = "tier"
}
resource "crm_contact" "boss" {
  email      = "boss@example.com"
  first_name = "Bob"
  source     = "web"
}
resource "crm_contact" "staff" {
  for_each   = { ann = "hot", kim = "new" }
  email      = "${each.key}@example.com"
  manager_id = crm_contact.boss.id
  tags       = [crm_tag.all[each.value].name]
  custom     = { tier = each.value }
}
resource "crm_task" "call" {
  for_each   = crm_contact.staff
  contact_id = each.value.id
  title      = "Call"
}
resource "crm_task" "twin" {
  count      = 3
  contact_id = crm_contact.boss.id
  title      = "Ring"
}
resource "crm_note" "hello" {
  contact_id = crm_contact.staff["ann"].id
  body       = "Hello again"
}
`

var everythingElseLive = []string{
	"contact boss@example.com Bob web",
	"contact tier=hot ann@example.com of boss@example.com [hot]",
	"contact tier=new kim@example.com of boss@example.com [new]",
	"field tier",
	"note Hello again of ann@example.com",
	"tag hot",
	"tag new",
	"task of ann@example.com Call",
	"task of boss@example.com Ring",
	"task of boss@example.com Ring",
	"task of boss@example.com Ring",
	"task of kim@example.com Call",
}

// stages are two applies one after the other.
var stages = map[string]struct {
	files string
	live  []string
}{
	"FirstApply":  {everything, everythingLive},
	"SecondApply": {everythingElse, everythingElseLive},
}

// at readies a world before a stage.
func at(t *testing.T, stage string) *world {
	w := newWorld(t, everything)
	if stage == "SecondApply" {
		w.applied()
		w.file("main.hcl", everythingElse)
	}
	return w
}

// finish applies until all is done, and wants that it takes one apply.
func (w *world) finish(live []string) {
	w.t.Helper()
	w.server.judge, w.server.enter = nil, nil
	w.log.Take(-1)
	w.applied()
	w.settled(live...)
}

// TestEveryAnswer lets every single write of two applies fail or lose its
// answer. The report is the truth, and the next apply finishes the work
// without making anything twice.
func TestEveryAnswer(t *testing.T) {
	t.Parallel()
	verdicts := map[string]verdict{"Refused": refuse, "LostBefore": loseBefore, "LostAfter": loseAfter}
	for stage, s := range stages {
		for name, v := range verdicts {
			for n := 0; ; n++ {
				w := at(t, stage)
				seen := 0
				hit := ""
				w.server.judge = func(op providers.Operation, c providers.Write) verdict {
					if seen++; seen == n+1 {
						hit = op.Name + " " + c.Address
						return v
					}
					return obey
				}
				r, err := w.apply(engine.ApplyOptions{})
				if hit == "" {
					break
				}
				t.Run(fmt.Sprintf("%s/%s/%s", stage, name, hit), func(t *testing.T) {
					w.t = t
					w.honest(r, err)
					w.finish(s.live)
				})
			}
		}
	}
}

// honest wants a report that says what is live: objects counted as added and
// destroyed are, and nothing is complete that is not.
func (w *world) honest(r *engine.Report, err error) {
	w.t.Helper()
	_, missing := w.plan(engine.PlanOptions{})
	var partial *engine.PartialError
	switch {
	case errors.As(err, &partial):
		if r.Failed+r.Uncertain+r.Skipped == 0 {
			w.t.Errorf("Apply(...): %v, but the report %+v has no failures", err, r)
		}
	case err != nil:
		w.t.Errorf("Apply(...): %v", err)
	case len(missing.Changes) > 0:
		w.t.Errorf("Apply(...) is complete, but the next plan has %v", actions(missing))
	}
	if len(missing.Conflicts()) > 0 {
		w.t.Errorf("the next plan has conflicts, though nobody else wrote: %v", actions(missing))
	}
	for _, k := range missing.Kinds {
		if k.LiveMoved+k.BothMoved > 0 {
			w.t.Errorf("the next plan says that the CRM moved, though nobody else wrote: %+v: %v", k, actions(missing))
		}
	}
	for _, line := range actions(missing) {
		if line[:len("adopt")] == "adopt" && r.Uncertain == 0 && err != nil && errors.As(err, &partial) {
			w.t.Errorf("the next plan adopts what this one made: %v", line)
		}
	}
}

// TestEveryWriteOfTheState ends every apply after a number of writes to the
// state, as a kill or a full disk would. What was sent before is found again.
func TestEveryWriteOfTheState(t *testing.T) {
	t.Parallel()
	for stage, s := range stages {
		for n := 0; ; n++ {
			w := at(t, stage)
			w.log.Take(n)
			r, err := w.apply(engine.ApplyOptions{})
			if err == nil {
				break
			}
			t.Run(fmt.Sprintf("%s/%d", stage, n), func(t *testing.T) {
				w.t = t
				if !errors.Is(err, statetest.ErrFull) || !r.Unrecorded {
					t.Errorf("Apply(...) = %+v, %v, want the disk's error", r, err)
				}
				w.log.Take(-1)
				w.nothingAdopted()
				w.finish(s.live)
			})
		}
	}
}

// nothingAdopted wants that what an unfinished apply made is known as ours.
func (w *world) nothingAdopted() {
	w.t.Helper()
	_, p := w.plan(engine.PlanOptions{})
	for i := range p.Changes {
		if c := &p.Changes[i]; c.Keep.Adopted {
			w.t.Errorf("%s %s is taken for an object that existed before", c.Action, c.Address)
		}
	}
}

// TestEveryInterruption cancels the run within every single write: that call
// is finished and recorded, and nothing is sent after it.
func TestEveryInterruption(t *testing.T) {
	t.Parallel()
	for stage, s := range stages {
		for n := 0; ; n++ {
			w := at(t, stage)
			ctx, cancel := context.WithCancel(t.Context())
			sent := 0
			w.server.enter = func(providers.Operation) {
				w.server.mu.Lock()
				defer w.server.mu.Unlock()
				if sent++; sent == n+1 {
					cancel()
				}
			}
			r, err := w.applyPlan(ctx, engine.PlanOptions{}, engine.ApplyOptions{})
			if ctx.Err() == nil {
				cancel()
				break
			}
			t.Run(fmt.Sprintf("%s/%d", stage, n), func(t *testing.T) {
				w.t = t
				if !r.Interrupted || !errors.Is(err, context.Canceled) {
					t.Errorf("Apply(...) = %+v, %v, want it interrupted", r, err)
				}
				if r.Failed+r.Uncertain > 0 {
					t.Errorf("Apply(...) = %+v, want no failures", r)
				}
				_, p := w.plan(engine.PlanOptions{})
				if got := slices.ContainsFunc(p.Changes, func(c planner.Change) bool { return c.Action == planner.Adopt }); got {
					t.Errorf("the next plan adopts what was recorded: %v", actions(p))
				}
				if open := w.store().Snapshot().Intents; len(open) > 0 {
					t.Errorf("intents are left open: %v", open)
				}
				w.finish(s.live)
			})
		}
	}
}
