package eval_test

import (
	"os"
	"path/filepath"
	"testing"

	"lockstep/schema/config"
	"lockstep/schema/eval"
	"lockstep/schema/schematest"
)

// FuzzVars reads any bytes as a file of variable values and as a flag.
func FuzzVars(f *testing.F) {
	f.Add([]byte("a = 1\n"), `b=["x"]`)
	f.Add([]byte("a = { b = null }\nc = \"${x}\"\n"), "a=")
	f.Add([]byte("block {}\n"), "=")
	f.Add([]byte("b = [for x in [1] : x]\n"), "b=[\"x\", null]")
	main := "variable \"a\" { type = string }\nvariable \"b\" { type = list(object({ c = optional(number, 3) })) }\n"
	f.Fuzz(func(t *testing.T, src []byte, flag string) {
		dir := t.TempDir()
		for name, text := range map[string][]byte{"main.hcl": []byte(main), "lockstep.vars.hcl": src} {
			if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		cfg, diags := config.Load(dir, schematest.Catalog())
		vars, more := eval.LoadVars(cfg.Files, []eval.Given{{Text: flag}}, []string{eval.EnvPrefix + flag})
		schematest.Render(t, cfg.Sources, append(diags, more...))
		e, diags := eval.New(cfg, eval.Input{Vars: vars, Now: runTime})
		schematest.Render(t, cfg.Sources, diags)
		e.Digest()
	})
}

// FuzzEvaluate evaluates any expression.
func FuzzEvaluate(f *testing.F) {
	for _, seed := range []string{
		`ghl_contact.leads["ann"].id`, `[for k, c in ghl_contact.leads : c.id]`, `exactly(excludes(["a"]))`, `concat(excludes(["a"]), null)`,
		`lookup({}, "a", sensitive(1))`, `templatefile("x", 1)`, `one(toset([]))`, `ghl_contact.leads[ghl_contact.leads["ann"].id].id`, `matchkeys([1], [2], [3])`,
		`sum([null])`, `transpose({ a = [null] })`, `csvdecode("a\n1")[*].a`, `try(csvrows("x"), length(null))`, `index(null, 1)`,
	} {
		f.Add(seed)
	}
	_, e := run(f, map[string]string{"main.hcl": chain})
	if _, diags := expandAll(e, unknownID); diags.HasErrors() {
		f.Fatal(diags)
	}
	f.Fuzz(func(t *testing.T, expr string) {
		if len(expr) > 200 {
			return
		}
		v, _, diags := e.Evaluate(expr)
		if !diags.HasErrors() {
			_ = v.GoString()
		}
	})
}
