package engine

import (
	"iter"

	"lockstep/planner"
)

// children are the objects of this run that belong to others, as far as they were
// read or the state has them.
func (e *Engine) children() []planner.Children {
	var all []planner.Children
	for _, ref := range e.run.sortedKinds() {
		ks := e.run.kinds[ref]
		if ks.kind.Parent != "" && !ks.kind.Listing.Blind {
			all = append(all, planner.Children{Provider: ref.provider, Kind: ks.kind, All: ks.children()})
		}
	}
	return all
}

// children yields the ids of parents and children of one kind.
func (ks *kindState) children() iter.Seq2[string, string] {
	return func(yield func(parent, child string) bool) {
		for o := range ks.reading.live.All() {
			if !yield(o.Value(ks.kind.Parent).Text(), o.ID) {
				return
			}
		}
		for _, r := range ks.reading.records.All() {
			if r.Target == "" && !yield(r.Parent, r.ID) {
				return
			}
		}
	}
}
