package engine_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"lockstep/planner/engine"
	"lockstep/planner/state/statetest"
	"lockstep/providers"
)

// swapFiles declare two contacts that have each other's address in one of two
// versions.
func swapFiles(ann, bob string) string {
	return strings.NewReplacer("ANN", ann, "BOB", bob).Replace(`
resource "crm_contact" "people" {
  for_each   = { ann = "ANN", bob = "BOB" }
  email      = each.value
  first_name = each.key
}
`)
}

// lateFiles declare a contact, and a mapping that is written after a tag.
func lateFiles(name, phone, color string) string {
	return strings.NewReplacer("NAME", name, "PHONE", phone, "COLOR", color).Replace(`
resource "crm_tag" "vip" {
  name  = "vip"
  color = "COLOR"
}
resource "crm_contact" "ada" {
  email = "ada@example.com"
  phone = "PHONE"
}
mapping "club" {
  for_each   = { ada = "NAME" }
  target     = "crm_contact"
  match      = { email = "ada@example.com" }
  depends_on = [crm_tag.vip]
  field "first_name" { value = each.value }
}
`)
}

// TestSteps kills an apply before or after each of its calls. An object that is
// written in steps must be finished by the next plan: what was not written yet is
// no edit of the CRM, and what was emptied on the way is none either.
func TestSteps(t *testing.T) {
	tests := map[string]struct {
		reason string
		// before is applied first; empty when there is nothing before.
		before, files string
		live          []string
	}{
		"Swap": {
			reason: "One address is emptied first.",
			before: swapFiles("1@example.com", "2@example.com"), files: swapFiles("2@example.com", "1@example.com"),
			live: []string{"contact 1@example.com bob", "contact 2@example.com ann"},
		},
		"LateCreate": {
			reason: "A mapping waits for a tag.", files: lateFiles("Ada", "1", "red"),
			live: []string{"contact ada@example.com Ada 1", "tag red vip"},
		},
		"LateUpdate": {
			reason: "A mapping waits for a tag that changes.",
			before: lateFiles("Ada", "1", "red"), files: lateFiles("Countess", "2", "blue"),
			live: []string{"contact ada@example.com Countess 2", "tag blue vip"},
		},
	}
	for name, tc := range tests {
		for call := range 3 {
			for act, v := range map[string]verdict{"Before": loseBefore, "After": loseAfter} {
				t.Run(fmt.Sprint(name, act, call), func(t *testing.T) {
					w := newWorld(t, tc.files)
					if tc.before != "" {
						w.file("main.hcl", tc.before)
						w.applied()
						w.file("main.hcl", tc.files)
					}
					w.killed(call, v)
					_, p := w.plan(engine.PlanOptions{})
					for i := range p.Kinds {
						if k := &p.Kinds[i]; k.LiveMoved+k.BothMoved > 0 {
							t.Errorf("%s\nthe next plan takes what is not written for an edit: %+v, %v", tc.reason, k, actions(p))
						}
					}
					w.applied()
					w.settled(tc.live...)
				})
			}
		}
	}
}

// killed applies until a call: from then on nothing is recorded or sent.
func (w *world) killed(call int, v verdict) {
	w.t.Helper()
	w.server.judge = func(providers.Operation, providers.Write) verdict {
		if call--; call >= 0 {
			return obey
		}
		w.log.Take(0)
		return v
	}
	if _, err := w.apply(engine.ApplyOptions{}); !errors.Is(err, statetest.ErrFull) {
		w.t.Fatalf("Apply(...): %v, want it killed", err)
	}
	w.server.judge = nil
	w.log.Take(-1)
}

// TestSwapKept lets the CRM win where an address that is to be swapped was edited
// there: it is not emptied for a value that is not written.
func TestSwapKept(t *testing.T) {
	w := newWorld(t, swapFiles("1@example.com", "2@example.com"))
	w.applied()
	w.server.edit(w.server.find("ann"), "email", "2@example.org")
	w.file("main.hcl", strings.Replace(swapFiles("2@example.com", "2@example.org"), "each.key", "upper(each.key)", 1))
	_, p := w.plan(engine.PlanOptions{})
	equal(t, "plan", []string{
		"update crm_contact.people[\"ann\"] email! first_name",
		"update crm_contact.people[\"bob\"] email first_name",
	}, actions(p))
	if _, err := w.apply(engine.ApplyOptions{OnConflict: "live"}); err != nil {
		t.Fatal(err)
	}
	equal(t, "ann", "2@example.org", w.server.objects[w.server.find("ANN")].fields["email"].Text())
}

// TestStepsRepeated kills an apply while a refused call is repeated author by
// author. What the second author wants is no edit of the CRM.
func TestStepsRepeated(t *testing.T) {
	for _, create := range []bool{true, false} {
		t.Run(fmt.Sprint(create), func(t *testing.T) {
			w := newWorld(t, sharedFiles("Ada", "1"))
			if !create {
				w.applied()
				w.file("main.hcl", sharedFiles("Countess", "2"))
			}
			parts := 0
			w.server.judge = func(_ providers.Operation, c providers.Write) verdict {
				_, name := c.Fields.Find("first_name")
				_, phone := c.Fields.Find("phone")
				switch parts++; {
				case name && phone:
					return refuse
				case parts < 3:
					return obey
				}
				w.log.Take(0)
				return loseBefore
			}
			if _, err := w.apply(engine.ApplyOptions{}); !errors.Is(err, statetest.ErrFull) {
				t.Fatalf("Apply(...): %v, want it killed", err)
			}
			w.server.judge = nil
			w.log.Take(-1)
			_, p := w.plan(engine.PlanOptions{})
			equal(t, "moved in the CRM", 0, p.Kinds[0].LiveMoved+p.Kinds[0].BothMoved)
			w.applied()
			w.settled("contact@eu ada@example.com " + map[bool]string{true: "Ada 1", false: "Countess 2"}[create])
		})
	}
}
