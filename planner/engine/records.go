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
func byKind(s *state.Snapshot) map[kindRef]map[schema.Address]*state.Record {
	counts := map[kindRef]int{}
	var last kindRef
	n := 0
	for a, r := range s.Records {
		if ref := refOf(a, r); ref != last {
			counts[last] += n
			last, n = ref, 0
		}
		n++
	}
	counts[last] += n
	delete(counts, kindRef{})
	parts := make(map[kindRef]map[schema.Address]*state.Record, len(counts))
	for ref, n := range counts {
		parts[ref] = make(map[schema.Address]*state.Record, n)
	}
	last = kindRef{}
	var part map[schema.Address]*state.Record
	for a, r := range s.Records {
		if ref := refOf(a, r); ref != last {
			last, part = ref, parts[ref]
		}
		part[a] = r
	}
	return parts
}

// refOf is the kind of a record: that of its address, or of a mapping's target.
func refOf(a schema.Address, r *state.Record) kindRef {
	if r.Mapped != "" {
		return kindRef{r.Provider, r.Mapped}
	}
	return kindRef{r.Provider, a.Kind}
}

// strays are unfinished creates whose address is no longer declared: nobody
// will look for what they may have made, so the user is told to.
func (e *Engine) strays() []schema.Address {
	intents := e.Store.Snapshot().Intents
	if len(intents) == 0 {
		return nil
	}
	left := maps.Clone(intents)
	for _, bs := range e.run.blocks {
		for i := range bs.desired {
			delete(left, bs.desired[i].Sealed)
		}
	}
	return slices.SortedFunc(maps.Keys(left), schema.Address.Compare)
}

func (e *Engine) warnStrays() {
	for _, a := range e.run.strays {
		e.run.diags = append(e.run.diags, &hcl.Diagnostic{
			Severity: hcl.DiagWarning, Summary: "An unfinished create",
			Detail: fmt.Sprintf("An earlier apply was stopped while it created %s, and this plan does not look for it. Whether it exists is not known: look in the CRM. The next apply forgets about it.", a),
			Extra:  &Detail{Address: a.String()},
		})
	}
}

// records gives a matcher the records of its kind, under the addresses that
// moved blocks give them.
func (e *Engine) records(ks *kindState) {
	ks.matcher.Records = e.run.records[kindRef{ks.account.name, ks.kind.Name}]
	if len(e.run.moves) == 0 {
		return
	}
	now := make(map[schema.Address]*state.Record, len(ks.matcher.Records))
	for a, r := range ks.matcher.Records {
		to := a
		for _, m := range e.run.moves {
			to = moved(to, e.sealedMove(ks.kind, m))
		}
		if _, taken := e.Store.Snapshot().Records[to]; to != a && !taken {
			ks.matcher.Previous[to] = a
			a = to
		}
		now[a] = r
	}
	ks.matcher.Records = now
}

// warnCut tells that the state has lost its end, once.
func (e *Engine) warnCut() {
	s := e.Store.Snapshot()
	if s.Cut == 0 {
		return
	}
	e.run.diags = append(e.run.diags, &hcl.Diagnostic{Severity: hcl.DiagWarning, Summary: "The state is cut off",
		Detail: fmt.Sprintf("Line %d of %s is not whole, or missing: an earlier run was stopped while it wrote, or a copy is not complete. The %d objects on whole lines are used; what was recorded after them is found again among the live objects.",
			s.Cut, e.Store.Backend().Name(), len(s.Records))})
}
