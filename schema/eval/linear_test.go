package eval_test

import (
	"testing"

	"lockstep/schema/config"
	"lockstep/schema/eval"
	"lockstep/schema/schematest"
)

// TestAllocations holds the cost of an instance, which is what makes a hundred
// thousand of them affordable.
func TestAllocations(t *testing.T) {
	const few, many = 200, 2200
	count := func(n int) float64 {
		dir := schematest.Folder(t, map[string]string{"main.hcl": leadsConfig + tasksConfig, "leads.csv": leadsCSV(n)})
		return testing.AllocsPerRun(2, func() {
			cfg, diags := config.Load(dir, schematest.Catalog())
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			e, diags := eval.New(cfg, eval.Input{Now: runTime})
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			for _, b := range e.Blocks() {
				if _, diags := e.Expand(b); diags.HasErrors() {
					t.Fatal(diags)
				}
				e.Provide(b, unknownObject{})
			}
		})
	}
	// Two instances for each row: a contact and a task. Reading and keying the
	// row is part of it.
	if perRow := (count(many) - count(few)) / (many - few); perRow > 25 {
		t.Errorf("%.0f allocations for each row, want at most 25", perRow)
	}
}
