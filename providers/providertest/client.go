package providertest

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"lockstep/providers"
	"lockstep/schema"
)

// client drives a provider the way the engine does: it normalises, divides
// fields over channels, groups, and does.
type client struct {
	t *testing.T
	h Harness
	p providers.Provider
	// parents are the ids of objects made before, by kind.
	parents map[string]string
}

func newClient(t *testing.T, h Harness) *client {
	t.Helper()
	return clientOf(t, h, open(t, h))
}

func clientOf(t *testing.T, h Harness, p providers.Provider) *client {
	c := &client{t: t, h: h, p: p, parents: map[string]string{}}
	maps.Copy(c.parents, h.Parents)
	return c
}

// before makes the objects that a sample needs.
func (c *client) before(s Sample) {
	c.t.Helper()
	for _, kind := range s.Before {
		c.parents[kind] = c.create(kind, c.h.sample(c.t, kind).Create)
	}
}

func (c *client) kind(name string) *schema.Kind {
	c.t.Helper()
	k := c.p.Schema().Kind(name)
	if k == nil {
		c.t.Fatalf("unknown kind %s", name)
	}
	return k
}

// normal spells desired fields.
func (c *client) normal(kind string, fields schema.Fields) schema.Fields {
	c.t.Helper()
	fields = slices.Clone(fields)
	for i := range fields {
		if of, stands := strings.CutPrefix(fields[i].Value.Text(), "@"); stands {
			fields[i].Value = schema.StringValue(c.parents[of])
		}
	}
	n, ok := c.p.(providers.Normalizer)
	if !ok {
		return fields
	}
	out, err := n.Normalize(c.t.Context(), kind, fields)
	if err != nil {
		c.t.Fatalf("Normalize: %v", err)
	}
	return out
}

// parent is the id of the object that new objects of a kind belong to: of the one
// that the sample names, or of one that was made before.
func (c *client) parent(k *schema.Kind) string {
	if k.Parent == "" {
		return ""
	}
	for _, s := range c.h.Samples {
		if id := s.Create.Value(k.Parent).Text(); s.Kind == k.Name && id != "" {
			return id
		}
	}
	return c.parents[k.Attribute(k.Parent).Refers]
}

// create makes an object with all its channels and returns its id.
func (c *client) create(kind string, fields schema.Fields) string {
	c.t.Helper()
	k := c.kind(kind)
	fields = c.normal(kind, fields)
	own := c.own(k, fields)
	if id := c.h.sample(c.t, kind).Exists; id != "" {
		own.Action, own.ID = providers.Update, id
	}
	made := c.do([]providers.Write{own})[0]
	if made.Object.ID == "" {
		c.t.Fatalf("create %s: the result has no id", kind)
	}
	if rest := c.channels(k, own.Address, made.Object.ID, fields, nil); len(rest) > 0 {
		c.do(rest)
	}
	return made.Object.ID
}

// own is the create of an object, without what travels by other calls.
func (c *client) own(k *schema.Kind, fields schema.Fields) providers.Write {
	c.t.Helper()
	write := providers.Write{Address: k.Name + ".sample", Kind: k.Name, Action: providers.Create, Parent: c.parent(k)}
	for _, f := range fields {
		if !f.Derived && k.Attribute(schema.PathAttribute(f.Path)).Channel == "" {
			write.Fields = append(write.Fields, f)
		}
	}
	return write
}

// channels are the writes of the attributes that travel by other calls.
func (c *client) channels(k *schema.Kind, address, id string, fields schema.Fields, live *schema.Object) []providers.Write {
	var out []providers.Write
	for _, f := range fields {
		a := k.Attribute(schema.PathAttribute(f.Path))
		if a.Channel == "" || f.Derived {
			continue
		}
		write := providers.Write{Address: address, Kind: k.Name, Action: providers.Update, ID: id, Parent: c.parent(k), Channel: a.Channel, Live: live}
		if a.Own != schema.OwnMembers {
			write.Fields = schema.Fields{f}
			out = append(out, write)
			continue
		}
		for _, member := range f.Value.Strings() {
			one := write
			one.Add = []string{member}
			out = append(out, one)
		}
	}
	return out
}

// do groups and does writes, and fails the test unless all are done.
func (c *client) do(writes []providers.Write) []providers.Result {
	c.t.Helper()
	var out []providers.Result
	for _, o := range c.p.Group(writes) {
		results := c.p.Do(c.t.Context(), o)
		if len(results) != len(o.Writes) {
			c.t.Fatalf("%s: %d results for %d writes", o.Name, len(results), len(o.Writes))
		}
		for i, r := range results {
			if r.Outcome != providers.Done {
				c.t.Fatalf("%s of %s: outcome %d, %v", o.Name, o.Writes[i].Address, r.Outcome, r.Err)
			}
		}
		out = append(out, results...)
	}
	return out
}

// list reads all objects of a kind.
func (c *client) list(kind string) []schema.Object {
	c.t.Helper()
	k := c.kind(kind)
	q := providers.Query{Kind: kind}
	if k.Parent != "" {
		q.Parents = []string{c.parent(k)}
	}
	var out []schema.Object
	for page, err := range c.p.List(c.t.Context(), q) {
		if err != nil {
			c.t.Fatalf("List %s: %v", kind, err)
		}
		out = append(out, page.Objects...)
	}
	return out
}

// get reads one object by id; nil when it does not exist.
func (c *client) get(kind, id string) *schema.Object {
	c.t.Helper()
	objects, err := c.p.Get(c.t.Context(), kind, []providers.Key{{ID: id, Parent: c.parent(c.kind(kind))}})
	if err != nil {
		c.t.Fatalf("Get %s %s: %v", kind, id, err)
	}
	if len(objects) == 0 {
		return nil
	}
	if objects[0].ID != id {
		c.t.Fatalf("Get %s %s returned the object %s", kind, id, objects[0].ID)
	}
	return &objects[0]
}

// find finds an object in a list.
func find(objects []schema.Object, id string) *schema.Object {
	for i := range objects {
		if objects[i].ID == id {
			return &objects[i]
		}
	}
	return nil
}

// inList is where an object was found by listing. Some attributes are not
// there.
const inList = "list"

// listed compares what was written with the list, which must have the object
// unless its kind says that it may leave some out.
func (c *client) listed(s Sample, wanted schema.Fields, id string) *schema.Object {
	c.t.Helper()
	live := find(c.list(s.Kind), id)
	if live == nil && c.kind(s.Kind).Listing.Partial {
		return nil
	}
	c.compare(s, wanted, live, inList)
	return live
}

// compare holds what was written against what is live. An empty text and a
// server's default are the same as no value.
func (c *client) compare(s Sample, wanted schema.Fields, live *schema.Object, where string) {
	c.t.Helper()
	if live == nil {
		c.t.Errorf("%s: the object is not there", where)
		return
	}
	k := c.kind(s.Kind)
	for _, f := range c.normal(s.Kind, wanted) {
		a := k.Attribute(schema.PathAttribute(f.Path))
		if a.Unlisted && where == inList {
			continue
		}
		if f.Derived || a.WriteOnly || a.CreateOnly || s.Unlisted[a.Name] != "" {
			continue
		}
		if got := live.Value(f.Path); !equal(a, f.Value, got) {
			c.t.Errorf("%s: %s is %s, but %s was written", where, f.Path, show(got), show(f.Value))
		}
	}
	if a := k.Parent; a != "" {
		if got := live.Value(a).Text(); got != c.parent(k) {
			c.t.Errorf("%s: %s is %q, want %q", where, a, got, c.parent(k))
		}
	}
}

func equal(a *schema.Attribute, want, got schema.Value) bool {
	if a.Own == schema.OwnItems {
		labelled := a.Items.Labelled(got, nil, want)
		return a.Items.Merged(labelled, schema.ItemClaim{Wanted: want}).Equal(labelled)
	}
	blank := func(v schema.Value) bool {
		return v.IsAbsent() || v.Type() == schema.String && v.Text() == "" || v.Equal(a.Default)
	}
	if a.Own == schema.OwnItems && want.Type() == schema.List {
		// What was not written of an item may have any value.
		want = a.Items.Merged(got, schema.ItemClaim{Wanted: want, Exactly: true})
	}
	return want.Equal(got) || blank(want) && blank(got)
}

func show(v schema.Value) string {
	if v.IsAbsent() {
		return "absent"
	}
	return v.String()
}
