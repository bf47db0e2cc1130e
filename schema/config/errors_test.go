package config_test

import (
	"flag"
	"path/filepath"
	"strings"
	"testing"

	"lockstep/schema/config"
	"lockstep/schema/schematest"
)

var update = flag.Bool("update", false, "rewrite the expected texts")

// TestErrors compares everything that is reported about a folder with the text
// that people see. The archives say in their first lines what they show.
func TestErrors(t *testing.T) {
	paths, err := filepath.Glob("testdata/errors/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			a := schematest.ReadArchive(t, path)
			dir := schematest.Folder(t, a.Files)
			cfg, diags := config.Load(dir, schematest.Catalog())
			got := strings.ReplaceAll(schematest.Render(t, cfg.Sources, diags), dir, "DIR")
			if *update {
				a.Rewrite(t, got)
				return
			}
			if !diags.HasErrors() {
				t.Errorf("%sLoad(...): no errors", a.Comment)
			}
			a.Compare(t, got)
		})
	}
}
