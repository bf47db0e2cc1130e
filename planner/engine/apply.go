package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/planner/state"
	"lockstep/schema"
	"lockstep/schema/eval"
)

// ApplyOptions of an apply.
type ApplyOptions struct {
	// OnConflict is "config" to write the files' values, "live" to keep the
	// CRM's, or empty to refuse conflicts.
	OnConflict string
	// AcceptDeletes and AcceptChanges are the numbers named on the command
	// line, 0 for none.
	AcceptDeletes, AcceptChanges int
	// Saved says that the plan was saved, and so could be looked at.
	Saved bool
}

// Report says what an apply did: the truth of the answers, not of the plan.
type Report struct {
	// Counts of changes that are in effect.
	Counts planner.Counts
	// Failed changes were refused; Uncertain ones lost their answer; Skipped
	// ones were not tried.
	Failed, Uncertain, Skipped int
	// Calls that were made.
	Calls int
	// Interrupted says that the user stopped it.
	Interrupted bool
	// Unrecorded says that the state could not be written, so that it lacks
	// some of what was done.
	Unrecorded bool
}

// complete says that every change is in effect.
func (r *Report) complete() bool {
	return r.Failed+r.Uncertain+r.Skipped == 0 && !r.Interrupted
}

// workers is how many calls of one wave are under way at once. The rate is
// limited elsewhere; this hides the time that an answer takes.
const workers = 8

// Apply carries out a plan that this engine made. The error is a
// *RefusedError, a *PartialError, the context's error or one of the state;
// what each failed change met is in the diagnostics.
func (e *Engine) Apply(ctx context.Context, p *planner.Plan, o ApplyOptions) (*Report, hcl.Diagnostics, error) {
	if err := o.Refuses(p); err != nil {
		return &Report{}, nil, err
	}
	var left hcl.Diagnostics
	if o.OnConflict == "live" && len(p.Conflicts()) > 0 {
		left = e.keepLive(p)
	}
	e.run.records = nil
	for _, ks := range e.run.kinds {
		ks.matcher.Forget()
		ks.reading.forget()
	}
	a := newApplication(e, p)
	a.diags = left
	before := e.Calls()
	err := a.stateOnly(ctx)
	if err != nil {
		a.failed = err
	} else {
		a.waves(ctx)
		err = a.settle(ctx)
	}
	report := a.report()
	if err == nil && report.complete() && o.OnConflict != "live" {
		err = a.markRefreshed(ctx)
	}
	if err != nil {
		report.Unrecorded = true
		a.diags = append(a.diags, failure("Cannot record what was done", err, nil))
	}
	report.Calls = e.Calls() - before
	err = errors.Join(err, a.verdict(ctx, report))
	return report, a.diags, err
}

// application is one apply under way.
type application struct {
	e      *Engine
	plan   *planner.Plan
	mu     sync.Mutex
	states []changeState
	diags  hcl.Diagnostics
	more   int
	failed error
	// done of total parts are answered; failures are the changes that are not
	// in effect.
	done, total, failures int
	// open are the creates of earlier runs whose answers were lost.
	open map[schema.Address]state.Intent
	// recorded says that the state has the changes that make no call.
	recorded bool
	// lost are the blocks of which not all objects could be written.
	lost map[*eval.Block]bool
	// mapped has the index of each change of a mapping, and of each create that
	// a mapping waits for, by its address; nil when there is none.
	mapped map[schema.Address]int
	// current are the objects that mappings write to, as they are now.
	current map[objectRef]*schema.Object
	// respelling are the kinds whose fields are spelt again before they are
	// written.
	respelling map[kindRef]bool
}

// changeState is how far one change of the plan has come.
type changeState struct {
	// parts that are still to be done.
	parts int
	// id, live and version as the answers told.
	id, version string
	live        *schema.Object
	// bad are the paths that were not written; all stands for the object.
	bad                          map[string]bool
	all                          bool
	fail, uncertain, skip, wrote bool
	// creating is set while the call that creates the object is under way.
	creating bool
	// added and removed are the members of sets as far as they are written.
	added, removed []string
}

func newApplication(e *Engine, p *planner.Plan) *application {
	a := &application{
		e: e, plan: p, states: make([]changeState, len(p.Changes)), lost: map[*eval.Block]bool{},
		open: maps.Clone(e.Store.Snapshot().Intents), mapped: mappedChanges(p), current: map[objectRef]*schema.Object{}, respelling: e.respelling(p),
	}
	for i := range p.Changes {
		c := &p.Changes[i]
		a.states[i] = changeState{id: c.ID, live: c.Live}
		if c.Live != nil {
			a.states[i].version = c.Live.Version
		}
	}
	for _, w := range p.Waves {
		for _, op := range w.Operations {
			a.total += len(op.Refs)
			for _, ref := range op.Refs {
				a.states[ref].parts++
			}
		}
	}
	e.run.writing = map[schema.Address]bool{}
	for i := range p.Changes {
		if p.Changes[i].Writes() {
			e.run.writing[p.Changes[i].Address] = true
		}
	}
	return a
}

// stateOnly records the changes that make no call: moves, adoptions of what
// fits already, and what is forgotten.
func (a *application) stateOnly(ctx context.Context) error {
	batch := state.Batch{Gone: slices.Clone(a.e.run.strays)}
	if len(a.plan.Changes) > 0 {
		batch.Accounts = a.e.newBindings()
	}
	for i := range a.plan.Changes {
		c := &a.plan.Changes[i]
		if c.Base() != nil {
			batch.Put = append(batch.Put, a.passed(c))
		}
		if c.Writes() || c.Action == planner.Read {
			continue
		}
		was := c.StateAddress(a.e.Store.Sealer())
		if c.Action == planner.Forget {
			batch.Gone = append(batch.Gone, was)
			continue
		}
		r, err := a.record(i)
		if err != nil {
			return err
		}
		if was != r.Address {
			batch.Gone = append(batch.Gone, was)
		}
		batch.Put = append(batch.Put, r)
	}
	for _, ref := range a.e.sortedKinds() {
		for i := range a.e.run.kinds[ref].matcher.Rebased {
			c := &a.e.run.kinds[ref].matcher.Rebased[i]
			r, err := a.e.newRecord(c, &changeState{id: c.ID, live: c.Live})
			if err != nil {
				return err
			}
			batch.Put = append(batch.Put, r)
		}
	}
	if len(batch.Put)+len(batch.Gone) > 0 || batch.Accounts != nil {
		if err := a.e.Store.Write(ctx, batch); err != nil {
			return err
		}
	}
	a.recorded = true
	return nil
}

// waves runs the waves, each when those before it are done.
func (a *application) waves(ctx context.Context) {
	finished := make([]chan struct{}, len(a.plan.Waves))
	for i := range finished {
		finished[i] = make(chan struct{})
	}
	var all sync.WaitGroup
	for i := range a.plan.Waves {
		all.Go(func() {
			defer close(finished[i])
			for _, before := range a.plan.Waves[i].After {
				<-finished[before]
			}
			a.wave(ctx, &a.plan.Waves[i])
		})
	}
	all.Wait()
}

func (a *application) wave(ctx context.Context, w *planner.Wave) {
	a.mu.Lock()
	if ctx.Err() == nil {
		a.e.run.diags = nil
		a.e.readDeferred(ctx)
		a.diags = append(a.diags, a.e.run.diags...)
	}
	a.mu.Unlock()
	queue := make(chan *planner.Operation)
	var pool sync.WaitGroup
	for range min(workers, len(w.Operations)) {
		pool.Go(func() {
			for op := range queue {
				a.operation(ctx, w, op)
			}
		})
	}
	for i := range w.Operations {
		queue <- &w.Operations[i]
	}
	close(queue)
	pool.Wait()
}

// settle evaluates and stores the outputs, checks postconditions and compacts
// the log.
func (a *application) settle(ctx context.Context) error {
	if a.failed != nil {
		return a.failed
	}
	a.e.run.diags = nil
	interrupted := ctx.Err() != nil
	if !interrupted {
		a.e.readDeferred(ctx)
	}
	ctx = context.WithoutCancel(ctx)
	a.provide()
	if !a.plan.Destroy && len(a.e.run.deferred) == 0 {
		a.postconditions()
		a.e.checks()
		if err := a.storeOutputs(ctx); err != nil {
			return err
		}
	}
	if a.plan.Destroy && len(a.e.Store.Snapshot().Outputs) > 0 {
		if err := a.e.Store.Write(ctx, state.Batch{Outputs: map[string]state.Output{}}); err != nil {
			return err
		}
	}
	a.diags = append(a.diags, a.e.run.diags...)
	complete := !interrupted && a.report().complete()
	if len(a.plan.Changes) == 0 && !(complete && a.e.Store.Snapshot().Incomplete()) {
		return nil
	}
	return a.e.Store.Compact(ctx, complete)
}

// provide tells the evaluator what the answers told, such as what only the
// server sets.
func (a *application) provide() {
	for _, b := range a.e.run.order {
		if bs := a.e.run.blocks[b]; bs != nil && len(bs.results) > 0 {
			a.e.Evaluator.Provide(b, bs)
		}
	}
}

// markRefreshed notes that all is in step, for the next changed refresh.
func (a *application) markRefreshed(ctx context.Context) error {
	marks := a.e.marks(a.plan)
	if a.plan.Destroy || maps.Equal(marks, a.e.Store.Snapshot().Marks) {
		return nil
	}
	if a.plan.Empty() && !a.e.worthMarking(marks) {
		// A state that is kept under version control must not change when
		// nothing did.
		return nil
	}
	return a.e.Store.Write(context.WithoutCancel(ctx), state.Batch{Marks: marks})
}

func (a *application) storeOutputs(ctx context.Context) error {
	outputs, diags := a.e.Evaluator.Outputs()
	a.diags = append(a.diags, diags...)
	if diags.HasErrors() || len(a.plan.Outputs) == 0 && len(a.plan.Changes) == 0 {
		return nil
	}
	stored := map[string]state.Output{}
	for name, o := range outputs {
		if o.Value.IsWhollyKnown() {
			stored[name] = storedOutput(o)
		}
	}
	if len(stored) == 0 && len(a.e.Store.Snapshot().Outputs) == 0 {
		return nil
	}
	return a.e.Store.Write(ctx, state.Batch{Outputs: stored})
}

func (a *application) postconditions() {
	for _, b := range a.e.run.order {
		bs := a.e.run.blocks[b]
		if bs == nil || b.Resource.Data || len(b.Resource.Lifecycle.Postconditions) == 0 {
			continue
		}
		for i := range bs.desired {
			diags := a.e.Evaluator.Postconditions(b, bs.desired[i].Address, bs.object(i))
			a.diags = append(a.diags, diags...)
		}
	}
}

// report counts what the answers told.
func (a *application) report() *Report {
	r := &Report{}
	unread := map[schema.Address]bool{}
	for _, bs := range a.e.run.deferred {
		for _, inst := range bs.pending {
			unread[inst.Address] = true
		}
	}
	for i := range a.plan.Changes {
		c, s := &a.plan.Changes[i], &a.states[i]
		switch {
		case c.Action == planner.Read && unread[c.Address], !c.Writes() && !a.recorded:
			r.Skipped++
		case s.uncertain:
			r.Uncertain++
		case s.fail:
			r.Failed++
		case s.skip || s.parts > 0:
			r.Skipped++
		default:
			r.Counts.Count(c)
		}
	}
	return r
}

func (a *application) verdict(ctx context.Context, r *Report) error {
	if a.more > 0 {
		a.diags = append(a.diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "More changes failed",
			Detail: fmt.Sprintf("%d more changes failed and are not shown.", a.more)})
	}
	if err := ctx.Err(); err != nil {
		r.Interrupted = true
		return err
	}
	if !r.complete() {
		return &PartialError{Failed: r.Failed + r.Uncertain, Skipped: r.Skipped}
	}
	return nil
}
