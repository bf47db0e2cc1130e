package config_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/schema/config"
	"lockstep/schema/schematest"
)

// load loads files that are expected to be right.
func load(t testing.TB, files map[string]string) *config.Config {
	t.Helper()
	cfg, diags := config.Load(schematest.Folder(t, files), schematest.Catalog())
	if diags.HasErrors() {
		t.Fatalf("Load(...):\n%s", schematest.Render(t, cfg.Sources, diags))
	}
	return cfg
}

const contacts = `
provider "ghl" {
  alias = "eu"
}

resource "ghl_contact" "ann" {
  provider = ghl.eu
  email    = "ann@example.com"
  tags     = ["vip"]

  custom_fields = {
    tier   = "gold"
    "town" = upper("ghent")
  }

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [phone, custom_fields.tier, custom_fields["two words"], "tags"]
    on_exists       = "error"
    on_destroy      = "delete"
  }
}

resource "ghl_contact" "bob" {
  custom_fields = merge({ tier = "gold" }, {})

  lifecycle {
    ignore_changes = all
  }
}

data "ghl_user" "boss" {
  email = "boss@example.com"
}
`

func TestAttributeRange(t *testing.T) {
	cfg := load(t, map[string]string{"main.hcl": contacts})
	cases := map[string]struct {
		reason, name, path string
		want               int
	}{
		"Attribute":  {reason: "a plain attribute is where it is written", name: "ann", path: "email", want: 8},
		"Key":        {reason: "a key of a literal object has its own line", name: "ann", path: "custom_fields.tier", want: 12},
		"Quoted":     {reason: "so has a quoted key", name: "ann", path: "custom_fields.town", want: 13},
		"MissingKey": {reason: "a key that is not there is in the attribute", name: "ann", path: "custom_fields.x", want: 11},
		"Computed":   {reason: "a value that is no literal object is one place", name: "bob", path: "custom_fields.tier", want: 25},
		"Unwritten":  {reason: "what is not written is in the header", name: "bob", path: "email", want: 24},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := cfg.Root.Resource(false, "ghl_contact", tc.name).AttributeRange(tc.path)
			if diff := cmp.Diff(tc.want, got.Start.Line); diff != "" {
				t.Errorf("%s: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestLifecycle(t *testing.T) {
	cfg := load(t, map[string]string{"main.hcl": contacts})
	want := map[string]config.Lifecycle{
		"ann":  {PreventDestroy: true, IgnoreChanges: []string{"phone", "custom_fields.tier", "custom_fields.two words", "tags"}, OnExists: "error", OnDestroy: "delete"},
		"bob":  {IgnoreChanges: []string{"all"}, OnExists: "adopt"},
		"boss": {},
	}
	got := map[string]config.Lifecycle{}
	for _, r := range cfg.AllBlocks() {
		got[r.Name] = r.Lifecycle
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Lifecycle: -want, +got:\n%s", diff)
	}
}

func TestProviders(t *testing.T) {
	tag := "resource \"ghl_tag\" \"t\" {\n  name = \"t\"\n}\n"
	cfg := load(t, map[string]string{
		"main.hcl": `
provider "ghl" { alias = "eu" }
provider "ghl" { alias = "us" }
module "plain" { source = "./m" }
module "eu" {
  source    = "./m"
  providers = { ghl = ghl.eu }
}
module "nested" {
  source    = "./n"
  providers = { ghl.other = ghl.us }
}
` + tag,
		"m/main.hcl": tag,
		"n/main.hcl": "module \"m\" {\n  source = \"../m\"\n  providers = { ghl = ghl.other }\n}\nresource \"ghl_tag\" \"us\" {\n  provider = ghl.us\n  name = \"u\"\n}\n",
	})
	want := map[string]string{
		"ghl_tag.t": "ghl", "module.plain.ghl_tag.t": "ghl", "module.eu.ghl_tag.t": "ghl.eu",
		"module.nested.module.m.ghl_tag.t": "ghl.us", "module.nested.ghl_tag.us": "ghl.us",
	}
	got := map[string]string{}
	for _, r := range cfg.AllBlocks() {
		got[r.Address().String()] = r.Provider.String()
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("providers: -want, +got:\n%s", diff)
	}
}

func TestDigest(t *testing.T) {
	base := map[string]string{"a.hcl": "locals {}\n", "x.vars.hcl": "a = 1\n"}
	cases := map[string]struct {
		reason string
		files  map[string]string
		same   bool
	}{
		"Same":     {reason: "the folder's own name does not count", files: base, same: true},
		"Vars":     {reason: "values of variables are counted when they are used", files: map[string]string{"a.hcl": "locals {}\n"}, same: true},
		"Contents": {reason: "a changed byte counts", files: map[string]string{"a.hcl": "locals {} \n"}},
		"Name":     {reason: "a renamed file counts", files: map[string]string{"b.hcl": "locals {}\n"}},
		"More":     {reason: "a further file counts", files: map[string]string{"a.hcl": "locals {}\n", "b.hcl": ""}},
	}
	want := load(t, base).Digest
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := load(t, tc.files).Digest; (got == want) != tc.same {
				t.Errorf("%s: same digest: %v, want %v", tc.reason, got == want, tc.same)
			}
		})
	}
}

func TestReferences(t *testing.T) {
	cfg := load(t, map[string]string{"main.hcl": `
resource "ghl_contact" "many" {
  for_each = toset(["a"])
  email    = "x@example.com"
}

locals {
  key   = "a"
  one   = ghl_contact.many["a"].email
  local = ghl_contact.many[local.key].email
  loop  = [for k in ["a"] : ghl_contact.many[k].email]
  whole = [for k, var in ghl_contact.many : var.email]
  splat = values(ghl_contact.many)[*].email
}
`})
	type reference struct {
		Name, Attribute string
		Keyed, Varies   bool
	}
	want := map[string][]reference{
		"one":   {{Name: "ghl_contact.many", Attribute: "email", Keyed: true}},
		"local": {{Name: "ghl_contact.many", Attribute: "email", Keyed: true}, {Name: "local.key"}},
		"loop":  {{Name: "ghl_contact.many", Attribute: "email", Varies: true}},
		"whole": {{Name: "ghl_contact.many"}},
		"splat": {{Name: "ghl_contact.many"}},
	}
	for name, refs := range want {
		var got []reference
		for _, r := range config.References(cfg.Root.Locals[name].Expr) {
			got = append(got, reference{Name: r.String(), Attribute: r.Attribute, Keyed: r.Key != nil, Varies: r.Varies})
		}
		if diff := cmp.Diff(refs, got); diff != "" {
			t.Errorf("References(local.%s): -want, +got:\n%s", name, diff)
		}
	}
}
