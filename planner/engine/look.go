package engine

import (
	"lockstep/providers"
	"lockstep/schema"
)

// Managed is an object that the files declare and that exists.
type Managed struct {
	// Provider is the reference of the provider: "ghl", "ghl.second".
	Provider string
	Address  schema.Address
	// ID is the remote id.
	ID string
}

// Managed are the objects of a kind that the last plan found for what the
// files declare, in the order of the blocks. missing is how many of the
// declared ones do not exist yet.
func (e *Engine) Managed(kind string) (found []Managed, missing int) {
	if e.run == nil {
		return nil, 0
	}
	for _, b := range e.run.order {
		bs := e.run.blocks[b]
		if b.Resource.Data || bs == nil || bs.kind == nil || bs.kind.kind.Name != kind {
			continue
		}
		for i := range bs.matches {
			if bs.matches[i].Live == nil {
				missing++
				continue
			}
			found = append(found, Managed{Provider: bs.kind.account.name, Address: bs.desired[i].Address, ID: bs.matches[i].Live.ID})
		}
	}
	return found, missing
}

// Providers are the configured providers by their references.
func (e *Engine) Providers() map[string]providers.Provider {
	all := make(map[string]providers.Provider, len(e.accounts))
	for ref, a := range e.accounts {
		all[ref] = a.provider
	}
	return all
}
