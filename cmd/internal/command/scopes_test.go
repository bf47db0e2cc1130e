package command

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/schema/config"
)

func TestScopes(t *testing.T) {
	cases := map[string]struct {
		reason string
		in     string
		want   []string
	}{
		"nothing": {reason: "no block, no permission", in: `locals { a = 1 }`},
		"managed": {reason: "what is managed is read and written", in: liveTag,
			want: []string{"locations/tags.readonly", "locations/tags.write"}},
		"read": {reason: "what is only read is not written; custom fields have names of their own", in: `data "ghl_contacts" "all" {}`,
			want: []string{"contacts.readonly", "locations.readonly", "locations/customFields.readonly"}},
		"both": {reason: "the union", in: `
			data "ghl_contacts" "all" {}
			resource "ghl_task" "call" {
				for_each   = toset(data.ghl_contacts.all.ids)
				contact_id = each.key
				title      = "call"
				due_date   = "2026-08-01"
			}`,
			want: []string{"contacts.readonly", "contacts.write", "locations.readonly", "locations/customFields.readonly", "locations/tasks.readonly"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			cfg, diags := config.Load(folder(t, tc.in), installed{list: Providers()}.catalog())
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			if diff := cmp.Diff(tc.want, scopesOf(cfg, "ghl")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestScopesAreDeclared wants scopes of every kind, so that a login for it
// can be asked for.
func TestScopesAreDeclared(t *testing.T) {
	for _, p := range (installed{list: Providers()}).catalog() {
		if p.Name != "ghl" {
			continue
		}
		for _, k := range p.Kinds {
			if len(k.Scopes.Read) == 0 || !k.ReadOnly && len(k.Scopes.Write) == 0 {
				t.Errorf("%s does not say which scopes it needs", k.Name)
			}
		}
	}
}
