package config_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
	"lockstep/schema/config"
)

var update = flag.Bool("update", false, "rewrite the expected texts")

// catalog is a small provider shaped like a CRM.
func catalog() []*schema.Provider {
	return []*schema.Provider{{
		Name: "ghl",
		Config: []schema.ProviderArgument{
			{Name: "location_id", Type: cty.String, Required: true, Env: "GHL_LOCATION_ID"},
			{Name: "token", Type: cty.String, Required: true, Sensitive: true, Env: "GHL_TOKEN"},
			{Name: "sandbox", Type: cty.Bool},
			{Name: "account", Type: cty.Map(cty.ObjectWithOptionalAttrs(map[string]cty.Type{"export": cty.String}, []string{"export"}))},
		},
		Kinds: []*schema.Kind{
			{Name: "ghl_contact", Attributes: []schema.Attribute{
				{Name: "email", Type: cty.String},
				{Name: "phone", Type: cty.String},
				{Name: "score", Type: cty.Number},
				{Name: "source", Type: cty.String, OneOf: []string{"web", "walk-in"}},
				{Name: "tags", Type: cty.Set(cty.String), Own: schema.OwnMembers},
				{Name: "custom_fields", Type: cty.Map(cty.DynamicPseudoType), Own: schema.OwnKeys},
				{Name: "date_added", Type: cty.String, Computed: true},
			}},
			{Name: "ghl_tag", Attributes: []schema.Attribute{{Name: "name", Type: cty.String, Required: true, Doc: "The tag."}}},
			{Name: "ghl_task", Parent: "contact_id", Attributes: []schema.Attribute{
				{Name: "contact_id", Type: cty.String, Required: true, Doc: "The contact it belongs to."},
				{Name: "title", Type: cty.String, Required: true, Doc: "What is to be done."},
			}},
			{Name: "ghl_user", ReadOnly: true, Attributes: []schema.Attribute{{Name: "email", Type: cty.String}, {Name: "name", Type: cty.String}}},
		},
		Data: []*schema.DataSource{
			{Name: "ghl_contacts", Kind: "ghl_contact", Many: "contacts", Arguments: []schema.Attribute{{Name: "tag", Type: cty.String}}},
			{Name: "ghl_user", Kind: "ghl_user", OneOf: true, Arguments: []schema.Attribute{{Name: "id", Type: cty.String}, {Name: "email", Type: cty.String}}},
		},
	}}
}

// folder writes files into a new folder.
func folder(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// render writes diagnostics as a terminal without colour shows them.
func render(t testing.TB, cfg *config.Config, diags hcl.Diagnostics) string {
	t.Helper()
	var b bytes.Buffer
	if err := hcl.NewDiagnosticTextWriter(&b, cfg.Sources, 0, false).WriteDiagnostics(diags); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// archive splits a test archive into files and what is wanted of them.
func archive(t testing.TB, path string) (files map[string]string, want string, a *txtar.Archive) {
	t.Helper()
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	files = map[string]string{}
	for _, f := range a.Files {
		if f.Name == "want" {
			want = string(f.Data)
			continue
		}
		files[f.Name] = string(f.Data)
	}
	return files, want, a
}

// rewrite puts a new wanted text into an archive.
func rewrite(t testing.TB, path string, a *txtar.Archive, want string) {
	t.Helper()
	files := a.Files[:0:0]
	for _, f := range a.Files {
		if f.Name != "want" {
			files = append(files, f)
		}
	}
	a.Files = append(files, txtar.File{Name: "want", Data: []byte(want)})
	if err := os.WriteFile(path, txtar.Format(a), 0o600); err != nil {
		t.Fatal(err)
	}
}
