package engine_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/planner/engine"
	"lockstep/planner/state"
	"lockstep/planner/state/statetest"
	"lockstep/providers"
	"lockstep/schema"
	"lockstep/schema/config"
	"lockstep/schema/eval"
)

// world is the files, the CRM and the state. Every run opens them anew, as a
// new process would.
type world struct {
	t       testing.TB
	dir     string
	server  *server
	log     *statetest.Memory
	refresh engine.Refresh
	// last are the diagnostics of the last run.
	last hcl.Diagnostics
}

func newWorld(t testing.TB, main string) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir(), server: newServer(), log: &statetest.Memory{}}
	w.file("main.hcl", main)
	return w
}

func (w *world) file(name, text string) {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// open starts an engine on the files and the state as they are now.
func (w *world) open() *engine.Engine {
	w.t.Helper()
	e, diags := w.configured()
	w.must(diags)
	return e
}

// configured starts an engine, and returns what is told of the providers.
func (w *world) configured() (*engine.Engine, hcl.Diagnostics) {
	w.t.Helper()
	cfg, diags := config.Load(w.dir, []*schema.Provider{w.server.kinds})
	w.must(diags)
	evaluator, diags := eval.New(cfg, eval.Input{Now: w.server.now})
	w.must(diags)
	settings, diags := evaluator.Settings()
	w.must(diags)
	return engine.Open(w.t.Context(), engine.Options{
		Evaluator: evaluator, Settings: settings, Store: w.store(), Refresh: w.refresh,
		Factories: map[string]func() providers.Provider{"crm": func() providers.Provider { return &crm{server: w.server, schema: w.server.kinds} }},
		Now: func() time.Time {
			w.server.mu.Lock()
			defer w.server.mu.Unlock()
			return w.server.now
		},
	})
}

func (w *world) store() *state.Store {
	w.t.Helper()
	s, err := state.Open(w.t.Context(), w.log, state.Options{Personal: "hashed"})
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func (w *world) must(diags hcl.Diagnostics) {
	w.t.Helper()
	if diags.HasErrors() {
		w.t.Fatal(strings.Join(told(diags), "\n"))
	}
}

// plan makes a plan that must succeed, and forgets the calls before it.
func (w *world) plan(o engine.PlanOptions) (*engine.Engine, *planner.Plan) {
	w.t.Helper()
	w.server.calls = nil
	e := w.open()
	p, diags := e.Plan(w.t.Context(), o)
	w.last = diags
	w.must(diags)
	return e, p
}

// refused makes a plan that must fail, and returns what was told.
func (w *world) refused() []string {
	w.t.Helper()
	p, diags := w.open().Plan(w.t.Context(), engine.PlanOptions{})
	if p != nil || !diags.HasErrors() {
		w.t.Fatalf("Plan(...) = %v, want errors", told(diags))
	}
	return told(diags)
}

// actions are the changes of the next plan.
func (w *world) actions() []string {
	w.t.Helper()
	_, p := w.plan(engine.PlanOptions{})
	return actions(p)
}

// apply plans and applies. The calls left are those of the apply.
func (w *world) apply(o engine.ApplyOptions) (*engine.Report, error) {
	w.t.Helper()
	return w.applyPlan(w.t.Context(), engine.PlanOptions{}, o)
}

func (w *world) applyPlan(ctx context.Context, po engine.PlanOptions, o engine.ApplyOptions) (*engine.Report, error) {
	w.t.Helper()
	e, p := w.plan(po)
	w.server.calls = nil
	r, diags, err := e.Apply(ctx, p, o)
	w.last = diags
	return r, err
}

// applied applies without any error.
func (w *world) applied() *engine.Report {
	w.t.Helper()
	r, err := w.apply(engine.ApplyOptions{})
	if err != nil {
		w.t.Fatalf("Apply(...): %v\n%s", err, strings.Join(told(w.last), "\n"))
	}
	return r
}

// settled wants live objects, and a plan with nothing to do.
func (w *world) settled(want ...string) {
	w.t.Helper()
	if diff := cmp.Diff(want, w.server.dump()); diff != "" {
		w.t.Errorf("live objects: -want, +got:\n%s", diff)
	}
	_, p := w.plan(engine.PlanOptions{})
	if got := actions(p); !p.Empty() {
		w.t.Errorf("the next plan has changes %v and outputs %v, want none", got, p.Outputs)
	}
	records := w.store().Snapshot()
	if len(records.Intents) != 0 {
		w.t.Errorf("intents are left open: %v", records.Intents)
	}
}

// actions renders changes, with what other authors add to them in brackets:
// "update crm_contact.ann first_name tags+vip [mapping.one phone]".
func actions(p *planner.Plan) []string {
	var lines []string
	for i := range p.Changes {
		c := &p.Changes[i]
		line := c.Action.String() + " " + c.Address.String()
		if c.Previous != nil {
			line += " from " + c.Previous.String()
		}
		if c.Action == planner.Update || c.Action == planner.Adopt {
			line += written(c, 0)
		}
		for n := range c.Others {
			line += " [" + c.Others[n].Address.String() + written(c, n+1) + "]"
		}
		lines = append(lines, line)
	}
	return lines
}

// written renders the fields of one author of a change.
func written(c *planner.Change, author int) string {
	line := ""
	for _, f := range c.Fields {
		if f.By != author {
			continue
		}
		line += " " + f.Path
		for _, m := range f.Add {
			line += "+" + m
		}
		for _, m := range f.Remove {
			line += "-" + m
		}
		if f.Conflict {
			line += "!"
		}
	}
	return line
}

// told renders diagnostics: "main.hcl:3 people.csv:2 Summary: Detail".
func told(diags hcl.Diagnostics) []string {
	var lines []string
	for _, d := range diags {
		line := ""
		if d.Subject != nil {
			line += fmt.Sprintf("%s:%d ", filepath.Base(d.Subject.Filename), d.Subject.Start.Line)
		}
		if extra, ok := d.Extra.(*engine.Detail); ok && extra.Origin != "" {
			line += extra.Origin + " "
		}
		lines = append(lines, line+d.Summary+": "+d.Detail)
	}
	return lines
}

func equal(t testing.TB, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: -want, +got:\n%s", what, diff)
	}
}

func sorted(lines []string) []string {
	slices.Sort(lines)
	return lines
}
