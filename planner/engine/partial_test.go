package engine_test

import (
	"errors"
	"testing"
	"time"

	"lockstep/planner"
	"lockstep/planner/engine"
	"lockstep/planner/state/statetest"
	"lockstep/providers"
)

const day = 24 * time.Hour

// refuseNames refuses the changes of one address in operations of one name;
// empty stands for all.
func refuseNames(operation, address string) func(providers.Operation, providers.Write) verdict {
	return func(op providers.Operation, c providers.Write) verdict {
		if (operation == "" || op.Name == operation) && (address == "" || c.Address == address) {
			return refuse
		}
		return obey
	}
}

// contactsWithTasks are three contacts with a tag and a task each.
const contactsWithTasks = `resource "crm_contact" "all" {
	for_each   = toset(["ann", "bob", "kim"])
	email      = "${each.key}@example.com"
	first_name = each.key
	tags       = ["vip"]
}
resource "crm_task" "call" {
	for_each   = crm_contact.all
	contact_id = each.value.id
	title      = "Call"
}`

// partialFailure is an apply of contactsWithTasks with something refused.
type partialFailure struct {
	reason             string
	operation, address string
	report             engine.Report
	told               []string
	live               []string
	next               []string
}

func (tc *partialFailure) test(t *testing.T) {
	w := newWorld(t, contactsWithTasks)
	w.server.judge = refuseNames(tc.operation, tc.address)
	r, err := w.apply(engine.ApplyOptions{})
	var partial *engine.PartialError
	if !errors.As(err, &partial) {
		t.Errorf("%s\nApply(...): %v, want a PartialError", tc.reason, err)
	}
	equal(t, tc.reason, &tc.report, r)
	equal(t, tc.reason, tc.told, sorted(told(w.last)))
	equal(t, tc.reason, tc.live, w.server.dump())
	equal(t, tc.reason+" next", tc.next, w.actions())
	w.server.judge = nil
	w.applied()
	w.settled(
		"contact ann@example.com ann [vip]", "contact bob@example.com bob [vip]", "contact kim@example.com kim [vip]",
		"task of ann@example.com Call", "task of bob@example.com Call", "task of kim@example.com Call")
}

func TestPartialFailure(t *testing.T) {
	for name, tc := range map[string]partialFailure{
		"OneOfABulk": {
			reason:    "One member of a bulk call fails; the others are in effect, its contact and task too.",
			operation: "+vip", address: `crm_contact.all["bob"]`,
			report: engine.Report{Counts: planner.Counts{Add: 6}, Failed: 1, Calls: 7},
			told:   []string{`main.hcl:4 Cannot update crm_contact.all["bob"]: POST /objects: 422 "no".`},
			live: []string{
				"contact ann@example.com ann [vip]", "contact bob@example.com bob", "contact kim@example.com kim [vip]",
				"task of ann@example.com Call", "task of bob@example.com Call", "task of kim@example.com Call",
			},
			next: []string{`update crm_contact.all["bob"] tags+vip`},
		},
		"Create": {
			reason:    "A create fails: its tags and its task are skipped, others go on.",
			operation: "create contact", address: `crm_contact.all["bob"]`,
			report: engine.Report{Counts: planner.Counts{Add: 4}, Failed: 1, Skipped: 1, Calls: 6},
			told:   []string{`main.hcl:4 Cannot create crm_contact.all["bob"]: POST /objects: 422 "no".`},
			live: []string{
				"contact ann@example.com ann [vip]", "contact kim@example.com kim [vip]",
				"task of ann@example.com Call", "task of kim@example.com Call",
			},
			next: []string{`create crm_contact.all["bob"]`, `create crm_task.call["bob"]`},
		},
		"All": {
			reason: "Nothing can be created: what depends on it is not even tried.",
			report: engine.Report{Failed: 3, Skipped: 3, Calls: 3},
			told: []string{
				`main.hcl:4 Cannot create crm_contact.all["ann"]: POST /objects: 422 "no".`,
				`main.hcl:4 Cannot create crm_contact.all["bob"]: POST /objects: 422 "no".`,
				`main.hcl:4 Cannot create crm_contact.all["kim"]: POST /objects: 422 "no".`,
			},
			next: []string{
				`create crm_contact.all["ann"]`, `create crm_contact.all["bob"]`, `create crm_contact.all["kim"]`,
				`create crm_task.call["ann"]`, `create crm_task.call["bob"]`, `create crm_task.call["kim"]`,
			},
		},
	} {
		t.Run(name, tc.test)
	}
}

// TestDependsOnFailure skips what explicitly depends on a failed object.
func TestDependsOnFailure(t *testing.T) {
	w := newWorld(t, `
resource "crm_tag" "first" { name = "first" }
resource "crm_contact" "ann" {
  email      = "ann@example.com"
  depends_on = [crm_tag.first]
}`)
	w.server.judge = refuseNames("create tag", "")
	r, _ := w.apply(engine.ApplyOptions{})
	equal(t, "report", &engine.Report{Failed: 1, Skipped: 1, Calls: 1}, r)
	w.finish([]string{"contact ann@example.com", "tag first"})
}

// TestFullDisk ends with the state's error when what makes no call cannot be
// recorded, and does not claim it.
func TestFullDisk(t *testing.T) {
	w := newWorld(t, `resource "crm_tag" "vip" { name = "vip" }`)
	w.server.add("crm_tag", map[string]string{"name": "vip"})
	w.log.Take(0)
	r, err := w.apply(engine.ApplyOptions{})
	if !errors.Is(err, statetest.ErrFull) {
		t.Errorf("Apply(...): %v, want the disk's error", err)
	}
	equal(t, "report", &engine.Report{Skipped: 1, Unrecorded: true}, r)
	w.log.Take(-1)
	equal(t, "counts", planner.Counts{Import: 1}, w.applied().Counts)
	w.settled("tag vip")
}
