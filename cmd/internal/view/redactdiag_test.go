package view

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"

	"lockstep/planner/engine"
	"lockstep/providers"
)

func TestRedacted(t *testing.T) {
	cases := map[string]struct {
		reason   string
		in, want hcl.Diagnostic
	}{
		"Object": {
			reason: "about one object, whatever is quoted may be personal",
			in: hcl.Diagnostic{Summary: `Cannot create ghl_contact.lead["ann@example.com"]`, Detail: `"Ann" is odd. Write ann@example.com.`,
				Extra: &engine.Detail{Address: `ghl_contact.lead["ann@example.com"]`, API: &providers.APIError{Message: `duplicate of "Ann" +1 202-555-0123`}}},
			want: hcl.Diagnostic{Summary: `Cannot create ghl_contact.lead["(redacted)"]`, Detail: `"(redacted)" is odd. Write (redacted).`,
				Extra: &engine.Detail{Address: `ghl_contact.lead["(redacted)"]`, API: &providers.APIError{Message: `duplicate of "(redacted)" (redacted)`}}},
		},
		"File": {
			reason: "elsewhere, names of attributes stay readable",
			in:     hcl.Diagnostic{Summary: "Unsupported attribute", Detail: `No attribute "emial". Did you mean "email"? Line 17 of bob@example.com, (202) 555-0142.`},
			want:   hcl.Diagnostic{Summary: "Unsupported attribute", Detail: `No attribute "emial". Did you mean "email"? Line 17 of (redacted), (redacted).`},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := Redacted(hcl.Diagnostics{&tc.in})
			if diff := cmp.Diff(tc.want, *got[0]); diff != "" {
				t.Errorf("%s: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
