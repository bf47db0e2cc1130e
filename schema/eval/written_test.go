package eval_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"lockstep/schema"
	"lockstep/schema/eval"
)

// writtenFiles write values in many ways.
func writtenFiles() map[string]string {
	return map[string]string{
		"main.hcl": `locals {
  city   = "Bern"
  people = [
    { email = "ann@example.com", name = "Ann" },
  ]
  rows  = csvrows("p.csv")
  named = { for r in local.rows : r.email => { city = r.city, low = lower(r.city) } if r.keep == "1" }
}
resource "ghl_contact" "one" {
  email         = ("one@example.com")
  first_name    = local.city
  phone         = var.phone
  tags          = ["a", "b"]
  custom_fields = { tier = "gold", low = upper(local.city) }
}
resource "ghl_contact" "rows" {
  for_each   = { for r in csvdecode(file("p.csv")) : r.email => r }
  email      = each.key
  first_name = each.value.name
  phone      = true ? each.value.city : ""
}
resource "ghl_contact" "named" {
  for_each   = local.named
  email      = "x${each.key}"
  first_name = each.value.city
  phone      = each.value.low
}
resource "ghl_contact" "list" {
  for_each   = { for p in local.people : p.email => p }
  email      = each.value.email
  first_name = each.value.name
}
resource "ghl_contact" "map" {
  for_each   = { ann = { name = "Ann" } }
  email      = "${each.key}@example.com"
  first_name = each.value.name
  phone      = local.people[0].name
}
module "club" {
  for_each = { a = { city = "Chur" } }
  source   = "./club"
  city     = each.value.city
}
variable "phone" { default = "1" }
`,
		"club/main.hcl": "variable \"city\" {}\nresource \"ghl_contact\" \"m\" {\n  email      = \"m@example.com\"\n  first_name = var.city\n}\n",
		"p.csv":         "email,name,city,keep\nbob@example.com,Bob,Zug,1\ncid@example.com,Cid,Zug,0\n",
	}
}

func TestWritten(t *testing.T) {
	_, e := run(t, writtenFiles())
	sources := eval.NewSources(e)
	cases := []struct{ reason, address, path, want string }{
		{"brackets are no expression", "ghl_contact.one", "email", "main.hcl:10"},
		{"a local value stands for a literal", "ghl_contact.one", "first_name", "main.hcl:2"},
		{"a variable has its value from elsewhere", "ghl_contact.one", "phone", "because the variable phone gives it"},
		{"a set is written as a whole", "ghl_contact.one", "tags", "main.hcl:13"},
		{"a key of a map", "ghl_contact.one", "custom_fields.tier", "main.hcl:14"},
		{"the expression tells what computes it", "ghl_contact.one", "custom_fields.low", "main.hcl:14 upper"},
		{"what is not written", "ghl_contact.one", "dnd", "because no file gives it a value"},
		{"a key names its instance", `ghl_contact.rows["bob@example.com"]`, "email", "because the key of its instance has it"},
		{"a cell of the table", `ghl_contact.rows["bob@example.com"]`, "first_name", "p.csv:2 name"},
		{"a condition", `ghl_contact.rows["bob@example.com"]`, "phone", "because a condition chooses it"},
		{"a loop makes objects of rows", `ghl_contact.named["bob@example.com"]`, "first_name", "p.csv:2 city"},
		{"a loop computes", `ghl_contact.named["bob@example.com"]`, "phone", "main.hcl:7 lower"},
		{"a template", `ghl_contact.named["bob@example.com"]`, "email", "because a template makes it"},
		{"a loop through a list that is written out", `ghl_contact.list["ann@example.com"]`, "first_name", "main.hcl:4"},
		{"a map that is written out", `ghl_contact.map["ann"]`, "first_name", "main.hcl:34"},
		{"an element by its number", `ghl_contact.map["ann"]`, "phone", "main.hcl:4"},
		{"an argument of a module", `module.club["a"].ghl_contact.m`, "first_name", "main.hcl:40"},
	}
	for _, tc := range cases {
		a, err := schema.ParseAddress(tc.address)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tc.want, writtenText(sources.Written(a, tc.path))); diff != "" {
			t.Errorf("%s: %s of %s (-want +got):\n%s", tc.reason, tc.path, tc.address, diff)
		}
	}
}

// writtenText tells a place in short: with the column of a cell, and the name of a
// function.
func writtenText(w eval.Written) string {
	switch {
	case w.Why != "":
		return "because " + w.Why
	case w.Cell():
		return w.String() + " " + w.Column
	}
	if call, ok := w.Expr.(*hclsyntax.FunctionCallExpr); ok {
		return w.String() + " " + call.Name
	}
	return w.String()
}

func TestUses(t *testing.T) {
	_, e := run(t, writtenFiles())
	sources := eval.NewSources(e)
	cases := []struct {
		reason, address, path string
		want                  []string
	}{
		{"a local value that a function reads as well", "ghl_contact.one", "first_name",
			[]string{"ghl_contact.one custom_fields.low", "ghl_contact.one first_name exactly"}},
		{"a cell that nothing else reads", `ghl_contact.rows["bob@example.com"]`, "first_name", []string{`ghl_contact.rows["bob@example.com"] first_name exactly`}},
		{"a cell that is read twice, and by a condition", `ghl_contact.named["bob@example.com"]`, "first_name", []string{
			`ghl_contact.named["bob@example.com"] first_name exactly`, `ghl_contact.named["bob@example.com"] phone`, `ghl_contact.rows["bob@example.com"] phone`}},
		{"a value that a key is made of", `ghl_contact.list["ann@example.com"]`, "email",
			[]string{`ghl_contact.list["ann@example.com"] `, `ghl_contact.list["ann@example.com"] email exactly`}},
		{"a value that two objects have", `ghl_contact.list["ann@example.com"]`, "first_name",
			[]string{`ghl_contact.list["ann@example.com"] first_name exactly`, `ghl_contact.map["ann"] phone exactly`}},
	}
	for _, tc := range cases {
		a, err := schema.ParseAddress(tc.address)
		if err != nil {
			t.Fatal(err)
		}
		spot := sources.Written(a, tc.path).Spot
		var got []string
		for _, use := range sources.Uses([]eval.Spot{spot})[spot] {
			text := use.Address.String() + " " + use.Path
			if use.Exact {
				text += " exactly"
			}
			got = append(got, text)
		}
		slices.Sort(got)
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
		}
	}
}
