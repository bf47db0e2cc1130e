package config

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"lockstep/schema"
	"lockstep/schema/functions"
)

// checker checks what the expressions of the modules refer to.
type checker struct {
	*findings
	cfg *Config
	// rejected are the blocks that could not be understood.
	rejected map[Node]bool
	// known are the names of all functions.
	known map[string]bool
}

func newChecker(f *findings, cfg *Config, rejected map[Node]bool) *checker {
	k := &checker{findings: f, cfg: cfg, rejected: rejected, known: map[string]bool{}}
	for _, name := range functions.Names() {
		k.known[name] = true
	}
	return k
}

// CheckExpression checks the references of an expression that stands alone,
// as if it stood in the root module.
func (c *Config) CheckExpression(expr hclsyntax.Expression) hcl.Diagnostics {
	k := newChecker(newFindings(), c, nil)
	k.expression(place{module: c.Root}, expr)
	return k.diags
}

// place is what the expressions of a block may refer to besides blocks,
// variables and local values.
type place struct {
	module            *Module
	each, count, self bool
	// early is set, to the name of the block, where nothing that is read from
	// an account can be used, because no account is configured yet.
	early string
}

// module checks the references of all expressions of a module and of the
// modules that it calls.
func (k *checker) module(m *Module) {
	at := place{module: m}
	for _, name := range slices.Sorted(maps.Keys(m.Variables)) {
		k.conditions(at, m.Variables[name].Validations)
	}
	for _, name := range slices.Sorted(maps.Keys(m.Locals)) {
		k.expression(at, m.Locals[name].Expr)
	}
	for _, name := range slices.Sorted(maps.Keys(m.Outputs)) {
		o := m.Outputs[name]
		k.expression(at, o.Value)
		k.conditions(at, o.Preconditions)
		k.dependsOn(m, o.DependsOn)
	}
	for _, r := range m.Data {
		k.resource(r)
	}
	for _, r := range m.Resources {
		k.resource(r)
	}
	for _, r := range m.Actions {
		k.action(r)
	}
	for _, c := range m.Checks {
		k.conditions(at, c.Asserts)
	}
	k.moves(m.Moved)
	for _, i := range m.Imports {
		k.importTarget(m, i)
	}
	for _, r := range m.Removed {
		k.removed(m, r)
	}
	for _, name := range slices.Sorted(maps.Keys(m.Calls)) {
		k.call(m, m.Calls[name])
	}
	if m.Parent == nil {
		k.earlyBlocks(m)
	}
}

func (k *checker) resource(r *Resource) {
	outside := place{module: r.Module}
	k.expression(outside, r.ForEach)
	k.expression(outside, r.Count)
	inside := place{module: r.Module, each: r.ForEach != nil, count: r.Count != nil}
	for _, a := range sortedAttributes(r.Attributes) {
		k.expression(inside, a.Expr)
	}
	if r.Mapping != nil {
		if r.Mapping.Match != nil {
			k.expression(inside, r.Mapping.Match.Expr)
		}
		k.mapping(r)
	}
	k.triggers(r)
	k.conditions(inside, r.Lifecycle.Preconditions)
	inside.self = true
	k.conditions(inside, r.Lifecycle.Postconditions)
	k.dependsOn(r.Module, r.DependsOn)
}

func (k *checker) call(m *Module, c *Call) {
	outside := place{module: m}
	k.expression(outside, c.ForEach)
	k.expression(outside, c.Count)
	inside := place{module: m, each: c.ForEach != nil, count: c.Count != nil}
	for _, a := range sortedAttributes(c.Inputs) {
		k.expression(inside, a.Expr)
	}
	k.dependsOn(m, c.DependsOn)
	if c.Module != nil {
		k.module(c.Module)
	}
}

func (k *checker) importTarget(m *Module, i *Import) {
	k.expression(place{module: m}, i.ForEach)
	inside := place{module: m, each: i.ForEach != nil}
	k.expression(inside, i.ID)
	to, key := i.TargetAddress()
	if key != nil {
		k.expression(inside, key)
	}
	if i.block(m) == nil && !k.rejected[Node{m, NodeBlock, blockName(to.Data, to.Kind, to.Name)}] {
		k.undeclaredImport(m, i, to)
	}
}

// undeclaredImport reports an import block without a resource. That of the root module
// can be written.
func (k *checker) undeclaredImport(m *Module, i *Import, to schema.Address) {
	advice := "Write its resource block, or let `lockstep plan -generate-config-out=FILE` write it."
	if m.Parent != nil {
		advice = "Write its resource block into the module."
	}
	k.error("Import of an undeclared resource", i.To.Range(), "%s is not declared. %s", to.Block(), advice)
	if m.Parent == nil {
		k.diags[len(k.diags)-1].Extra = &Undeclared{Import: i}
	}
}

// removed reports a removed block whose resource is still declared.
func (k *checker) removed(m *Module, r *Removed) {
	if from := r.From; from.Module == "" && from.Key == (schema.Key{}) && m.Resource(from.Data, from.Kind, from.Name) != nil {
		k.error("Removed block is still declared", r.Range, "%s is still declared, so it is not removed. Delete its block, or this one.", from)
	}
}

// earlyBlocks checks blocks that are evaluated before any account is read.
func (k *checker) earlyBlocks(m *Module) {
	for _, p := range m.Providers {
		at := place{module: m, early: "provider"}
		for _, a := range sortedAttributes(p.Attributes) {
			k.expression(at, a.Expr)
		}
		for _, b := range p.Blocks {
			for _, a := range sortedAttributes(b.Body.Attributes) {
				k.expression(at, a.Expr)
			}
		}
	}
	s := k.cfg.Settings
	at := place{module: m, early: "lockstep"}
	for _, expr := range s.expressions() {
		k.expression(at, expr)
	}
	if s.Backend != nil {
		for _, a := range sortedAttributes(s.Backend.Attributes) {
			k.expression(at, a.Expr)
		}
	}
}

func (k *checker) conditions(at place, conditions []*Condition) {
	for _, c := range conditions {
		k.expression(at, c.Condition)
		k.expression(at, c.Message)
	}
}

func (k *checker) dependsOn(m *Module, traversals []hcl.Traversal) {
	for _, t := range traversals {
		ref := TraversalReference(t)
		if ref.Kind != RefBlock && ref.Kind != RefModule {
			k.error("Invalid depends_on", ref.Range, "depends_on names resources, data blocks and modules only; everything else is waited for by itself.")
			continue
		}
		ref.Key, ref.Attribute = nil, ""
		k.reference(place{module: m}, ref)
	}
}

func (k *checker) expression(at place, expr hclsyntax.Expression) {
	if expr == nil {
		return
	}
	k.calledFunctions(expr)
	for _, ref := range References(expr) {
		k.reference(at, ref)
	}
}

// calledFunctions reports functions that do not exist.
func (k *checker) calledFunctions(expr hclsyntax.Expression) {
	// The callback reports through k.
	_ = hclsyntax.VisitAll(expr, func(node hclsyntax.Node) hcl.Diagnostics {
		call, ok := node.(*hclsyntax.FunctionCallExpr)
		if !ok || k.known[call.Name] {
			return nil
		}
		if remedy, ok := notOffered[call.Name]; ok {
			k.error("Function is not offered", call.NameRange, "The function %s is not offered: %s", call.Name, remedy)
			return nil
		}
		k.error("Unknown function", call.NameRange, "There is no function %q.%s", call.Name, schema.DidYouMean(call.Name, slices.Sorted(maps.Keys(k.known))))
		return nil
	})
}

// notOffered are functions that people know from Terraform, and why they are
// missing here.
var notOffered = map[string]string{
	"uuid":   "its value differs at every run, so that every plan would show a change. Derive a value from what is known, for example with uuidv5 or sha256.",
	"bcrypt": "its value differs at every run, so that every plan would show a change. Use sha256 for a value that stays.",
}
