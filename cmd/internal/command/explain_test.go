package command

import (
	"strings"
	"testing"

	"lockstep/cmd/internal/view"
	"lockstep/schema"
)

// TestExamples validates the examples that explain prints: of each attribute that can
// be written and of each data source, with the objects that they refer to.
func TestExamples(t *testing.T) {
	for _, listed := range Providers() {
		p := listed.New(Hooks{}).Schema()
		for _, k := range p.Kinds {
			for i := range k.Attributes {
				if a := &k.Attributes[i]; a.Writable() && !k.ReadOnly {
					validates(t, p, k.Name+"."+a.Name, view.ExampleBlock(p, k, a.Name))
				}
			}
		}
		for _, d := range p.Data {
			validates(t, p, "data."+d.Name, view.ExampleRead(p, d))
		}
	}
}

// validates runs validate on an example and on the blocks that it refers to.
func validates(t *testing.T, p *schema.Provider, name, code string) {
	t.Helper()
	for _, k := range p.Kinds {
		block := view.ExampleBlock(p, k, "")
		refers := strings.Contains(code, " "+k.Name+".example.id") || strings.Contains(code, "["+k.Name+".example.id")
		if refers && !strings.Contains(code, block) {
			code += block
		}
	}
	for _, d := range p.Data {
		if strings.Contains(code, "data."+d.Name+".example.id") {
			code += view.ExampleRead(p, d)
		}
	}
	if strings.Contains(code, "provider = ghl.agency") {
		code += "provider \"ghl\" {\n  alias  = \"agency\"\n  agency = true\n}\n"
	}
	t.Run(name, func(t *testing.T) {
		if got := run(t.Context(), Env{}, folder(t, code), "validate"); got.code != ExitOK {
			t.Errorf("exit code %d for\n%s\n%s", got.code, code, got.stderr)
		}
	})
}
