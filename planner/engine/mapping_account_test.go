package engine_test

import (
	"strings"
	"testing"
	"time"

	"lockstep/planner"
	"lockstep/planner/engine"
	"lockstep/providers"
)

// TestOtherAccount gives a block another account: the record of what is made there
// outlives that of what is deleted here, whichever answer comes last. A mapping
// leaves who it wrote to as they are.
func TestOtherAccount(t *testing.T) {
	block := member("ada", "ada@example.com", "") + about("lin@example.com", "missing = \"create\"\nfield \"phone\" { value = \"1\" }")
	w := newWorld(t, twoAccounts+block)
	w.applied()
	w.file("main.hcl", twoAccounts+strings.ReplaceAll(block, "crm.eu", "crm"))
	equal(t, "made there, deleted here", []string{"create crm_contact.ada", "delete crm_contact.ada", "create mapping.one", "forget mapping.one"}, w.actions())
	w.server.enter = func(op providers.Operation) {
		if op.Action == providers.Delete {
			time.Sleep(20 * time.Millisecond)
		}
	}
	w.applied()
	w.settled("contact ada@example.com", "contact lin@example.com 1", "contact@eu lin@example.com 1")
	_, p := w.plan(engine.PlanOptions{Destroy: true})
	equal(t, "it is known who made it", []string{"delete", "forget"}, each(p, func(c *planner.Change) string { return c.Action.String() }))
}
