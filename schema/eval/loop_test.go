package eval_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"

	"lockstep/schema"
	"lockstep/schema/config"
	"lockstep/schema/eval"
	"lockstep/schema/schematest"
)

// loop is a for expression over a collection, and an attribute made of each of
// its items.
type loop struct {
	reason string
	// coll is the collection; local.rows when empty.
	coll string
	// key, value, cond and phone are expressions; value is r when empty.
	key, value, cond, phone string
	wantErr                 bool
}

func loops() []loop {
	return []loop{
		{reason: "a row by one of its columns", key: "r.email", phone: "each.value.phone"},
		{reason: "a key by a function of texts", key: "lower(trimspace(r.email))", phone: "each.key"},
		{reason: "a key by a template", key: `"${r.town}/${r.email}"`, phone: `"${each.key}, ${var.suffix}"`},
		{reason: "combining characters meet in a template", key: `"${r.town}\u0301-${r.email}"`, phone: `"e${var.accent}"`},
		{reason: "a key by a template of one name", key: `"${r.email}"`, phone: `"${each.value.town}"`},
		{reason: "an empty text as null", key: "r.email", phone: `each.value.phone != "" ? each.value.phone : null`},
		{reason: "a condition on several texts", key: "r.email", phone: `!(each.value.phone == "" || each.value.town == "Ghent") && each.key != "x" ? "a" : "b"`},
		{reason: "a comparison with null", key: "r.email", phone: `each.value.phone == null ? "none" : each.value.phone`},
		{reason: "a branch that is a number becomes a text", key: "r.email", phone: `each.value.phone != "" ? each.value.phone : 7`},
		{reason: "a comparison of a text with a number", key: "r.email", phone: `each.value.phone == 5 ? "five" : "other"`},
		{reason: "some items are left out", key: "r.email", cond: `r.town == "Ghent"`, phone: "each.value.town"},
		{reason: "a condition by a function", key: "r.email", cond: `length(r.town) > 4`, phone: "each.value.town"},
		{reason: "no item is kept", key: "r.email", cond: `r.town == "Nowhere"`, phone: "each.value.town"},
		{reason: "a value made of a row", key: "r.email", value: `merge(r, { phone = "5" })`, phone: "each.value.phone"},
		{reason: "a value that is a text", key: "r.email", value: "r.town", phone: "each.value"},
		{reason: "a value that is a number", key: "r.email", value: "length(r.town)", phone: "each.value"},
		{reason: "a table named by a local value of a local value", coll: "local.alias", key: "r.email", phone: "each.value.town"},
		{reason: "a table without rows", coll: `csvdecode("email,town,phone\n")`, key: "r.email", phone: "each.value.town"},
		{reason: "a tuple of unlike objects", coll: `[{ email = "a", phone = 1 }, { email = "b", phone = null }]`, key: "r.email", phone: "each.value.phone"},
		{reason: "a map of objects", coll: `{ x = { email = "a", phone = "1" } }`, key: "r.email", phone: "each.value.phone"},
		{reason: "a set of texts", coll: `toset(["a", "b"])`, key: "r", phone: "each.value"},
		{reason: "a key that is a number becomes a text", coll: "[1, 2]", key: "r", phone: "each.key"},
		{reason: "an attribute of a text", coll: `toset(["a"])`, key: "r", phone: "each.value.town", wantErr: true},
		{reason: "a sensitive value inside", key: "r.email", value: "{ town = sensitive(r.town) }", phone: "each.value.town"},
		{reason: "a sensitive collection", coll: "sensitive(local.rows)", key: "r.email", phone: "each.key", wantErr: true},
		{reason: "a sensitive key", key: "sensitive(r.email)", phone: "each.key", wantErr: true},
		{reason: "two rows with one key", key: "r.town", phone: "each.key", wantErr: true},
		{reason: "a column that is not there", key: "r.mail", phone: "each.key", wantErr: true},
		{reason: "an attribute that is not there", key: "r.email", phone: "each.value.fax", wantErr: true},
		{reason: "a null key", key: "null", phone: "each.key", wantErr: true},
		{reason: "a condition that is no truth", key: "r.email", cond: "r.town", phone: "each.key", wantErr: true},
		{reason: "a null in a template", coll: `[{ email = "a", phone = null }]`, key: "r.email", phone: `"x${each.value.phone}"`, wantErr: true},
		{reason: "rows of unequal length", coll: `csvdecode("email,town\na\n")`, key: "r.email", phone: "each.key", wantErr: true},
		{reason: "a null collection", coll: "null", key: "r.email", phone: "each.key", wantErr: true},
		{reason: "a function that fails", key: "file(r.email)", phone: "each.key", wantErr: true},
	}
}

// text is the loop between its names and its closing bracket.
func (l loop) text() string {
	coll, value, cond := l.coll, l.value, l.cond
	if coll == "" {
		coll = "local.rows"
	}
	if value == "" {
		value = "r"
	}
	if cond != "" {
		cond = "if " + cond
	}
	return coll + " : " + l.key + " => " + value + " " + cond
}

// TestLoopAsValue holds a loop that is run item by item, and texts that are
// found without an evaluation, against the same expressions evaluated as the
// language does: a loop with an index is evaluated as one value, and so is an
// expression within one([…]).
func TestLoopAsValue(t *testing.T) {
	for _, tt := range loops() {
		t.Run(tt.reason, func(t *testing.T) {
			loop := tt.text()
			want, wantErr := expandLoop(t, "{ for i, r in "+loop+" }", "one(["+tt.phone+"])")
			if (wantErr != "") != tt.wantErr {
				t.Fatalf("Expand(...) as one value: error %q, want one: %t", wantErr, tt.wantErr)
			}
			for _, forEach := range []string{"{ for r in " + loop + " }", "local.loop"} {
				got, gotErr := expandLoop(t, forEach, tt.phone, "loop = { for r in "+loop+" }")
				if diff := cmp.Diff(want, got, cmp.Comparer(schema.Value.Equal)); diff != "" {
					t.Errorf("for_each = %s: (-as one value, +item by item)\n%s", forEach, diff)
				}
				if diff := cmp.Diff(wantErr, gotErr); diff != "" {
					t.Errorf("for_each = %s: errors (-as one value, +item by item)\n%s", forEach, diff)
				}
			}
		})
	}
}

// expandLoop gives the fields of each instance by address, and the errors as
// one text.
func expandLoop(t *testing.T, forEach, phone string, locals ...string) (map[string]schema.Fields, string) {
	t.Helper()
	dir := schematest.Folder(t, map[string]string{
		"rows.csv": "email,town,phone\nAnn@example.com,Ghent,1\n\"bo, b@example.com\",Oostende,\nzoë@example.com,Ghent,5\n",
		"main.hcl": `
variable "suffix" { default = "x" }
variable "accent" { default = "` + "\u0301" + `" }

locals {
  rows  = csvdecode(file("rows.csv"))
  alias = (local.rows)
  ` + strings.Join(locals, "\n  ") + `
}

resource "ghl_contact" "leads" {
  for_each = ` + forEach + `
  email    = each.key
  phone    = ` + phone + `
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
		fields[i.Address.String()] = i.Fields
	}
	return fields, errorTexts(diags)
}

// errorTexts are the errors without their places.
func errorTexts(diags hcl.Diagnostics) string {
	var texts []string
	for _, d := range diags {
		texts = append(texts, d.Summary+": "+d.Detail)
	}
	return strings.Join(texts, "\n")
}
