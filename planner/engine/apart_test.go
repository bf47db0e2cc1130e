package engine_test

import (
	"strings"
	"testing"

	"lockstep/planner"
	"lockstep/planner/engine"
	"lockstep/providers"
)

// sharedFiles declare a contact, and a mapping that writes its name.
func sharedFiles(name, phone string) string {
	return twoAccounts + strings.NewReplacer("NAME", name, "PHONE", phone).Replace(`
resource "crm_contact" "ada" {
  provider = crm.eu
  email    = "ada@example.com"
  phone    = "PHONE"
}
mapping "club" {
  for_each = { ada = "NAME" }
  provider = crm.eu
  target   = "crm_contact"
  match    = { email = "ada@example.com" }
  field "first_name" { value = each.value }
}
`)
}

// TestApart lets the API refuse a call with fields of two authors because of one
// of them. The other's are written, and each author has its own verdict.
func TestApart(t *testing.T) {
	tests := map[string]struct {
		reason string
		// create refuses the contact's create, else its update is refused.
		create bool
		// refused is the path of the value that the API does not take.
		refused string
		report  engine.Report
		calls   []string
		live    []string
	}{
		"MappingOfCreate": {
			reason: "The contact is created without the mapping's value.", create: true, refused: "first_name",
			report: engine.Report{Counts: planner.Counts{Add: 1}, Failed: 1},
			calls:  []string{"create contact@eu", "create contact@eu", "update contact@eu"},
			live:   []string{"contact@eu ada@example.com 1"},
		},
		"BlockOfCreate": {
			reason: "Without the contact, the mapping has nothing to write to.", create: true, refused: "phone",
			report: engine.Report{Failed: 1},
			calls:  []string{"create contact@eu", "create contact@eu"},
		},
		"MappingOfUpdate": {
			reason: "The block's fields are written.", refused: "first_name",
			report: engine.Report{Counts: planner.Counts{Change: 1}, Failed: 1},
			calls:  []string{"update contact@eu", "update contact@eu", "update contact@eu"},
			live:   []string{"contact@eu ada@example.com Ada 2"},
		},
		"BlockOfUpdate": {
			reason: "The mapping's fields are written.", refused: "phone",
			report: engine.Report{Counts: planner.Counts{Change: 1}, Failed: 1},
			calls:  []string{"update contact@eu", "update contact@eu", "update contact@eu"},
			live:   []string{"contact@eu ada@example.com Countess 1"},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, sharedFiles("Ada", "1"))
			if !tc.create {
				w.applied()
				w.file("main.hcl", sharedFiles("Countess", "2"))
			}
			w.server.judge = func(_ providers.Operation, c providers.Write) verdict {
				if _, found := c.Fields.Find(tc.refused); found {
					return refuse
				}
				return obey
			}
			r, _ := w.apply(engine.ApplyOptions{})
			tc.report.Calls = len(tc.calls)
			equal(t, tc.reason, &tc.report, r)
			equal(t, tc.reason+" calls", tc.calls, w.server.calls)
			equal(t, tc.reason+" live", tc.live, w.server.dump())
			equal(t, tc.reason+" told", 1, len(told(w.last)))
			w.server.judge = nil
			w.applied()
			w.settled("contact@eu ada@example.com " + map[bool]string{true: "Ada 1", false: "Countess 2"}[tc.create])
		})
	}
}

// TestApartOnlyForValues does not repeat what no author's value is the reason of.
func TestApartOnlyForValues(t *testing.T) {
	w := newWorld(t, sharedFiles("Ada", "1"))
	w.server.judge = func(providers.Operation, providers.Write) verdict { return loseBefore }
	r, _ := w.apply(engine.ApplyOptions{})
	equal(t, "report", &engine.Report{Uncertain: 1, Calls: r.Calls}, r)
	equal(t, "creates", []string{"create contact@eu"}, writes(w.server.calls))
}
