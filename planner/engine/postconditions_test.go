package engine_test

import (
	"fmt"
	"testing"

	"lockstep/planner/engine"
)

// TestPostconditions checks rules when the plan is made, as far as it tells what
// the object becomes, and the others when it is applied.
func TestPostconditions(t *testing.T) {
	ann := func(attributes, condition string) string {
		return fmt.Sprintf(`resource "crm_contact" "ann" {
  email = "ann@example.com"
  %s
  lifecycle {
    postcondition {
      condition     = %s
      error_message = "Not so."
    }
  }
}
`, attributes, condition)
	}
	const mapped = `data "crm_contact" "old" { email = "old@example.com" }
mapping "m" {
  target = "crm_contact"
  match  = { email = "ann@example.com" }
  field "first_name" { value = data.crm_contact.old.first_name }
}
`
	tests := map[string]struct {
		reason, files string
		// absent leaves ann to be created.
		absent bool
		// planned and applied are whether plan and apply tell that the rule is broken.
		planned, applied bool
	}{
		"Broken":         {reason: "What the plan does not change is known when it is made.", files: ann("", `self.phone == "5550199"`), planned: true},
		"Kept":           {reason: "A rule that holds is silent.", files: ann("", `self.email == "ann@example.com"`)},
		"Written":        {reason: "So is what it writes.", files: ann(`phone = "5550101"`, `self.phone == "5550199"`), planned: true},
		"Mended":         {reason: "A rule looks at what is written, not at what is live.", files: ann(`phone = "5550101"`, `self.phone == "5550101"`)},
		"Computed":       {reason: "What the server sets when it writes may change, and is looked at afterwards.", files: ann(`phone = "5550101"`, `self.updated == "never"`), applied: true},
		"ComputedInStep": {reason: "Nothing changes it where nothing is written.", files: ann("", `self.updated == "never"`), planned: true},
		"Created":        {reason: "What only the server knows of a new object is looked at afterwards.", files: ann("", `self.id == "x"`), absent: true, applied: true},
		"CreatedBroken":  {reason: "The rest is known.", files: ann("", `self.phone == "5550199"`), absent: true, planned: true},
		"Mapped":         {reason: "What a mapping writes to the object is left to the next plan.", files: ann("", `self.first_name == "Olga"`) + mapped},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, tc.files)
			w.server.add("crm_contact", map[string]string{"email": "old@example.com", "first_name": "Olga"})
			if !tc.absent {
				w.server.add("crm_contact", map[string]string{"email": "ann@example.com"})
			}
			before := w.server.dump()
			_, diags := w.open().Plan(t.Context(), engine.PlanOptions{})
			equal(t, tc.reason+" (plan)", tc.planned, diags.HasErrors())
			if tc.planned {
				equal(t, tc.reason, []string{"main.hcl:6 Postcondition failed: Not so."}, told(diags))
				equal(t, "live", before, w.server.dump())
				return
			}
			if _, err := w.apply(engine.ApplyOptions{}); err != nil {
				t.Errorf("%s\nApply(...): %v", tc.reason, err)
			}
			equal(t, tc.reason+" (apply)", tc.applied, w.last.HasErrors())
		})
	}
}
