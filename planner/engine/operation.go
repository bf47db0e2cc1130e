package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/planner/state"
	"lockstep/providers"
	"lockstep/schema"
	"lockstep/schema/eval"
)

// errDependency says that something that a change needs is not there.
var errDependency = errors.New("something that it depends on could not be written")

// operation carries one operation out: fill in what earlier waves made known,
// note what is about to be created, make the call, record the answers.
func (a *application) operation(ctx context.Context, w *planner.Wave, op *planner.Operation) {
	if ctx.Err() != nil || a.stopped() {
		return
	}
	ready := a.ready(ctx, w, op)
	if len(ready.Refs) == 0 {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.settled(op.Refs, 0)
		return
	}
	// A call that has begun is finished, so that its answer can be recorded.
	ctx = providers.Begun(ctx)
	if err := a.intend(ctx, w, ready); err != nil {
		a.stop(err)
		return
	}
	begun := a.e.Now()
	results := a.e.accounts[w.Provider].provider.Do(ctx, ready.Operation)
	took := a.e.Now().Sub(begun)
	a.returned(ready, results)
	results = a.lookUpLost(ctx, w, ready, results)
	a.mu.Lock()
	defer a.mu.Unlock()
	var changed []int
	for i, r := range results {
		ref := ready.Refs[i]
		a.answer(ref, &ready.Writes[i], r)
		changed = append(changed, ref)
	}
	if err := errors.Join(a.store(ctx, changed), a.stillOpen(ctx, w, ready, results)); err != nil && a.failed == nil {
		a.failed = err
	}
	a.settled(op.Refs, took)
	a.done += len(results)
	a.e.progress(Progress{Phase: "Writing", Kind: a.plan.Changes[ready.Refs[0]].Kind.Plural, Done: a.done, Total: a.total,
		CallsTotal: a.plan.Cost.Calls, Failed: a.failures})
}

// settled tells of the changes that no call is left for. What was never tried
// has nothing to tell. The lock is held.
func (a *application) settled(refs []int, took time.Duration) {
	if a.e.OnSettled == nil {
		return
	}
	for _, ref := range refs {
		if s := &a.states[ref]; s.parts == 0 && (s.wrote || s.fail) {
			a.e.OnSettled(Settled{Change: &a.plan.Changes[ref], ID: s.id, Took: took, Failed: s.fail})
		}
	}
}

func (a *application) stopped() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.failed != nil
}

func (a *application) stop(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.failed == nil {
		a.failed = err
	}
}

// ready is the operation with ids and values that are known now, without the
// changes that cannot be made.
func (a *application) ready(ctx context.Context, w *planner.Wave, op *planner.Operation) planner.Operation {
	a.mu.Lock()
	defer a.mu.Unlock()
	ready := planner.Operation{ID: op.ID, Operation: op.Operation}
	ready.Writes, ready.Refs = nil, nil
	for i, ref := range op.Refs {
		change := op.Writes[i]
		if err := a.fill(ctx, w, ref, &change); err != nil {
			a.skip(ref, &change, err)
			continue
		}
		a.states[ref].creating = change.Action == providers.Create
		ready.Writes = append(ready.Writes, change)
		ready.Refs = append(ready.Refs, ref)
	}
	return ready
}

// fill puts in what was unknown when the plan was made.
func (a *application) fill(ctx context.Context, w *planner.Wave, ref int, change *providers.Write) error {
	s, c := &a.states[ref], &a.plan.Changes[ref]
	if s.all && change.Action != providers.Delete {
		return errDependency
	}
	if c.Of != nil && s.id == "" {
		s.id = a.states[a.mapped[*c.Of]].id
	}
	if change.Action == providers.Update && change.ID == "" {
		change.ID = s.id
		if s.id == "" {
			return errDependency
		}
	}
	if c.Address.Mapping() {
		if now := a.current[a.objectOf(c, change.ID)]; now != nil {
			change.Live = now
		}
	}
	if a.blocked(c) || a.unmet(c) {
		return errDependency
	}
	if change.Action == providers.Create {
		if err := a.unsettled(c); err != nil {
			return err
		}
	}
	if change.Action == providers.Delete {
		return a.replaceable(ctx, w, c)
	}
	needsParent := c.Kind.Parent != "" && change.Parent == ""
	if change.Fields.Known() && !needsParent && c.Desired.Known() && !a.respelling[kindRef{c.Provider, c.Kind.Name}] {
		return nil
	}
	if err := a.resolve(ctx, w, c); err != nil {
		return err
	}
	change.Fields = slices.Clone(change.Fields)
	for i := range change.Fields {
		change.Fields[i].Value = c.Desired.Value(change.Fields[i].Path)
	}
	if c.Kind.Parent != "" {
		change.Parent = c.Desired.Value(c.Kind.Parent).Text()
	}
	if !change.Fields.Known() {
		return errDependency
	}
	return nil
}

// unsettled keeps a create whose answer was lost a moment ago from being made
// again, where the API may still be at it or not show it yet.
func (a *application) unsettled(c *planner.Change) error {
	intent, open := a.open[a.e.Store.Sealer().Address(c.Kind, c.Address)]
	until := time.Unix(intent.At, 0).Add(time.Duration(c.Kind.Listing.Settles) * time.Second)
	if !open || !a.e.run.begun.Before(until) {
		return nil // the plan looked late enough
	}
	return fmt.Errorf("it was asked for at %s without an answer, and may still appear: it is not made a second time before %s. Run the command again then, and it is looked up first",
		time.Unix(intent.At, 0).Format(time.TimeOnly), until.Format(time.TimeOnly))
}

// blocked says that the change's block explicitly depends on another block, of
// which an object could not be written.
func (a *application) blocked(c *planner.Change) bool {
	bs, _, ok := a.e.run.planned(c.Address)
	if !ok || c.Action == planner.Delete || len(bs.block.Resource.DependsOn) == 0 {
		return false
	}
	return slices.ContainsFunc(bs.block.Needs, func(n *eval.Block) bool { return a.lost[n] })
}

// unmet says that a change failed by which a mapping comes to its target.
func (a *application) unmet(c *planner.Change) bool {
	return slices.ContainsFunc(c.Needs(), func(need schema.Address) bool {
		i := a.mapped[need]
		return i < 0 || a.states[i].fail || a.states[i].skip
	})
}

// lose notes that not all objects of the change's block could be written.
func (a *application) lose(c *planner.Change) {
	if bs, _, ok := a.e.run.planned(c.Address); ok {
		a.lost[bs.block] = true
	}
}

// replaceable says that what takes the place of an object can be made, before
// the object is deleted for it.
func (a *application) replaceable(ctx context.Context, w *planner.Wave, c *planner.Change) error {
	if c.Action != planner.Replace || c.Desired.Known() {
		return nil
	}
	if err := a.resolve(ctx, w, c); err != nil {
		return err
	}
	if !c.Desired.Known() {
		return errDependency
	}
	return nil
}

// resolve evaluates the object of a change again, with what is known now.
func (a *application) resolve(ctx context.Context, w *planner.Wave, c *planner.Change) error {
	bs, i, ok := a.e.run.planned(c.Address)
	if !ok {
		return nil
	}
	inst, diags := a.e.Evaluator.Resolve(bs.block, c.Address)
	if diags.HasErrors() {
		return diags
	}
	fields := inst.Fields
	if c.Address.Mapping() {
		// Only what was not known then is taken from the source now.
		fields = withKnown(c.Desired, fields)
	}
	fields, err := a.e.accounts[w.Provider].normal(ctx, c.Kind, fields)
	if err != nil {
		return err
	}
	c.Desired, bs.desired[i].Fields = fields, fields
	return nil
}

// intend notes creates before they are sent, so that a crash between sending
// and recording cannot make a second object.
func (a *application) intend(ctx context.Context, w *planner.Wave, op planner.Operation) error {
	if op.Action != providers.Create {
		return nil
	}
	var batch state.Batch
	for i := range op.Refs {
		batch.Intents = append(batch.Intents, a.intent(w, op, i))
	}
	return a.e.Store.Write(ctx, batch)
}

func (a *application) intent(w *planner.Wave, op planner.Operation, i int) state.Intent {
	c := &a.plan.Changes[op.Refs[i]]
	return state.Intent{Address: a.e.Store.Sealer().Address(c.Kind, c.Address), Provider: w.Provider, Parent: op.Writes[i].Parent, At: a.e.Now().Unix()}
}

// stillOpen notes when the answers of creates were lost: a rate limit may have
// held them back for long after they were noted.
func (a *application) stillOpen(ctx context.Context, w *planner.Wave, op planner.Operation, results []providers.Result) error {
	var batch state.Batch
	for i, r := range results {
		if r.Outcome == providers.Uncertain && op.Writes[i].Action == providers.Create && a.plan.Changes[op.Refs[i]].Kind.Listing.Settles > 0 {
			batch.Intents = append(batch.Intents, a.intent(w, op, i))
		}
	}
	if len(batch.Intents) == 0 {
		return nil
	}
	return a.e.Store.Write(ctx, batch)
}

// answer takes one verdict in.
func (a *application) answer(ref int, change *providers.Write, r providers.Result) {
	s, c := &a.states[ref], &a.plan.Changes[ref]
	if r.Outcome == providers.Failed && errors.Is(r.Err, context.Canceled) {
		// It waited to be sent when the run was stopped.
		a.skip(ref, change, errDependency)
		return
	}
	s.parts--
	if r.Outcome != providers.Done {
		a.refused(ref, change, r)
		return
	}
	s.wrote = true
	s.added, s.removed = append(s.added, change.Add...), append(s.removed, change.Remove...)
	if s.parts == 0 && !s.fail {
		delete(a.e.run.writing, c.Address)
	}
	if change.Action == providers.Delete {
		s.id, s.live, s.version = "", nil, ""
		return
	}
	if r.Object.ID != "" {
		s.id = r.Object.ID
	}
	if r.Object.Version != "" {
		s.version = r.Object.Version
	}
	live := r.Object
	live.ID, live.Kind = s.id, c.Kind.Name
	if len(live.Fields) == 0 && s.live != nil {
		live.Fields = s.live.Fields
	}
	s.live = &live
	if a.mapped != nil && change.Channel == "" {
		a.follow(c, change, &live)
	}
	if bs, _, ok := a.e.run.planned(c.Address); ok {
		if bs.results == nil {
			bs.results = map[schema.Address]*schema.Object{}
		}
		bs.results[c.Address] = s.live
		if change.Action == providers.Create {
			a.e.Evaluator.Provide(bs.block, bs)
		}
	}
}

// fail counts a change that is not in effect, once.
func (a *application) fail(s *changeState) {
	if !s.fail {
		a.failures++
	}
	s.fail = true
}

// refused notes a change that is not in effect.
func (a *application) refused(ref int, change *providers.Write, r providers.Result) {
	s, c := &a.states[ref], &a.plan.Changes[ref]
	s.bad = markBad(s.bad, change)
	a.lose(c)
	if change.Action != providers.Update {
		s.all = true
	}
	a.fail(s)
	s.uncertain = s.uncertain || r.Outcome == providers.Uncertain
	err := r.Err
	if err == nil {
		err = errors.New("the provider gave no reason")
	}
	a.complain(c, fmt.Sprintf("Cannot %s %s", change.Action, c.Address), err)
}

func (a *application) skip(ref int, change *providers.Write, err error) {
	s, c := &a.states[ref], &a.plan.Changes[ref]
	first := !s.skip && !s.fail
	s.bad = markBad(s.bad, change)
	a.lose(c)
	s.parts--
	s.skip, s.all = true, true
	if first && !errors.Is(err, errDependency) {
		a.fail(s)
		a.complain(c, "Cannot write "+c.Address.String(), err)
	}
}

const maxFailures = 20

func (a *application) complain(c *planner.Change, summary string, err error) {
	if len(a.diags) >= maxFailures {
		a.more++
		return
	}
	var diags hcl.Diagnostics
	if errors.As(err, &diags) {
		a.diags = append(a.diags, diags...)
		return
	}
	err = quiet(err, c.Kind, c.Desired)
	bs, _, _ := a.e.run.planned(c.Address)
	if bs == nil {
		a.diags = append(a.diags, a.e.objectFailure(summary, c.Address, nil, err))
		return
	}
	a.diags = append(a.diags, a.e.objectFailure(summary, c.Address, bs.block, err))
}

func markBad(bad map[string]bool, change *providers.Write) map[string]bool {
	if bad == nil {
		bad = map[string]bool{}
	}
	for _, f := range change.Fields {
		bad[f.Path] = true
	}
	if change.Channel != "" {
		bad[change.Channel] = true
	}
	return bad
}
