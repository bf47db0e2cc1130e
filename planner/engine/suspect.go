package engine

import (
	"context"

	"lockstep/planner"
	"lockstep/planner/state"
	"lockstep/schema"
)

// suspect notes the creates that an earlier apply may have sent, where the state was
// cut off and may have lost the note of it. Where a look-up may miss what was just
// made, such a create waits like one that got no answer. A child whose parent is still
// to be made cannot have been sent.
func suspect(ctx context.Context, e *Engine, p *planner.Plan) error {
	known := e.Store.Snapshot()
	if !known.Incomplete() {
		return nil
	}
	var batch state.Batch
	for i := range p.Changes {
		c := &p.Changes[i]
		at, parent := e.Store.Sealer().Address(c.Address), c.Kind.ParentOf(c.Desired.Value)
		if _, open := known.Intents[at]; open || c.Action != planner.Create || c.Kind.Listing.Settles == 0 || !parent.IsKnown() {
			continue
		}
		if e.run.suspected == nil {
			e.run.suspected = map[schema.Address]bool{}
		}
		e.run.suspected[c.Address] = true
		batch.Intents = append(batch.Intents, state.Intent{Address: at, Provider: c.Provider, Parent: parent.Text(), At: e.Now().Unix()})
	}
	if len(batch.Intents) == 0 {
		return nil
	}
	return e.Store.Write(ctx, batch)
}
