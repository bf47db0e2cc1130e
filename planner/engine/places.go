package engine

import (
	"context"
	"slices"

	"lockstep/planner"
	"lockstep/providers"
)

// Place notes in a plan which accounts it writes to, as people know them, which may
// take a call each. An account that cannot be read now goes by its id.
func (e *Engine) Place(ctx context.Context, p *planner.Plan) {
	var refs []string
	for i := range p.Waves {
		refs = append(refs, p.Waves[i].Provider)
	}
	for i := range p.Invocations {
		refs = append(refs, p.Invocations[i].Provider)
	}
	slices.Sort(refs)
	p.WritesTo = nil
	for _, ref := range slices.Compact(refs) {
		a := planner.Account{Provider: ref}
		if placed, ok := e.accounts[ref].provider.(providers.Placed); ok {
			// A plan that is made is worth showing without a name as well.
			a.Place, _ = placed.Place(ctx)
		}
		p.WritesTo = append(p.WritesTo, a)
	}
}
