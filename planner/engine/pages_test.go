package engine

import (
	"testing"

	"lockstep/schema"
)

func TestFilledPage(t *testing.T) {
	o := &schema.Object{ID: "C1", Fields: schema.Fields{{Path: "contact_id", Value: schema.StringValue("a/b")}}}
	cases := map[string]struct{ reason, page, want string }{
		"ID":      {"the id is an attribute as others are", "contacts/detail/{id}", "https://crm.example/contacts/detail/C1"},
		"Escaped": {"a value stays one part of the path", "contacts/detail/{contact_id}", "https://crm.example/contacts/detail/a%2Fb"},
		"Missing": {"an address with a hole leads nowhere", "contacts/{parent}/tasks/{id}", ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := filledPage("https://crm.example/", tc.page, o.Value); got != tc.want {
				t.Errorf("%s: got %q, want %q", tc.reason, got, tc.want)
			}
		})
	}
}
