package eval_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
	"lockstep/schema/config"
	"lockstep/schema/eval"
	"lockstep/schema/schematest"
)

func TestLoadVars(t *testing.T) {
	files := map[string]string{
		"main.hcl": `
variable "a" {}
variable "b" { type = list(string) }
variable "c" { default = "default" }
`,
		"lockstep.vars.hcl": "a = \"file\"\n",
		"a.auto.vars.hcl":   "a = \"auto a\"\n",
		"b.auto.vars.hcl":   "a = \"auto b\"\n",
		"extra.vars.hcl":    "a = \"extra\"\n",
	}
	environ := []string{"LOCKSTEP_VAR_a=env", `LOCKSTEP_VAR_b=["x", "y"]`, "LOCKSTEP_VAR_other=x", "PATH=/bin", "LOCKSTEP_VAR_=x"}
	cases := map[string]struct {
		reason string
		drop   []string
		given  []eval.Given
		want   string
	}{
		"Environment": {reason: "the environment gives way to everything", drop: []string{"lockstep.vars.hcl", "a.auto.vars.hcl", "b.auto.vars.hcl"}, want: "env"},
		"File":        {reason: "lockstep.vars.hcl wins over the environment", drop: []string{"a.auto.vars.hcl", "b.auto.vars.hcl"}, want: "file"},
		"Auto":        {reason: "the last automatic file by name wins", want: "auto b"},
		"Given":       {reason: "a given file wins over automatic ones", given: []eval.Given{{Text: "extra.vars.hcl", File: true}}, want: "extra"},
		"Flag":        {reason: "what stands later wins", given: []eval.Given{{Text: "extra.vars.hcl", File: true}, {Text: "a=one"}, {Text: "a=two=2"}}, want: "two=2"},
		"FlagFirst":   {reason: "a file after a flag wins over it", given: []eval.Given{{Text: "a=one"}, {Text: "extra.vars.hcl", File: true}}, want: "extra"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			kept := map[string]string{}
			for name, text := range files {
				kept[name] = text
			}
			for _, name := range tc.drop {
				delete(kept, name)
			}
			dir := schematest.Folder(t, kept)
			cfg, diags := config.Load(dir, schematest.Catalog())
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			vars, diags := eval.LoadVars(cfg.Files, tc.given, environ)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			e, diags := eval.New(cfg, eval.Input{Vars: vars, Now: runTime})
			if len(diags) > 0 {
				t.Fatal(schematest.Render(t, cfg.Sources, diags))
			}
			got := e.Variables()
			if diff := cmp.Diff(tc.want, got["a"].AsString()); diff != "" {
				t.Errorf("%s: -want, +got:\n%s", tc.reason, diff)
			}
			if want := cty.ListVal([]cty.Value{cty.StringVal("x"), cty.StringVal("y")}); !want.RawEquals(got["b"]) {
				t.Errorf("b = %#v, want %#v", got["b"], want)
			}
		})
	}
}

func TestLoadVarsErrors(t *testing.T) {
	dir := schematest.Folder(t, map[string]string{"lockstep.vars.hcl": "a = lower(\"A\")\nb = = 1\nblock {}\n"})
	cfg, _ := config.Load(dir, schematest.Catalog())
	_, diags := eval.LoadVars(cfg.Files, []eval.Given{{Text: "missing.vars.hcl", File: true}, {Text: "novalue"}, {Text: "1x=2"}}, nil)
	var got []string
	for _, d := range diags {
		got = append(got, d.Summary)
	}
	want := []string{"Invalid expression", "Block in a variable file", "Not a constant", "Variable file cannot be read", "Invalid -var", "Invalid -var"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("LoadVars(...): -want, +got:\n%s", diff)
	}
}

const chain = `
resource "ghl_contact" "leads" {
  for_each = { ann = "Ann", bob = "Bob", cy = "Cy" }
  email    = "${each.key}@example.com"

  lifecycle {
    postcondition {
      condition     = self.email == "${each.key}@example.com"
      error_message = "The e-mail became ${self.email}."
    }
  }
}

resource "ghl_task" "call" {
  for_each   = toset(["ann", "bob"])
  contact_id = ghl_contact.leads[each.key].id
  title      = "Call ${local.first}"
}

locals {
  first = ghl_contact.leads["ann"].id
}

output "all" {
  value = [for c in ghl_contact.leads : c.id]
}
`

// block finds a block by its address.
func block(t testing.TB, e *eval.Evaluator, address string) *eval.Block {
	t.Helper()
	for _, b := range e.Blocks() {
		if b.Address().String() == address {
			return b
		}
	}
	t.Fatalf("no block %s", address)
	return nil
}

func TestResolve(t *testing.T) {
	_, e := run(t, map[string]string{"main.hcl": chain})
	all, diags := expandAll(e, unknownID)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	want := []string{
		`ghl_contact.leads["ann"] email:"ann@example.com"`,
		`ghl_contact.leads["bob"] email:"bob@example.com"`,
		`ghl_contact.leads["cy"] email:"cy@example.com"`,
		`ghl_task.call["ann"] contact_id:(known after apply) title:(known after apply)`,
		`ghl_task.call["bob"] contact_id:(known after apply) title:(known after apply)`,
	}
	if diff := cmp.Diff(want, lines(all)); diff != "" {
		t.Errorf("Expand(...): -want, +got:\n%s", diff)
	}
	e.Provide(block(t, e, "ghl_contact.leads"), planned(all[:3], fixedID))
	resolved, diags := e.Resolve(all[4].Block, all[4].Address)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	want = []string{`ghl_task.call["bob"] contact_id:"id of ghl_contact.leads[\"bob\"]" title:"Call id of ghl_contact.leads[\"ann\"]"`}
	if diff := cmp.Diff(want, lines([]eval.Instance{resolved})); diff != "" {
		t.Errorf("Resolve(...) after Provide(...): -want, +got:\n%s", diff)
	}
	gone := all[4].Address
	gone.Key.Text = "zoe"
	if _, diags := e.Resolve(all[4].Block, gone); !diags.HasErrors() {
		t.Error("Resolve(...) of an instance that is not there: no error")
	}
}

// A reference to one instance must not ask for all of them.
func TestReferenceIsNarrow(t *testing.T) {
	_, e := run(t, map[string]string{"main.hcl": chain})
	leads := block(t, e, "ghl_contact.leads")
	instances, diags := e.Expand(leads)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	asked := 0
	source := planned(instances, fixedID)
	source.asked = &asked
	e.Provide(leads, source)
	call := block(t, e, "ghl_task.call")
	if _, diags := e.Expand(call); diags.HasErrors() {
		t.Fatal(diags)
	}
	// Two instances refer to one contact each, and the local value to one.
	if asked > 3 {
		t.Errorf("Expand(...) asked for %d values, want at most 3", asked)
	}
}

func TestBlocks(t *testing.T) {
	_, e := run(t, map[string]string{"main.hcl": chain})
	type level struct {
		Address string
		Level   int
		Needs   []string
	}
	var got []level
	for _, b := range e.Blocks() {
		l := level{Address: b.Address().String(), Level: b.Level}
		for _, n := range b.Needs {
			l.Needs = append(l.Needs, n.Address().String())
		}
		got = append(got, l)
	}
	want := []level{{"ghl_contact.leads", 0, nil}, {"ghl_task.call", 1, []string{"ghl_contact.leads"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Blocks(): -want, +got:\n%s", diff)
	}
}

func TestPostconditions(t *testing.T) {
	cfg, e := run(t, map[string]string{"main.hcl": chain})
	leads := block(t, e, "ghl_contact.leads")
	address := leads.Address()
	address.Key = schema.Key{Type: schema.StringKey, Text: "ann"}
	self := func(email string) cty.Value {
		return cty.ObjectVal(map[string]cty.Value{"email": cty.StringVal(email)})
	}
	if diags := e.Postconditions(leads, address, self("ann@example.com")); diags.HasErrors() {
		t.Errorf("Postconditions(...): %s", diags)
	}
	got := schematest.Render(t, cfg.Sources, e.Postconditions(leads, address, self("eve@example.com")))
	if want := "The e-mail became eve@example.com."; !strings.Contains(got, want) {
		t.Errorf("Postconditions(...) does not say %q:\n%s", want, got)
	}
}

func TestEvaluate(t *testing.T) {
	_, e := run(t, map[string]string{"main.hcl": chain})
	if _, diags := expandAll(e, fixedID); diags.HasErrors() {
		t.Fatal(diags)
	}
	cases := map[string]struct {
		in, want, fail string
	}{
		"Value":      {in: `upper(local.first)`, want: `ID OF GHL_CONTACT.LEADS["ANN"]`},
		"Instance":   {in: `ghl_contact.leads["bob"].email`, want: "bob@example.com"},
		"Whole":      {in: `join(",", keys(ghl_contact.leads))`, want: "ann,bob,cy"},
		"Syntax":     {in: `1 +`, fail: "Missing expression"},
		"Undeclared": {in: `local.frist`, fail: "Undeclared local value"},
		"Instances":  {in: `ghl_contact.leads["zoe"].email`, fail: "No such instance"},
		"Each":       {in: `each.key`, fail: "No each here"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, _, diags := e.Evaluate(tc.in)
			if tc.fail != "" {
				if len(diags) == 0 || diags[0].Summary != tc.fail {
					t.Errorf("Evaluate(%q): %v, want %q", tc.in, diags, tc.fail)
				}
				return
			}
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			if diff := cmp.Diff(tc.want, got.AsString()); diff != "" {
				t.Errorf("Evaluate(%q): -want, +got:\n%s", tc.in, diff)
			}
		})
	}
}

func TestOrigin(t *testing.T) {
	_, e := run(t, map[string]string{
		"main.hcl": `
resource "ghl_contact" "rows" {
  for_each = { for r in csvdecode(file("leads.csv")) : lower(r.email) => r }
  email    = each.key
}

resource "ghl_contact" "changed" {
  for_each = { for r in csvdecode(file("leads.csv")) : lower(r.email) => { email = lower(r.email), name = r.name } }
  email    = each.key
}

resource "ghl_contact" "more" {
  for_each = { for r in csvrows("leads.csv") : lower(r.email) => merge(r, { extra = 1 }) }
  email    = each.key
}

resource "ghl_contact" "texts" {
  for_each = toset(["ann@example.com"])
  email    = each.key
}
`,
		"leads.csv": "\ufeffemail,name\nann@example.com,\"Ann\nthe runner\"\n\nBob@example.com,Bob\n",
	})
	want := map[string]string{
		`ghl_contact.changed["ann@example.com"]`: "leads.csv:2",
		`ghl_contact.changed["bob@example.com"]`: "leads.csv:5",
		`ghl_contact.more["ann@example.com"]`:    "leads.csv:2",
		`ghl_contact.more["bob@example.com"]`:    "leads.csv:5",
		`ghl_contact.rows["ann@example.com"]`:    "leads.csv:2",
		`ghl_contact.rows["bob@example.com"]`:    "leads.csv:5",
		`ghl_contact.texts["ann@example.com"]`:   "",
	}
	all, diags := expandAll(e, unknownID)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	got := map[string]string{}
	for _, i := range all {
		got[i.Address.String()] = e.Origin(i.Address)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Origin(...): -want, +got:\n%s", diff)
	}
	if got := e.Origin(schema.Address{Kind: "ghl_tag", Name: "none"}); got != "" {
		t.Errorf("Origin of an unknown address = %q", got)
	}
}

func TestDigest(t *testing.T) {
	files := func(csv string) map[string]string {
		return map[string]string{
			"main.hcl": "variable \"a\" {\n  default = 1\n}\nvariable \"s\" {\n  default = \"x\"\n  sensitive = true\n}\noutput \"o\" {\n  value = csvdecode(file(\"a.csv\"))\n}\n",
			"a.csv":    csv,
		}
	}
	digest := func(csv string, vars ...eval.Assignment) string {
		_, e := run(t, files(csv), vars...)
		if _, diags := e.Outputs(); diags.HasErrors() {
			t.Fatal(diags)
		}
		return e.Digest()
	}
	base := digest("a\n1\n")
	if base != digest("a\n1\n") {
		t.Error("the digest of the same folder differs")
	}
	if base == digest("a\n2\n") {
		t.Error("the digest does not cover a file that was read")
	}
	if base == digest("a\n1\n", eval.Assignment{Name: "a", Raw: "2", Source: "-var"}) {
		t.Error("the digest does not cover a variable")
	}
	if base != digest("a\n1\n", eval.Assignment{Name: "s", Raw: "secret", Source: "-var"}) {
		t.Error("the digest covers a sensitive variable, whose value could be guessed from it")
	}
}

// Nothing of an account is known when only files are checked.
func TestExpandWithoutValues(t *testing.T) {
	_, e := run(t, map[string]string{"main.hcl": chain})
	b := block(t, e, "ghl_task.call")
	instances, diags := e.Expand(b)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	want := []string{
		`ghl_task.call["ann"] contact_id:(known after apply) title:(known after apply)`,
		`ghl_task.call["bob"] contact_id:(known after apply) title:(known after apply)`,
	}
	if diff := cmp.Diff(want, lines(instances)); diff != "" {
		t.Errorf("Expand(...): -want, +got:\n%s", diff)
	}
}
