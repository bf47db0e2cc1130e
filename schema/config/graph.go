package config

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// NodeKind says what a Node stands for.
type NodeKind uint8

// The kinds of a Node.
const (
	NodeVariable NodeKind = iota + 1
	NodeLocal
	NodeOutput
	NodeBlock
	NodeCall
	NodeCheck
)

// Node is one thing of a module that depends on others or is depended on.
type Node struct {
	Module *Module
	Kind   NodeKind
	// Name is the name; for a block its address without module.
	Name string
}

type edge struct {
	to Node
	at hcl.Range
}

// BlockNode is the node of a resource or data block.
func BlockNode(r *Resource) Node {
	return Node{Module: r.Module, Kind: NodeBlock, Name: blockName(r.Data, r.Type, r.Name)}
}

func blockName(data bool, typ, name string) string {
	if data {
		return "data." + typ + "." + name
	}
	return typ + "." + name
}

// String names the node with its module.
func (n Node) String() string {
	name := n.Name
	switch n.Kind {
	case NodeVariable:
		name = "var." + name
	case NodeLocal:
		name = "local." + name
	case NodeOutput:
		name = "output." + name
	case NodeCall:
		name = "module." + name
	case NodeCheck:
		name = "check." + name
	}
	if path := n.Module.Address(); path != "" {
		return path + "." + name
	}
	return name
}

func (n Node) compare(o Node) int {
	return cmp.Or(strings.Compare(n.Module.Address(), o.Module.Address()), cmp.Compare(n.Kind, o.Kind), strings.Compare(n.Name, o.Name))
}

// buildGraph records what everything of a module refers to.
func (l *loader) buildGraph(m *Module) {
	if l.cfg.edges == nil {
		l.cfg.edges, l.cfg.needs = map[Node][]edge{}, map[Node][]*Resource{}
	}
	for _, name := range slices.Sorted(maps.Keys(m.Locals)) {
		l.link(Node{m, NodeLocal, name}, m, m.Locals[name].Expr)
	}
	for _, name := range slices.Sorted(maps.Keys(m.Outputs)) {
		o, n := m.Outputs[name], Node{m, NodeOutput, name}
		l.link(n, m, o.Value)
		l.linkConditions(n, m, o.Preconditions)
		l.linkDependsOn(n, m, o.DependsOn)
	}
	for _, r := range slices.Concat(m.Data, m.Resources) {
		l.linkResource(r)
	}
	for _, c := range m.Checks {
		l.linkConditions(Node{m, NodeCheck, c.Name}, m, c.Asserts)
	}
	for _, name := range slices.Sorted(maps.Keys(m.Calls)) {
		l.linkCall(m, m.Calls[name])
	}
}

func (l *loader) linkResource(r *Resource) {
	n, m := BlockNode(r), r.Module
	l.link(n, m, r.ForEach, r.Count)
	for _, a := range sortedAttributes(r.Attributes) {
		l.link(n, m, a.Expr)
	}
	if r.Mapping != nil && r.Mapping.Match != nil {
		l.link(n, m, r.Mapping.Match.Expr)
	}
	l.linkConditions(n, m, r.Lifecycle.Preconditions)
	l.linkConditions(n, m, r.Lifecycle.Postconditions)
	l.linkDependsOn(n, m, r.DependsOn)
	if m.Call != nil {
		l.connect(n, Node{m.Parent, NodeCall, m.Call.Name}, m.Call.Range)
	}
}

func (l *loader) linkCall(m *Module, c *Call) {
	n := Node{m, NodeCall, c.Name}
	l.link(n, m, c.ForEach, c.Count)
	l.linkDependsOn(n, m, c.DependsOn)
	if m.Call != nil {
		l.connect(n, Node{m.Parent, NodeCall, m.Call.Name}, m.Call.Range)
	}
	if c.Module == nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(c.Module.Variables)) {
		v := Node{c.Module, NodeVariable, name}
		l.connect(v, n, c.Range)
		if a := c.Inputs[name]; a != nil {
			l.link(v, m, a.Expr)
		}
	}
	l.buildGraph(c.Module)
}

func (l *loader) connect(from, to Node, at hcl.Range) {
	l.cfg.edges[from] = append(l.cfg.edges[from], edge{to, at})
}

func (l *loader) link(from Node, m *Module, exprs ...hclsyntax.Expression) {
	for _, expr := range exprs {
		if expr == nil {
			continue
		}
		for _, ref := range References(expr) {
			for _, to := range referencedNodes(m, ref) {
				l.connect(from, to, ref.Range)
			}
		}
	}
}

func (l *loader) linkConditions(from Node, m *Module, conditions []*Condition) {
	for _, c := range conditions {
		l.link(from, m, c.Condition, c.Message)
	}
}

func (l *loader) linkDependsOn(from Node, m *Module, traversals []hcl.Traversal) {
	for _, t := range traversals {
		ref := TraversalReference(t)
		if c := m.Calls[ref.Name]; ref.Kind == RefModule && c != nil && c.Module != nil {
			for _, r := range allBlocks(c.Module) {
				l.connect(from, BlockNode(r), ref.Range)
			}
			continue
		}
		for _, to := range referencedNodes(m, ref) {
			l.connect(from, to, ref.Range)
		}
	}
}

// referencedNodes are the nodes whose values a reference needs.
func referencedNodes(m *Module, ref Reference) []Node {
	switch ref.Kind {
	case RefVariable:
		return []Node{{m, NodeVariable, ref.Name}}
	case RefLocal:
		return []Node{{m, NodeLocal, ref.Name}}
	case RefBlock:
		return []Node{{m, NodeBlock, blockName(ref.Data, ref.Type, ref.Name)}}
	case RefModule:
		c := m.Calls[ref.Name]
		if c == nil || c.Module == nil {
			return nil
		}
		nodes := []Node{{m, NodeCall, ref.Name}}
		if ref.Attribute != "" {
			return append(nodes, Node{c.Module, NodeOutput, ref.Attribute})
		}
		for _, name := range slices.Sorted(maps.Keys(c.Module.Outputs)) {
			nodes = append(nodes, Node{c.Module, NodeOutput, name})
		}
		return nodes
	default:
		return nil
	}
}

func allBlocks(m *Module) []*Resource {
	blocks := slices.Concat(m.Data, m.Resources)
	for _, name := range slices.Sorted(maps.Keys(m.Calls)) {
		if child := m.Calls[name].Module; child != nil {
			blocks = append(blocks, allBlocks(child)...)
		}
	}
	return blocks
}

// Referenced says that an expression somewhere refers to the objects of a
// block, so that any of their attributes may be needed.
func (c *Config) Referenced(r *Resource) bool {
	to := BlockNode(r)
	for from, edges := range c.edges {
		if from != to && slices.ContainsFunc(edges, func(e edge) bool { return e.to == to }) {
			return true
		}
	}
	return false
}

// AllBlocks are the resource and data blocks of all modules.
func (c *Config) AllBlocks() []*Resource { return allBlocks(c.Root) }

// Needs are the blocks that a node depends on directly, which is through
// references, local values, variables and outputs, but not through other
// blocks. They are in the order of their addresses.
func (c *Config) Needs(n Node) []*Resource {
	if found, ok := c.needs[n]; ok {
		return found
	}
	found, seen := []*Resource{}, map[Node]bool{n: true}
	queue := []Node{n}
	for len(queue) > 0 {
		from := queue[0]
		queue = queue[1:]
		for _, e := range c.edges[from] {
			if seen[e.to] {
				continue
			}
			seen[e.to] = true
			if e.to.Kind != NodeBlock {
				queue = append(queue, e.to)
			} else if r := e.to.resource(); r != nil {
				found = append(found, r)
			}
		}
	}
	slices.SortFunc(found, func(a, b *Resource) int { return a.Address().Compare(b.Address()) })
	c.needs[n] = found
	return found
}

// NeedsOf are the blocks that an expression within a module depends on.
func (c *Config) NeedsOf(m *Module, expr hclsyntax.Expression) []*Resource {
	var found []*Resource
	for _, ref := range References(expr) {
		for _, n := range referencedNodes(m, ref) {
			if r := n.resource(); r != nil {
				found = append(found, r)
				continue
			}
			found = append(found, c.Needs(n)...)
		}
	}
	return found
}

func (n Node) resource() *Resource {
	if n.Kind != NodeBlock {
		return nil
	}
	for _, r := range slices.Concat(n.Module.Resources, n.Module.Data) {
		if blockName(r.Data, r.Type, r.Name) == n.Name {
			return r
		}
	}
	return nil
}

// checkCycles reports what depends on itself, naming every member with its
// place.
func (l *loader) checkCycles() {
	nodes := make([]Node, 0, len(l.cfg.edges))
	for n := range l.cfg.edges {
		nodes = append(nodes, n)
	}
	slices.SortFunc(nodes, Node.compare)
	s := &cycleSearch{edges: l.cfg.edges, state: map[Node]uint8{}}
	for _, n := range nodes {
		s.visit(n, edge{to: n})
	}
	for _, cycle := range s.cycles {
		var members []string
		for _, e := range cycle {
			members = append(members, fmt.Sprintf("  %s, used at %s:%d", e.to, e.at.Filename, e.at.Start.Line))
		}
		l.error("Cycle", cycle[0].at, "These depend on each other, so none can come first:\n%s\nTake one of the references away.", strings.Join(members, "\n"))
	}
	l.earlyThroughLocals()
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

// earlyThroughLocals finds provider and lockstep blocks that use a local value
// which needs a block.
func (l *loader) earlyThroughLocals() {
	check := func(what string, expr hclsyntax.Expression) {
		for _, ref := range References(expr) {
			if ref.Kind != RefLocal {
				continue
			}
			if needs := l.cfg.Needs(Node{l.cfg.Root, NodeLocal, ref.Name}); len(needs) > 0 {
				l.error("Reference is not known in time", ref.Range,
					"A %s block is evaluated before anything is read from an account, but local.%s depends on %s.", what, ref.Name, needs[0].Address())
			}
		}
	}
	for _, p := range l.cfg.Root.Providers {
		for _, a := range sortedAttributes(p.Attributes) {
			check("provider", a.Expr)
		}
		for _, b := range p.Blocks {
			for _, a := range sortedAttributes(b.Body.Attributes) {
				check("provider", a.Expr)
			}
		}
	}
	s := l.cfg.Settings
	for _, expr := range []hclsyntax.Expression{s.RequiredVersion, s.MaxDeletes, s.MaxChanges, s.PersonalData} {
		if expr != nil {
			check("lockstep", expr)
		}
	}
}
