package engine

import (
	"slices"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/schema/eval"
)

// mirrors looks at what the API keeps equal in two objects.
type mirrors struct{ planning }

// check refuses different values for it.
func (e mirrors) check() (diags hcl.Diagnostics) {
	for _, ref := range e.run.sortedKinds() {
		ks := e.run.kinds[ref]
		for i := range ks.kind.Attributes {
			a := &ks.kind.Attributes[i]
			if a.Mirrors == nil {
				continue
			}
			to := e.run.kinds[kindRef{ref.provider, ks.kind.Attribute(a.Mirrors.Through).Refers}]
			if to != nil {
				planner.Mirroring{Attribute: a, From: ks.roster, To: to.roster, Refers: e.run.blocks.refers}.Check()
				diags = append(diags, e.refused(ks)...)
			}
		}
	}
	return diags
}

// refers reports whether the block of one object refers to the block of another.
func (bs *blocks) refers(from, to *planner.Desired) bool {
	b, other := bs.declaring(from.Address()), bs.declaring(to.Address())
	return b != nil && other != nil && slices.ContainsFunc(b.block.Needs, func(n *eval.Block) bool { return n == other.block })
}
