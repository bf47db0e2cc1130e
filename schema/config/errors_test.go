package config_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/schema/config"
)

// TestErrors compares everything that is reported about a folder with the text
// that people see. The archives say in their first lines what they show.
func TestErrors(t *testing.T) {
	paths, err := filepath.Glob("testdata/errors/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			files, want, a := archive(t, path)
			dir := folder(t, files)
			cfg, diags := config.Load(dir, catalog())
			got := strings.ReplaceAll(render(t, cfg, diags), dir, "DIR")
			if *update {
				rewrite(t, path, a, got)
				return
			}
			if !diags.HasErrors() {
				t.Errorf("%s\nLoad(...): no errors", a.Comment)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s\nLoad(...): -want, +got:\n%s", a.Comment, diff)
			}
		})
	}
}
