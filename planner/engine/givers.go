package engine

import (
	"slices"

	"lockstep/planner"
	"lockstep/providers"
	"lockstep/schema"
)

// givers are the changes of a plan that give natural keys up for others.
func givers(p *planner.Plan) map[schema.Address]int {
	awaited := map[schema.Address]int{}
	for i := range p.Changes {
		for _, a := range p.Changes[i].Awaits {
			awaited[a] = -1
		}
	}
	if len(awaited) == 0 {
		return nil
	}
	for i := range p.Changes {
		if _, ok := awaited[p.Changes[i].Address]; ok {
			awaited[p.Changes[i].Address] = i
		}
	}
	return awaited
}

// keyHeld reports whether a write takes a natural key that was to be given up, and was
// not. What gives a key up itself waits for nothing.
func (f *filler) keyHeld(c *planner.Change, write *providers.Write) bool {
	if len(c.Awaits) == 0 || write.Action == providers.Delete || c.Frees(write) {
		return false
	}
	if !slices.ContainsFunc(c.Kind.Keys, func(key schema.NaturalKey) bool {
		return slices.ContainsFunc(key, func(path string) bool { _, found := write.Fields.Find(path); return found })
	}) {
		return false
	}
	return slices.ContainsFunc(c.Awaits, func(a schema.Address) bool {
		at, planned := f.givers[a]
		return planned && at >= 0 && f.states[at].holdsKey(c.Kind)
	})
}

// holdsKey reports whether an object still has a natural key that it was to give up.
func (s *changeState) holdsKey(kind *schema.Kind) bool {
	return s.stage.over() || slices.ContainsFunc(kind.Keys, func(key schema.NaturalKey) bool {
		return slices.ContainsFunc(key, func(path string) bool { return s.bad[path] })
	})
}
