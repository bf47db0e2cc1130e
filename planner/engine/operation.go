package engine

import (
	"context"
	"errors"
	"time"

	"lockstep/planner"
	"lockstep/planner/state"
	"lockstep/providers"
)

// errDependency is why a write is dropped: it needs what is not there. What went
// wrong was told of that.
var errDependency = errors.New("something that it depends on could not be written")

// sender carries single operations out.
type sender struct {
	*ledger
	filler   *filler
	finder   *finder
	recorder *recorder
}

// operation carries one operation out: fill in what earlier waves made known,
// note what is about to be created, make the call, record the answers.
func (s *sender) operation(ctx context.Context, w *planner.Wave, op *planner.Operation) {
	if ctx.Err() != nil || s.halted() {
		return
	}
	ready := s.ready(ctx, w, op)
	if len(ready.Refs) == 0 {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.tellSettled(op.Refs, 0)
		return
	}
	// A call that has begun is finished, so that its answer can be recorded.
	ctx = providers.Begun(ctx)
	if err := s.intend(ctx, w, ready); err != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.halt(err)
		return
	}
	begun := s.e.Now()
	results := s.call(ctx, w, ready)
	took := s.e.Now().Sub(begun)
	s.mu.Lock()
	told, verdicts, again := s.divide(ready, results)
	s.take(ctx, w, told, verdicts)
	s.mu.Unlock()
	for i := range again {
		s.apart(ctx, w, again[i])
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tellSettled(op.Refs, took)
	s.tell()
}

// call makes the call of an operation, and looks up what was created if the
// answer was lost.
func (s *sender) call(ctx context.Context, w *planner.Wave, op planner.Operation) []providers.Result {
	results := s.e.accounts[w.Provider].provider.Do(ctx, op.Operation)
	s.finder.returned(op, results)
	return s.finder.lookUpLost(ctx, w, op, results)
}

// take notes and records the verdicts of an operation. The lock is held.
func (s *sender) take(ctx context.Context, w *planner.Wave, op planner.Operation, results []providers.Result) {
	for i, r := range results {
		s.answer(op.Refs[i], &op.Writes[i], r)
		if r.Outcome == providers.Done {
			s.states[op.Refs[i]].follow(&s.plan.Changes[op.Refs[i]], &op.Writes[i])
		}
	}
	err := errors.Join(s.recorder.store(ctx, op.Refs), s.stillOpen(ctx, w, op, results))
	if err != nil {
		s.halt(err)
	}
}

// tellSettled tells of the changes that no call is left for. What was never tried
// has nothing to tell. The lock is held.
func (s *sender) tellSettled(refs []int, took time.Duration) {
	if s.e.OnSettled == nil {
		return
	}
	for _, ref := range refs {
		if c := &s.states[ref]; c.left == 0 && (c.made > 0 || c.stage.fell()) {
			s.e.OnSettled(Settled{Change: &s.plan.Changes[ref], ID: c.id, Took: took, Failed: c.stage != done})
		}
	}
}

// ready returns the operation with ids and values that are known now, without
// the writes that cannot be made.
func (s *sender) ready(ctx context.Context, w *planner.Wave, op *planner.Operation) planner.Operation {
	s.mu.Lock()
	defer s.mu.Unlock()
	ready := planner.Operation{ID: op.ID, Operation: op.Operation}
	ready.Writes, ready.Refs = nil, nil
	for i, ref := range op.Refs {
		write := op.Writes[i]
		if err := s.filler.fill(ctx, w, ref, &write); err != nil {
			s.drop(ref, &write, err)
			continue
		}
		write.Whole = write.Action != providers.Delete && s.referenced(&s.plan.Changes[ref])
		s.finder.begins(ref, &write)
		ready.Writes = append(ready.Writes, write)
		ready.Refs = append(ready.Refs, ref)
	}
	return ready
}

// intend notes creates before they are sent, so that a crash between sending
// and recording cannot make a second object, and what is to run after a change.
func (s *sender) intend(ctx context.Context, w *planner.Wave, op planner.Operation) error {
	var batch state.Batch
	s.mu.Lock()
	for i, ref := range op.Refs {
		if op.Action == providers.Create {
			batch.Intents = append(batch.Intents, s.intent(w, op, i))
		}
		batch.Due = append(batch.Due, s.triggers.sends(ref, func() state.Digest {
			return s.e.Store.Sealer().DesiredSum(s.plan.Changes[ref].Wants(0).Desired)
		})...)
	}
	s.mu.Unlock()
	if len(batch.Intents)+len(batch.Due) == 0 {
		return nil
	}
	return s.e.Store.Write(ctx, batch)
}

func (s *sender) intent(w *planner.Wave, op planner.Operation, i int) state.Intent {
	c := &s.plan.Changes[op.Refs[i]]
	return state.Intent{Address: s.e.Store.Sealer().Address(c.Address), Provider: w.Provider, Parent: op.Writes[i].Parent, At: s.e.Now().Unix()}
}

// stillOpen notes when the answers of creates were lost: a rate limit may have
// held them back for long after they were noted.
func (s *sender) stillOpen(ctx context.Context, w *planner.Wave, op planner.Operation, results []providers.Result) error {
	var batch state.Batch
	for i, r := range results {
		if r.Outcome == providers.Uncertain && op.Writes[i].Action == providers.Create && s.plan.Changes[op.Refs[i]].Kind.Listing.Settles > 0 {
			batch.Intents = append(batch.Intents, s.intent(w, op, i))
		}
	}
	if len(batch.Intents) == 0 {
		return nil
	}
	return s.e.Store.Write(ctx, batch)
}
