package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"lockstep/planner/engine"
	"lockstep/providers"
)

// greetedEachTime are people of a city who are greeted, which twice is not once, and poked,
// when they are made and when they move.
const greetedEachTime = `
locals { city = "Bern" }
resource "crm_contact" "ann" {
  email      = "ann@example.com"
  first_name = local.city
  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.crm_greet.ann, action.crm_poke.ann]
    }
  }
}
resource "crm_contact" "bob" {
  email      = "bob@example.com"
  first_name = local.city
  manager_id = crm_contact.ann.id
  lifecycle {
    action_trigger {
      events  = [before_create, before_update]
      actions = [action.crm_greet.ann]
    }
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.crm_poke.bob]
    }
  }
}
action "crm_greet" "ann" {
  config { contact_id = crm_contact.ann.id }
}
action "crm_poke" "ann" {
  config { contact_id = crm_contact.ann.id }
}
action "crm_poke" "bob" {
  config { contact_id = crm_contact.bob.id }
}
`

// TestActionsAtAnyStop stops an apply at each of its writes to the state, and applies
// again: nobody is greeted twice for one reason, and everybody is poked.
func TestActionsAtAnyStop(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		city string
		// made is set when the people are there before.
		made bool
		// clean is set when the write that was stopped leaves nothing behind.
		clean bool
	}{
		"Created":       {city: "Bern"},
		"Created clean": {city: "Bern", clean: true},
		"Updated":       {city: "Thun", made: true},
		"Updated clean": {city: "Thun", made: true, clean: true},
	}
	for name, tc := range cases {
		for writes, complete := 0, false; !complete; writes++ {
			t.Run(fmt.Sprint(name, writes), func(t *testing.T) {
				w := greeted(t)
				w.file("main.hcl", greetedEachTime)
				if tc.made {
					w.applied()
				}
				w.file("main.hcl", strings.Replace(greetedEachTime, "Bern", tc.city, 1))
				w.log.Clean = tc.clean
				w.log.Take(writes)
				_, err := w.apply(engine.ApplyOptions{})
				complete = err == nil
				runs := map[string]int{}
				count := func() {
					for _, run := range w.invoked() {
						runs[run]++
					}
				}
				count()
				w.log.Take(-1)
				for range 3 {
					w.applied()
					count()
				}
				if n := runs["greet contact-01"]; n > 2 || complete && n != 2 || runs["poke contact-01"] == 0 || runs["poke contact-02"] == 0 {
					t.Errorf("runs after %d writes are %v", writes, runs)
				}
				w.settled("contact ann@example.com "+tc.city, "contact bob@example.com "+tc.city+" of ann@example.com")
				equal(t, "nothing is due", 0, len(w.store().Snapshot().Due))
			})
		}
	}
}

// TestActionsOfARefusedChange holds that what follows a change that was refused does
// not run, and what came before it does not run again.
func TestActionsOfARefusedChange(t *testing.T) {
	w := greeted(t)
	w.file("main.hcl", greetedEachTime)
	w.applied()
	w.file("main.hcl", strings.Replace(greetedEachTime, "Bern", "Thun", 1))
	w.server.judge = func(op providers.Operation, _ providers.Write) verdict {
		if op.Action == providers.Update {
			return refuse
		}
		return obey
	}
	for range 2 {
		if _, err := w.apply(engine.ApplyOptions{}); err == nil {
			t.Fatal("the apply is complete")
		}
	}
	equal(t, "the second apply greets nobody again", []string(nil), w.invoked())
	w.plan(engine.PlanOptions{})
	equal(t, "which a plan tells", []string{"An action may have run: An earlier apply sent action.crm_greet.ann (before_update of crm_contact.bob) and did not record the change that it comes before. " +
		"It is not run again, because twice is not the same as once. Look in the CRM, and run it with -invoke='action.crm_greet.ann' where it is missing. It is forgotten once the change is made."}, told(w.last))
	w.server.judge = nil
	w.file("main.hcl", greetedEachTime)
	w.applied()
	equal(t, "nothing changes, and nothing runs", []string(nil), w.server.calls)
	equal(t, "nothing is due", 0, len(w.store().Snapshot().Due))
}
