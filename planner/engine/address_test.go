package engine_test

import (
	"strings"
	"testing"

	"lockstep/planner"
	"lockstep/planner/engine"
	"lockstep/schema"
)

// readdressed is a change of the files that moves or removes objects.
type readdressed struct {
	reason, before, after string
	want                  []string
	live                  []string
	counts                planner.Counts
}

// oneContact declares a contact, and oneModule a module with a tag.
const (
	oneContact = `resource "crm_contact" "ann" { email = "ann@example.com" }`
	oneModule  = `module "club" { source = "./club" }`
)

// test applies the files before, and wants the plan and the apply of those after.
func (tc *readdressed) test(t *testing.T) {
	w := newWorld(t, tc.before)
	w.file("club/club.hcl", `resource "crm_tag" "vip" { name = "vip" }`)
	w.applied()
	w.file("main.hcl", tc.after)
	equal(t, tc.reason, tc.want, w.actions())
	equal(t, tc.reason, tc.counts, w.applied().Counts)
	w.settled(tc.live...)
}

func TestMoved(t *testing.T) {
	for name, tc := range map[string]readdressed{
		"MoveObject": {
			reason: "One object moves.", before: oneContact,
			after: `resource "crm_contact" "anna" { email = "ann@example.com" }
				moved {
					from = crm_contact.ann
					to = crm_contact.anna
				}`,
			want: []string{"move crm_contact.anna from crm_contact.ann"}, counts: planner.Counts{Move: 1},
			live: []string{"contact ann@example.com"},
		},
		"MoveBlock": {
			reason: "All instances of a block move.",
			before: `resource "crm_contact" "all" {
				for_each = toset(["ann@example.com", "bob@example.com"])
				email = each.key
			}`,
			after: `resource "crm_contact" "people" {
					for_each = toset(["ann@example.com", "bob@example.com"])
					email = each.key
				}
				moved {
					from = crm_contact.all
					to = crm_contact.people
				}`,
			want: []string{
				`move crm_contact.people["ann@example.com"] from crm_contact.all["ann@example.com"]`,
				`move crm_contact.people["bob@example.com"] from crm_contact.all["bob@example.com"]`,
			}, counts: planner.Counts{Move: 2},
			live: []string{"contact ann@example.com", "contact bob@example.com"},
		},
		"MoveModule": {
			reason: "All objects of a module move.", before: oneModule,
			after: `module "team" { source = "./club" }
				moved {
					from = module.club
					to = module.team
				}`,
			want: []string{"move module.team.crm_tag.vip from module.club.crm_tag.vip"}, counts: planner.Counts{Move: 1},
			live: []string{"tag vip"},
		},
		"MoveAndChange": {
			reason: "A moved object is changed, too.", before: oneContact,
			after: `resource "crm_contact" "anna" {
					email = "ann@example.com"
					phone = "5550100"
				}
				moved {
					from = crm_contact.ann
					to = crm_contact.anna
				}`,
			want:   []string{"update crm_contact.anna from crm_contact.ann phone"},
			counts: planner.Counts{Change: 1, Move: 1}, live: []string{"contact ann@example.com 5550100"},
		},
	} {
		t.Run(name, tc.test)
	}
}

func TestRemoved(t *testing.T) {
	for name, tc := range map[string]readdressed{
		"Removed": {
			reason: "A removed block forgets.", before: oneContact,
			after: `removed {
				from = crm_contact.ann
				lifecycle { destroy = false }
			}`,
			want: []string{"forget crm_contact.ann"}, counts: planner.Counts{Forget: 1}, live: []string{"contact ann@example.com"},
		},
		"RemovedDestroy": {
			reason: "A removed block may destroy, and lifts the protection.",
			before: `resource "crm_contact" "ann" {
				email = "ann@example.com"
				lifecycle { prevent_destroy = true }
			}`,
			after: `removed { from = crm_contact.ann }`,
			want:  []string{"delete crm_contact.ann"}, counts: planner.Counts{Destroy: 1},
		},
		"Deleted": {
			reason: "An object without block is deleted.", before: oneContact, after: "",
			want: []string{"delete crm_contact.ann"}, counts: planner.Counts{Destroy: 1},
		},
	} {
		t.Run(name, tc.test)
	}
}

func TestProtection(t *testing.T) {
	w := newWorld(t, `resource "crm_contact" "ann" {
	email  = "ann@example.com"
	source = "web"
	lifecycle { prevent_destroy = true }
}`)
	w.applied()
	w.file("main.hcl", `resource "crm_contact" "ann" {
	email  = "ann@example.com"
	source = "shop"
	lifecycle { prevent_destroy = true }
}`)
	if got := w.refused()[0]; !strings.Contains(got, "Protected object must be replaced") {
		t.Errorf("a replacement: %s", got)
	}
	w.file("main.hcl", "")
	if got := w.refused()[0]; !strings.Contains(got, "Protected object would be destroyed") {
		t.Errorf("without its block: %s", got)
	}
	p, diags := w.open().Plan(t.Context(), engine.PlanOptions{Destroy: true})
	if p != nil || !strings.Contains(told(diags)[0], "Protected object would be destroyed") {
		t.Errorf("Plan(destroy) = %v", told(diags))
	}
}

// TestDestroyAdopted destroys what was made and forgets what was adopted,
// unless the files say otherwise.
func TestDestroyAdopted(t *testing.T) {
	tests := map[string]struct {
		reason, lifecycle string
		exists            bool
		want              string
	}{
		"Made":          {reason: "What was made is deleted.", want: "delete"},
		"MadeForget":    {reason: "on_destroy forgets.", lifecycle: `on_destroy = "forget"`, want: "forget"},
		"Adopted":       {reason: "What was adopted is forgotten.", exists: true, want: "forget"},
		"AdoptedDelete": {reason: "on_destroy deletes.", exists: true, lifecycle: `on_destroy = "delete"`, want: "delete"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, `resource "crm_contact" "ann" {
				email = "Ann@example.com"
				tags = ["vip"]
				lifecycle { `+tc.lifecycle+` }
			}
			output "ann" { value = crm_contact.ann.id }`)
			if tc.exists {
				w.server.add("crm_contact", map[string]string{"email": "ann@example.com"})
			}
			w.applied()
			_, p := w.plan(engine.PlanOptions{Destroy: true})
			equal(t, tc.reason, []string{tc.want + " crm_contact.ann"}, actions(p))
			equal(t, "outputs", []planner.OutputChange{{Name: "ann", Before: `"contact-01"`}}, p.Outputs)
			if _, err := w.applyPlan(t.Context(), engine.PlanOptions{Destroy: true}, engine.ApplyOptions{}); err != nil {
				t.Fatal(err)
			}
			equal(t, tc.reason+" outputs", 0, len(w.store().Snapshot().Outputs))
			equal(t, tc.reason+" records", 0, w.store().Snapshot().Records.Len())
			equal(t, tc.reason+" live", tc.want == "forget", len(w.server.dump()) == 1)
		})
	}
}

func TestImport(t *testing.T) {
	const files = `
resource "crm_contact" "ann" {
  email = "ann@example.com"
  phone = "5550100"
}
resource "crm_contact" "bob" { email = "bob@example.com" }`
	w := newWorld(t, files)
	bob := w.server.add("crm_contact", map[string]string{"email": "bob@example.com"})
	ann := w.server.add("crm_contact", map[string]string{"email": "old@example.com"})
	address := func(name string) schema.Address { return schema.Address{Kind: "crm_contact", Name: name} }
	tests := []struct {
		reason, name, id, want string
	}{
		{"An id that does not exist is refused.", "ann", "contact-99", "There is no live contact with the id contact-99"},
		{"An object is taken into the state and not written.", "ann", ann, ""},
		{"It is managed now.", "ann", ann, "It is managed already"},
		{"It has an id now.", "ann", bob, "It is managed already, with the id " + ann},
		{"An object of another address is refused.", "bob", ann, "are both the live contact"},
		{"What is not declared is refused.", "kim", bob, "It is not declared"},
	}
	for _, tc := range tests {
		w.server.calls = nil
		got := strings.Join(told(w.open().Import(t.Context(), address(tc.name), tc.id)), "\n")
		if tc.want == "" && got != "" || !strings.Contains(got, tc.want) {
			t.Errorf("%s\nImport(%s, %s) = %q, want %q", tc.reason, tc.name, tc.id, got, tc.want)
		}
		equal(t, tc.reason, 0, len(writes(w.server.calls)))
	}
	equal(t, "changes", []string{"update crm_contact.ann email phone", "adopt crm_contact.bob"}, w.actions())
}
