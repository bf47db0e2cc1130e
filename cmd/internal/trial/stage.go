package trial

import (
	"context"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"lockstep/planner"
	"lockstep/planner/engine"
	"lockstep/planner/state"
	"lockstep/schema"
	"lockstep/schema/config"
	"lockstep/schema/eval"
	"lockstep/schema/files"
)

// stage is a module with the values of a run, and its state.
type stage struct {
	world    *world
	module   string
	config   *config.Config
	eval     *eval.Evaluator
	settings eval.Settings
	given    []given
	engine   *engine.Engine
}

// given is what a data block has in place of a read.
type given struct {
	target schema.Address
	value  cty.Value
	at     hcl.Range
}

// stage prepares a run. The stage is there as far as it came, also with errors.
func (w *world) stage(run *config.TestRun) (*stage, hcl.Diagnostics) {
	w.Loading(true)
	defer w.Loading(false)
	s := &stage{world: w, module: run.Module}
	var diags hcl.Diagnostics
	if s.config, diags = w.load(run); diags.HasErrors() {
		return s, diags
	}
	if wrong := s.config.CheckRun(w.file, run); wrong.HasErrors() {
		return s, wrong
	}
	s.config.WithProviders(w.file.Providers)
	more := s.evaluate(run)
	if diags = append(diags, more...); diags.HasErrors() {
		return s, diags
	}
	s.settings, more = s.eval.Settings()
	return s, append(diags, more...)
}

// load loads the module that a run is about.
func (w *world) load(run *config.TestRun) (*config.Config, hcl.Diagnostics) {
	dir := filepath.Join(w.Root.Dir, filepath.FromSlash(run.Module))
	if _, err := w.Root.Files.Locate(filepath.FromSlash(run.Module)); run.Module != "" && err != nil {
		return nil, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Module outside the project", Detail: config.Sentence(err), Subject: &run.Range}}
	}
	cfg, diags := config.Load(dir, w.Catalog, w.Allowed...)
	if run.Module != "" {
		for name, f := range cfg.Shown() {
			w.Sources[path.Join(run.Module, name)] = f
		}
	}
	return cfg, diags
}

// placed names the files of a module by their paths from the root module, as people
// see them.
func (s *stage) placed(d *hcl.Diagnostic) *hcl.Diagnostic {
	if s == nil || s.module == "" || s.config == nil {
		return d
	}
	moved := *d
	for _, at := range []**hcl.Range{&moved.Subject, &moved.Context} {
		if *at == nil || s.config.Sources[(*at).Filename] == nil || (*at).Filename == s.world.file.Name {
			continue
		}
		there := **at
		there.Filename = path.Join(s.module, there.Filename)
		*at = &there
	}
	return &moved
}

// evaluate gives the variables their values: those from outside, those of the file
// and those of the run, later ones winning.
func (s *stage) evaluate(run *config.TestRun) hcl.Diagnostics {
	w := s.world
	vars := slices.DeleteFunc(slices.Clone(w.Vars), func(a eval.Assignment) bool { return s.config.Root.Variables[a.Name] == nil })
	for _, values := range []map[string]*hclsyntax.Attribute{w.file.Variables, run.Variables} {
		// What a value is made of may not have one itself, which is told below.
		before, _ := s.evaluator(vars)
		more, diags := eval.TestScope{Evaluator: before, Names: w.names()}.Assignments(values)
		if diags.HasErrors() {
			return diags
		}
		for _, a := range more {
			if s.config.Root.Variables[a.Name] != nil {
				vars = append(vars, a)
			}
		}
	}
	var diags hcl.Diagnostics
	if s.eval, diags = s.evaluator(vars); diags.HasErrors() {
		return diags
	}
	for _, o := range append(slices.Clone(w.file.Overrides), run.Overrides...) {
		v, more := eval.TestScope{Evaluator: s.eval, Names: w.names()}.Value(o.Values)
		if diags = append(diags, more...); !more.HasErrors() {
			s.given = append(s.given, given{target: o.Target, value: v, at: o.Values.Range()})
		}
	}
	return diags
}

func (s *stage) evaluator(vars []eval.Assignment) (*eval.Evaluator, hcl.Diagnostics) {
	e, diags := eval.New(s.config, eval.Input{Vars: vars, Now: s.world.Now(), OnTask: s.world.OnTask})
	s.world.Evaluating(e)
	return e, diags
}

// override finds what a data block is given; the last one wins.
func (s *stage) override(a schema.Address) (cty.Value, hcl.Range) {
	for _, g := range slices.Backward(s.given) {
		all := g.target.Key == (schema.Key{}) && g.target == a.Block()
		if all || g.target == a {
			return g.value, g.at
		}
	}
	return cty.NilVal, hcl.Range{}
}

// open starts the engine on the state of the stage.
func (s *stage) open(ctx context.Context) hcl.Diagnostics {
	w := s.world
	name := fmt.Sprintf("state-%x.jsonl", s.module)
	store, err := state.Open(ctx, state.Local(filepath.Join(w.folder, name)), state.Options{Personal: s.settings.PersonalData})
	if err != nil {
		return described("Cannot open the state", err)
	}
	var diags hcl.Diagnostics
	s.engine, diags = engine.Open(ctx, engine.Options{
		Evaluator: s.eval, Settings: s.settings, Factories: w.Factories, Store: store, Now: w.Now,
		Files: files.Folder{Dir: filepath.Join(w.folder, "files")}, Override: s.override, SandboxFolder: filepath.Join(w.folder, "accounts"),
	})
	return diags
}

func (s *stage) close() {
	if s.engine != nil {
		_ = s.engine.Close() // what it holds is thrown away
		s.engine = nil
	}
}

func (s *stage) plan(ctx context.Context, about planner.Selection) (*planner.Plan, hcl.Diagnostics) {
	if diags := s.open(ctx); diags.HasErrors() {
		return nil, diags
	}
	return s.engine.Plan(ctx, engine.PlanOptions{Selection: about})
}

func (s *stage) apply(ctx context.Context, plan *planner.Plan) hcl.Diagnostics {
	_, diags, err := s.engine.Apply(ctx, plan, engine.ApplyOptions{Saved: true, OnConflict: "config"})
	if err != nil && !diags.HasErrors() {
		diags = append(diags, described("Apply failed", err)...)
	}
	return diags
}

// keep notes that a module has objects, and with which values.
func (w *world) keep(s *stage) {
	w.stages = append(slices.DeleteFunc(w.stages, func(other *stage) bool { return other.module == s.module }), s)
}

// destroy destroys what the runs applied, the last first. What the files protect goes
// with the emulated account.
func (w *world) destroy(ctx context.Context) (diags hcl.Diagnostics) {
	for _, s := range slices.Backward(w.stages) {
		for _, d := range s.destroy(ctx) {
			diags = append(diags, s.placed(d))
		}
	}
	return diags
}

func (s *stage) destroy(ctx context.Context) hcl.Diagnostics {
	defer s.close()
	if diags := s.open(ctx); diags.HasErrors() {
		return diags
	}
	plan, diags := s.engine.Plan(ctx, engine.PlanOptions{Destroy: true})
	if plan == nil || diags.HasErrors() {
		return slices.DeleteFunc(diags, protected)
	}
	_, diags, err := s.engine.Apply(ctx, plan, engine.ApplyOptions{Saved: true})
	var refused *engine.RefusedError
	if err != nil && !diags.HasErrors() && !errors.As(err, &refused) {
		diags = append(diags, described("Destroy failed", err)...)
	}
	return diags
}

// protected reports whether a diagnostic is about an object that must not be deleted.
func protected(d *hcl.Diagnostic) bool {
	detail, _ := d.Extra.(*engine.Detail)
	return detail != nil && detail.Protected
}
