package trial

import (
	"github.com/hashicorp/hcl/v2"

	"lockstep/schema/config"
)

// Check checks a test file without carrying it out: what its runs refer to, in the
// modules that they are about.
func Check(o Options, file *config.TestFile) hcl.Diagnostics {
	w := &world{Options: o, file: file}
	var diags hcl.Diagnostics
	for _, run := range file.Runs {
		s := &stage{world: w, module: run.Module, config: o.Root}
		var found hcl.Diagnostics
		if run.Module != "" {
			s.config, found = w.load(run)
		}
		if !found.HasErrors() {
			found = append(found, s.config.CheckRun(file, run)...)
		}
		for _, d := range found {
			diags = append(diags, s.placed(d))
		}
	}
	return distinct(diags)
}
