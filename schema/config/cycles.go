package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// cycles reports what depends on itself, naming every member with its
// place.
func (k *checker) cycles() {
	nodes := make([]Node, 0, len(k.cfg.graph.edges))
	for n := range k.cfg.graph.edges {
		nodes = append(nodes, n)
	}
	slices.SortFunc(nodes, Node.compare)
	s := &cycleSearch{edges: k.cfg.graph.edges, state: map[Node]uint8{}}
	for _, n := range nodes {
		s.visit(n, edge{to: n})
	}
	for _, cycle := range s.cycles {
		var members []string
		for _, e := range cycle {
			members = append(members, fmt.Sprintf("  %s, used at %s:%d", e.to, e.at.Filename, e.at.Start.Line))
		}
		k.error("Cycle", cycle[0].at, "These depend on each other, so none can come first:\n%s\nTake one of the references away.", strings.Join(members, "\n"))
	}
	k.earlyThroughLocals()
}

type cycleSearch struct {
	edges  map[Node][]edge
	state  map[Node]uint8 // 1 on the path, 2 done
	path   []edge
	cycles [][]edge
}

func (s *cycleSearch) visit(n Node, by edge) {
	switch s.state[n] {
	case 2:
		return
	case 1:
		start := slices.IndexFunc(s.path, func(e edge) bool { return e.to == n })
		cycle := slices.Clone(s.path[start:])
		// The first member was entered from outside; within the cycle it is
		// used by the last.
		cycle[0] = by
		s.cycles = append(s.cycles, cycle)
		return
	}
	s.state[n] = 1
	s.path = append(s.path, by)
	for _, e := range s.edges[n] {
		s.visit(e.to, e)
	}
	s.path = s.path[:len(s.path)-1]
	s.state[n] = 2
}

// earlyThroughLocals reports provider and lockstep blocks that use a local value
// which needs a block.
func (k *checker) earlyThroughLocals() {
	check := func(what string, expr hclsyntax.Expression) {
		for _, ref := range References(expr) {
			if ref.Kind != RefLocal {
				continue
			}
			if needs := k.cfg.Needs(Node{k.cfg.Root, NodeLocal, ref.Name}); len(needs) > 0 {
				k.error("Reference is not known in time", ref.Range,
					"A %s block is evaluated before anything is read from an account, but local.%s depends on %s.", what, ref.Name, needs[0].Address())
			}
		}
	}
	for _, p := range k.cfg.Root.Providers {
		for _, a := range sortedAttributes(p.Attributes) {
			check("provider", a.Expr)
		}
		for _, b := range p.Blocks {
			for _, a := range sortedAttributes(b.Body.Attributes) {
				check("provider", a.Expr)
			}
		}
	}
	for _, expr := range k.cfg.Settings.expressions() {
		check("lockstep", expr)
	}
}
