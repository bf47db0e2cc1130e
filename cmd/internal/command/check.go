package command

import (
	"context"
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/urfave/cli/v3"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema/config"
	"lockstep/schema/eval"
)

// check validates the files, and what of them can be evaluated without any
// account, if every variable has a value.
func check(ctx context.Context, s *session, c *cli.Command) hcl.Diagnostics {
	s.stages.loading.Store(true)
	defer s.stages.loading.Store(false)
	cfg, diags := s.loadConfig()
	if diags.HasErrors() {
		return diags
	}
	diags = append(diags, checkTests(s, cfg)...)
	vars, more := eval.LoadVars(cfg.Files, given(c), s.env.Environ)
	diags = append(diags, more...)
	if more.HasErrors() || !allGiven(cfg, vars) {
		return diags
	}
	workspace, more := s.env.workspace()
	diags = append(diags, more...)
	evaluator, more := eval.New(cfg, eval.Input{Vars: vars, Now: s.env.Now(), Workspace: workspace, Env: s.env.getenv, OnTask: s.stages.task.Store})
	diags = append(diags, more...)
	if more.HasErrors() {
		return diags
	}
	settings, more := evaluator.Settings()
	diags = append(append(diags, more...), checkVersion(settings.RequiredVersion)...)
	return append(diags, newChecker(evaluator, s.factories()).all(ctx)...)
}

// allGiven reports whether every variable has a value. Without one, validate checks
// what it can and does not complain: values are the business of plan.
func allGiven(cfg *config.Config, vars []eval.Assignment) bool {
	given := map[string]bool{}
	for _, v := range vars {
		given[v.Name] = true
	}
	for _, v := range cfg.Root.Variables {
		if v.Default == cty.NilVal && !given[v.Name] {
			return false
		}
	}
	return true
}

// checkVersion compares this program with required_version.
func checkVersion(constraint string) hcl.Diagnostics {
	ok, err := satisfies(Version, constraint)
	switch {
	case err != nil:
		return problem("Invalid required_version", "%s.", capital(err.Error()))
	case !ok:
		return problem("Unsuitable lockstep", "The files require lockstep %s, and this is %s. Use another lockstep, or change required_version.", constraint, Version)
	default:
		return nil
	}
}

// errConstraint tells how constraints are written.
func errConstraint(s string) error {
	return fmt.Errorf("%q is not a version constraint such as \">= 0.1\" or \"~> 1.2, != 1.2.3\"", s)
}
