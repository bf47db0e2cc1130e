package targeting

import (
	"fmt"
	"iter"
	"maps"
	"slices"

	"lockstep/schema"
)

// Node is a block of the files, or one that only the state knows.
type Node struct {
	// Block is the address without any keys.
	Block schema.Address
	// Needs are the blocks that this one refers to.
	Needs []schema.Address
	// Members are the objects of the block, in the files or in the state.
	Members iter.Seq[schema.Address]
}

// Request is what the command line names. It has targets or excludes, not both.
type Request struct {
	Targets, Excludes []Selector
	// Destroy reports that everything goes: then what needs a target goes with it.
	Destroy bool
}

// Scope says which objects a plan is about.
type Scope struct {
	request Request
	// linked are the blocks that targets bring with them, or that excludes take out.
	linked map[schema.Address]bool
}

// MissingError is returned for a selector that names nothing.
type MissingError struct {
	// Flag is "target" or "exclude", and Text what it was given.
	Flag, Text string
	// Near is the candidate that is spelled most like it; empty when none is.
	Near string
}

// Error says which flag names nothing.
func (e *MissingError) Error() string {
	text := fmt.Sprintf("-%s=%s names nothing: neither the files nor the state have such an object, block, kind or module", e.Flag, e.Text)
	if e.Near != "" {
		text += fmt.Sprintf("; did you mean %q?", e.Near)
	}
	return text
}

// Scope finds what a plan is about. A target brings all of the blocks that its own
// needs, and an exclude takes out all of the blocks that need its own; when
// everything is destroyed it is the other way round, because what is needed goes
// last. The error is a *MissingError.
func (r Request) Scope(nodes []Node) (*Scope, error) {
	flag, selectors := "target", r.Targets
	if len(r.Excludes) > 0 {
		flag, selectors = "exclude", r.Excludes
	}
	named := make([]bool, len(selectors))
	var start []schema.Address
	for _, n := range nodes {
		if touched(n, selectors, named) {
			start = append(start, n.Block)
		}
	}
	if i := slices.Index(named, false); i >= 0 {
		text := selectors[i].String()
		return nil, &MissingError{Flag: flag, Text: text, Near: schema.Near(text, candidates(nodes, selectors[i]))}
	}
	return &Scope{request: r, linked: reached(start, edges(nodes, len(r.Excludes) > 0 != r.Destroy))}, nil
}

// touched reports whether any selector names a block or an object of it, and notes
// which do.
func touched(n Node, selectors []Selector, named []bool) (any bool) {
	for i, s := range selectors {
		if s.Matches(n.Block) {
			named[i], any = true, true
		}
	}
	for a := range n.Members {
		for i, s := range selectors {
			if s.Matches(a) {
				named[i], any = true, true
			}
		}
	}
	return any
}

// edges are the blocks that each block needs, or the other way round those that
// need it.
func edges(nodes []Node, reverse bool) map[schema.Address][]schema.Address {
	found := make(map[schema.Address][]schema.Address, len(nodes))
	for _, n := range nodes {
		for _, need := range n.Needs {
			from, to := n.Block, need
			if reverse {
				from, to = to, from
			}
			found[from] = append(found[from], to)
		}
	}
	return found
}

// reached are the blocks on the way from some, without these unless one leads to
// the other.
func reached(start []schema.Address, edges map[schema.Address][]schema.Address) map[schema.Address]bool {
	seen := map[schema.Address]bool{}
	for open := slices.Clone(start); len(open) > 0; {
		at := open[len(open)-1]
		open = open[:len(open)-1]
		for _, next := range edges[at] {
			if !seen[next] {
				seen[next] = true
				open = append(open, next)
			}
		}
	}
	return seen
}

// candidates are what a selector may have been meant to be.
func candidates(nodes []Node, s Selector) []string {
	names := map[string]bool{}
	at, exact := s.Address()
	for _, n := range nodes {
		names[n.Block.String()], names[n.Block.Kind] = true, true
		if !exact || at.Key.Type == schema.NoKey || withoutKeys(at) != n.Block {
			continue
		}
		for a := range n.Members {
			names[a.String()] = true
		}
	}
	return slices.Collect(maps.Keys(names))
}

// Planned reports whether the plan is about an object.
func (s *Scope) Planned(a schema.Address) bool {
	matches := func(one Selector) bool { return one.Matches(a) }
	if len(s.request.Excludes) > 0 {
		return !s.linked[withoutKeys(a)] && !slices.ContainsFunc(s.request.Excludes, matches)
	}
	return s.linked[withoutKeys(a)] || slices.ContainsFunc(s.request.Targets, matches)
}

// PlannedWhole reports whether the plan is about an object of a block whatever its
// key, for one whose key is not known.
func (s *Scope) PlannedWhole(block schema.Address) bool {
	pattern := func(one Selector) bool { return one.pattern != nil }
	return s.Planned(block) && !slices.ContainsFunc(s.request.Excludes, pattern)
}
