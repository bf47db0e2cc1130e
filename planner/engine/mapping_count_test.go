package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"lockstep/planner"
	"lockstep/planner/engine"
)

// managed tells for each account how many contacts are managed, in step and
// moved.
func managed(p *planner.Plan) []string {
	var all []string
	for _, k := range p.Kinds {
		if k.Kind == "crm_contact" {
			all = append(all, fmt.Sprintf("%s: %d managed, %d in step, %d moved in the CRM, %d in the files", k.Provider, k.Managed, k.InStep, k.LiveMoved, k.FileMoved))
		}
	}
	return all
}

// TestMappingCountsOnce counts every object once, however many mappings read it,
// write to it, write back to it or have left it: the guard goes by these numbers.
func TestMappingCountsOnce(t *testing.T) {
	back := func(name, path string) string {
		return fmt.Sprintf("\nmapping %q {\nfor_each = { ada = data.crm_contact.ada }\nprovider = crm.eu\ntarget = \"crm_contact\"\nmatch = { email = each.value.email }\nfield %q {\nvalue = each.value.%s\ndirection = \"both\"\n}\n}\n", name, path, path)
	}
	ada := twoAccounts + strings.Replace(member("ada", "ada@example.com", ""), "provider = crm.eu\n", "", 1)
	source := ada + "\ndata \"crm_contact\" \"ada\" { email = \"ada@example.com\" }\n"
	both := back("a", "first_name") + back("b", "phone")
	w := newWorld(t, ada)
	w.applied()
	target := w.server.person("eu", "ada@example.com", "first_name=Ada phone=1")
	w.file("main.hcl", source+both)
	w.applied()
	_, p := w.plan(engine.PlanOptions{})
	equal(t, "in step", []string{"crm: 1 managed, 1 in step, 0 moved in the CRM, 0 in the files", "crm.eu: 1 managed, 1 in step, 0 moved in the CRM, 0 in the files"}, managed(p))

	w.server.edit(target, "first_name", "Countess")
	w.server.edit(target, "phone", "2")
	_, p = w.plan(engine.PlanOptions{})
	equal(t, "two go back", []string{"crm: 1 managed, 0 in step, 1 moved in the CRM, 0 in the files", "crm.eu: 1 managed, 1 in step, 0 moved in the CRM, 0 in the files"}, managed(p))
	w.applied()

	w.file("main.hcl", source+member("eu", "ada@example.com", `manager_id = "x"`))
	w.applied()
	w.file("main.hcl", source+member("eu", "ada@example.com", `manager_id = "x"`)+both)
	w.applied()
	w.file("main.hcl", source+member("eu", "ada@example.com", `manager_id = "x"`))
	_, p = w.plan(engine.PlanOptions{})
	equal(t, "two mappings are gone, and the resource block is as it was", []string{"crm: 1 managed, 1 in step, 0 moved in the CRM, 0 in the files", "crm.eu: 1 managed, 1 in step, 0 moved in the CRM, 0 in the files"}, managed(p))
}
