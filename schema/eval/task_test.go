package eval_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/schema/config"
	"lockstep/schema/eval"
	"lockstep/schema/schematest"
)

// Whatever never ends is given up with its place, so that each evaluation has one.
func TestTasks(t *testing.T) {
	cases := map[string]struct{ reason, file, want string }{
		"validation": {"a rule of a variable", "variable \"a\" {\n  default = 1\n  validation {\n    condition     = var.a == 1\n    error_message = \"no\"\n  }\n}\n", "a condition, line 4"},
		"check":      {"a rule of its own", "check \"a\" {\n  assert {\n    condition     = 1 == 1\n    error_message = \"no\"\n  }\n}\n", "a condition, line 3"},
		"setting":    {"an argument of the settings", "lockstep {\n  guard {\n    max_deletes = 1 + 1\n  }\n}\n", "an expression, line 3"},
		"local":      {"a name is told where there is one", "locals {\n  a = 1\n}\noutput \"b\" {\n  value = local.a\n}\n", "local.a, line 2"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			cfg, diags := config.Load(schematest.Folder(t, map[string]string{"main.hcl": tc.file}), schematest.Catalog())
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			var told []string
			e, diags := eval.New(cfg, eval.Input{Now: runTime, OnTask: func(task *eval.Task) {
				if task != nil {
					told = append(told, fmt.Sprintf("%s, line %d", task.What, task.At.Start.Line))
				}
			}})
			_, more := e.Settings()
			_, last := e.Outputs()
			e.Checks()
			if diags = append(append(diags, more...), last...); diags.HasErrors() {
				t.Fatal(diags)
			}
			if !slices.Contains(told, tc.want) {
				t.Errorf("%s: %s", tc.reason, cmp.Diff([]string{tc.want}, told))
			}
		})
	}
}
