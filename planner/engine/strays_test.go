package engine_test

import (
	"strings"
	"testing"

	"lockstep/planner/engine"
	"lockstep/planner/state"
	"lockstep/schema"
)

// TestStrayIntent tells of an unfinished create that nothing declares, and
// forgets about it with the next apply.
func TestStrayIntent(t *testing.T) {
	w := newWorld(t, `resource "crm_tag" "vip" { name = "vip" }`)
	w.applied()
	stray := state.Intent{Address: schema.Address{Kind: "crm_tag", Name: "gone"}, Provider: "crm", At: 1}
	if err := w.store().Write(t.Context(), state.Batch{Intents: []state.Intent{stray}}); err != nil {
		t.Fatal(err)
	}
	w.plan(engine.PlanOptions{})
	equal(t, "warnings", 1, len(w.last))
	if text := told(w.last)[0]; !strings.Contains(text, "crm_tag.gone") {
		t.Errorf("the warning does not name the address: %s", text)
	}
	w.applied()
	equal(t, "open intents", 0, len(w.store().Snapshot().Intents))
}

// TestIntentBesideRecord finds what an unfinished create made in the place of
// an object that was deleted and that the state still knows, although no list
// shows it yet.
func TestIntentBesideRecord(t *testing.T) {
	w := newWorld(t, `
resource "crm_contact" "ann" { email = "ann@example.com" }
resource "crm_task" "call" {
  contact_id = crm_contact.ann.id
  title      = "Call"
}`)
	w.applied()
	ann, call := w.server.find("ann@example.com"), w.server.find("Call")
	w.server.remove(call)
	again := w.server.add("crm_task", map[string]string{"contact_id": ann, "title": "Call"})
	w.server.lagging[again] = nil
	address := schema.Address{Kind: "crm_task", Name: "call"}
	if err := w.store().Write(t.Context(), state.Batch{Intents: []state.Intent{{Address: address, Provider: "crm", At: 1}}}); err != nil {
		t.Fatal(err)
	}
	w.applied()
	if r := w.store().Snapshot().Record(address); r == nil || r.ID != again || r.Flags().Adopted {
		t.Errorf("the record is %+v, want the id %s as our own", r, again)
	}
	w.server.lagging = map[string]*schema.Object{}
	w.finish([]string{"contact ann@example.com", "task of ann@example.com Call"})
}
