package engine_test

import (
	"fmt"
	"testing"

	"lockstep/planner/engine"
	"lockstep/providers"
)

const tagged = `resource "crm_contact" "people" {
  for_each = toset([for i in range(60) : format("p%04d@example.com", i)])
  email = each.key
  tags  = ["vip"]
}
`

// TestUnfinished stops an apply of new contacts at many places, as kill -9 or a
// full disk does. The guard must let the next one go on.
func TestUnfinished(t *testing.T) {
	tests := map[string]struct{ reason, files string }{
		"Channels": {"What travels by a call of its own is written to what was just made.", tagged},
		"Mapping": {"So is what a mapping writes.", people(60, "Pat") + `
mapping "m" {
  for_each = crm_contact.people
  target   = "crm_contact"
  match    = { email = each.key }
  field "phone" { value = "555${substr(each.key, 1, 4)}" }
}
`},
		"Apart": {"So is what a mapping knows only once the object is made.", people(60, "Pat") + `
mapping "m" {
  for_each = crm_contact.people
  target   = "crm_contact"
  match    = { email = each.key }
  field "manager_id" { value = crm_contact.people[each.key].id }
}
`},
	}
	for name, tc := range tests {
		for _, limit := range []int{1, 30, 62, 90, 121} {
			t.Run(fmt.Sprint(name, limit), func(t *testing.T) {
				w := newWorld(t, tc.files)
				w.log.Take(limit)
				r, err := w.apply(engine.ApplyOptions{})
				w.log.Take(-1)
				t.Logf("stopped with %+v: %v", r, err)
				_, p := w.plan(engine.PlanOptions{})
				if len(p.Refusals) > 0 {
					t.Errorf("%s\nthe next apply is refused: %s", tc.reason, p.Refusals[0].Message)
				}
				w.applied()
				w.settled(w.server.dump()...)
				for _, r := range w.store().Snapshot().Records.All() {
					if r.Flags().Unfinished {
						t.Errorf("%s stays unfinished", r.Address())
					}
				}
			})
		}
	}
}

// TestUnfinishedUnknown loses the answers of all creates: that the next apply
// adopts them, and gives them the rest, is no mass change either.
func TestUnfinishedUnknown(t *testing.T) {
	w := newWorld(t, tagged)
	w.server.judge = func(op providers.Operation, _ providers.Write) verdict {
		w.server.broken[op.Kind] = true // so that no look-up finds them
		return loseAfter
	}
	if r, err := w.apply(engine.ApplyOptions{}); err == nil || r.Uncertain != 60 {
		t.Fatalf("Apply(...) = %+v, %v, want 60 without answer", r, err)
	}
	w.server.judge, w.server.broken = nil, map[string]bool{}
	_, p := w.plan(engine.PlanOptions{})
	equal(t, "refusals", 0, len(p.Refusals))
	w.applied()
	w.settled(w.server.dump()...)
}
