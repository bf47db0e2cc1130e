package planner

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/schema"
)

// TestKeyringClaim has objects that come one after the other, and which of them are
// refused.
func TestKeyringClaim(t *testing.T) {
	field := &schema.Kind{Name: "crm_field", Noun: "field", Keys: []schema.NaturalKey{{"model", "field_key"}},
		Attributes: []schema.Attribute{{Name: "model"}, {Name: "field_key"}}}
	cases := map[string]struct {
		reason string
		kind   *schema.Kind
		fields [][]schema.Field
		want   []string
	}{
		"Same":     {"two cannot be one", contactKind, [][]schema.Field{{text("email", "ann@example.com")}, {text("email", "ann@example.com")}}, []string{"", "email"}},
		"Apart":    {"another value is another object", contactKind, [][]schema.Field{{text("email", "ann@example.com")}, {text("email", "bob@example.com")}}, []string{"", ""}},
		"Keyless":  {"without a key there is nothing to claim", contactKind, [][]schema.Field{{text("first_name", "Ann")}, {text("first_name", "Ann")}}, []string{"", ""}},
		"Combined": {"of a key of two parts the last tells objects apart", field, [][]schema.Field{{text("model", "contact"), text("field_key", "km")}, {text("model", "contact"), text("field_key", "km")}}, []string{"", "field_key"}},
		"Partly":   {"one part alone is no clash", field, [][]schema.Field{{text("model", "contact"), text("field_key", "km")}, {text("model", "deal"), text("field_key", "km")}}, []string{"", ""}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			ring := Keyring{Kind: tc.kind}
			var got []string
			for _, list := range tc.fields {
				a := address(tc.kind, name)
				d := desired(block(1), a, a, list...)
				path := ""
				if p := ring.Claim(&d); p != nil {
					path = p.Path
				}
				got = append(got, path)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
