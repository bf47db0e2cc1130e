package engine

import (
	"context"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"lockstep/planner"
	"lockstep/schema"
	"lockstep/schema/eval"
)

// resourceBlock is a resource block in a run. It is the eval.Source that answers
// references to its objects.
type resourceBlock struct {
	authorBlock
	// subjects are who the desired objects are; nil where that was refused.
	subjects []*planner.Subject
	// results are the objects after this run's writes, by address.
	results map[schema.Address]*schema.Object
	keys    map[string][]schema.Key
	byID    map[string]*schema.Object
}

// planResource expands a block and pairs its instances with live objects.
func (e planning) planResource(ctx context.Context, r *resourceBlock) hcl.Diagnostics {
	r.failed = true
	if r.kind = e.kind(r.block.Resource.Provider.String(), r.block.Resource.Kind); r.kind == nil {
		_, diags, _ := e.expand(r.block)
		return diags
	}
	ks := r.kind
	wanting := e.wanting(&r.authorBlock, func(i *eval.Instance) (schema.Fields, error) {
		if err := neither(ks.kind, i.Fields); err != nil {
			return nil, err
		}
		return ks.account.normal(ctx, ks.kind, i.Fields)
	})
	diags, ok := wanting.expand()
	if !ok {
		return diags
	}
	desired, wrong := wanting.all()
	r.desired = desired
	if diags = append(diags, wrong...); wrong.HasErrors() {
		return diags
	}
	unread, ok := losses{e}.prepare(ctx, ks)
	if diags = append(diags, unread...); !ok {
		return diags
	}
	unread, ok = e.readFor(ctx, ks, r.desired)
	if diags = append(diags, unread...); !ok {
		return diags
	}
	r.subjects, r.failed = ks.roster.Pair(r.desired), false
	e.Evaluator.Provide(r.block, r)
	return append(diags, e.refused(ks)...)
}

// Keys are the keys of the block's instances within one module instance.
func (r *resourceBlock) Keys(module string) []schema.Key {
	if r.keys == nil {
		r.keys = map[string][]schema.Key{}
		for i := range r.desired {
			a := r.desired[i].Address()
			r.keys[a.Module] = append(r.keys[a.Module], a.Key)
		}
	}
	return r.keys[module]
}

// Value is the object under an address as expressions see it.
func (r *resourceBlock) Value(a schema.Address) (cty.Value, bool) {
	i, ok := r.find(a)
	if !ok {
		return cty.NilVal, false
	}
	return r.object(i), true
}

// object is what the files want together with what is live; what only the server
// can know of an object that does not exist yet is unknown.
func (r *resourceBlock) object(i int) cty.Value {
	d := &r.desired[i]
	live := r.liveOf(i)
	kind := r.kind.kind
	attributes := make(map[string]cty.Value, len(kind.Attributes)+1)
	attributes["id"] = cty.UnknownVal(cty.String)
	desired := d.Fields()
	if live != nil {
		attributes["id"] = cty.StringVal(live.ID)
		desired = effective(kind, d, live)
	}
	for k := range kind.Attributes {
		a := &kind.Attributes[k]
		attributes[a.Name] = attributeValue(a, desired, live)
	}
	return cty.ObjectVal(attributes)
}

// liveOf is the object as this run wrote it, or as it is live; nil when it does
// not exist yet or gives way to a new one.
func (r *resourceBlock) liveOf(i int) *schema.Object {
	if o := r.results[r.desired[i].Address()]; o != nil {
		return o
	}
	if i >= len(r.subjects) {
		return nil
	}
	return r.subjects[i].Stays()
}

// planned are the attributes of one of the block's objects.
func (r *resourceBlock) planned(i int) attributes {
	d, live := &r.desired[i], r.liveOf(i)
	if live == nil {
		return d.Value
	}
	fields := effective(r.kind.kind, d, live)
	return func(name string) schema.Value {
		if f, ok := fields.Find(name); ok {
			return f.Value
		}
		return live.Value(name)
	}
}

// live finds an object by its remote id; nil when the block has none of that id, or
// it does not exist yet.
func (r *resourceBlock) live(id string) *schema.Object {
	if r.byID == nil {
		r.byID = make(map[string]*schema.Object, len(r.subjects))
		for _, subject := range r.subjects {
			if o := subject.Stays(); o != nil {
				r.byID[o.ID] = o
			}
		}
	}
	return r.byID[id]
}

// writes reports whether any of the block's objects is written.
func (r *resourceBlock) writes() bool {
	return slices.ContainsFunc(r.subjects, (*planner.Subject).Writes)
}
