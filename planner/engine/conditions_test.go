package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner/engine"
)

// problem is what is wrong with some files.
type problem struct {
	reason, files, csv string
	want               []string
}

// test wants the problem told with file, line and row, and nothing written.
func (tc *problem) test(t *testing.T) {
	w := newWorld(t, tc.files)
	w.file("people.csv", tc.csv)
	w.server.add("crm_contact", map[string]string{"email": "old@example.com"})
	w.server.add("crm_field", map[string]string{"key": "live"})
	got := w.refused()
	for i, want := range tc.want {
		if i >= len(got) || !strings.Contains(strings.ReplaceAll(got[i], w.dir+"/", ""), want) {
			t.Errorf("%s\ngot:  %s\nwant: %s", tc.reason, strings.Join(got, "\n      "), want)
		}
	}
	equal(t, "calls that write", 0, len(writes(w.server.calls)))
}

func TestProblemsOfValues(t *testing.T) {
	for name, tc := range map[string]problem{
		"Value": {
			reason: "A value that cannot be points at its attribute and at the row it came from.",
			files: `resource "crm_contact" "people" {
  for_each = { for row in csvdecode(file("people.csv")) : row.id => row }
  phone    = each.key
  email    = each.value.email
}`,
			csv:  "id,email\n1,ann@example.com\n2,nobody\n",
			want: []string{`main.hcl:4 people.csv:3 Invalid value: "nobody" is no e-mail address.`},
		},
		"TwoRows": {
			reason: "Two rows with one natural key name both.",
			files: `resource "crm_contact" "people" {
  for_each = { for row in csvdecode(file("people.csv")) : row.id => row }
  email    = each.value.email
}`,
			csv: "id,email\n1,ann@example.com\n2,ANN@example.com\n",
			want: []string{`main.hcl:3 people.csv:3 Two objects with one natural key: crm_contact.people["1"] and crm_contact.people["2"] ` +
				`(crm_contact.people["1"] is declared at main.hcl:1) both have email "ann@example.com". One live contact cannot be two objects: ` +
				`remove one of them, or give it its own email.`},
		},
		"UnknownKey": {
			reason: "The keys of a map must exist or be declared; a near one is suggested.",
			files: `resource "crm_field" "tier" { key = "tier" }
resource "crm_contact" "ann" {
  email  = "ann@example.com"
  custom = {
    tier = "gold"
    teir = "gold"
  }
}`,
			want: []string{`main.hcl:6 Unknown key in custom: crm has no field with the key "teir". Did you mean "tier"? Else declare it with a crm_field block; the known keys are live, tier.`},
		},
	} {
		t.Run(name, tc.test)
	}
}

func TestProblemsOfObjects(t *testing.T) {
	for name, tc := range map[string]problem{
		"Exists": {
			reason: "on_exists = error refuses to adopt.",
			files: `resource "crm_contact" "old" {
  email = "old@example.com"
  lifecycle { on_exists = "error" }
}`,
			want: []string{`main.hcl:1 The object exists already: A live contact (id contact-01) has the same natural key, and on_exists = "error" forbids to adopt it. Remove on_exists to adopt it, or delete it in the CRM.`},
		},
		"Precondition": {
			reason: "A precondition that fails stops the plan.",
			files: `resource "crm_contact" "ann" {
  email = "ann@example.com"
  lifecycle {
    precondition {
      condition     = 1 > 2
      error_message = "Not today."
    }
  }
}`,
			want: []string{`Not today.`},
		},
		"DataPostcondition": {
			reason: "A postcondition of a data source stops the plan.",
			files: `data "crm_contact" "old" {
  email = "old@example.com"
  lifecycle {
    postcondition {
      condition     = self.first_name == "Olga"
      error_message = "Not her."
    }
  }
}`,
			want: []string{`Not her.`},
		},
		"ImportNothing": {
			reason: "An import block of an id that does not exist is refused.",
			files: `resource "crm_contact" "ann" { email = "ann@example.com" }
import {
  to = crm_contact.ann
  id = "contact-99"
}`,
			want: []string{`main.hcl:1 Nothing to import: There is no live contact with the id contact-99. Check the id and the account (crm).`},
		},
	} {
		t.Run(name, tc.test)
	}
}

// TestAlike keeps a thousand errors and counts the rest in the last one.
func TestAlike(t *testing.T) {
	for reason, n := range map[string]int{"none": 0, "few are all kept": 3, "as many as there is room for": 1000, "too many": 100_000} {
		var all engine.Alike
		for range n {
			all.Add(func() *hcl.Diagnostic {
				return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Invalid value", Extra: &engine.Detail{Address: "crm_contact.a"}}
			})
		}
		kept, more := all.All(), 0
		for _, d := range kept {
			if detail, ok := d.Extra.(*engine.Detail); ok {
				more += detail.More
			}
		}
		equal(t, reason+": kept", min(n, 1000), len(kept))
		equal(t, reason+": kept and counted", n, len(kept)+more)
	}
}

// TestCannotNormalize tells once that values cannot be checked.
func TestCannotNormalize(t *testing.T) {
	w := newWorld(t, people(30, "Pat"))
	w.server.mute = true
	equal(t, "told", []string{`main.hcl:1 Cannot check contacts: GET /fields: 401 "no".`}, w.refused())
}

// TestUnknownKeyOfMany counts the objects that use an unknown key.
func TestUnknownKeyOfMany(t *testing.T) {
	w := newWorld(t, strings.Replace(people(30, "Pat"), "first_name", `custom = { size = "XL" }
		first_name`, 1))
	got := w.refused()
	equal(t, "told", 1, len(got))
	if want := `crm has no field with the key "size" (used by 30 objects).`; !strings.Contains(got[0], want) {
		t.Errorf("got %q, want %q", got[0], want)
	}
}

// TestAfterwards checks postconditions against what an apply made, and checks
// as warnings at plan and apply.
func TestAfterwards(t *testing.T) {
	w := newWorld(t, `
resource "crm_contact" "ann" {
  email = "ann@example.com"
  lifecycle {
    postcondition {
      condition     = self.id != "contact-01"
      error_message = "It is the first one."
    }
  }
}
check "team" {
  assert {
    condition     = crm_contact.ann.first_name != null
    error_message = "Ann has no first name."
  }
}`)
	r, err := w.apply(engine.ApplyOptions{})
	if err != nil {
		t.Errorf("Apply(...): %v, want all written", err)
	}
	equal(t, "added", 1, r.Counts.Add)
	got := strings.Join(told(w.last), "\n")
	for _, want := range []string{"It is the first one.", "Ann has no first name."} {
		if strings.Count(got, want) != 1 {
			t.Errorf("told %q, want %q once", got, want)
		}
	}
	if !w.last.HasErrors() {
		t.Error("a postcondition that fails is no error")
	}
}

// TestComputedOutput follows what only the server sets, after an update too.
func TestComputedOutput(t *testing.T) {
	ann := func(phone string) string {
		return fmt.Sprintf(`resource "crm_contact" "ann" {
			email = "ann@example.com"
			phone = %q
		}
		output "updated" { value = crm_contact.ann.updated }`, phone)
	}
	w := newWorld(t, ann("5550100"))
	w.applied()
	w.settled("contact ann@example.com 5550100")
	w.file("main.hcl", ann("5550101"))
	w.applied()
	w.settled("contact ann@example.com 5550101")
}
