package config_test

import (
	"os"
	"path/filepath"
	"testing"

	"lockstep/schema/config"
	"lockstep/schema/schematest"
)

// FuzzLoad loads any bytes as a file: nothing may panic, and every diagnostic
// must be fit to be shown.
func FuzzLoad(f *testing.F) {
	for _, seed := range []string{
		contacts,
		"", "a = 1", "locals {\n  a = local.a\n}", "resource \"ghl_tag\" \"t\" {\n  name = ghl_tag.t[each.key].name\n}",
		"module \"m\" {\n  source = \"./\"\n}", "moved {\n  from = module.a[0]\n  to = module.b[\"x\"]\n}",
		"import {\n  to = ghl_tag.t[lower(\"A\")]\n  id = 1\n}", "variable \"v\" {\n  type = object({ a = optional(string, 1) })\n}",
		"lockstep {\n  backend \"x\" {}\n  guard {}\n}", "provider \"ghl\" {\n  account \"a\" {}\n}", "check \"c\" {\n  assert {}\n}",
		"removed {\n  from = data.a.b.c\n}", "data \"ghl_user\" \"u\" {\n  depends_on = [data, module.x]\n}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "main.hcl"), src, 0o600); err != nil {
			t.Fatal(err)
		}
		cfg, diags := config.Load(dir, schematest.Catalog())
		if cfg == nil || cfg.Root == nil {
			t.Fatal("Load(...): no Config")
		}
		schematest.Render(t, cfg.Sources, diags)
	})
}
