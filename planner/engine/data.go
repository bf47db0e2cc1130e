package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"lockstep/planner"
	"lockstep/providers"
	"lockstep/schema"
	"lockstep/schema/eval"
)

// dataBlocks are the data blocks of a plan, which are read on the way.
type dataBlocks struct{ planning }

// dataBlock is a data block in a run. It is the eval.Source that answers
// references to what it read.
type dataBlock struct {
	blockState
	// values by address; an unknown value is read later.
	values map[schema.Address]cty.Value
	order  []schema.Address
	// arguments of the instances, in the same order.
	arguments []schema.Fields
	// pending are the instances that are read during apply, unless reading one
	// failed.
	pending []eval.Instance
	broken  bool
	// skipped are those whose account cannot be read, and is to be skipped.
	skipped []eval.Instance
	// unread are the instances that a look could not read at all, and hidden
	// leaves them out of the keys.
	unread []schema.Address
	hidden bool
	keys   map[string][]schema.Key
	// read are the objects of a block that a mapping writes to, and byID finds
	// them.
	read []schema.Object
	byID map[string]*schema.Object
}

func newDataBlock(s blockState) *dataBlock {
	return &dataBlock{blockState: s, values: map[schema.Address]cty.Value{}}
}

// Keys are the keys of the block's instances within one module instance.
func (d *dataBlock) Keys(module string) []schema.Key {
	if d.keys == nil {
		d.keys = map[string][]schema.Key{}
		for _, a := range d.order {
			if !d.hidden || !slices.Contains(d.unread, a) {
				d.keys[a.Module] = append(d.keys[a.Module], a.Key)
			}
		}
	}
	return d.keys[module]
}

// Value is what was read for an address, as expressions see it.
func (d *dataBlock) Value(a schema.Address) (cty.Value, bool) {
	v, ok := d.values[a]
	return v, ok
}

// live finds an object by its remote id, if a mapping writes to the objects of the
// block; else nil.
func (d *dataBlock) live(id string) *schema.Object {
	if d.byID == nil {
		d.byID = make(map[string]*schema.Object, len(d.read))
		for i := range d.read {
			d.byID[d.read[i].ID] = &d.read[i]
		}
	}
	return d.byID[id]
}

// planData reads a data block now, or leaves it for the apply when its
// arguments are not known or it depends on something that changes.
func (e dataBlocks) planData(ctx context.Context, d *dataBlock) hcl.Diagnostics {
	instances, diags, ok := e.expand(d.block)
	if !ok {
		d.failed = true
		return diags
	}
	waits := e.dependsOnChange(d.block)
	for i := range instances {
		inst := instances[i]
		d.order, d.arguments = append(d.order, inst.Address), append(d.arguments, inst.Fields)
		given, wrong := e.override(inst)
		if wrong != nil {
			d.failed = true
			return append(diags, wrong)
		}
		if given != cty.NilVal {
			d.values[inst.Address] = given
			continue
		}
		if waits || !inst.Fields.Known() {
			d.values[inst.Address] = cty.DynamicVal
			d.pending = append(d.pending, inst)
			continue
		}
		found, ok := e.readData(ctx, d, inst)
		if diags = append(diags, found...); !ok {
			d.failed = true
			return diags
		}
	}
	e.Evaluator.Provide(d.block, d)
	return diags
}

// dependsOnChange reports whether a depends_on of a data block names a block with
// changes.
func (e dataBlocks) dependsOnChange(b *eval.Block) bool {
	if len(b.Resource.DependsOn) == 0 {
		return false
	}
	return slices.ContainsFunc(b.Needs, func(n *eval.Block) bool {
		r := e.run.blocks.resources[n]
		return r != nil && r.writes()
	})
}

// readData reads one instance and checks its postconditions. It reports whether
// the block can be used.
func (e dataBlocks) readData(ctx context.Context, d *dataBlock, inst eval.Instance) (diags hcl.Diagnostics, ok bool) {
	b := d.block
	a := e.accounts[b.Resource.Provider.String()]
	if a == nil {
		return nil, false
	}
	var value cty.Value
	var objects []schema.Object
	var err error
	if b.Resource.DataSource.Download != nil {
		value, err = e.download(ctx, a, d, inst)
	} else {
		value, objects, err = e.fetch(ctx, a, b.Resource.DataSource, inst.Fields)
	}
	if err != nil && ctx.Err() != nil {
		return nil, false
	}
	if err != nil {
		diags = append(diags, e.objectFailure("Cannot read "+inst.Address.String(), inst.Address, b, err))
		if value == cty.NilVal {
			ok = e.unread(d, inst, a, err)
			if ok && !e.run.looking {
				diags[0].Severity = hcl.DiagWarning
			}
			return diags, ok
		}
		d.lacking = true
	}
	d.values[inst.Address] = value
	if e.run.blocks.mapsBack(b) {
		d.read, d.byID = append(d.read, objects...), nil
	}
	broken := e.Evaluator.Postconditions(b, inst.Address, value)
	return append(diags, broken...), !broken.HasErrors()
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
	query := providers.Query{Kind: kind.Name, Source: ds.Name, Where: arguments}
	pages, unread := 0, []error{}
	for page, err := range a.List(ctx, query) {
		if err != nil && e.run.looking && ctx.Err() == nil && unreadable(err) != nil {
			unread = append(unread, err)
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
		e.reads(Progress{Kind: kind.Plural, Done: len(values), Total: page.Total})
	}
	if pages == 0 && len(unread) > 0 {
		return cty.NilVal, nil, errors.Join(unread...)
	}
	attributes["ids"] = cty.ListValEmpty(cty.String)
	if len(ids) > 0 {
		attributes["ids"] = cty.ListVal(ids)
	}
	attributes[ds.Many] = cty.TupleVal(values)
	return cty.ObjectVal(attributes), objects, errors.Join(unread...)
}

func fetchOne(ctx context.Context, a *account, ds *schema.DataSource, kind *schema.Kind, arguments schema.Fields) (cty.Value, []schema.Object, error) {
	key := providers.Key{Fields: arguments}
	if id := arguments.Value("id"); id.Type() == schema.String {
		key = providers.Key{ID: id.Text(), Parent: arguments.Value(kind.Parent).Text()}
	}
	objects, err := a.Get(ctx, kind.Name, []providers.Key{key})
	if err != nil {
		return cty.NilVal, nil, err
	}
	if len(objects) == 0 {
		return cty.NilVal, nil, fmt.Errorf("there is no %s with %s.%s", kind.Noun, describe(arguments), nearName(ctx, a, kind, arguments))
	}
	if len(objects) != 1 {
		return cty.NilVal, nil, fmt.Errorf("%s live %s fit %s, and %s wants exactly one", schema.Thousands(len(objects)), kind.Plural, describe(arguments), ds.Name)
	}
	return liveValue(kind, &objects[0]), objects, nil
}

// nearName names the object of a kind whose key is most like the one that nothing
// has, as a further sentence. It is asked for after a failure only, and not where
// objects are people or belong to others.
func nearName(ctx context.Context, a *account, kind *schema.Kind, arguments schema.Fields) string {
	if len(arguments) != 1 || arguments[0].Path == "id" || arguments[0].Sensitive || kind.Personal || kind.Parent != "" {
		return ""
	}
	var names []string
	for page, err := range a.List(ctx, providers.Query{Kind: kind.Name}) {
		if err != nil {
			return ""
		}
		for i := range page.Objects {
			names = append(names, page.Objects[i].Value(arguments[0].Path).Text())
		}
	}
	return schema.DidYouMean(arguments[0].Value.Text(), names)
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
// arguments are known now. writing are the objects whose writes are not all done.
// The run's lock is held.
func (e dataBlocks) readDeferred(ctx context.Context, writing map[schema.Address]bool) (diags hcl.Diagnostics) {
	for d := range e.run.blocks.deferred() {
		if d.broken {
			continue
		}
		var left []eval.Instance
		for _, inst := range d.pending {
			now, wrong := e.Evaluator.Resolve(d.block, inst.Address)
			if wrong.HasErrors() || !now.Fields.Known() || e.unfinished(d.block, writing) {
				left = append(left, inst)
				continue
			}
			unread := len(d.unread)
			found, ok := e.readData(ctx, d, now)
			switch diags = append(diags, found...); {
			case !ok:
				// What needs it was planned, and cannot go on without.
				d.broken = true
				left = append(left, inst)
			case len(d.unread) > unread:
				d.skipped = append(d.skipped, inst)
			}
		}
		if len(left) < len(d.pending) {
			d.pending = left
			e.Evaluator.Provide(d.block, d)
		}
	}
	return diags
}

// unfinished reports whether a block that another one explicitly depends on has
// changes that are not done.
func (e dataBlocks) unfinished(b *eval.Block, writing map[schema.Address]bool) bool {
	if len(b.Resource.DependsOn) == 0 {
		return false
	}
	return slices.ContainsFunc(b.Needs, func(n *eval.Block) bool {
		a := e.run.blocks.declared[n.Address()]
		return a != nil && slices.ContainsFunc(a.desired, func(d planner.Desired) bool { return writing[d.Address()] })
	})
}
