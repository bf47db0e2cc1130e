package engine

import (
	"errors"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/providers"
	"lockstep/schema"
	"lockstep/schema/eval"
)

// wanting makes desired objects of the instances of one block, one after the other:
// of a hundred thousand, no more is held than what is kept.
type wanting struct {
	planning
	of *authorBlock
	// spell spells the fields of an instance as the account does.
	spell  func(*eval.Instance) (schema.Fields, error)
	block  *planner.Block
	site   *planner.Site
	module string
	packer schema.Packer

	desired []planner.Desired
	wrong   Alike
	// unasked is set once the account could not be asked. The next object has no
	// better chance.
	unasked *hcl.Diagnostic
}

// wanting begins with a block whose kind is known, and what spells the fields of its
// instances.
func (e planning) wanting(of *authorBlock, spell func(*eval.Instance) (schema.Fields, error)) *wanting {
	b := of.block
	return &wanting{planning: e, of: of, spell: spell, block: &planner.Block{
		Place: b.Resource.Range, Level: e.run.blocks.levels[b], Ignore: b.Resource.Lifecycle.IgnoreChanges,
		Replace: e.run.selection.replace, Waits: len(b.Resource.DependsOn) > 0, PreventDestroy: b.Resource.Lifecycle.PreventDestroy, OnExists: b.Resource.Lifecycle.OnExists, OnDestroy: b.Resource.Lifecycle.OnDestroy,
	}}
}

// expand evaluates the block and takes its instances. ok is false when they cannot
// be used; the diagnostics tell why.
func (w *wanting) expand() (diags hcl.Diagnostics, ok bool) {
	if w.run.blocks.lacks(w.of.block) {
		instances, diags, ok := w.planning.expand(w.of.block)
		w.take(instances)
		return diags, ok
	}
	instances := w.Evaluator.Instances(w.of.block)
	w.desired = make([]planner.Desired, 0, instances.Len())
	for i := range instances.All() {
		w.add(i)
	}
	diags = instances.Diagnostics()
	return diags, !diags.HasErrors()
}

// take takes instances that are all there.
func (w *wanting) take(instances []eval.Instance) {
	w.desired = make([]planner.Desired, 0, len(instances))
	for i := range instances {
		w.add(&instances[i])
	}
}

// add takes the next instance, of which it keeps only values.
func (w *wanting) add(i *eval.Instance) {
	if w.unasked != nil {
		return
	}
	a := i.Address
	if a.Module != w.module {
		w.module = schema.WithModuleKeys(a.Module, w.note)
	}
	fields, err := w.spell(i)
	var field *providers.FieldError
	switch {
	case err == nil:
		w.keep(a, fields)
	case errors.As(err, &field):
		w.wrong.Add(func() *hcl.Diagnostic { return w.objectFailure("Invalid value", a, w.of.block, err) })
	default:
		w.unasked = w.objectFailure("Cannot check "+w.of.kind.kind.Plural, a, w.of.block, err)
	}
}

func (w *wanting) keep(a schema.Address, fields schema.Fields) {
	sealed := w.Store.Sealer().Address(a)
	if w.site == nil || w.site.Address != a.Block() {
		w.site = &planner.Site{Address: a.Block(), Sealed: sealed.Block()}
	}
	d := planner.NewDesired(w.block, w.site, a.Key, sealed.Key.Text, w.packer.Pack(fields))
	d.ImportID = w.importID(w.of.kind, a, sealed)
	w.desired = append(w.desired, d)
}

// all returns the desired objects. Without errors, each instance has its own.
func (w *wanting) all() ([]planner.Desired, hcl.Diagnostics) {
	diags := w.wrong.All()
	if w.unasked != nil {
		diags = append(diags, w.unasked)
	}
	return w.desired, diags
}
