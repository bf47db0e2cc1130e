package eval_test

import (
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"

	"lockstep/schema"
	"lockstep/schema/config"
	"lockstep/schema/eval"
	"lockstep/schema/schematest"
)

var update = flag.Bool("update", false, "rewrite the expected texts")

// TestArchives evaluates a folder as the engine does and compares everything
// that comes out with the wanted text. The archives say in their first lines
// what they show.
func TestArchives(t *testing.T) {
	paths, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, path := range paths {
		name, _ := filepath.Rel("testdata", strings.TrimSuffix(path, ".txtar"))
		t.Run(name, func(t *testing.T) {
			a := schematest.ReadArchive(t, path)
			got, failed := report(t, a.Files)
			if *update {
				a.Rewrite(t, got)
				return
			}
			if shouldFail := strings.HasPrefix(name, "errors"); failed != shouldFail {
				t.Errorf("%sfailed: %v, want %v", a.Comment, failed, shouldFail)
			}
			a.Compare(t, got)
		})
	}
}

// flags are values given with -var.
func flags(texts ...string) []eval.Given {
	given := make([]eval.Given, len(texts))
	for i, text := range texts {
		given[i].Text = text
	}
	return given
}

// report runs a folder and renders all results. The files "flags" and "id" are
// for the run itself.
func report(t *testing.T, files map[string]string) (text string, failed bool) {
	t.Helper()
	dir := schematest.Folder(t, files)
	cfg, diags := config.Load(dir, schematest.Catalog())
	vars, more := eval.LoadVars(cfg.Files, flags(strings.FieldsFunc(files["flags"], func(r rune) bool { return r == '\n' })...), nil)
	diags = append(diags, more...)
	env := map[string]string{"GHL_TOKEN": "env-token", "GHL_LOCATION_ID": ""}
	e, more := eval.New(cfg, eval.Input{Vars: vars, Now: runTime, Env: func(name string) string { return env[name] }})
	diags = append(diags, more...)
	id := fixedID
	if strings.TrimSpace(files["id"]) == "unknown" {
		id = unknownID
	}
	all, more := expandAll(e, id)
	diags = append(diags, more...)
	var b strings.Builder
	for _, line := range lines(all) {
		fmt.Fprintln(&b, line)
	}
	diags = append(diags, rest(&b, cfg, e)...)
	return strings.ReplaceAll(schematest.Render(t, cfg.Sources, withAbout(diags)), dir, "DIR") + b.String(), diags.HasErrors()
}

// withAbout adds to the words of diagnostics which instances they are about, and
// leaves out the words of all but the first.
func withAbout(diags hcl.Diagnostics) hcl.Diagnostics {
	var shown hcl.Diagnostics
	first := map[string]*hcl.Diagnostic{}
	for _, d := range diags {
		about, ok := d.Extra.(*eval.About)
		if !ok {
			shown = append(shown, d)
			continue
		}
		cause := d.Summary + d.Subject.String()
		if first[cause] == nil {
			c := *d
			c.Detail += "\n"
			first[cause] = &c
			shown = append(shown, &c)
		}
		first[cause].Detail += strings.TrimRight(fmt.Sprintf("\nabout: %s %s", about.Address, about.Origin), " ")
	}
	return shown
}

// rest writes everything but the instances.
func rest(b *strings.Builder, cfg *config.Config, e *eval.Evaluator) hcl.Diagnostics {
	outputs, diags := e.Outputs()
	for _, name := range sortedNames(outputs) {
		fmt.Fprintf(b, "output %s = %#v sensitive=%v %s\n", name, outputs[name].Value, outputs[name].Sensitive, outputs[name].Description)
	}
	for _, c := range e.Checks() {
		fmt.Fprintln(b, c.Address, c.Status)
		diags = append(diags, c.Diagnostics...)
	}
	if cfg.Settings.Range.Filename != "" || len(cfg.Root.Providers) > 0 {
		s, more := e.Settings()
		diags = append(diags, more...)
		fmt.Fprintf(b, "settings version=%q backend=%s path=%s guard=%+v personal=%s\n", s.RequiredVersion, s.Backend, s.StatePath, s.Guard, s.PersonalData)
		if s.Report != (eval.Report{}) {
			fmt.Fprintf(b, "report %+v\n", s.Report)
		}
		for _, ref := range e.ProviderConfigs() {
			v, more := e.ProviderConfig(ref)
			diags = append(diags, more...)
			fmt.Fprintf(b, "provider %s = %#v\n", ref, v)
		}
	}
	imports, more := e.Imports()
	diags = append(diags, more...)
	for _, i := range imports {
		fmt.Fprintf(b, "import %s = %s by %s\n", i.To, i.ID, i.Provider)
	}
	for _, m := range e.Moves() {
		fmt.Fprintf(b, "moved %s to %s\n", addressText(m.From), addressText(m.To))
	}
	for _, r := range e.Removals() {
		fmt.Fprintf(b, "removed %s destroy=%v\n", r.From, r.Destroy)
	}
	return diags
}

func addressText(a schema.Address) string {
	if a.Kind == "" {
		return a.Module
	}
	return a.String()
}

func sortedNames(m map[string]eval.Output) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
