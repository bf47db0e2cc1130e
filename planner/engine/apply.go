package engine

import (
	"context"
	"errors"
	"maps"
	"sync"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/planner/state"
)

// ApplyOptions of an apply.
type ApplyOptions struct {
	// OnConflict is "config" to write the files' values, "live" to keep the
	// CRM's, or empty to refuse conflicts.
	OnConflict string
	// OnUnrecorded is "enroll" to make what may exist already, where no call tells,
	// "assume" to record it as existing, or empty to refuse.
	OnUnrecorded string
	// AcceptDeletes and AcceptChanges are the numbers named on the command
	// line, 0 for none.
	AcceptDeletes, AcceptChanges int
	// Saved is set when the plan was saved, and so could be looked at.
	Saved bool
	// Parallelism is how many calls of all waves are under way at once at most, 0 for
	// as many as the waves allow.
	Parallelism int
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
	if o.OnUnrecorded == "assume" && len(p.Unrecorded()) > 0 {
		p.Assume()
		e.arrange(p)
	}
	e.run.records = nil
	for _, ks := range e.run.kinds {
		ks.reading.forget()
		ks.roster = &planner.Roster{Live: ks.roster.Live}
	}
	if err := suspect(ctx, e, p); err != nil {
		return &Report{}, left, err
	}
	a := newApplication(e, p)
	if o.Parallelism > 0 {
		a.turns = make(chan struct{}, o.Parallelism)
	}
	before := e.Calls()
	a.diags = append(left, dataBlocks{planning{e}}.makeFiles(ctx, p)...)
	if p.Selection.Narrows() {
		a.diags = append(a.diags, incompleteWarning(p.Selection))
	}
	if a.diags.HasErrors() {
		return a.report(), a.all(), nil
	}
	err := a.recorder.stateOnly(ctx)
	if err != nil {
		a.cause = err
	} else {
		a.waves(ctx)
		a.actions(ctx)
		err = a.conclude(ctx)
	}
	report := a.report()
	if err == nil && report.complete() && report.Invalid == 0 && o.OnConflict != "live" {
		err = a.markRefreshed(ctx)
	}
	if err != nil {
		report.Unrecorded = true
		a.diags = append(a.diags, failure("Cannot record what was done", err, nil))
	}
	report.Calls = e.Calls() - before
	err = errors.Join(err, incomplete(ctx, report))
	return report, a.all(), err
}

// application is one apply under way: it runs the waves, and concludes when they
// are done.
type application struct {
	*ledger
	sender   *sender
	recorder *recorder
	invoker  *invoker
	// turns has room for as many calls as may be under way at once; nil for any number.
	turns chan struct{}
}

// inTurn makes a call when there are not too many under way.
func (a *application) inTurn(call func()) {
	if a.turns != nil {
		a.turns <- struct{}{}
		defer func() { <-a.turns }()
	}
	call()
}

func newApplication(e *Engine, p *planner.Plan) *application {
	l := newLedger(e, p)
	r := &recorder{ledger: l}
	f := &finder{ledger: l, creating: map[int]bool{}}
	return &application{ledger: l, recorder: r, invoker: newInvoker(l), sender: &sender{ledger: l, filler: newFiller(l), finder: f, recorder: r}}
}

// actions runs the actions that no wave ran.
func (a *application) actions(ctx context.Context) {
	if len(a.plan.Invocations) > 0 {
		a.provide()
		a.invoker.rest(ctx)
	}
}

// waves runs the waves, each when those before it are done.
func (a *application) waves(ctx context.Context) {
	if a.reach.total > 0 {
		a.tell()
	}
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
		a.diags = append(a.diags, dataBlocks{planning{a.e}}.readDeferred(ctx, a.writing)...)
	}
	a.mu.Unlock()
	a.invoker.begin(ctx, w)
	queue := make(chan *planner.Operation)
	var pool sync.WaitGroup
	for range min(workers, len(w.Operations)) {
		pool.Go(func() {
			for op := range queue {
				a.inTurn(func() { a.sender.operation(ctx, w, op) })
			}
		})
	}
	for i := range w.Operations {
		queue <- &w.Operations[i]
	}
	close(queue)
	pool.Wait()
	a.invoker.end(ctx, w)
}

// conclude evaluates and stores the outputs, checks postconditions and compacts
// the log.
func (a *application) conclude(ctx context.Context) error {
	if a.cause != nil {
		return a.cause
	}
	interrupted := ctx.Err() != nil
	if !interrupted {
		a.diags = append(a.diags, dataBlocks{planning{a.e}}.readDeferred(ctx, a.writing)...)
	}
	ctx = context.WithoutCancel(ctx)
	a.provide()
	if !a.plan.Destroy && !a.e.run.invoking && !a.e.run.blocks.waiting() {
		a.diags = append(a.diags, a.e.postconditions(expect(a.plan).after)...)
		a.diags = append(a.diags, a.e.checks()...)
		if err := a.storeOutputs(ctx); err != nil {
			return err
		}
	}
	if a.plan.Destroy && a.e.run.scope == nil && len(a.e.Store.Snapshot().Outputs) > 0 {
		if err := a.e.Store.Write(ctx, state.Batch{Outputs: map[string]state.Output{}}); err != nil {
			return err
		}
	}
	complete := !interrupted && a.report().complete()
	if len(a.plan.Changes) == 0 && !(len(a.plan.Invocations) > 0 && a.e.Store.Begun()) && !(complete && a.e.Store.Snapshot().Incomplete()) {
		return nil
	}
	a.e.Store.Pass(a.e.Now().Unix())
	return a.e.Store.Compact(ctx, complete)
}

// provide tells the evaluator what the answers told, such as what only the
// server sets.
func (a *application) provide() {
	for _, b := range a.e.run.blocks.order {
		if r := a.e.run.blocks.resources[b]; r != nil && len(r.results) > 0 {
			a.e.Evaluator.Provide(b, r)
		}
	}
}

// markRefreshed notes that all is in step, for the next changed refresh.
func (a *application) markRefreshed(ctx context.Context) error {
	marks := a.e.run.marks(a.plan)
	if a.plan.Destroy || a.e.run.invoking || a.e.run.scope != nil || maps.Equal(marks, a.e.Store.Snapshot().Marks) {
		return nil
	}
	if a.plan.Empty() && !a.e.run.worthMarking(marks) {
		// A state that is kept under version control must not change when
		// nothing did.
		return nil
	}
	return a.e.Store.Write(context.WithoutCancel(ctx), state.Batch{Marks: marks})
}

func (a *application) storeOutputs(ctx context.Context) error {
	if a.e.run.scope != nil {
		return nil
	}
	outputs, diags := a.e.Evaluator.Outputs()
	a.diags = append(a.diags, diags...)
	if diags.HasErrors() || len(a.plan.Outputs) == 0 && len(a.plan.Changes) == 0 {
		return nil
	}
	was := a.e.Store.Snapshot().Outputs
	stored := map[string]state.Output{}
	for name, o := range outputs {
		before, had := was[name]
		switch {
		case o.Value.IsWhollyKnown():
			stored[name] = storedOutput(o)
		case had && a.e.run.blocks.skipping():
			stored[name] = before
		}
	}
	if len(stored) == 0 && len(was) == 0 {
		return nil
	}
	return a.e.Store.Write(ctx, state.Batch{Outputs: stored})
}

// incomplete returns why not all of an apply is in effect; nil when all is.
func incomplete(ctx context.Context, r *Report) error {
	if err := ctx.Err(); err != nil {
		r.Interrupted = true
		return err
	}
	if !r.complete() || r.Invalid > 0 {
		return &PartialError{Failed: r.Failed + r.Uncertain + r.Actions.Failed + r.Actions.Uncertain, Skipped: r.Skipped + r.Unfinished + r.Invalid + r.Actions.Skipped}
	}
	return nil
}
