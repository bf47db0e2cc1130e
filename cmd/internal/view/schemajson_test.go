package view_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"lockstep/cmd/internal/command"
	"lockstep/cmd/internal/view"
	"lockstep/schema"
)

// TestSchemasJSON reads what all providers declare as tools for Terraform do.
func TestSchemasJSON(t *testing.T) {
	var catalog []*schema.Provider
	for _, p := range command.Providers() {
		catalog = append(catalog, p.New(command.Hooks{}).Schema())
	}
	var out bytes.Buffer
	if err := view.SchemasJSON(&out, catalog); err != nil {
		t.Fatal(err)
	}
	var read tfjson.ProviderSchemas
	if err := read.UnmarshalJSON(out.Bytes()); err != nil {
		t.Fatal(err)
	}
	if err := read.Validate(); err != nil {
		t.Fatal(err)
	}
	for _, p := range catalog {
		got := read.Schemas[p.Name]
		if len(got.ResourceSchemas) != len(p.Kinds) || len(got.DataSourceSchemas) != len(p.Data) || len(got.ConfigSchema.Block.Attributes) != len(p.Config) {
			t.Errorf("%s: %d kinds, %d data sources and %d arguments are read", p.Name, len(got.ResourceSchemas), len(got.DataSourceSchemas), len(got.ConfigSchema.Block.Attributes))
		}
	}
	ghl := read.Schemas["ghl"]
	contact, contacts := ghl.ResourceSchemas["ghl_contact"].Block.Attributes, ghl.DataSourceSchemas["ghl_contacts"].Block.Attributes
	cases := map[string]struct {
		reason string
		got    *tfjson.SchemaAttribute
		want   tfjson.SchemaAttribute
	}{
		"optional":  {"a file may give it", contact["first_name"], tfjson.SchemaAttribute{AttributeType: cty.String, Optional: true}},
		"computed":  {"only the API gives it", contact["date_added"], tfjson.SchemaAttribute{AttributeType: cty.String, Computed: true}},
		"both":      {"the API gives what the file does not", contact["country"], tfjson.SchemaAttribute{AttributeType: cty.String, Optional: true, Computed: true}},
		"sensitive": {"it is masked", contact["ssn"], tfjson.SchemaAttribute{AttributeType: cty.String, Optional: true, Sensitive: true}},
		"set":       {"types are those of cty", contact["tags"], tfjson.SchemaAttribute{AttributeType: cty.Set(cty.String), Optional: true}},
		"any":       {"a map of values that differ in type", contact["custom_fields"], tfjson.SchemaAttribute{AttributeType: cty.Map(cty.DynamicPseudoType), Optional: true}},
		"required":  {"each object has it", ghl.ResourceSchemas["ghl_task"].Block.Attributes["title"], tfjson.SchemaAttribute{AttributeType: cty.String, Required: true}},
		"id":        {"each object has an id", contact["id"], tfjson.SchemaAttribute{AttributeType: cty.String, Computed: true}},
		"ids":       {"a data source finds several", contacts["ids"], tfjson.SchemaAttribute{AttributeType: cty.List(cty.String), Computed: true}},
		"argument":  {"an argument narrows the search", contacts["tag"], tfjson.SchemaAttribute{AttributeType: cty.String, Optional: true}},
		"key":       {"one object is found by it, and has it", ghl.DataSourceSchemas["ghl_contact"].Block.Attributes["email"], tfjson.SchemaAttribute{AttributeType: cty.String, Optional: true, Computed: true}},
		"secret":    {"of the provider block", ghl.ConfigSchema.Block.Attributes["token"], tfjson.SchemaAttribute{AttributeType: cty.String, Optional: true, Sensitive: true}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := *tc.got
			if got.Description == "" {
				t.Error("it has no description")
			}
			got.Description, got.DescriptionKind = "", ""
			if diff := cmp.Diff(tc.want, got, cmp.Comparer(cty.Type.Equals)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
