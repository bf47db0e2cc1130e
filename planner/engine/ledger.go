package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/providers"
	"lockstep/schema"
	"lockstep/schema/eval"
)

// ledger is what is known of the changes of a plan while they are applied by
// several workers. Whoever calls its methods holds mu, except for those that
// take it, which say so.
type ledger struct {
	e      *Engine
	plan   *planner.Plan
	mu     sync.Mutex
	states []changeState
	// authors finds who wants a change by address, when mappings take part; else
	// it is nil.
	authors map[schema.Address]authorRef
	// writing are the objects whose writes are not all done.
	writing map[schema.Address]bool
	// cause is why nothing more is sent: the state could not be written.
	cause error
	// reach is how far the apply is, and failures are the changes with a write that
	// was refused or lost its answer.
	reach    reach
	failures int
	// incomplete are the blocks with an object that could not be written.
	incomplete map[*eval.Block]bool
	// created are the objects that this apply made for certain, when any of a Blind kind may
	// belong to them; else it is nil.
	created map[maker]bool
	// unmade are the addresses of blocks with an object that could not be
	// created; true once it was told what is not deleted because of that.
	unmade map[schema.Address]bool
	diags  hcl.Diagnostics
	// failed tells of the failures.
	failed   Alike
	triggers triggers
}

// reach is how far an apply is.
type reach struct {
	// answered of total changes have had a first verdict.
	answered, total int
	// kind is what the changes are of, in the plural.
	kind string
	// begun is how many calls were made before.
	begun int
}

func newReach(p *planner.Plan, states []changeState, calls int) reach {
	r := reach{begun: calls}
	for i := range states {
		if states[i].left == 0 {
			continue
		}
		kind := p.Changes[i].Kind.Plural
		if r.total++; r.total > 1 && r.kind != kind {
			kind = "objects"
		}
		r.kind = kind
	}
	return r
}

func newLedger(e *Engine, p *planner.Plan) *ledger {
	l := &ledger{e: e, plan: p, states: make([]changeState, len(p.Changes)), authors: authorsOf(p), writing: writingOf(p), incomplete: map[*eval.Block]bool{}, unmade: map[schema.Address]bool{}, created: createdBy(p)}
	for i := range p.Changes {
		c, s := &p.Changes[i], &l.states[i]
		s.id, s.live = c.ID, c.Live
		if c.Live != nil {
			s.version = c.Live.Version
		}
	}
	for _, w := range p.Waves {
		for _, op := range w.Operations {
			for i, ref := range op.Refs {
				s := &l.states[ref]
				if s.left++; p.Changes[ref].InSteps() {
					s.carry(&op.Writes[i])
				}
			}
		}
	}
	for i := range l.states {
		if l.states[i].left == 0 {
			l.states[i].stage = done
		}
	}
	l.reach = newReach(p, l.states, e.Calls())
	return l
}

// close notes that a write has its verdict.
func (l *ledger) close(ref int, w *providers.Write) {
	if l.states[ref].stage == waiting {
		l.reach.answered++
	}
	l.states[ref].close(w)
}

// tell tells how far the apply is.
func (l *ledger) tell() {
	l.e.progress(Progress{Phase: "Writing", Kind: l.reach.kind, Done: l.reach.answered, Total: l.reach.total,
		Calls: l.e.Calls() - l.reach.begun, CallsTotal: l.plan.Cost.Calls, Failed: l.failures})
}

// halted reports whether nothing more is to be sent. It takes the lock.
func (l *ledger) halted() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.cause != nil
}

// halt lets nothing more be sent.
func (l *ledger) halt(err error) {
	if l.cause == nil {
		l.cause = err
	}
}

// answer takes the verdict on one write in.
func (l *ledger) answer(ref int, w *providers.Write, r providers.Result) {
	if r.Outcome == providers.Failed && errors.Is(r.Err, context.Canceled) {
		// It waited to be sent when the run was stopped.
		l.drop(ref, w, errDependency)
		return
	}
	l.close(ref, w)
	switch {
	case r.Outcome != providers.Done:
		l.refuse(ref, w, r)
	case len(r.Dropped) > 0:
		l.fallShort(ref, w, r)
	default:
		l.write(ref, w, r.Object)
	}
}

// fallShort notes a write that is done without some of its fields, which the server
// dropped.
func (l *ledger) fallShort(ref int, w *providers.Write, r providers.Result) {
	c, done, short := &l.plan.Changes[ref], *w, *w
	dropped := func(f schema.Field) bool { return slices.Contains(r.Dropped, f.Path) }
	done.Fields = slices.DeleteFunc(slices.Clone(w.Fields), dropped)
	short.Fields = slices.DeleteFunc(slices.Clone(w.Fields), func(f schema.Field) bool { return !dropped(f) })
	// The object itself is there, and the rest of it.
	short.Action, short.Channel = providers.Update, ""
	n := l.missAll(ref, &short, refused)
	l.write(ref, &done, r.Object)
	l.complain(c, n, fmt.Sprintf("Not all of %s is as it was written", c.Called(n)), r.Err)
}

// write notes a write that is done. object is what the answer told.
func (l *ledger) write(ref int, w *providers.Write, object schema.Object) {
	s, c := &l.states[ref], &l.plan.Changes[ref]
	s.made++
	s.added, s.removed = append(s.added, w.Add...), append(s.removed, w.Remove...)
	s.gain(w)
	e := wrote
	if s.left == 0 {
		e = wroteLast
	}
	if s.stage = s.stage.after(e); s.stage == done {
		for _, a := range c.Authors() {
			delete(l.writing, a.Address)
		}
	}
	if w.Action == providers.Delete {
		s.id, s.live, s.version = "", nil, ""
		return
	}
	if object.ID != "" {
		s.id = object.ID
	}
	if object.Version != "" {
		s.version = object.Version
	}
	if w.Action == providers.Create && !s.found && l.created != nil {
		l.created[maker{kindRef{c.Provider, c.Kind.Name}, s.id}] = true
	}
	live := object
	live.ID, live.Kind = s.id, c.Kind.Name
	if len(live.Fields) == 0 && s.live != nil {
		live.Fields = s.live.Fields
	}
	live.Fields = planner.Labelled(c.Kind, live.Fields, c.Desired, c.Live)
	s.live = &live
	l.show(c, s.live, w.Action == providers.Create)
}

// referenced reports whether others refer to the object of a change.
func (l *ledger) referenced(c *planner.Change) bool {
	b := l.e.run.blocks.declaring(c.Address)
	return b != nil && (l.e.Evaluator.Referenced(b.block) || len(b.block.Resource.Lifecycle.Postconditions) > 0)
}

// show lets expressions see an object as it is after a write.
func (l *ledger) show(c *planner.Change, live *schema.Object, created bool) {
	b := l.e.run.blocks.declaring(c.Address)
	if b == nil || l.e.run.blocks.resources[b.block] == nil {
		return
	}
	r := l.e.run.blocks.resources[b.block]
	if r.results == nil {
		r.results = map[schema.Address]*schema.Object{}
	}
	r.results[c.Address] = live
	if created {
		l.e.Evaluator.Provide(r.block, r)
	}
}

// refuse notes a write that was refused or whose answer was lost.
func (l *ledger) refuse(ref int, w *providers.Write, r providers.Result) {
	c := &l.plan.Changes[ref]
	// What is not emptied for another object cannot be given its new value either.
	whole, e := w.Action != providers.Update || c.Frees(w), refused
	switch {
	case r.Outcome == providers.Uncertain && whole:
		e = unansweredWhole
	case r.Outcome == providers.Uncertain:
		e = unanswered
	case whole:
		e = refusedWhole
	}
	n := l.missAll(ref, w, e)
	err := r.Err
	if err == nil {
		err = errors.New("the provider gave no reason")
	}
	l.complain(c, n, fmt.Sprintf("Cannot %s %s", w.Action, c.Called(n)), err)
}

// drop notes a write that is not made. The reason is told unless it was told of
// what the change depends on.
func (l *ledger) drop(ref int, w *providers.Write, err error) {
	s, c := &l.states[ref], &l.plan.Changes[ref]
	l.close(ref, w)
	if s.stage.over() || s.stage.fell() || errors.Is(err, errDependency) {
		l.missAll(ref, w, dropped)
		return
	}
	n := l.missAll(ref, w, refusedWhole)
	l.complain(c, n, "Cannot write "+c.Called(n), err)
}

// missAll notes that a write is not in effect, for all who share it. It returns
// the first of them.
func (l *ledger) missAll(ref int, w *providers.Write, e event) (first int) {
	if at := l.plan.Changes[ref].Address.Block(); w.Action == providers.Create && !l.unmade[at] {
		l.unmade[at] = false
	}
	writers := []int{0}
	if w.Action != providers.Delete {
		writers = l.plan.Changes[ref].Writers(w)
	}
	for _, n := range writers[1:] {
		l.note(authorRef{ref, n})
	}
	l.miss(authorRef{ref, writers[0]}, w, e)
	return writers[0]
}

// held reports whether an object is not to be deleted, because one of its block
// could not be created: that one may be meant to take its place. It tells so once
// for each block.
func (l *ledger) held(c *planner.Change) bool {
	at := c.Address.Block()
	told, unmade := l.unmade[at]
	if c.Action != planner.Delete || !unmade {
		return false
	}
	if !told {
		l.unmade[at] = true
		l.diags = append(l.diags, &hcl.Diagnostic{Severity: hcl.DiagWarning, Summary: "Nothing deleted beside a failed create",
			Detail: fmt.Sprintf("An object of %s could not be created, and it may be meant to take the place of one that is no longer declared there. So nothing of %s is deleted now. `lockstep apply` goes on once the create works.", at, at),
			Extra:  &Detail{Address: c.Address.String()},
		})
	}
	return true
}

// miss notes that what an author has in a write is not in effect.
func (l *ledger) miss(ref authorRef, w *providers.Write, e event) {
	s := &l.states[ref.change]
	s.lack(w)
	fell := s.stage.fell()
	s.stage = s.stage.after(e)
	if s.stage.fell() && !fell {
		l.failures++
	}
	l.note(ref)
}

// note remembers that the block of an author has an object that could not be
// written.
func (l *ledger) note(ref authorRef) {
	if b, _, ok := l.e.run.blocks.planned(l.plan.Changes[ref.change].Wants(ref.author).Address); ok {
		l.incomplete[b.block] = true
	}
}

// complain tells why an author of a change failed.
func (l *ledger) complain(c *planner.Change, author int, summary string, err error) {
	a := c.Wants(author)
	var diags hcl.Diagnostics
	if errors.As(err, &diags) {
		for _, d := range diags {
			l.failed.Add(func() *hcl.Diagnostic { return d })
		}
		return
	}
	l.failed.Add(func() *hcl.Diagnostic {
		var block *eval.Block
		if b := l.e.run.blocks.declaring(a.Address); b != nil {
			block = b.block
		}
		return l.e.objectFailure(summary, a.Address, block, Quiet(err, c.Kind, a.Desired))
	})
}

// all returns what is to be told of the apply.
func (l *ledger) all() hcl.Diagnostics { return slices.Concat(l.diags, l.failed.All()) }

// writingOf returns the addresses of a plan whose writes are not done.
func writingOf(p *planner.Plan) map[schema.Address]bool {
	open := map[schema.Address]bool{}
	for i := range p.Changes {
		if !p.Changes[i].Writes() {
			continue
		}
		for _, a := range p.Changes[i].Authors() {
			open[a.Address] = true
		}
	}
	return open
}

// deferredReads returns the addresses of data instances that were not read.
func (bs *blocks) deferredReads() map[schema.Address]bool {
	unread := map[schema.Address]bool{}
	for _, d := range bs.data {
		for _, inst := range slices.Concat(d.pending, d.skipped) {
			unread[inst.Address] = true
		}
	}
	return unread
}
