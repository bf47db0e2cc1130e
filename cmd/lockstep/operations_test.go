package main

import (
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"lockstep/providers/ghl/catalogue"
)

// catalogued is how many operations the owner's catalogue has.
const catalogued = 124

// TestOperations makes every operation of the catalogue happen, by the scripts in
// testdata/operations, one for a category: people write HCL, and what they write is
// applied, changed and destroyed. The calls are counted where they are answered, and
// only those that succeed.
func TestOperations(t *testing.T) {
	var mu sync.Mutex
	var calls []call
	ran := 0
	t.Run("scripts", func(t *testing.T) {
		testscript.Run(t, scripts(t, "operations", func(c *crm) {
			mu.Lock()
			defer mu.Unlock()
			calls = append(calls, c.done...)
			ran++
		}))
	})
	files, err := filepath.Glob(filepath.Join("testdata", "operations", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	if ran < len(files) {
		t.Logf("%d of %d scripts ran: nothing is counted", ran, len(files))
		return
	}
	all, err := catalogue.Operations()
	if err != nil {
		t.Fatal(err)
	}
	if open := lacking(all, calls); len(open) > 0 || len(all) != catalogued {
		t.Errorf("of %d operations these do not happen: %q", len(all), open)
	}
	t.Logf("%d operations happen in %d calls", len(all), len(calls))
}

// lacking lists the names of the operations that are none of the calls.
func lacking(all []catalogue.Operation, calls []call) []string {
	happened := map[catalogue.Operation]bool{}
	for _, c := range calls {
		for _, o := range catalogue.Of(all, c.method, c.path) {
			happened[o] = true
		}
	}
	out := []string{}
	for _, o := range all {
		if !happened[o] && !slices.Contains(out, o.Name) {
			out = append(out, o.Name)
		}
	}
	return out
}
