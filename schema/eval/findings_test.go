package eval_test

import (
	"fmt"
	"strings"
	"testing"

	"lockstep/schema/schematest"
)

// Many duplicate rows are explained in few messages and in linear time.
func TestManyDuplicates(t *testing.T) {
	var csv strings.Builder
	csv.WriteString("email\n")
	for i := range 20_000 {
		fmt.Fprintf(&csv, "runner%d@example.com\n", i%10_000)
	}
	cfg, e := run(t, map[string]string{
		"main.hcl":  "output \"o\" {\n  value = { for r in csvdecode(file(\"leads.csv\")) : r.email => r }\n}\n",
		"leads.csv": csv.String(),
	})
	_, diags := e.Outputs()
	if len(diags) != 5 {
		t.Errorf("Outputs(): %d diagnostics, want 5", len(diags))
	}
	text := schematest.Render(t, cfg.Sources, diags)
	for _, want := range []string{"leads.csv lines 2 and 10002 both give", "there are 9,995 more items"} {
		if !strings.Contains(text, want) {
			t.Errorf("Outputs() does not say %q:\n%s", want, text)
		}
	}
}

// No error may quote a sensitive value, whoever words it.
func TestErrorsHideSensitiveValues(t *testing.T) {
	const secret = "hunter2-secret"
	files := map[string]string{"main.hcl": `
variable "pin" {
  default   = "` + secret + `"
  sensitive = true
}
variable "rows" {
  default   = [{ key = "` + secret + `" }, { key = "` + secret + `" }]
  sensitive = true
}
resource "ghl_contact" "many" {
  for_each = toset(["a"])
  email    = "a@example.com"
}
`}
	cfg, e := run(t, files)
	if _, diags := expandAll(e, fixedID); diags.HasErrors() {
		t.Fatal(diags)
	}
	for _, expr := range []string{
		`tonumber(var.pin)`, `parseint(var.pin, 10)`, `timecmp(var.pin, timestamp())`, `lookup({ a = 1 }, var.pin)`, `file(var.pin)`,
		`{ for r in var.rows : r.key => r }`, `ghl_contact.many[var.pin].email`, `jsondecode(var.pin)`, `formatdate(var.pin, timestamp())`,
		`{ a = 1 }[var.pin]`, `[for r in var.rows : tonumber(r.key)]`, `1 + var.pin`, `var.pin ? 1 : 2`, `templatefile(var.pin, {})`, `regex("[", var.pin)`,
	} {
		_, _, diags := e.Evaluate(expr)
		if !diags.HasErrors() {
			t.Errorf("Evaluate(%s): no error", expr)
		}
		if text := schematest.Render(t, cfg.Sources, diags); strings.Contains(text, secret) {
			t.Errorf("Evaluate(%s) shows the value:\n%s", expr, text)
		}
	}
}
