package engine_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/planner/engine"
)

func TestManaged(t *testing.T) {
	w := newWorld(t, `
		resource "crm_contact" "club" {
			for_each = toset(["ann@example.com", "lin@example.com"])
			email    = each.key
		}
		resource "crm_contact" "may" { email = "may@example.com" }`)
	lin := w.server.add("crm_contact", map[string]string{"email": "lin@example.com"})
	w.server.add("crm_contact", map[string]string{"email": "zoe@example.com"})
	e, _ := w.plan(engine.PlanOptions{})
	found, missing := e.Managed("crm_contact")
	var got []string
	for _, m := range found {
		got = append(got, m.Provider+" "+m.Address.String()+" "+m.ID)
	}
	if diff := cmp.Diff([]string{`crm crm_contact.club["lin@example.com"] ` + lin}, got); diff != "" || missing != 2 {
		t.Errorf("only what is declared and exists is managed; %d are missing, want 2 (-want +got):\n%s", missing, diff)
	}
	if found, missing := w.open().Managed("crm_contact"); len(found)+missing != 0 {
		t.Errorf("before a plan nothing is known: %v, %d", found, missing)
	}
	if len(e.Providers()) != 1 || e.Providers()["crm"] == nil {
		t.Errorf("Providers() = %v, want crm", e.Providers())
	}
}
