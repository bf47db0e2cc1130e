package engine

import (
	"cmp"
	"iter"

	"lockstep/planner"
	"lockstep/schema"
)

// children are the objects of this run that belong to others, as far as they were
// read or the state has them.
func (e *Engine) children() []planner.Children {
	var all []planner.Children
	for _, ref := range e.run.sortedKinds() {
		ks := e.run.kinds[ref]
		if parent := ks.kind.Attribute(ks.kind.Parent); parent != nil && !ks.kind.Listing.Blind {
			all = append(all, planner.Children{Provider: ref.provider, Kind: ks.kind, Of: parent.Refers, All: ks.children(), Kept: e.run.kept(ref.provider, ks.kind)})
		}
		for _, holder := range ks.kind.Cascades {
			if held := e.run.kinds[kindRef{ref.provider, holder.Kind}]; held != nil {
				all = append(all, planner.Children{Provider: ref.provider, Kind: held.kind, Of: ref.kind, All: held.holding(holder.Attribute), Kept: e.run.kept(ref.provider, held.kind)})
			}
		}
	}
	return all
}

// kept are the objects of a kind that have prevent_destroy, under whichever kind they
// are declared.
func (r *run) kept(provider string, kind *schema.Kind) map[string]*planner.Desired {
	declared := r.kinds[kindRef{provider, cmp.Or(kind.Of, kind.Name)}]
	if declared == nil {
		return nil
	}
	return declared.decision.Kept()
}

// holding yields the ids that live objects of one kind hold in an attribute, and
// the objects.
func (ks *kindState) holding(attribute string) iter.Seq2[string, string] {
	return func(yield func(held, id string) bool) {
		for o := range ks.reading.live.All() {
			if !ks.kind.History(o.Value, ks.reading.begun) && !yield(o.Value(attribute).Text(), o.ID) {
				return
			}
		}
	}
}

// children yields the ids of parents and children of one kind, without those that are
// history.
func (ks *kindState) children() iter.Seq2[string, string] {
	r := ks.reading
	return func(yield func(parent, child string) bool) {
		for o := range r.live.All() {
			if !ks.kind.History(o.Value, r.begun) && !yield(ks.kind.ParentOf(o.Value).Text(), o.ID) {
				return
			}
		}
		for _, rec := range r.records.All() {
			read := r.live.ID(rec.ID) != nil || ks.kind.Ends != "" && r.parents[rec.Parent]
			if rec.Target == "" && !read && !yield(rec.Parent, rec.ID) {
				return
			}
		}
	}
}
