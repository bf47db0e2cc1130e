package planner

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

// TestCalled names who is behind a key that nobody can read.
func TestCalled(t *testing.T) {
	kind := &schema.Kind{Name: "crm_contact", Keys: []schema.NaturalKey{{"email"}, {"phone"}}}
	for _, name := range []string{"email", "phone", "first", "last", "body"} {
		kind.Attributes = append(kind.Attributes, schema.Attribute{Name: name, Type: cty.String, Title: name == "first" || name == "last"})
	}
	note := &schema.Kind{Name: "crm_note", Content: []string{"body"}, Attributes: kind.Attributes}
	hidden := "#" + strings.Repeat("A", 22)
	sealed := schema.Address{Kind: "crm_contact", Name: "m", Key: schema.Key{Type: schema.StringKey, Text: hidden}}
	plain, source := sealed, sealed
	plain.Key.Text, source.Kind, source.Source = "ada", schema.MappingKind, true
	secret := object(kind, "1", text("email", "ada@example.com"), text("first", "Ada"))
	secret.Fields[1].Sensitive = true
	live := func(fields ...schema.Field) *schema.Object { o := object(kind, "1", fields...); return &o }
	cases := map[string]struct {
		reason  string
		address schema.Address
		kind    *schema.Kind
		live    *schema.Object
		want    string
	}{
		"Name":   {"by name and natural key", sealed, kind, live(text("email", "ada@example.com"), text("first", "Ada"), text("last", "Example")), "crm_contact.m[Ada Example, ada@example.com]"},
		"Second": {"by the next natural key", sealed, kind, live(text("phone", "+1202"), text("last", "Example")), "crm_contact.m[Example, +1202]"},
		"Source": {"of what a mapping gives back", source, kind, live(text("email", "ada@example.com")), "mapping.m[ada@example.com].source"},
		"Text":   {"by what it consists of, on one line and not too long", sealed, note, live(text("body", "Ran  5 km\n"+strings.Repeat("and on ", 20))), "crm_contact.m[Ran 5 km and on and on and on and on and on and on and on a…]"},
		"Known":  {"a key that people know stays", plain, kind, live(text("first", "Ada")), `crm_contact.m["ada"]`},
		"Secret": {"nobody is called by a secret", sealed, kind, &secret, "crm_contact.m[ada@example.com]"},
		"Empty":  {"nothing is known", sealed, kind, live(), `crm_contact.m["` + hidden + `"]`},
		"Gone":   {"nothing is live", sealed, kind, nil, `crm_contact.m["` + hidden + `"]`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, Called(tc.address, tc.kind, tc.live)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
