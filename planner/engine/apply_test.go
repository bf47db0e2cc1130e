package engine_test

import (
	"testing"

	"lockstep/planner"
	"lockstep/planner/engine"
)

// everything has objects of all kinds, by for_each and by count, with
// references through several waves and twins without natural key.
const everything = `
resource "crm_tag" "all" {
  for_each = toset(["hot", "cold"])
  name     = each.key
}
resource "crm_field" "tier" {
  key = "tier"
}
resource "crm_contact" "boss" {
  email      = "Boss@example.com"
  first_name = "Bo"
}
resource "crm_contact" "staff" {
  for_each   = { ann = "hot", lin = "cold" }
  email      = "${each.key}@example.com"
  manager_id = crm_contact.boss.id
  tags       = [crm_tag.all[each.value].name, "staff"]
  custom     = { tier = each.value }
}
resource "crm_contact" "spare" {
  count = 2
  phone = "555010${count.index}"
}
resource "crm_task" "call" {
  for_each   = crm_contact.staff
  contact_id = each.value.id
  title      = "Call"
}
resource "crm_task" "twin" {
  count      = 2
  contact_id = crm_contact.boss.id
  title      = "Ring"
}
resource "crm_note" "hello" {
  contact_id = crm_contact.staff["ann"].id
  body       = "Hello"
}
output "boss" {
  value = crm_contact.boss.id
}
output "staff" {
  value = [for k, c in crm_contact.staff : c.manager_id]
}
`

// everythingLive is what everything makes.
var everythingLive = []string{
	"contact 5550100",
	"contact 5550101",
	"contact boss@example.com Bo",
	"contact tier=cold lin@example.com of boss@example.com [cold staff]",
	"contact tier=hot ann@example.com of boss@example.com [hot staff]",
	"field tier",
	"note Hello of ann@example.com",
	"tag cold",
	"tag hot",
	"task of ann@example.com Call",
	"task of boss@example.com Ring",
	"task of boss@example.com Ring",
	"task of lin@example.com Call",
}

func TestFirstApply(t *testing.T) {
	w := newWorld(t, everything)
	r := w.applied()
	equal(t, "counts", planner.Counts{Add: 13}, r.Counts)
	equal(t, "calls", 16, r.Calls)
	equal(t, "diagnostics", []string(nil), told(w.last))
	w.settled(everythingLive...)
	outputs := w.store().Snapshot().Outputs
	id := w.server.find("boss@example.com")
	equal(t, "output", `"`+id+`"`, string(outputs["boss"].Value))
	equal(t, "output", `["`+id+`","`+id+`"]`, string(outputs["staff"].Value))
}

func TestLostState(t *testing.T) {
	w := newWorld(t, everything)
	w.applied()
	w.log.Log = nil
	r := w.applied()
	equal(t, "counts", planner.Counts{Import: 13}, r.Counts)
	equal(t, "calls of the apply", 0, r.Calls)
	w.settled(everythingLive...)
}

func TestPlanTwice(t *testing.T) {
	w := newWorld(t, everything)
	w.server.add("crm_contact", map[string]string{"email": "ann@example.com", "tags": "old"})
	var digests, operations [2][]string
	for run := range digests {
		_, p := w.plan(engine.PlanOptions{})
		for i := range p.Changes {
			digests[run] = append(digests[run], p.Changes[i].Digest("salt"))
		}
		for _, wave := range p.Waves {
			for _, op := range wave.Operations {
				operations[run] = append(operations[run], op.ID+" "+op.Name)
				for _, c := range op.Writes {
					operations[run] = append(operations[run], c.Address+" "+c.ID)
				}
			}
		}
	}
	equal(t, "digests", digests[0], digests[1])
	equal(t, "operations", operations[0], operations[1])
	equal(t, "changes", 13, len(digests[0]))
}
