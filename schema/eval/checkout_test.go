package eval_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"golang.org/x/text/unicode/norm"

	"lockstep/schema/config"
	"lockstep/schema/eval"
	"lockstep/schema/schematest"
)

// checkout is a folder with texts of several lines and names with accents.
func checkout() map[string]string {
	return map[string]string{
		"main.hcl": `
variable "größe" { type = map(string) }
variable "ziel" { type = string }

locals {
  zoë = { "größe" = "groß", tür = "auf" }
}

resource "ghl_contact" "größe" {
  for_each   = { for r in csvdecode(file("läufer.csv")) : r.näme => r }
  email      = "${each.value.mail}"
  first_name = each.key
  phone      = <<-EOT
    ${each.value.näme} runs:
      ${each.value.tel}
  EOT
  source     = var.ziel == "Zürich" ? "web" : "walk-in"

  custom_fields = merge(local.zoë, var.größe, {
    note = file("note.txt")
    card = templatefile("card.tpl", { name = each.key })
    text = <<EOT
first

third
EOT
  })
}

module "tür" {
  source = "./tür"
}

moved {
  from = ghl_tag.tür["größe"]
  to   = ghl_tag.tor["größe"]
}

resource "ghl_tag" "tor" {
  for_each = toset(["größe"])
  name     = ghl_contact.größe["Zoë"].first_name
}
`,
		"tür/tür.hcl":       "resource \"ghl_tag\" \"é\" {\n  name = <<EOT\na\nb\nEOT\n}\n",
		"lockstep.vars.hcl": "größe = {\n  höhe = <<EOT\ntall\n  er\nEOT\n}\n",
		"läufer.csv":        "näme,mail,tel\nZoë,zoe@example.com,\"1\n2\"\nAnn,ann@example.com,3\n",
		"note.txt":          "dear ë\n\nbye\n",
		"card.tpl":          "%{ if true ~}\nHi ${name}\n%{ endif ~}\nend\n",
	}
}

// TestCheckouts reads one folder as different systems write it: what it says,
// and the digests of it, are the same.
func TestCheckouts(t *testing.T) {
	same := func(s string) string { return s }
	windows := func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }
	want, wantDigest := readCheckout(t, same, same)
	if len(want) == 0 {
		t.Fatal("the folder declares nothing")
	}
	cases := map[string]struct {
		reason      string
		name, texts func(string) string
	}{
		"Windows": {"lines end in carriage return and line feed", same, windows},
		"Mark":    {"an editor writes a byte order mark", same, func(s string) string { return "\ufeff" + windows(s) }},
		"MacOS":   {"an editor writes letters and accents apart", same, norm.NFD.String},
		"Names":   {"an archive of macOS has such names of files", norm.NFD.String, norm.NFD.String},
		"Both":    {"both of it", norm.NFD.String, func(s string) string { return windows(norm.NFD.String(s)) }},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, digest := readCheckout(t, tc.name, tc.texts)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: -want, +got:\n%s", tc.reason, diff)
			}
			if digest != wantDigest {
				t.Errorf("%s: the digest is another one", tc.reason)
			}
		})
	}
}

// readCheckout evaluates the folder with its names and texts spelt in some way.
func readCheckout(t *testing.T, name, text func(string) string) (instances []string, digest string) {
	t.Helper()
	files := map[string]string{}
	for path, content := range maps.All(checkout()) {
		files[name(path)] = text(content)
	}
	dir := schematest.Folder(t, files)
	cfg, diags := config.Load(dir, schematest.Catalog())
	vars, more := eval.LoadVars(cfg.Files, flags(strings.TrimPrefix(text("ziel=Zürich"), "\ufeff")), nil)
	diags = append(diags, more...)
	stop := func(diags hcl.Diagnostics) {
		t.Helper()
		if diags.HasErrors() {
			t.Fatal(schematest.Render(t, cfg.Sources, diags))
		}
	}
	stop(diags)
	e, diags := eval.New(cfg, eval.Input{Vars: vars, Now: runTime})
	stop(diags)
	all, diags := expandAll(e, fixedID)
	stop(diags)
	for _, m := range e.Moves() {
		instances = append(instances, m.From.String()+" to "+m.To.String())
	}
	return append(instances, lines(all)...), e.Digest()
}
