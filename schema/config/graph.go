package config

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// NodeKind is what a Node stands for.
type NodeKind uint8

// The kinds of a Node.
const (
	NodeVariable NodeKind = iota + 1
	NodeLocal
	NodeOutput
	NodeBlock
	NodeCall
	NodeCheck
	// NodeTrigger is the action_trigger blocks of a resource: nothing waits for what
	// they refer to.
	NodeTrigger
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
	// id is set for a block whose objects are only asked for their ids.
	id bool
}

// BlockNode is the node of a resource, data or action block.
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
	case NodeTrigger:
		name += ".action_trigger"
	}
	if path := n.Module.Address(); path != "" {
		return path + "." + name
	}
	return name
}

func (n Node) compare(o Node) int {
	return cmp.Or(strings.Compare(n.Module.Address(), o.Module.Address()), cmp.Compare(n.Kind, o.Kind), strings.Compare(n.Name, o.Name))
}

// graph is what the parts of all modules need.
type graph struct {
	edges map[Node][]edge
	// found are the answers of needs.
	found map[Node][]*Resource
}

// newGraph records what everything of a module, and of the modules below it,
// refers to.
func newGraph(root *Module) *graph {
	g := &graph{edges: map[Node][]edge{}, found: map[Node][]*Resource{}}
	g.module(root)
	return g
}

func (g *graph) module(m *Module) {
	for _, name := range slices.Sorted(maps.Keys(m.Locals)) {
		g.link(Node{m, NodeLocal, name}, m, m.Locals[name].Expr)
	}
	for _, name := range slices.Sorted(maps.Keys(m.Outputs)) {
		o, n := m.Outputs[name], Node{m, NodeOutput, name}
		g.link(n, m, o.Value)
		g.conditions(n, m, o.Preconditions)
		g.dependsOn(n, m, o.DependsOn)
	}
	for _, r := range slices.Concat(m.Data, m.Resources, m.Actions) {
		g.resource(r)
	}
	for _, c := range m.Checks {
		g.conditions(Node{m, NodeCheck, c.Name}, m, c.Asserts)
	}
	for _, name := range slices.Sorted(maps.Keys(m.Calls)) {
		g.call(m, m.Calls[name])
	}
}

func (g *graph) resource(r *Resource) {
	n, m := BlockNode(r), r.Module
	g.link(n, m, r.ForEach, r.Count)
	for _, a := range sortedAttributes(r.Attributes) {
		g.link(n, m, a.Expr)
	}
	if r.Mapping != nil && r.Mapping.Match != nil {
		g.link(n, m, r.Mapping.Match.Expr)
	}
	g.conditions(n, m, r.Lifecycle.Preconditions)
	g.conditions(n, m, r.Lifecycle.Postconditions)
	g.dependsOn(n, m, r.DependsOn)
	for _, t := range r.Lifecycle.Triggers {
		when := Node{m, NodeTrigger, n.Name}
		g.link(when, m, t.Condition)
		for _, ref := range t.Actions {
			g.link(when, m, ref.Key)
		}
	}
	if m.Call != nil {
		g.connect(n, Node{m.Parent, NodeCall, m.Call.Name}, m.Call.Range)
	}
}

func (g *graph) call(m *Module, c *Call) {
	n := Node{m, NodeCall, c.Name}
	g.link(n, m, c.ForEach, c.Count)
	g.dependsOn(n, m, c.DependsOn)
	if m.Call != nil {
		g.connect(n, Node{m.Parent, NodeCall, m.Call.Name}, m.Call.Range)
	}
	if c.Module == nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(c.Module.Variables)) {
		v := Node{c.Module, NodeVariable, name}
		g.connect(v, n, c.Range)
		if a := c.Inputs[name]; a != nil {
			g.link(v, m, a.Expr)
		}
	}
	g.module(c.Module)
}

func (g *graph) connect(from, to Node, at hcl.Range) {
	g.edges[from] = append(g.edges[from], edge{to: to, at: at})
}

func (g *graph) link(from Node, m *Module, exprs ...hclsyntax.Expression) {
	for _, expr := range exprs {
		if expr == nil {
			continue
		}
		for _, ref := range References(expr) {
			for _, to := range referencedNodes(m, ref) {
				g.edges[from] = append(g.edges[from], edge{to: to, at: ref.Range, id: ref.Kind == RefBlock && ref.Attribute == "id"})
			}
		}
	}
}

func (g *graph) conditions(from Node, m *Module, conditions []*Condition) {
	for _, c := range conditions {
		g.link(from, m, c.Condition, c.Message)
	}
}

func (g *graph) dependsOn(from Node, m *Module, traversals []hcl.Traversal) {
	for _, t := range traversals {
		ref := TraversalReference(t)
		if c := m.Calls[ref.Name]; ref.Kind == RefModule && c != nil && c.Module != nil {
			for _, r := range allBlocks(c.Module) {
				g.connect(from, BlockNode(r), ref.Range)
			}
			continue
		}
		for _, to := range referencedNodes(m, ref) {
			g.connect(from, to, ref.Range)
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
	return ofModules(m, func(m *Module) []*Resource { return slices.Concat(m.Data, m.Resources) })
}

// Referenced reports whether an expression somewhere refers to more of the objects of
// a block than their ids, so that any of their attributes may be needed.
func (c *Config) Referenced(r *Resource) bool {
	to := BlockNode(r)
	for from, edges := range c.graph.edges {
		if from != to && slices.ContainsFunc(edges, func(e edge) bool { return e.to == to && !e.id }) {
			return true
		}
	}
	return false
}

// AllBlocks are the resource, data and mapping blocks of all modules.
func (c *Config) AllBlocks() []*Resource { return allBlocks(c.Root) }

// AllActions are the action blocks of all modules.
func (c *Config) AllActions() []*Resource {
	return ofModules(c.Root, func(m *Module) []*Resource { return m.Actions })
}

// AllImports are the import blocks of all modules.
func (c *Config) AllImports() []*Import {
	return ofModules(c.Root, func(m *Module) []*Import { return m.Imports })
}

// ofModules are the blocks of a module and of all below it.
func ofModules[T any](m *Module, of func(*Module) []T) []T {
	found := slices.Clone(of(m))
	for _, name := range slices.Sorted(maps.Keys(m.Calls)) {
		if child := m.Calls[name].Module; child != nil {
			found = append(found, ofModules(child, of)...)
		}
	}
	return found
}

// Needs are the blocks that a node depends on directly, which is through
// references, local values, variables and outputs, but not through other
// blocks. They are in the order of their addresses.
func (c *Config) Needs(n Node) []*Resource { return c.graph.needs(n) }

func (g *graph) needs(n Node) []*Resource {
	if found, ok := g.found[n]; ok {
		return found
	}
	found, seen := []*Resource{}, map[Node]bool{n: true}
	queue := []Node{n}
	for len(queue) > 0 {
		from := queue[0]
		queue = queue[1:]
		for _, e := range g.edges[from] {
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
	g.found[n] = found
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
	unique := found[:0:0]
	for _, r := range found {
		if !slices.Contains(unique, r) {
			unique = append(unique, r)
		}
	}
	return unique
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

// VariablesOf are the names of the root module's variables that an expression of
// the root module depends on, also by way of local values, modules and blocks,
// sorted.
func (c *Config) VariablesOf(expr hclsyntax.Expression) []string {
	seen := map[Node]bool{}
	var queue []Node
	for _, ref := range References(expr) {
		queue = append(queue, referencedNodes(c.Root, ref)...)
	}
	var names []string
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		if seen[n] {
			continue
		}
		seen[n] = true
		if n.Kind == NodeVariable && n.Module == c.Root {
			names = append(names, n.Name)
		}
		for _, e := range c.graph.edges[n] {
			queue = append(queue, e.to)
		}
	}
	slices.Sort(names)
	return names
}
