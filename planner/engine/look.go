package engine

import (
	"context"

	"github.com/hashicorp/hcl/v2"

	"lockstep/providers"
	"lockstep/schema"
)

// Look finds what the files declare among what is live, for Managed and Links,
// and plans nothing. For an account that cannot be read there is an error whose
// Detail names it; the others are looked at all the same.
func (e *Engine) Look(ctx context.Context) hcl.Diagnostics {
	work := planning{e}
	diags := work.begin(PlanOptions{})
	if !diags.HasErrors() {
		e.run.looking = true
		diags = append(diags, work.planBlocks(ctx)...)
		diags = append(diags, work.checkBindings()...)
	}
	return finish(ctx, diags)
}

// Managed is an object that the files declare and that exists.
type Managed struct {
	// Provider is the reference of the provider: "ghl", "ghl.second".
	Provider string
	Address  schema.Address
	// ID is the remote id.
	ID string
}

// Managed returns the objects of a kind that the last plan or look found for
// what the files declare, in the order of the blocks. missing is how many of the
// declared ones do not exist yet.
func (e *Engine) Managed(kind string) (found []Managed, missing int) {
	if e.run == nil {
		return nil, 0
	}
	for _, b := range e.run.blocks.order {
		r := e.run.blocks.resources[b]
		if r == nil || r.kind == nil || r.kind.kind.Name != kind {
			continue
		}
		for i, subject := range r.subjects {
			if subject.Live() == nil {
				missing++
				continue
			}
			found = append(found, Managed{Provider: r.kind.account.name, Address: r.desired[i].Address(), ID: subject.Live().ID})
		}
	}
	return found, missing
}

// Providers returns the configured providers by their references.
func (e *Engine) Providers() map[string]providers.Provider {
	all := make(map[string]providers.Provider, len(e.accounts))
	for ref, a := range e.accounts {
		all[ref] = a.provider
	}
	return all
}
