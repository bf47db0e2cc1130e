package engine_test

import (
	"testing"

	"lockstep/planner/engine"
)

// TestFormerProvider has a state that names a provider which the files do not, for an
// account of theirs, and does not tell whose it was: two providers would share the
// objects, and the one that goes would delete those of the other.
func TestFormerProvider(t *testing.T) {
	w := newWorld(t, `
		provider "crm" { alias = "old" }
		resource "crm_tag" "vip" {
			provider = crm.old
			name     = "vip"
		}`)
	w.applied()
	w.file("main.hcl", `
		provider "crm" { alias = "new" }
		resource "crm_tag" "vip" {
			provider = crm.new
			name     = "vip"
		}`)
	_, diags := w.configured()
	equal(t, "one of them is refused", []string{"Two providers for one account: crm.new and crm.old are both main. Give one of them another account, or use one provider for both."}, told(diags))
	w.file("main.hcl", `
		provider "crm" { alias = "new" }
		provider "crm" {
			alias   = "old"
			account = "other"
		}`)
	_, p := w.plan(engine.PlanOptions{})
	equal(t, "another account has no such object", []string{"forget crm_tag.vip"}, actions(p))
}
