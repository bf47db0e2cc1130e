package engine_test

import (
	"testing"

	"lockstep/planner"
	"lockstep/planner/engine"
	"lockstep/providers"
)

// dataSource is a plan and an apply of files that read Olga.
type dataSource struct {
	reason, files string
	want, after   []string
}

func (tc *dataSource) test(t *testing.T) {
	w := newWorld(t, tc.files)
	w.server.add("crm_contact", map[string]string{"email": "old@example.com", "first_name": "Olga"})
	equal(t, tc.reason, tc.want, w.actions())
	w.applied()
	w.settled(tc.after...)
}

// TestDataAtPlan reads when the plan is made.
func TestDataAtPlan(t *testing.T) {
	for name, tc := range map[string]dataSource{
		"AtPlan": {
			reason: "Arguments that are known are read when the plan is made.",
			files: `data "crm_contact" "old" { email = "OLD@example.com" }
				resource "crm_task" "call" {
					contact_id = data.crm_contact.old.id
					title = "Call ${data.crm_contact.old.first_name}"
				}`,
			want:  []string{"create crm_task.call"},
			after: []string{"contact old@example.com Olga", "task of old@example.com Call Olga"},
		},
		"Many": {
			reason: "A data source of many objects has them and their ids.",
			files: `data "crm_contacts" "olgas" { first_name = "Olga" }
				resource "crm_tag" "each" {
					for_each = toset([for c in data.crm_contacts.olgas.contacts : c.email])
					name = "${each.key} of ${length(data.crm_contacts.olgas.ids)}"
				}`,
			want:  []string{`create crm_tag.each["old@example.com"]`},
			after: []string{"contact old@example.com Olga", "tag old@example.com of 1"},
		},
	} {
		t.Run(name, tc.test)
	}
}

// TestDataAtApply reads what depends on changes.
func TestDataAtApply(t *testing.T) {
	for name, tc := range map[string]dataSource{
		"Deferred": {
			reason: "Arguments that are known after a create are read during the apply.",
			files: `resource "crm_contact" "new" {
					email = "new@example.com"
					first_name = "Nina"
				}
				data "crm_contact" "new" { id = crm_contact.new.id }
				resource "crm_task" "call" {
					contact_id = data.crm_contact.new.id
					title = "Call ${data.crm_contact.new.first_name}"
				}`,
			want:  []string{"read data.crm_contact.new", "create crm_contact.new", "create crm_task.call"},
			after: []string{"contact new@example.com Nina", "contact old@example.com Olga", "task of new@example.com Call Nina"},
		},
		"DependsOn": {
			reason: "A data source that depends on a block with changes is read after them, tags included.",
			files: `resource "crm_contact" "new" {
					email = "new@example.com"
					tags = ["vip"]
				}
				data "crm_contact" "new" {
					email = "new@example.com"
					depends_on = [crm_contact.new]
				}
				resource "crm_tag" "copy" { name = join(" ", data.crm_contact.new.tags) }`,
			want:  []string{"read data.crm_contact.new", "create crm_contact.new", "create crm_tag.copy"},
			after: []string{"contact new@example.com [vip]", "contact old@example.com Olga", "tag vip"},
		},
		"DependsOnAdopted": {
			reason: "An object that is only adopted is not waited for.",
			files: `resource "crm_contact" "old" { email = "old@example.com" }
				data "crm_contact" "old" {
					email = "old@example.com"
					depends_on = [crm_contact.old]
				}
				resource "crm_tag" "copy" { name = data.crm_contact.old.first_name }`,
			want:  []string{"adopt crm_contact.old", "create crm_tag.copy"},
			after: []string{"contact old@example.com Olga", "tag Olga"},
		},
	} {
		t.Run(name, tc.test)
	}
}

func TestDataNotFound(t *testing.T) {
	w := newWorld(t, `
data "crm_contact" "old" {
  email = "old@example.com"
}
resource "crm_task" "call" {
  contact_id = data.crm_contact.old.id
  title      = "Call"
}`)
	equal(t, "told", []string{
		`main.hcl:2 Cannot read data.crm_contact.old: there is no contact with email = "old@example.com".`,
	}, w.refused())
}

// TestDeferredDataFails lets the object fail that a data source waits for.
func TestDeferredDataFails(t *testing.T) {
	w := newWorld(t, `
resource "crm_contact" "new" { email = "new@example.com" }
data "crm_contact" "new" { id = crm_contact.new.id }
resource "crm_tag" "copy" { name = data.crm_contact.new.email }
resource "crm_tag" "other" { name = "other" }`)
	w.server.judge = func(op providers.Operation, _ providers.Write) verdict {
		if op.Name == "create contact" {
			return refuse
		}
		return obey
	}
	r, err := w.apply(engine.ApplyOptions{})
	if err == nil {
		t.Error("Apply(...) is complete, want an error")
	}
	equal(t, "report", &engine.Report{Counts: planner.Counts{Add: 1}, Failed: 1, Skipped: 2, Calls: 2}, r)
	w.finish([]string{"contact new@example.com", "tag new@example.com", "tag other"})
}

// TestDeferredDataBreaks lets the read itself fail during the apply.
func TestDeferredDataBreaks(t *testing.T) {
	w := newWorld(t, `
resource "crm_tag" "first" { name = "first" }
data "crm_contact" "old" {
  email      = "old@example.com"
  depends_on = [crm_tag.first]
}
resource "crm_contact" "ann" { email = "ann@example.com" }
resource "crm_note" "hello" {
  contact_id = crm_contact.ann.id
  body       = "Hello"
}
output "old" { value = data.crm_contact.old.id }`)
	r, err := w.apply(engine.ApplyOptions{})
	equal(t, "report", &engine.Report{Counts: planner.Counts{Add: 3}, Skipped: 1, Calls: 4}, r)
	equal(t, "told", []string{
		`main.hcl:3 Cannot read data.crm_contact.old: there is no contact with email = "old@example.com".`,
	}, told(w.last))
	if err == nil {
		t.Error("Apply(...) is complete, want an error")
	}
}
