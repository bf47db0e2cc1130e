package ghl

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"lockstep/providers"
	"lockstep/providers/transport"
	"lockstep/schema"
)

// parallel is how many single reads are under way at once.
const parallel = 8

// Get reads single objects and leaves out those that do not exist.
func (p *Provider) Get(ctx context.Context, kindName string, keys []providers.Key) ([]schema.Object, error) {
	k, err := p.kindOf(kindName)
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	if k.list.path != "" && k.list.limit == "" && k.Parent == "" {
		return p.getListed(ctx, k, keys)
	}
	found := make([][]schema.Object, len(keys))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallel)
	for i, key := range keys {
		group.Go(func() error {
			if key.ID == "" && k.children.path != "" {
				var err error
				found[i], err = p.getChildren(ctx, k, key)
				return err
			}
			o, err := p.getOne(ctx, k, key, nil)
			if o != nil {
				found[i] = []schema.Object{*o}
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	seen := make(map[string]bool, len(found))
	out := slices.Concat(found...)
	return slices.DeleteFunc(out, func(o schema.Object) bool {
		twice := seen[o.ID]
		seen[o.ID] = true
		return twice
	}), nil
}

// getChildren looks the objects of one parent up by their content. There may
// be several with the same.
func (p *Provider) getChildren(ctx context.Context, k *kind, key providers.Key) ([]schema.Object, error) {
	r := request{call: k.children, parent: p.parentOf(k, key), safety: transport.Read}
	if r.parent == "" {
		return nil, fmt.Errorf("a %s can only be looked up together with its %s", k.Noun, k.Parent)
	}
	key, err := p.spelt(ctx, k, key)
	if err != nil {
		return nil, err
	}
	body, err := p.send(ctx, r)
	if err != nil {
		k.judge(err)
		if isGone(err) {
			return nil, nil
		}
		return nil, err
	}
	a, err := newDecoder(k, nil, false, nil).list(body, r.envelope)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", r.method, r.path, err)
	}
	var out []schema.Object
	for i := range a.rows {
		o := &a.rows[i].object
		o.Fields = withParent(k, o.Fields, r.parent)
		if !a.rows[i].deleted && matches(o, key) {
			out = append(out, *o)
		}
	}
	return out, nil
}

// withParent adds the parent to fields that an answer gives without it.
func withParent(k *kind, fields schema.Fields, parent string) schema.Fields {
	if k.Parent == "" || parent == "" || !fields.Value(k.Parent).IsAbsent() {
		return fields
	}
	fields = append(fields, schema.Field{Path: k.Parent, Value: schema.StringValue(parent)})
	fields.Sort()
	return fields
}

// getListed finds objects in a list that comes in one answer, which costs one
// call for any number of keys.
func (p *Provider) getListed(ctx context.Context, k *kind, keys []providers.Key) ([]schema.Object, error) {
	var all []schema.Object
	for page, err := range p.List(ctx, providers.Query{Kind: k.Name}) {
		if err != nil {
			return nil, err
		}
		all = append(all, page.Objects...)
	}
	wanted := make([]providers.Key, len(keys))
	for i, key := range keys {
		var err error
		if wanted[i], err = p.spelt(ctx, k, key); err != nil {
			return nil, err
		}
	}
	var out []schema.Object
	for i := range all {
		if slices.ContainsFunc(wanted, func(key providers.Key) bool { return matches(&all[i], key) }) {
			out = append(out, all[i])
		}
	}
	return out, nil
}

// matches says that a key names an object.
func matches(o *schema.Object, key providers.Key) bool {
	if key.ID != "" {
		return o.ID == key.ID
	}
	for _, f := range key.Fields {
		if !o.Value(f.Path).Equal(f.Value) {
			return false
		}
	}
	return len(key.Fields) > 0
}

// getOne reads one object by id or, where the API can, by natural key; nil
// when it does not exist.
func (p *Provider) getOne(ctx context.Context, k *kind, key providers.Key, wanted []string) (*schema.Object, error) {
	if key.ID == "" {
		key.ID = key.Fields.Value("id").Text()
	}
	if key.ID != "" && k.get.path == "" {
		return nil, fmt.Errorf("%s cannot be read one by one", k.Plural)
	}
	if key.ID == "" && k.Name == kindLocation {
		key.ID = p.location
	}
	r := request{call: k.get, id: key.ID, parent: p.parentOf(k, key)}
	if key.ID == "" {
		var err error
		if key, err = p.spelt(ctx, k, key); err != nil {
			return nil, err
		}
		ok := k.find != nil
		if ok {
			r, ok = k.find(p, key)
		}
		if !ok {
			return nil, fmt.Errorf("a %s cannot be looked up by these attributes", k.Noun)
		}
	}
	if k.Parent != "" && r.parent == "" {
		return nil, fmt.Errorf("a %s can only be read by its id together with its %s", k.Noun, k.Parent)
	}
	r.safety = transport.Read
	body, err := p.send(ctx, r)
	if err != nil {
		k.judge(err)
		if isGone(err) {
			return nil, nil
		}
		return nil, err
	}
	o, err := p.decodeOne(ctx, k, body, r, wanted)
	if err != nil || o == nil {
		return nil, err
	}
	if key.ID == "" && !matches(o, key) {
		// Found by a secondary address: not the object that was asked for.
		return nil, nil
	}
	return o, nil
}

// spelt is a key in the spelling of live objects, without what can only be
// predicted of them.
func (p *Provider) spelt(ctx context.Context, k *kind, key providers.Key) (providers.Key, error) {
	if key.ID != "" || len(key.Fields) == 0 {
		return key, nil
	}
	fields, err := p.Normalize(ctx, k.Name, key.Fields)
	if err != nil {
		return key, err
	}
	key.Fields = slices.DeleteFunc(fields, func(f schema.Field) bool {
		_, given := key.Fields.Find(f.Path)
		return !given
	})
	return key, nil
}

// parentOf is the id of the parent that a key names.
func (p *Provider) parentOf(k *kind, key providers.Key) string {
	if key.Parent != "" || k.Parent == "" {
		return key.Parent
	}
	return key.Fields.Value(k.Parent).Text()
}

// decodeOne reads the object in an answer; nil when there is none, or when it
// is marked as deleted.
func (p *Provider) decodeOne(ctx context.Context, k *kind, body []byte, r request, wanted []string) (*schema.Object, error) {
	var defs *definitions
	if k.attributeOf("custom_fields") != nil {
		var err error
		if defs, err = p.definitions(ctx); err != nil {
			return nil, err
		}
	}
	d := newDecoder(k, defs, false, wanted)
	found, ok, err := d.one(body, r.envelope)
	if err == nil && ok && d.unknownField {
		if d.definitions, err = p.refreshDefinitions(ctx); err == nil {
			found, ok, err = d.one(body, r.envelope)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%s %s: the answer cannot be read: %w", r.method, r.path, err)
	}
	if !ok || found.deleted || found.object.ID == "" {
		return nil, nil
	}
	found.object.Fields = withParent(k, found.object.Fields, r.parent)
	return &found.object, nil
}
