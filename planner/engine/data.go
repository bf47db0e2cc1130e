package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"lockstep/planner"
	"lockstep/providers"
	"lockstep/schema"
	"lockstep/schema/eval"
)

// dataBlocks are the data blocks of a plan, which are read on the way.
type dataBlocks struct{ planning }

// planData reads a data block now, or leaves it for the apply when its
// arguments are not known or it depends on something that changes.
func (e dataBlocks) planData(ctx context.Context, b *eval.Block) {
	bs := &blockState{block: b, values: map[schema.Address]cty.Value{}}
	e.run.blocks[b] = bs
	instances, diags, ok := e.expand(b)
	e.run.diags = append(e.run.diags, diags...)
	if !ok {
		bs.failed = true
		return
	}
	waits := e.dependsOnChange(b)
	for i := range instances {
		inst := instances[i]
		bs.order = append(bs.order, inst.Address)
		if waits || !inst.Fields.Known() {
			bs.values[inst.Address] = cty.DynamicVal
			bs.pending = append(bs.pending, inst)
			continue
		}
		if !e.readData(ctx, bs, inst) {
			bs.failed = true
			return
		}
	}
	if len(bs.pending) > 0 {
		e.run.deferred = append(e.run.deferred, bs)
	}
	e.Evaluator.Provide(b, bs)
}

// dependsOnChange reports whether a depends_on of a data block names a block with
// changes.
func (e dataBlocks) dependsOnChange(b *eval.Block) bool {
	if len(b.Resource.DependsOn) == 0 {
		return false
	}
	return slices.ContainsFunc(b.Needs, func(n *eval.Block) bool {
		bs := e.run.blocks[n]
		return bs != nil && slices.ContainsFunc(bs.subjects, (*planner.Subject).Writes)
	})
}

// readData reads one instance and checks its postconditions.
func (e dataBlocks) readData(ctx context.Context, bs *blockState, inst eval.Instance) bool {
	b := bs.block
	a := e.accounts[b.Resource.Provider.String()]
	if a == nil {
		return false
	}
	value, objects, err := e.fetch(ctx, a, b.Resource.DataSource, inst.Fields)
	if err != nil && ctx.Err() != nil {
		return false
	}
	if err != nil {
		e.run.diags = append(e.run.diags, e.objectFailure("Cannot read "+inst.Address.String(), inst.Address, b, err))
		if value == cty.NilVal {
			return e.unread(bs, inst, a, err)
		}
		bs.lacking = true
	}
	bs.values[inst.Address] = value
	if e.mapsBack(b) {
		bs.read, bs.byID = append(bs.read, objects...), nil
	}
	diags := e.Evaluator.Postconditions(b, inst.Address, value)
	e.run.diags = append(e.run.diags, diags...)
	return !diags.HasErrors()
}

// fetch finds what a data source asks for and makes its value. In a look a value
// beside an error is what the accounts have that could be read.
func (e dataBlocks) fetch(ctx context.Context, a *account, ds *schema.DataSource, arguments schema.Fields) (cty.Value, []schema.Object, error) {
	kind := a.schema.Kind(ds.Kind)
	if normalizer, ok := a.provider.(providers.Normalizer); ok {
		var err error
		if arguments, err = normalizer.Normalize(ctx, kind.Name, arguments); err != nil {
			return cty.NilVal, nil, err
		}
	}
	if ds.Many == "" {
		return fetchOne(ctx, a, ds, kind, arguments)
	}
	return e.fetchMany(ctx, a, ds, kind, arguments)
}

func (e dataBlocks) fetchMany(ctx context.Context, a *account, ds *schema.DataSource, kind *schema.Kind, arguments schema.Fields) (cty.Value, []schema.Object, error) {
	attributes := map[string]cty.Value{}
	for i := range ds.Arguments {
		attributes[ds.Arguments[i].Name] = attributeValue(&ds.Arguments[i], arguments, nil)
	}
	ids, values, objects := []cty.Value{}, []cty.Value{}, []schema.Object{}
	query := providers.Query{Kind: kind.Name, Where: arguments}
	pages, lost := 0, []error{}
	for page, err := range a.provider.List(ctx, query) {
		if err != nil && e.run.looking && ctx.Err() == nil && unreadable(err) != nil {
			lost = append(lost, err)
			continue
		}
		if err != nil {
			return cty.NilVal, nil, err
		}
		pages++
		for i := range page.Objects {
			ids = append(ids, cty.StringVal(page.Objects[i].ID))
			values = append(values, liveValue(kind, &page.Objects[i]))
		}
		objects = append(objects, page.Objects...)
		e.progress(Progress{Phase: "Reading", Kind: kind.Plural, Done: len(values), Total: page.Total})
	}
	if pages == 0 && len(lost) > 0 {
		return cty.NilVal, nil, errors.Join(lost...)
	}
	attributes["ids"] = cty.ListValEmpty(cty.String)
	if len(ids) > 0 {
		attributes["ids"] = cty.ListVal(ids)
	}
	attributes[ds.Many] = cty.TupleVal(values)
	return cty.ObjectVal(attributes), objects, errors.Join(lost...)
}

func fetchOne(ctx context.Context, a *account, ds *schema.DataSource, kind *schema.Kind, arguments schema.Fields) (cty.Value, []schema.Object, error) {
	key := providers.Key{Fields: arguments}
	if id := arguments.Value("id"); id.Type() == schema.String {
		key = providers.Key{ID: id.Text()}
	}
	objects, err := a.provider.Get(ctx, kind.Name, []providers.Key{key})
	if err != nil {
		return cty.NilVal, nil, err
	}
	if len(objects) != 1 {
		return cty.NilVal, nil, fmt.Errorf("%d live %s fit %s, and %s wants exactly one", len(objects), kind.Plural, describe(arguments), ds.Name)
	}
	return liveValue(kind, &objects[0]), objects, nil
}

func describe(arguments schema.Fields) string {
	parts := make([]string, 0, len(arguments))
	for _, f := range arguments {
		if f.Sensitive {
			parts = append(parts, f.Path+" = (sensitive value)")
			continue
		}
		parts = append(parts, f.Path+" = "+f.Value.String())
	}
	return strings.Join(parts, ", ")
}

// readDeferred reads the data blocks that waited for changes, as far as their
// arguments are known now. The run's lock is held.
func (e dataBlocks) readDeferred(ctx context.Context) {
	for _, bs := range e.run.deferred {
		if bs.broken {
			continue
		}
		var left []eval.Instance
		for _, inst := range bs.pending {
			now, diags := e.Evaluator.Resolve(bs.block, inst.Address)
			if diags.HasErrors() || !now.Fields.Known() || e.unfinished(bs.block) {
				left = append(left, inst)
				continue
			}
			if !e.readData(ctx, bs, now) {
				bs.broken = true
				left = append(left, inst)
			}
		}
		if len(left) < len(bs.pending) {
			bs.pending = left
			e.Evaluator.Provide(bs.block, bs)
		}
	}
	e.run.deferred = slices.DeleteFunc(e.run.deferred, func(bs *blockState) bool { return len(bs.pending) == 0 })
}

// unfinished reports whether a block which another one explicitly depends on has
// changes that are not done.
func (e dataBlocks) unfinished(b *eval.Block) bool {
	if len(b.Resource.DependsOn) == 0 {
		return false
	}
	return slices.ContainsFunc(b.Needs, func(n *eval.Block) bool {
		bs := e.run.blocks[n]
		if bs == nil {
			return false
		}
		return slices.ContainsFunc(bs.desired, func(d planner.Desired) bool { return e.run.writing[d.Address] })
	})
}
