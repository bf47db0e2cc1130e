package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/planner/state"
	"lockstep/providers"
	"lockstep/schema"
	"lockstep/schema/eval"
)

// outcome is what became of an invocation.
type outcome uint8

// The outcomes. The zero one is not tried.
const (
	invoked outcome = iota + 1
	// passedOver invocations had a condition that does not hold.
	passedOver
	notInvoked
	unclear
)

// invoker runs the actions of a plan. Its lock is that of the ledger.
type invoker struct {
	*ledger
	actions *eval.Actions
	blocks  map[schema.Address]*eval.Block
	// before and after are the invocations of each change, and others those of none.
	before, after map[int][]int
	others        []int
	// beside are the changes that invocations come before.
	beside   map[int]int
	outcomes []outcome
}

func newInvoker(l *ledger) *invoker {
	v := &invoker{ledger: l, actions: eval.NewActions(l.e.Evaluator), blocks: map[schema.Address]*eval.Block{}, before: map[int][]int{}, after: map[int][]int{}, beside: map[int]int{}, outcomes: make([]outcome, len(l.plan.Invocations))}
	l.triggers = newTriggers(l.e, l.plan)
	if len(l.plan.Invocations) == 0 {
		return v
	}
	for _, b := range v.actions.Blocks() {
		v.blocks[b.Address()] = b
	}
	changes := make(map[schema.Address]int, len(l.plan.Changes))
	for i := range l.plan.Changes {
		if c := &l.plan.Changes[i]; len(c.Events()) > 0 {
			changes[c.Address] = i
		}
	}
	for n := range l.plan.Invocations {
		v.expect(n, changes)
	}
	return v
}

// expect finds the change that an invocation stands beside. One whose change is left
// to the CRM does not run.
func (v *invoker) expect(n int, changes map[schema.Address]int) {
	i := &v.plan.Invocations[n]
	if i.Trigger == nil || i.Trigger.Again {
		v.others = append(v.others, n)
		if due, open := v.e.Store.Due(v.e.runOf(i)); open && due.Wants != (state.Digest{}) {
			v.triggers.made = append(v.triggers.made, state.Due{Run: due.Run})
		}
		return
	}
	ref, found := changes[i.Trigger.Address]
	switch {
	case !found || !slices.Contains(v.plan.Changes[ref].Events(), i.Trigger.Event):
		v.outcomes[n] = passedOver
	case i.Before():
		v.before[ref], v.beside[n] = append(v.before[ref], n), ref
	default:
		v.after[ref] = append(v.after[ref], n)
		v.triggers.after[ref] = append(v.triggers.after[ref], state.Due{Run: v.e.runOf(i)})
	}
}

// begin runs what is to run before the changes of a wave. A change whose action fails
// is not made.
func (v *invoker) begin(ctx context.Context, w *planner.Wave) {
	if len(v.before) == 0 {
		return
	}
	v.each(ctx, v.take(w, v.before, func(int) bool { return true }))
}

// end runs what is to run after the changes of a wave that are done.
func (v *invoker) end(ctx context.Context, w *planner.Wave) {
	if len(v.after) == 0 {
		return
	}
	v.each(ctx, v.take(w, v.after, func(ref int) bool { return v.states[ref].stage == done }))
}

// rest runs what no wave ran.
func (v *invoker) rest(ctx context.Context) {
	var lists [][]int
	for _, n := range v.others {
		lists = append(lists, []int{n})
	}
	v.mu.Lock()
	for ref := range v.plan.Changes {
		if list := v.after[ref]; len(list) > 0 && v.states[ref].stage == done {
			lists = append(lists, list)
		}
	}
	v.mu.Unlock()
	v.each(ctx, lists)
}

// take returns the lists of the changes of a wave, each once.
func (v *invoker) take(w *planner.Wave, of map[int][]int, ready func(ref int) bool) (lists [][]int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	seen := map[int]bool{}
	for i := range w.Operations {
		for _, ref := range w.Operations[i].Refs {
			if list := of[ref]; len(list) > 0 && !seen[ref] && ready(ref) {
				seen[ref] = true
				lists = append(lists, list)
			}
		}
	}
	return lists
}

// each runs lists of invocations: those of one list one after the other, until one
// fails.
func (v *invoker) each(ctx context.Context, lists [][]int) {
	queue := make(chan []int)
	var pool sync.WaitGroup
	for range min(workers, len(lists)) {
		pool.Go(func() {
			for list := range queue {
				for _, n := range list {
					if !v.one(ctx, n) {
						break
					}
				}
			}
		})
	}
	for _, list := range lists {
		queue <- list
	}
	close(queue)
	pool.Wait()
}

// errLater is returned for arguments that are not known yet.
var errLater = errors.New("its arguments are not known")

// one runs an invocation, unless it has run. It reports whether the next may run.
func (v *invoker) one(ctx context.Context, n int) bool {
	if ctx.Err() != nil || v.halted() {
		return false
	}
	i := &v.plan.Invocations[n]
	v.mu.Lock()
	if v.outcomes[n] != 0 {
		defer v.mu.Unlock()
		return v.outcomes[n] == invoked || v.outcomes[n] == passedOver
	}
	fields, run, err := v.ready(i)
	v.mu.Unlock()
	switch {
	case errors.Is(err, errLater) && !i.Before():
		return false
	case err != nil:
		return v.settle(ctx, n, providers.Result{Outcome: providers.Failed, Err: err})
	case !run:
		return v.pass(ctx, n)
	}
	p, ok := v.e.accounts[i.Provider].provider.(providers.Invoker)
	if !ok {
		return v.settle(ctx, n, providers.Result{Outcome: providers.Failed, Err: fmt.Errorf("the provider %s runs no actions", i.Provider)})
	}
	ctx = providers.Begun(ctx)
	if !i.Action.Repeatable {
		// A stop before the answer must not let it run twice.
		if err := v.e.Store.Write(ctx, state.Batch{Due: []state.Due{{Run: v.e.runOf(i), Sent: true}}}); err != nil {
			v.mu.Lock()
			defer v.mu.Unlock()
			v.halt(err)
			return false
		}
	}
	if v.e.OnInvoking != nil {
		v.e.OnInvoking(i)
	}
	return v.settle(ctx, n, p.Invoke(ctx, providers.Invocation{Address: i.Address.String(), Action: i.Action.Name, Fields: fields}))
}

// ready returns the arguments of an invocation as they are known now; run is false
// when its condition does not hold. The lock is held.
func (v *invoker) ready(i *planner.Invocation) (fields schema.Fields, run bool, err error) {
	if t := i.Trigger; t != nil && t.Unsure {
		b := v.e.run.blocks.declaring(t.Address)
		found, diags := v.actions.Triggered(b.block, t.Address, t.Block)
		switch {
		case diags.HasErrors():
			return nil, false, diags
		case !found.Holds.IsKnown():
			return nil, false, errLater
		case found.Holds.False():
			return nil, false, nil
		}
	}
	if i.Fields.Known() {
		return i.Fields, true, nil
	}
	inst, diags := v.e.Evaluator.Resolve(v.blocks[blockOf(i.Address)], i.Address)
	switch {
	case diags.HasErrors():
		return nil, false, diags
	case !inst.Fields.Known():
		return nil, false, errLater
	default:
		return inst.Fields, true, nil
	}
}

// pass notes that the condition of an invocation does not hold after all.
func (v *invoker) pass(ctx context.Context, n int) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.outcomes[n] = passedOver
	v.record(ctx, state.Batch{Ran: []state.Run{v.e.runOf(&v.plan.Invocations[n])}})
	return v.cause == nil
}

// settle takes the verdict on an invocation, and reports whether it ran.
func (v *invoker) settle(ctx context.Context, n int, r providers.Result) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	i := &v.plan.Invocations[n]
	run := v.e.runOf(i)
	switch {
	case r.Outcome == providers.Done && i.Before() && !i.Action.Repeatable:
		v.outcomes[n] = invoked // the state has it as sent, until the change is made
		ref := v.beside[n]
		v.triggers.before[ref] = append(v.triggers.before[ref], run)
	case r.Outcome == providers.Done:
		v.outcomes[n] = invoked
		v.record(ctx, state.Batch{Ran: []state.Run{run}})
	case r.Outcome == providers.Uncertain && !i.Action.Repeatable:
		v.outcomes[n] = unclear // the state has it as sent
	default:
		v.outcomes[n] = notInvoked
		v.record(ctx, v.due(i, run))
	}
	if v.outcomes[n] != invoked {
		v.explain(i, r)
		if i.Before() {
			v.triggers.barred[v.beside[n]] = true
		}
	}
	if v.e.OnInvoked != nil {
		v.e.OnInvoked(i, r.Err)
	}
	return v.outcomes[n] == invoked
}

// due is what the state knows of an invocation that was refused: one of a change that
// is made is still to run.
func (v *invoker) due(i *planner.Invocation, run state.Run) state.Batch {
	if i.Trigger == nil || i.Before() {
		return state.Batch{Ran: []state.Run{run}}
	}
	return state.Batch{Due: []state.Due{{Run: run}}}
}

// record writes what the state does not know yet. The lock is held.
func (v *invoker) record(ctx context.Context, b state.Batch) {
	for _, r := range b.Ran {
		if _, open := v.e.Store.Due(r); !open {
			return
		}
	}
	for _, d := range b.Due {
		if was, open := v.e.Store.Due(d.Run); open && was == d {
			return
		}
	}
	if err := v.e.Store.Write(context.WithoutCancel(ctx), b); err != nil {
		v.halt(err)
	}
}

// explain tells why an action did not run. The lock is held.
func (v *invoker) explain(i *planner.Invocation, r providers.Result) {
	err := r.Err
	if err == nil {
		err = errors.New("the provider gave no reason")
	}
	v.failed.Add(func() *hcl.Diagnostic {
		d := failure("Cannot run "+i.Address.String(), err, place(i.Place))
		d.Detail += " " + v.outlook(i, r)
		if d.Extra == nil {
			d.Extra = &Detail{Address: i.Address.String()}
		}
		return d
	})
}

// outlook tells what follows from a failure.
func (v *invoker) outlook(i *planner.Invocation, r providers.Result) string {
	t := i.Trigger
	switch {
	case r.Outcome == providers.Uncertain && !i.Action.Repeatable:
		return fmt.Sprintf("It may have run, and is not run again by itself: look in the CRM, and run it with -invoke='%s' where it is missing.", i.Address)
	case t == nil:
		return "Nothing else was changed."
	case t.Event.Before():
		return fmt.Sprintf("%s is not written, because the action comes before.", t.Address)
	default:
		return fmt.Sprintf("%s is written all the same; the next apply runs the action.", t.Address)
	}
}
