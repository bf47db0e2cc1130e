package ghl

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"lockstep/providers"
	"lockstep/providers/transport"
	"lockstep/schema"
)

// parallel is how many single reads are under way at once.
const parallel = 8

// Get reads single objects and leaves out those that do not exist. Keys for which
// a kind has no call of its own are looked for in one list.
func (p *Provider) Get(ctx context.Context, kindName string, keys []providers.Key) ([]schema.Object, error) {
	k, err := p.kindOf(kindName)
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	if k.Listing.Blind {
		return p.getWitnessed(ctx, k, keys)
	}
	g := &getter{account: p.account, kind: k, alone: len(keys) == 1}
	if slices.ContainsFunc(keys, g.anyone) {
		return nil, fmt.Errorf("say which %s it is, by an argument that finds one", k.Noun)
	}
	single, listed := g.ways(keys)
	found, err := g.each(ctx, single)
	if g.unclear(err) {
		found, err = g.fromList(ctx, single)
	}
	if err != nil {
		return nil, err
	}
	for _, group := range listed {
		more, err := g.fromList(ctx, group)
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
	}
	seen := make(map[string]bool, len(found))
	return slices.DeleteFunc(found, func(o schema.Object) bool {
		twice := seen[o.ID]
		seen[o.ID] = true
		return twice
	}), nil
}

// getter reads single objects of one kind.
type getter struct {
	account *account
	kind    *kind
	// alone is set when one object is read.
	alone bool
}

// anyone reports whether a key finds no object in particular.
func (g *getter) anyone(key providers.Key) bool {
	return key.ID == "" && len(key.Fields) == 0 && !g.account.isItself(g.kind)
}

// ways divides keys: single ones are read by a call each, the others are
// looked for in a list, those with the same parent in the same one.
func (g *getter) ways(keys []providers.Key) (single []providers.Key, listed [][]providers.Key) {
	at := map[string]int{}
	for _, key := range keys {
		key.ID, key.Parent = cmp.Or(key.ID, key.Fields.Value("id").Text()), g.parentOf(key)
		if g.byCall(key) {
			single = append(single, key)
			continue
		}
		i, known := at[key.Parent]
		if !known {
			i = len(listed)
			at[key.Parent], listed = i, append(listed, nil)
		}
		listed[i] = append(listed[i], key)
	}
	return single, listed
}

// byCall reports whether a key is read by a call of its own. For several keys a
// list that comes whole in one answer costs less.
func (g *getter) byCall(key providers.Key) bool {
	k := g.kind
	switch {
	case g.account.isItself(k):
		return true
	case key.ID == "":
		return k.find.path != ""
	case k.get.path == "":
		return false
	default:
		return k.Parent != "" || g.alone || g.listing().page.paged() || !k.whole()
	}
}

// listing is how all objects of the kind are listed.
func (g *getter) listing() *listing { return g.account.listingFor(g.kind, &providers.Query{}) }

// unclear reports whether a refusal may mean that the object does not exist,
// in words that are not known, and a list of one answer can tell.
func (g *getter) unclear(err error) bool {
	api := apiError(err)
	list := g.listing()
	if api == nil || g.account.isItself(g.kind) || g.kind.Parent != "" || list.path == "" || list.page.paged() {
		return false
	}
	return api.Status == 400 || api.Status == 404 || api.Status == 422
}

// each reads objects by a call each, a few at once.
func (g *getter) each(ctx context.Context, keys []providers.Key) ([]schema.Object, error) {
	found := make([]*schema.Object, len(keys))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallel)
	for i, key := range keys {
		group.Go(func() error {
			var err error
			found[i], err = g.one(ctx, key)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	var out []schema.Object
	for _, o := range found {
		if o != nil {
			out = append(out, *o)
		}
	}
	return out, nil
}

// fromList finds objects in one list: the children of their parent, or all of
// the kind. There may be several with the same content. What the list leaves
// out of an object is read by its id.
func (g *getter) fromList(ctx context.Context, keys []providers.Key) ([]schema.Object, error) {
	k, parent := g.kind, keys[0].Parent
	if k.Parent != "" && parent == "" {
		return nil, fmt.Errorf("a %s can only be looked up together with its %s", k.Noun, k.Parent)
	}
	wanted := make([]providers.Key, len(keys))
	for i, key := range keys {
		var err error
		if wanted[i], err = g.spelt(ctx, key); err != nil {
			return nil, err
		}
	}
	all, err := g.all(ctx, parent)
	if err != nil {
		return nil, err
	}
	found := slices.DeleteFunc(all, func(o schema.Object) bool {
		return !slices.ContainsFunc(wanted, func(key providers.Key) bool { return k.matches(&o, key) })
	})
	if k.whole() || k.get.path == "" {
		return found, nil
	}
	ids := make([]providers.Key, len(found))
	for i := range found {
		ids[i] = providers.Key{ID: found[i].ID, Parent: parent}
	}
	return g.each(ctx, ids)
}

// all lists the kind, or the children of one parent.
func (g *getter) all(ctx context.Context, parent string) ([]schema.Object, error) {
	if g.kind.children.path != "" {
		return g.children(ctx, parent)
	}
	q := providers.Query{Kind: g.kind.Name}
	if parent != "" {
		q.Parents = []string{parent}
	}
	var out []schema.Object
	l := g.account.lister(g.kind, q, func(page providers.Page) bool {
		out = append(out, page.Objects...)
		return true
	})
	// What a create has just made is looked for as well.
	l.instances = true
	err := l.prepare(ctx)
	if err == nil {
		err = l.apart(ctx)
	}
	return out, err
}

// children lists the objects of one parent from the primary store.
func (g *getter) children(ctx context.Context, parent string) ([]schema.Object, error) {
	k := g.kind
	r := request{call: k.children, parent: parent, safety: transport.Read}
	body, err := g.account.send(ctx, r)
	if err != nil {
		k.judge(err)
		if isGone(err) {
			return nil, nil
		}
		return nil, err
	}
	a, err := newDecoder(k, nil, nil, nil).list(body, r.envelope)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", r.method, r.path, err)
	}
	var out []schema.Object
	for i := range a.rows {
		if o := &a.rows[i].object; !a.rows[i].deleted {
			o.Fields = withParent(k, o.Fields, parent)
			out = append(out, *o)
		}
	}
	return out, nil
}

// made finds the object that a create made whose answer names no id. It is an
// error when no natural key leads to exactly one object.
func (g *getter) made(ctx context.Context, fields schema.Fields, parent string) (*schema.Object, error) {
	naturals := g.kind.Keys
	if content := g.kind.Content; len(content) > 0 && parent != "" {
		naturals = append(slices.Clone(naturals), content)
	}
	for _, natural := range naturals {
		var key schema.Fields
		for _, path := range natural {
			if f, given := fields.Find(path); given && !isEmpty(f.Value) {
				key = append(key, f)
			}
		}
		if len(key) < len(natural) {
			continue
		}
		key.Sort()
		single, listed := g.ways([]providers.Key{{Parent: parent, Fields: key}})
		found, err := g.each(ctx, single)
		if err == nil && len(listed) > 0 {
			found, err = g.fromList(ctx, listed[0])
		}
		if err == nil && len(found) == 1 {
			return &found[0], nil
		}
	}
	return nil, errors.New("the answer names no id, and the object cannot be told from others")
}

// matches reports whether a key names an object, by its own or a further value.
func (k *kind) matches(o *schema.Object, key providers.Key) bool {
	if key.ID != "" {
		return o.ID == key.ID
	}
	for _, f := range key.Fields {
		if !o.Value(f.Path).Equal(f.Value) && !k.answersTo(o, f) {
			return false
		}
	}
	return len(key.Fields) > 0
}

// answersTo reports whether an object has a value as a further one.
func (k *kind) answersTo(o *schema.Object, f schema.Field) bool {
	a := k.attributeOf(f.Path)
	return a != nil && a.Also != "" && slices.ContainsFunc(o.Value(a.Also).Items(), f.Value.Equal)
}

// one reads one object by id or, where the API can, by natural key; nil when it
// does not exist.
func (g *getter) one(ctx context.Context, key providers.Key) (*schema.Object, error) {
	k := g.kind
	if g.account.isItself(k) {
		key.ID = cmp.Or(key.ID, g.account.id())
	}
	r := request{call: k.get, id: key.ID, parent: key.Parent}
	if key.ID == "" {
		var err error
		if key, err = g.spelt(ctx, key); err != nil {
			return nil, err
		}
		var ok bool
		if r, ok = k.find.of(k, key.Fields); !ok {
			return nil, fmt.Errorf("a %s cannot be looked up by these attributes", k.Noun)
		}
	}
	if r.parent == "" && strings.Contains(r.path, "{parent}") {
		return nil, fmt.Errorf("a %s can only be read by its id together with its %s", k.Noun, k.Parent)
	}
	r.safety = transport.Read
	body, err := g.account.send(ctx, r)
	if err != nil {
		k.judge(err)
		if isGone(err) {
			return nil, nil
		}
		return nil, err
	}
	o, err := g.decode(ctx, body, r)
	if err != nil || o == nil {
		return nil, err
	}
	if o.ID == "" {
		knownBy(o, key)
	}
	if (key.ID == "" || g.account.isItself(k) && len(key.Fields) > 0) && !k.matches(o, providers.Key{Fields: key.Fields}) {
		// Found by other means than were asked for.
		return nil, nil
	}
	return o, nil
}

// knownBy gives an object whose answer names neither it nor what it was asked by
// the values that it was asked by.
func knownBy(o *schema.Object, key providers.Key) {
	for _, f := range key.Fields {
		if o.Value(f.Path).IsAbsent() {
			o.Fields = append(o.Fields, f)
		}
		o.ID += f.Value.Text()
	}
	o.Fields.Sort()
}

// spelt is a key in the spelling of live objects, without what can only be
// predicted of them.
func (g *getter) spelt(ctx context.Context, key providers.Key) (providers.Key, error) {
	if key.ID != "" || len(key.Fields) == 0 {
		return key, nil
	}
	fields, err := normalized(ctx, g.account, g.kind, key.Fields)
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
func (g *getter) parentOf(key providers.Key) string {
	if key.Parent != "" || g.kind.Parent == "" {
		return key.Parent
	}
	return g.kind.ParentOf(key.Fields.Value).Text()
}

// decode reads the object in an answer; nil when there is none, or when it is
// marked as deleted.
func (g *getter) decode(ctx context.Context, body []byte, r request) (*schema.Object, error) {
	var defs *definitions
	model := g.kind.model(nil)
	if model != "" {
		var err error
		if defs, err = g.account.defined(ctx, model); err != nil {
			return nil, err
		}
	}
	d := newDecoder(g.kind, defs, nil, nil)
	found, ok, err := d.one(body, r.envelope)
	if err == nil && ok && d.unknownField {
		if d.definitions, err = g.account.refreshDefinitions(ctx, model); err == nil {
			found, ok, err = d.one(body, r.envelope)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%s %s: the answer cannot be read: %w", r.method, r.path, err)
	}
	if !ok || found.deleted || found.object.ID == "" && !g.kind.ReadOnly {
		return nil, nil
	}
	found.object.Fields = withParent(g.kind, found.object.Fields, r.parent)
	return &found.object, nil
}

// again reads an object whose answer left something out. What cannot be read now is
// as the answer has it.
func (g *getter) again(ctx context.Context, o *schema.Object) *schema.Object {
	whole, err := g.one(ctx, providers.Key{ID: o.ID})
	if err != nil || whole == nil {
		return o
	}
	return whole
}
