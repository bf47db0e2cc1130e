package engine

import (
	"lockstep/planner/state"
	"lockstep/schema"
	"lockstep/schema/eval"
)

// Names finds the addresses, as people write them, of what the state knows by
// sealed ones. It needs no account: a block whose instances depend on
// something that is read has none here.
func Names(ev *eval.Evaluator, s *state.Sealer) map[schema.Address]schema.Address {
	names := map[schema.Address]schema.Address{}
	for _, b := range ev.Blocks() {
		if b.Resource.Data {
			continue
		}
		instances, diags := ev.Expand(b)
		if diags.HasErrors() {
			continue
		}
		for i := range instances {
			a := instances[i].Address
			names[s.Address(b.Resource.Kind, a)] = a
		}
	}
	return names
}
