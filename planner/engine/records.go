package engine

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner/state"
	"lockstep/schema"
)

// byKind parts the records of the state by account and kind. A state may have
// a record for each of 100,000 contacts, so it is gone through once for
// counting and once for filling.
func byKind(s *state.Snapshot) map[kindRef]*state.Records {
	counts := map[kindRef]int{}
	var last kindRef
	n := 0
	for a, r := range s.Records.All() {
		if ref := refOf(a, r); ref != last {
			counts[last] += n
			last, n = ref, 0
		}
		n++
	}
	counts[last] += n
	delete(counts, kindRef{})
	if len(counts) == 1 {
		// Planning writes no state, so the one kind need not be copied.
		for ref := range counts {
			return map[kindRef]*state.Records{ref: s.Records}
		}
	}
	parts := make(map[kindRef]*state.Records, len(counts))
	for ref, n := range counts {
		parts[ref] = state.NewRecords(n)
	}
	last = kindRef{}
	var part *state.Records
	for a, r := range s.Records.All() {
		if ref := refOf(a, r); ref != last {
			last, part = ref, parts[ref]
		}
		part.Put(a, r)
	}
	return parts
}

// refOf returns the kind of a record: the one of its address, or of a mapping's
// target.
func refOf(a schema.Address, r *state.Record) kindRef {
	if r.Target != "" {
		return kindRef{r.Provider, r.Target}
	}
	return kindRef{r.Provider, a.Kind}
}

// leftIntents returns the addresses of unfinished creates that are no longer
// declared: no run will look for what they may have made, so the user is told to.
func (bs *blocks) leftIntents(intents map[schema.Address]state.Intent) []schema.Address {
	if len(intents) == 0 {
		return nil
	}
	left := maps.Clone(intents)
	for _, b := range bs.declared {
		for i := range b.desired {
			delete(left, b.desired[i].Sealed())
		}
	}
	return slices.SortedFunc(maps.Keys(left), schema.Address.Compare)
}

// strayWarnings tells of unfinished creates that no run looks for.
func strayWarnings(strays []schema.Address) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, a := range strays {
		diags = append(diags, &hcl.Diagnostic{
			Severity: hcl.DiagWarning, Summary: "An unfinished create",
			Detail: fmt.Sprintf("An earlier apply was stopped while it created %s, and this plan does not look for it. Whether it exists is not known: look in the CRM. The next apply forgets about it.", a),
			Extra:  &Detail{Address: a.String()},
		})
	}
	return diags
}

// records returns the records of a kind, under the addresses that moved blocks give them,
// and the previous addresses of those that moved.
func (e planning) records(provider string, kind *schema.Kind) (now *state.Records, previous map[schema.Address]schema.Address) {
	known := e.run.records[kindRef{provider, kind.Name}]
	if len(e.run.moves) == 0 {
		return known, nil
	}
	moves := e.sealedMoves()
	now, previous = state.NewRecords(known.Len()), map[schema.Address]schema.Address{}
	for a, r := range known.All() {
		to := a
		for _, m := range moves {
			to = moved(to, m)
		}
		if to != a && e.Store.Snapshot().Record(to) == nil {
			previous[to] = a
			a = to
		}
		now.Put(a, r)
	}
	return now, previous
}

// cutWarning tells that the state has lost its end.
func cutWarning(s *state.Store) hcl.Diagnostics {
	snap := s.Snapshot()
	if snap.Cut == 0 {
		return nil
	}
	return hcl.Diagnostics{{Severity: hcl.DiagWarning, Summary: "The state is cut off",
		Detail: fmt.Sprintf("Line %d of %s is not whole, or missing: an earlier run was stopped while it wrote, or a copy is not complete. The %s objects on whole lines are used; what was recorded after them is found again among the live objects.",
			snap.Cut, s.Backend().Name(), schema.Thousands(snap.Records.Len()))}}
}
