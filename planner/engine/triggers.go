package engine

import (
	"slices"

	"lockstep/planner"
	"lockstep/planner/state"
	"lockstep/schema"
	"lockstep/schema/config"
)

// triggers are what actions have to do with the changes of a plan, by its index.
type triggers struct {
	// after are the actions that follow a change. The state knows of them before the
	// change is sent: a stop before its answer is recorded would lose them. noted are
	// the changes for which it does.
	after map[int][]state.Due
	noted map[int]bool
	// made are the actions of changes that an earlier apply made without knowing.
	made []state.Due
	// before are the actions that came before a change, if twice is not once: the state
	// keeps them until the change is made, so that another try does not run them again.
	before map[int][]state.Run
	// barred changes are not made, because an action before them failed.
	barred map[int]bool
}

// newTriggers takes what an earlier apply ran before changes that it did not make.
func newTriggers(e *Engine, p *planner.Plan) triggers {
	t := triggers{after: map[int][]state.Due{}, noted: map[int]bool{}, before: map[int][]state.Run{}, barred: map[int]bool{}}
	ran := map[schema.Address][]state.Run{}
	for _, d := range e.Store.Snapshot().SortedDue() {
		if config.Event(d.Event).Before() {
			ran[d.For] = append(ran[d.For], d.Run)
		}
	}
	if len(ran) == 0 {
		return t
	}
	for i := range p.Changes {
		if runs := ran[e.Store.Sealer().Address(p.Changes[i].Address)]; len(runs) > 0 {
			t.before[i] = runs
		}
	}
	return t
}

// sends returns what the state is to know before a change is sent, for which the files
// want something.
func (t *triggers) sends(ref int, wants func() state.Digest) []state.Due {
	if t.noted[ref] || len(t.after[ref]) == 0 {
		return nil
	}
	t.noted[ref] = true
	ahead := slices.Clone(t.after[ref])
	for i := range ahead {
		ahead[i].Wants = wants()
	}
	return ahead
}

// done adds what follows for the state from a change that is made.
func (t *triggers) done(ref int, batch *state.Batch) {
	batch.Due = append(batch.Due, t.after[ref]...)
	batch.Ran = append(batch.Ran, t.before[ref]...)
	delete(t.after, ref)
	delete(t.before, ref)
}
