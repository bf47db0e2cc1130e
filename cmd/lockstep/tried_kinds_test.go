package main

import (
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/cmd/internal/command"
)

// untried are the kinds that no test applies among faults, and why.
var untried = map[string]string{}

var declaresKind = regexp.MustCompile(`(?m)^resource "(\w+)"`)

// TestKindsAreTried holds that the files of the tests with faults and kills declare
// every kind that can be written.
func TestKindsAreTried(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 11))
	worlds := map[string]func(dir string){
		"a club":       func(dir string) { newClub(random, 20).write(t, dir) },
		"a front desk": func(dir string) { newDesk(random, 0).write(t, dir) },
		"enrolments":   func(dir string) { e := newEnrolling(random); e.write(t, dir, e.people()) },
		"runners":      func(dir string) { newRunners(random).write(t, dir) },
	}
	tried := map[string]bool{}
	for name, write := range worlds {
		dir := t.TempDir()
		write(dir)
		files, err := filepath.Glob(filepath.Join(dir, "*.hcl"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s has no files: %v", name, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range declaresKind.FindAllStringSubmatch(string(text), -1) {
				tried[m[1]] = true
			}
		}
	}
	for kind := range untried {
		if tried[kind] {
			t.Errorf("%s is tried: take it off the list of those that are not", kind)
		}
		tried[kind] = true
	}
	var written []string
	for _, p := range command.Providers() {
		for _, k := range p.New(command.Hooks{}).Schema().Kinds {
			if !k.ReadOnly {
				written = append(written, k.Name)
			}
		}
	}
	slices.Sort(written)
	if diff := cmp.Diff(written, slices.Sorted(maps.Keys(tried))); diff != "" {
		t.Errorf("kinds that can be written, and those that are tried among faults (-written +tried):\n%s", diff)
	}
}
