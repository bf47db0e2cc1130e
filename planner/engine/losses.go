package engine

import (
	"context"
	"maps"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner"
	"lockstep/schema"
)

// losses finds the values of objects that go with what their keys name, such as
// those of a custom field that is replaced.
type losses struct{ planning }

// prepare tells a kind which of its values go, before objects of it are paired.
// Then all of it is read, so that the plan counts what is lost. It reports
// whether what the keys name could be read.
func (e losses) prepare(ctx context.Context, ks *kindState) (diags hcl.Diagnostics, ok bool) {
	losing := map[string]string{}
	for i := range ks.kind.Attributes {
		a := &ks.kind.Attributes[i]
		if a.KeysOf == nil {
			continue
		}
		keys := e.kind(ks.account.name, ks.account.schema.Kind(a.KeysOf.Kind))
		if diags, ok = e.readFor(ctx, keys, nil); !ok {
			return diags, false
		}
		maps.Copy(losing, planner.Losing(a, keys.roster))
	}
	ks.roster.Losing = losing
	ks.reading.whole = ks.reading.whole || len(losing) > 0
	return diags, true
}

// read reads all objects with values that go, whatever the files say of them. It
// reports whether that worked.
func (e losses) read(ctx context.Context) (diags hcl.Diagnostics, ok bool) {
	for _, ref := range e.run.sortedKinds() {
		named := e.run.kinds[ref]
		for _, kind := range named.account.schema.Kinds {
			for i := range kind.Attributes {
				a := &kind.Attributes[i]
				if a.KeysOf == nil || a.KeysOf.Kind != ref.kind {
					continue
				}
				unread, ok := e.readHolders(ctx, named, kind, a)
				if diags = append(diags, unread...); !ok {
					return diags, false
				}
			}
		}
	}
	return diags, true
}

// readHolders reads the objects of a kind with values under the keys of what
// goes. It reports whether that worked.
func (e losses) readHolders(ctx context.Context, named *kindState, kind *schema.Kind, a *schema.Attribute) (diags hcl.Diagnostics, ok bool) {
	if diags, ok = e.readFor(ctx, named, nil); !ok {
		return diags, false
	}
	if len(planner.Losing(a, named.roster)) == 0 {
		return diags, true
	}
	ks := e.kind(named.account.name, kind)
	ks.reading.whole = true
	if err := ks.reading.listAll(ctx); err != nil {
		return append(diags, ks.reading.fail(ctx, err)...), false
	}
	return diags, true
}

// holders are the objects of this run with maps whose keys name others.
func (e losses) holders() []planner.Holders {
	var all []planner.Holders
	for _, ref := range e.run.sortedKinds() {
		ks := e.run.kinds[ref]
		for i := range ks.kind.Attributes {
			if ks.kind.Attributes[i].KeysOf != nil {
				all = append(all, planner.Holders{Provider: ref.provider, Kind: ks.kind, All: ks.reading.live.All()})
				break
			}
		}
	}
	return all
}

// queried refuses to delete what a key in an argument of a data block names: the
// next plan could not read that block.
func (e losses) queried() hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, b := range e.run.blocks.order {
		d := e.run.blocks.data[b]
		if d == nil {
			continue
		}
		for i := range b.Resource.DataSource.Arguments {
			a := &b.Resource.DataSource.Arguments[i]
			if a.KeysOf == nil {
				continue
			}
			if keys := e.run.kinds[kindRef{b.Resource.Provider.String(), a.KeysOf.Kind}]; keys != nil {
				diags = append(diags, e.queriedBy(d, a, keys)...)
			}
		}
	}
	return diags
}

func (e losses) queriedBy(d *dataBlock, a *schema.Attribute, keys *kindState) hcl.Diagnostics {
	known, leaving := e.run.blocks.knownKeys(keys, a)
	var diags hcl.Diagnostics
	for i, fields := range d.arguments {
		for _, key := range keysIn(fields.Of(a.Name)) {
			if c := leaving[key]; c != nil && known[key] == nil {
				u := unknownKey{key: key, used: 1}
				diags = append(diags, e.objectFailure(keyLeaves, d.order[i], d.block, u.leaves(a, c)))
			}
		}
	}
	return diags
}

// keysIn returns the keys of a map, which may be one field or one for each key.
func keysIn(fields schema.Fields) []string {
	var keys []string
	for _, f := range fields {
		if key := schema.PathKey(f.Path); key != "" {
			keys = append(keys, key)
		} else if f.Value.Type() == schema.Map {
			keys = append(keys, f.Value.Keys()...)
		}
	}
	return keys
}
