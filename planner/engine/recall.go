package engine

import (
	"context"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"lockstep/planner/state"
	"lockstep/providers"
	"lockstep/schema"
	"lockstep/schema/eval"
)

// Recall provides what the state knows of the objects of resource blocks, without
// any call: their ids, and the values as last applied. Where the state has a hash,
// the value is known if the files still say it; what the files do not manage is not
// known. A block is left out when its instances depend on something that is read.
func Recall(ctx context.Context, ev *eval.Evaluator, store *state.Store, factories map[string]func() providers.Provider) {
	for _, b := range ev.Blocks() {
		factory := factories[b.Resource.Provider.Name]
		if b.Resource.Data || b.Resource.Mapping != nil || factory == nil {
			continue
		}
		instances, diags := ev.Expand(b)
		if diags.HasErrors() {
			continue
		}
		m := &recalled{kind: b.Resource.Kind, store: store, instances: instances, at: map[schema.Address]int{}}
		provider := factory()
		m.normal = func(fields schema.Fields) (schema.Fields, error) { return Normal(ctx, provider, m.kind, fields) }
		for i := range instances {
			m.at[instances[i].Address] = i
		}
		ev.Provide(b, m)
	}
}

// recalled are the objects of one block as the state knows them.
type recalled struct {
	kind      *schema.Kind
	store     *state.Store
	normal    func(schema.Fields) (schema.Fields, error)
	instances []eval.Instance
	at        map[schema.Address]int // in instances
}

// Keys are the keys of the instances within a module instance.
func (m *recalled) Keys(module string) []schema.Key {
	var keys []schema.Key
	for i := range m.instances {
		if a := m.instances[i].Address; a.Module == module {
			keys = append(keys, a.Key)
		}
	}
	return keys
}

// Value is the value of one object. Of one that is not in the state, or whose
// record cannot be read, nothing is known.
func (m *recalled) Value(a schema.Address) (cty.Value, bool) {
	i, ok := m.at[a]
	if !ok {
		return cty.NilVal, false
	}
	attributes := make(map[string]cty.Value, len(m.kind.Attributes)+1)
	attributes["id"] = cty.UnknownVal(cty.String)
	var known schema.Fields
	if r := m.record(a); r != nil {
		attributes["id"] = cty.StringVal(r.ID)
		known = m.fields(r, m.instances[i].Fields)
	}
	for k := range m.kind.Attributes {
		attribute := &m.kind.Attributes[k]
		attributes[attribute.Name] = cty.UnknownVal(attribute.Type)
		if len(known.Of(attribute.Name)) > 0 {
			attributes[attribute.Name] = attributeValue(attribute, known, nil)
		}
	}
	return cty.ObjectVal(attributes), true
}

func (m *recalled) record(a schema.Address) *state.Record {
	if r := m.store.Snapshot().Record(a); r != nil {
		return r
	}
	return m.store.Snapshot().Record(m.store.Sealer().Address(a))
}

// fields are those of a record, with the values of the files in the places of
// their hashes.
func (m *recalled) fields(r *state.Record, desired schema.Fields) schema.Fields {
	base, err := r.Base()
	if err != nil {
		return nil // as of an object that is not in the state
	}
	if spelt, err := m.normal(desired); err == nil {
		desired = spelt
	}
	known := make(schema.Fields, len(base))
	for i := range base {
		known[i] = m.field(&base[i], desired)
	}
	return known
}

// field is one of these fields.
func (m *recalled) field(b *state.BaseField, desired schema.Fields) schema.Field {
	f := schema.Field{Path: b.Path, Claim: b.Claim, Value: b.Value, Sensitive: b.Sensitive}
	if !b.Hidden() {
		return f
	}
	f.Value = schema.UnknownValue()
	i := slices.IndexFunc(desired, func(d schema.Field) bool { return d.Path == b.Path && d.Claim == b.Claim })
	switch {
	case i < 0:
	case b.Hash != "" && m.store.Sealer().Value(b.Path, desired[i].Value) == b.Hash:
		f.Value = desired[i].Value
	case b.Hash == "":
		members := desired[i].Value.Strings()
		if found := b.Members(m.store.Sealer(), members); !slices.ContainsFunc(found, func(text string) bool { return !slices.Contains(members, text) }) {
			f.Value = schema.SetOf(found)
		}
	}
	return f
}
