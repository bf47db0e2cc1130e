package engine_test

import (
	"fmt"
	"sync"
	"testing"

	"lockstep/planner/engine"
	"lockstep/providers"
)

// lostCreate is a create whose answer is lost while other objects are live that
// it could be mistaken for.
type lostCreate struct {
	reason string
	// before is applied first; then the whole is.
	before, whole string
	// other are contacts that the files do not declare.
	other []map[string]string
	lose  verdict
	want  []string
	// uncertain creates that the report tells of.
	uncertain int
}

func (tc *lostCreate) test(t *testing.T) {
	w := newWorld(t, tc.before)
	for _, fields := range tc.other {
		w.server.add("crm_contact", fields)
	}
	w.applied()
	w.file("main.hcl", tc.whole)
	w.server.judge = func(_ providers.Operation, c providers.Write) verdict {
		if c.Action == providers.Create {
			return tc.lose
		}
		return obey
	}
	r, _ := w.apply(engine.ApplyOptions{})
	equal(t, tc.reason+" uncertain", tc.uncertain, r.Uncertain)
	equal(t, tc.reason+" open intents", tc.uncertain, len(w.store().Snapshot().Intents))
	w.nothingAdopted()
	w.server.judge = nil
	w.applied()
	w.settled(tc.want...)
}

// TestLostContact loses the answer of the create of a contact.
func TestLostContact(t *testing.T) {
	for name, tc := range map[string]lostCreate{
		"Made": {
			reason: "A create that was carried out is found again at once.",
			whole:  `resource "crm_contact" "ann" { email = "ann@example.com" }`,
			lose:   loseAfter, want: []string{"contact ann@example.com"},
		},
		"NotMade": {
			reason: "A create that was not carried out stays uncertain and is made by the next apply.",
			whole:  `resource "crm_contact" "ann" { email = "ann@example.com" }`,
			lose:   loseBefore, uncertain: 1, want: []string{"contact ann@example.com"},
		},
		"SharedPhone": {
			reason: "Somebody else with the same phone is not the contact whose create was lost.",
			whole: `resource "crm_contact" "ann" {
				email = "ann@example.com"
				phone = "5550100"
				tags = ["vip"]
			}`,
			other: []map[string]string{{"email": "bob@example.com", "phone": "5550100"}},
			lose:  loseBefore, uncertain: 1,
			want: []string{"contact ann@example.com 5550100 [vip]", "contact bob@example.com 5550100"},
		},
	} {
		t.Run(name, tc.test)
	}
}

// TestLostTask loses the answer of the create of a task that has a twin.
func TestLostTask(t *testing.T) {
	tasks := func(n int) string {
		return fmt.Sprintf(`resource "crm_contact" "ann" { email = "ann@example.com" }
			resource "crm_task" "call" {
				count = %d
				contact_id = crm_contact.ann.id
				title = "Call"
			}`, n)
	}
	for name, tc := range map[string]lostCreate{
		"Twin": {
			reason: "A task in step with the same content is not the one whose create was lost.",
			before: tasks(1), whole: tasks(2),
			lose: loseBefore, uncertain: 1,
			want: []string{"contact ann@example.com", "task of ann@example.com Call", "task of ann@example.com Call"},
		},
		"MadeTwin": {
			reason: "A task whose create was lost is found beside another with the same content.",
			before: tasks(1), whole: tasks(2),
			lose: loseAfter,
			want: []string{"contact ann@example.com", "task of ann@example.com Call", "task of ann@example.com Call"},
		},
	} {
		t.Run(name, tc.test)
	}
}

// TestLostTwins loses the answers of two equal creates at once, of which only
// one was carried out: the one object must not be taken for both.
func TestLostTwins(t *testing.T) {
	w := newWorld(t, `resource "crm_contact" "ann" { email = "ann@example.com" }`)
	w.applied()
	w.file("main.hcl", `
resource "crm_contact" "ann" { email = "ann@example.com" }
resource "crm_task" "call" {
  count      = 2
  contact_id = crm_contact.ann.id
  title      = "Call"
}`)
	var both sync.WaitGroup
	both.Add(2)
	w.server.enter = func(providers.Operation) {
		both.Done()
		both.Wait()
	}
	made := 0
	w.server.judge = func(providers.Operation, providers.Write) verdict {
		if made++; made == 1 {
			return loseAfter
		}
		return loseBefore
	}
	r, _ := w.apply(engine.ApplyOptions{})
	if r.Uncertain == 0 {
		t.Errorf("Apply(...) = %+v, but one of the tasks was not made", r)
	}
	w.server.judge, w.server.enter = nil, nil
	w.applied()
	w.settled("contact ann@example.com", "task of ann@example.com Call", "task of ann@example.com Call")
}
