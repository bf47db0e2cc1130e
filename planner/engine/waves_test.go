package engine_test

import (
	"slices"
	"testing"

	"lockstep/planner"
	"lockstep/planner/engine"
	"lockstep/providers"
)

// TestOrder wants the calls of two applies in an order that every reference
// and every kind allows. Within a wave the order is free.
func TestOrder(t *testing.T) {
	const files = `
resource "crm_note" "hello" {
  contact_id = crm_contact.ann.id
  body       = "Hello"
}
resource "crm_contact" "ann" {
  email = "ann@example.com"
  tags  = ["vip"]
}
resource "crm_tag" "vip" {
  name = "vip"
}
`
	w := newWorld(t, files)
	w.applied()
	equal(t, "creates", []string{"create tag", "create contact", "+vip", "create note"}, writes(w.server.calls))
	r, err := w.applyPlan(t.Context(), engine.PlanOptions{Destroy: true}, engine.ApplyOptions{})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "deletes", []string{"delete note", "delete contact", "delete tag"}, writes(w.server.calls))
	equal(t, "counts", planner.Counts{Destroy: 3}, r.Counts)
	equal(t, "live", []string(nil), w.server.dump())
	equal(t, "records", 0, w.store().Snapshot().Records.Len())
}

// TestDeletesComeLast deletes after everything else was written.
func TestDeletesComeLast(t *testing.T) {
	w := newWorld(t, `
resource "crm_tag" "old" { name = "old" }
resource "crm_tag" "kept" { name = "kept" }`)
	w.applied()
	w.file("main.hcl", `
resource "crm_tag" "kept" {
  name  = "kept"
  color = "red"
}
resource "crm_contact" "ann" { email = "ann@example.com" }
resource "crm_task" "call" {
  contact_id = crm_contact.ann.id
  title      = "Call"
}`)
	w.applied()
	equal(t, "calls", []string{"update tag", "create contact", "create task", "delete tag"}, writes(w.server.calls))
	w.settled("contact ann@example.com", "tag red kept", "task of ann@example.com Call")
}

func writes(calls []string) []string {
	return slices.DeleteFunc(slices.Clone(calls), func(c string) bool { return c[:3] == "get" || c[:4] == "list" })
}

// TestTwoAccounts holds the first call of one account back until the last
// call of the other has been made: they do not wait for each other.
func TestTwoAccounts(t *testing.T) {
	w := newWorld(t, `
provider "crm" {}
provider "crm" {
  alias   = "eu"
  account = "eu"
}
resource "crm_tag" "main" { name = "vip" }
resource "crm_tag" "eu" {
  provider = crm.eu
  name     = "vip"
}
resource "crm_contact" "eu" {
  provider = crm.eu
  email    = "ann@example.com"
}`)
	last := make(chan struct{})
	w.server.enter = func(op providers.Operation) {
		switch op.Writes[0].Address {
		case "crm_tag.main":
			<-last
		case "crm_contact.eu":
			close(last)
		}
	}
	e, p := w.plan(engine.PlanOptions{})
	equal(t, "accounts", map[string]string{"crm": "main", "crm.eu": "eu"}, e.Accounts())
	if _, _, err := e.Apply(t.Context(), p, engine.ApplyOptions{}); err != nil {
		t.Fatal(err)
	}
	w.server.enter = nil
	w.settled("contact@eu ann@example.com", "tag vip", "tag@eu vip")
}

// TestAcrossAccounts waits where one account's object refers to another's.
func TestAcrossAccounts(t *testing.T) {
	w := newWorld(t, `
provider "crm" {}
provider "crm" {
  alias   = "eu"
  account = "eu"
}
resource "crm_tag" "copy" { name = crm_contact.eu.id }
resource "crm_contact" "eu" {
  provider = crm.eu
  email    = "ann@example.com"
}`)
	w.applied()
	equal(t, "calls", []string{"create contact@eu", "create tag"}, writes(w.server.calls))
	w.settled("contact@eu ann@example.com", "tag contact-01")
}
