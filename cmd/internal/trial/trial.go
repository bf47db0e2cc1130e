// Package trial carries out test files (*.test.hcl): plans and applies against
// emulated APIs, with a state that begins empty and is thrown away.
//
// A file is one world: its runs share emulated accounts, and a state for each module.
// A run loads the files anew, because its variables are its own, lets the engine plan
// or apply, and evaluates what must hold then.
package trial

import (
	"context"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"lockstep/planner"
	"lockstep/providers"
	"lockstep/schema"
	"lockstep/schema/config"
	"lockstep/schema/eval"
)

// Options of the tests of a folder.
type Options struct {
	// Catalog declares the providers, and Factories make them.
	Catalog   []*schema.Provider
	Factories map[string]func() providers.Provider
	// Root is the root module of the folder.
	Root *config.Config
	// Allowed are folders outside the project that the files may read.
	Allowed []string
	// Vars are the values that were given outside the test files.
	Vars []eval.Assignment
	// InSandbox is told the folder of the emulated accounts of a file.
	InSandbox func(folder string)
	// Loading is told when files begin to be read, and when they are.
	Loading func(bool)
	// Evaluating is told of each evaluator, and OnTask what it evaluates.
	Evaluating func(*eval.Evaluator)
	OnTask     func(*eval.Task)
	// Sources take in the lines of the files of modules, by their paths from the root.
	Sources map[string]*hcl.File
	Now     func() time.Time
}

// Status is how a run ended.
type Status string

// How runs end.
const (
	Pass Status = "pass"
	Fail Status = "fail"
	// Error is for a run that something other than its assertions broke off.
	Error Status = "error"
	Skip  Status = "skip"
)

// Result is what became of a run.
type Result struct {
	Run    *config.TestRun
	Status Status
	// Diagnostics are errors and warnings; a run that passed has warnings only.
	Diagnostics hcl.Diagnostics
	Took        time.Duration
	// Plan is what was planned; nil when it came to none.
	Plan *planner.Plan
}

// File carries out a test file. Each result is told when it is there; a run after an
// error is skipped. What it returns went wrong while the objects were destroyed.
func File(ctx context.Context, o Options, file *config.TestFile, tell func(Result)) hcl.Diagnostics {
	folder, err := os.MkdirTemp("", "lockstep-test-")
	if err != nil {
		return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Cannot make a folder for emulated accounts", Detail: err.Error() + "."}}
	}
	defer func() { _ = os.RemoveAll(folder) }()
	o.InSandbox(folder)
	w := &world{Options: o, file: file, folder: folder, outputs: map[string]cty.Value{}}
	broken := false
	for _, run := range file.Runs {
		result := Result{Run: run, Status: Skip}
		if !broken && ctx.Err() == nil {
			began := time.Now()
			result = w.run(ctx, run)
			result.Took = time.Since(began)
		}
		broken = broken || result.Status == Error
		tell(result)
	}
	return w.destroy(ctx)
}

// world is what the runs of a file share.
type world struct {
	Options
	file   *config.TestFile
	folder string
	// outputs are those of the runs so far, by their names.
	outputs map[string]cty.Value
	// stages are the modules that were applied, in this order.
	stages []*stage
}

// names are what only tests know.
func (w *world) names() map[string]cty.Value {
	return map[string]cty.Value{config.WordRun: cty.ObjectVal(w.outputs)}
}

// run carries out one run.
func (w *world) run(ctx context.Context, run *config.TestRun) Result {
	result := Result{Run: run, Status: Error}
	s, diags := w.stage(run)
	if result.Diagnostics = diags; diags.HasErrors() {
		return w.judge(s, result)
	}
	defer s.close()
	plan, diags := s.plan(ctx, planner.Selection{Targets: run.Targets, Replace: run.Replace})
	result.Plan, result.Diagnostics = plan, append(result.Diagnostics, diags...)
	if diags.HasErrors() {
		return w.judge(s, result)
	}
	if run.Apply {
		w.keep(s)
		diags = s.apply(ctx, plan)
		if result.Diagnostics = append(result.Diagnostics, diags...); diags.HasErrors() {
			return w.judge(s, result)
		}
	}
	outputs, diags := s.eval.Outputs()
	result.Diagnostics = append(result.Diagnostics, diags...)
	w.outputs[run.Name] = eval.TestOutputs(outputs)
	names := w.names()
	names[config.WordOutput] = w.outputs[run.Name]
	result.Status = Pass
	result.Diagnostics = append(result.Diagnostics, eval.TestScope{Evaluator: s.eval, Names: names}.Assert(run.Asserts)...)
	return w.judge(s, result)
}

// judge decides how a run ended, by what must fail and what must not.
func (w *world) judge(s *stage, r Result) Result {
	var left hcl.Diagnostics
	met := make([]bool, len(r.Run.Expected))
	failures := 0
	for _, d := range distinct(r.Diagnostics) {
		if expects(s, r.Run, d, met) {
			failures++
			continue
		}
		if d.Summary == eval.BrokenCheck {
			wrong := *d
			wrong.Severity = hcl.DiagError // a test is there to find it
			d = &wrong
		}
		left = append(left, s.placed(d))
	}
	if failures > 0 && r.Status == Error && !left.HasErrors() {
		r.Status = Pass // it went no further, as it should
	}
	if r.Status == Pass {
		for i, t := range r.Run.Expected {
			if !met[i] {
				left = append(left, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Expected failure is missing", Subject: t.SourceRange().Ptr(),
					Detail: "A rule of " + name(t) + " had to fail in this run, and none did."})
			}
		}
	}
	if r.Status == Pass && left.HasErrors() {
		r.Status = Fail
	}
	r.Diagnostics = left
	return r
}

// expects reports whether the run wants a rule to fail as it did, and notes that it
// did.
func expects(s *stage, run *config.TestRun, d *hcl.Diagnostic, met []bool) bool {
	broken := []string{eval.BrokenVariable, eval.BrokenPrecondition, eval.BrokenPostcondition, eval.BrokenOutput, eval.BrokenCheck}
	if s == nil || s.config == nil || d.Subject == nil || !slices.Contains(broken, d.Summary) {
		return false
	}
	for i, t := range run.Expected {
		if places, _ := s.config.Rules(t); slices.Contains(places, *d.Subject) {
			met[i] = true
			return true
		}
	}
	return false
}

// name spells what a rule is about.
func name(t hcl.Traversal) string { return config.TraversalReference(t).String() }

// distinct drops what was told before: a plan and an apply find the same.
func distinct(diags hcl.Diagnostics) hcl.Diagnostics {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(diags), func(d *hcl.Diagnostic) bool {
		key := d.Error()
		old := seen[key]
		seen[key] = true
		return old
	})
}

// described is an error as one diagnostic.
func described(summary string, err error) hcl.Diagnostics {
	text := err.Error()
	return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: summary, Detail: strings.ToUpper(text[:1]) + text[1:] + "."}}
}
