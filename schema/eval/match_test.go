package eval_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/schema"
	"lockstep/schema/config"
	"lockstep/schema/eval"
	"lockstep/schema/schematest"
)

// TestMatchAsValue holds a match by texts, which is found without an evaluation,
// against the same match evaluated as the language does: within one([…]).
func TestMatchAsValue(t *testing.T) {
	cases := map[string]struct {
		reason string
		// email and phone are expressions; phone is left out when empty.
		email, phone string
		wantErr      bool
	}{
		"Column":    {reason: "a column of the row", email: "each.value.email"},
		"Function":  {reason: "a function of a text", email: "lower(trimspace(each.value.email))"},
		"Template":  {reason: "a template", email: `"${each.key}.${each.value.town}@example.com"`},
		"Two":       {reason: "two attributes, in the order of their names", email: "each.value.email", phone: "each.value.phone"},
		"Empty":     {reason: "an empty text is left out as long as another tells", email: "each.value.email", phone: `" "`},
		"Null":      {reason: "so is a null", email: "each.value.email", phone: `each.value.phone != "" ? each.value.phone : null`},
		"Nothing":   {reason: "without any there is nothing to match by", email: `""`},
		"Number":    {reason: "a number is a text", email: "each.value.email", phone: "length(each.value.town)"},
		"Sensitive": {reason: "a sensitive value keeps its mark", email: "sensitive(each.value.email)"},
		"List":      {reason: "a list finds nothing", email: `split("@", each.value.email)`, wantErr: true},
		"Missing":   {reason: "a column that is not there", email: "each.value.mail", wantErr: true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			plain, whole := "email = "+tc.email, "email = one(["+tc.email+"])"
			if tc.phone != "" {
				plain, whole = "phone = "+tc.phone+", "+plain, "phone = one(["+tc.phone+"]), "+whole
			}
			want, wantErr := expandMatch(t, whole)
			got, gotErr := expandMatch(t, plain)
			if diff := cmp.Diff(want, got, cmp.Comparer(schema.Value.Equal)); diff != "" {
				t.Errorf("%s: (-as value, +by texts)\n%s", tc.reason, diff)
			}
			if wantErr != tc.wantErr || gotErr != tc.wantErr {
				t.Errorf("%s: errors %t as value, %t by texts, want %t", tc.reason, wantErr, gotErr, tc.wantErr)
			}
		})
	}
}

// expandMatch returns what finds the target of each instance, and whether there were
// errors.
func expandMatch(t *testing.T, match string) (map[string]schema.Fields, bool) {
	t.Helper()
	dir := schematest.Folder(t, map[string]string{
		"rows.csv": "email,town,phone\nAnn@example.com,Ghent,1\n\"bo, b@example.com\",Oostende,\nzoë@example.com,Ghent,5\n",
		"main.hcl": `
mapping "people" {
  for_each = { for r in csvdecode(file("rows.csv")) : r.email => r }
  target   = "ghl_contact"
  match    = { ` + match + ` }
  field "first_name" { value = each.value.town }
}
`})
	cfg, diags := config.Load(dir, schematest.Catalog())
	if diags.HasErrors() {
		t.Fatalf("Load(...):\n%s", schematest.Render(t, cfg.Sources, diags))
	}
	e, diags := eval.New(cfg, eval.Input{Now: runTime})
	if diags.HasErrors() {
		t.Fatalf("New(...):\n%s", schematest.Render(t, cfg.Sources, diags))
	}
	instances, diags := e.Expand(e.Blocks()[0])
	fields := map[string]schema.Fields{}
	for _, i := range instances {
		fields[i.Address.String()] = i.Match
	}
	return fields, diags.HasErrors()
}
