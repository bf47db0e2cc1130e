package engine

import (
	"context"
	"slices"

	"lockstep/providers"
	"lockstep/schema"
	"lockstep/schema/eval"
)

// NamedNeeds returns for each block those with objects that it names without a
// reference: by keys of maps, such as custom fields of contacts, or by members of
// sets, such as tags. It needs no account; names that are known only after apply are
// not among them.
func NamedNeeds(ctx context.Context, ev *eval.Evaluator, factories map[string]func() providers.Provider) map[*eval.Block][]*eval.Block {
	n := namer{ctx: ctx, evaluator: ev, factories: factories, fields: map[*eval.Block][]schema.Fields{}}
	found := map[*eval.Block][]*eval.Block{}
	for _, b := range ev.Blocks() {
		if b.Resource.Data || b.Resource.Kind == nil {
			continue
		}
		for i := range b.Resource.Kind.Attributes {
			for _, c := range n.needs(b, &b.Resource.Kind.Attributes[i]) {
				if c != b && !slices.Contains(found[b], c) && !slices.Contains(b.Needs, c) {
					found[b] = append(found[b], c)
				}
			}
		}
	}
	return found
}

// namer finds objects by their names.
type namer struct {
	ctx       context.Context
	evaluator *eval.Evaluator
	factories map[string]func() providers.Provider
	// fields are those of the instances of blocks, as far as they are known.
	fields map[*eval.Block][]schema.Fields
}

// needs returns the blocks with objects that a block names by an attribute.
func (n *namer) needs(b *eval.Block, a *schema.Attribute) []*eval.Block {
	of, names := a.KeysOf, keysUsed
	if of == nil {
		of, names = a.MembersOf, membersUsed
	}
	if of == nil || !b.Resource.Writes(a.Name) {
		return nil
	}
	used := map[string]bool{}
	for _, fields := range n.of(b) {
		for _, name := range names(fields.Of(a.Name)) {
			used[name] = true
		}
	}
	var found []*eval.Block
	for _, c := range n.evaluator.Blocks() {
		r := c.Resource
		if r.Data || r.Mapping != nil || r.Kind == nil || r.Kind.Name != of.Kind || r.Provider != b.Resource.Provider {
			continue
		}
		if slices.ContainsFunc(n.of(c), func(f schema.Fields) bool { return used[of.Name(f.Value)] }) {
			found = append(found, c)
		}
	}
	return found
}

func keysUsed(fields schema.Fields) (keys []string) {
	for _, f := range fields {
		keys = append(keys, schema.PathKey(f.Path))
	}
	return keys
}

func membersUsed(fields schema.Fields) (members []string) {
	for _, f := range fields {
		members = append(members, f.Value.Strings()...)
	}
	return members
}

// of returns the fields of a block's instances as their provider spells them.
func (n *namer) of(b *eval.Block) []schema.Fields {
	if known, ok := n.fields[b]; ok {
		return known
	}
	var all []schema.Fields
	instances, diags := n.evaluator.Expand(b)
	if factory := n.factories[b.Resource.Provider.Name]; factory != nil && !diags.HasErrors() {
		provider := factory()
		for i := range instances {
			fields, err := Normal(n.ctx, provider, b.Resource.Kind, instances[i].Fields)
			if err != nil {
				fields = instances[i].Fields // validate tells of it
			}
			all = append(all, fields)
		}
	}
	n.fields[b] = all
	return all
}
