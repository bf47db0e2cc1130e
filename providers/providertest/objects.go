package providertest

import (
	"context"
	"errors"
	"slices"
	"testing"

	"lockstep/providers"
	"lockstep/schema"
)

// testRoundTrip creates an object with every attribute and reads it back by
// list and by id: no difference may remain, or a plan would never be empty.
func testRoundTrip(t *testing.T, h Harness, s Sample) {
	c := newClient(t, h)
	c.before(s)
	id := c.create(s.Kind, s.Create)
	listed := c.listed(s, s.Create, id)
	got := c.get(s.Kind, id)
	c.compare(s, s.Create, got, "get")
	for _, o := range []*schema.Object{listed, got} {
		if o != nil {
			checkObject(t, c.kind(s.Kind), o)
		}
	}
	c.natural(s, id)
}

// checkObject holds a live object against the promises about objects.
func checkObject(t *testing.T, k *schema.Kind, o *schema.Object) {
	t.Helper()
	if o.Kind != k.Name {
		t.Errorf("the object's kind is %q, want %q", o.Kind, k.Name)
	}
	sorted := slices.Clone(o.Fields)
	sorted.Sort()
	for i, f := range o.Fields {
		if sorted[i].Path != f.Path {
			t.Errorf("the fields are not sorted at %s", f.Path)
		}
		if k.Attribute(schema.PathAttribute(f.Path)) == nil {
			t.Errorf("field %s belongs to no declared attribute", f.Path)
		}
		if f.Value.IsAbsent() || f.Value.Type() == schema.String && f.Value.Text() == "" {
			t.Errorf("field %s without value is not left out", f.Path)
		}
	}
}

// natural looks the object up by each natural key of which it has a value. An
// empty id stands for any one object.
func (c *client) natural(s Sample, id string) {
	c.t.Helper()
	fields := c.normal(s.Kind, s.Create)
	for _, key := range c.kind(s.Kind).Keys {
		var by schema.Fields
		for _, path := range key {
			if f, ok := fields.Find(path); ok {
				by = append(by, schema.Field{Path: path, Value: f.Value})
			}
		}
		if len(by) != len(key) {
			continue
		}
		by.Sort()
		objects, err := c.p.Get(c.t.Context(), s.Kind, []providers.Key{{Parent: c.parent(c.kind(s.Kind)), Fields: by}})
		if err != nil {
			c.t.Errorf("Get by %v: %v", key, err)
			continue
		}
		if id == "" && len(objects) != 1 || id != "" && find(objects, id) == nil {
			c.t.Errorf("Get by %v did not find the object, but %d", key, len(objects))
		}
	}
}

// testUpdate changes every attribute that can change, one at a time and then
// checks them all.
func testUpdate(t *testing.T, h Harness, s Sample) {
	c := newClient(t, h)
	c.before(s)
	id := c.create(s.Kind, s.Create)
	k := c.kind(s.Kind)
	for _, f := range c.normal(s.Kind, s.Update) {
		if f.Derived {
			continue
		}
		c.write(k, id, f)
		c.compare(s, schema.Fields{f}, c.get(s.Kind, id), "get after update of "+f.Path)
	}
	c.listed(s, s.Update, id)
	var kept schema.Fields
	for _, f := range s.Create {
		if _, changed := s.Update.Find(f.Path); !changed {
			kept = append(kept, f)
		}
	}
	c.listed(s, kept, id)
	c.compare(s, kept, c.get(s.Kind, id), "get, attributes that were not written")
}

// write updates one field, by the call that carries it.
func (c *client) write(k *schema.Kind, id string, f schema.Field) {
	c.t.Helper()
	live := c.get(k.Name, id)
	write := providers.Write{Address: k.Name + ".sample", Kind: k.Name, Action: providers.Update, ID: id,
		Parent: c.parent(k), Live: live, Channel: k.Attribute(schema.PathAttribute(f.Path)).Channel}
	if a := k.Attribute(schema.PathAttribute(f.Path)); a.Own != schema.OwnMembers || a.Channel == "" {
		write.Fields = schema.Fields{f}
		for _, a := range k.Attributes {
			if a.Resent && a.Name != f.Path {
				write.Fields = append(write.Fields, c.h.sample(c.t, k.Name).Create.Of(a.Name)...)
			}
		}
		write.Fields.Sort()
		c.do([]providers.Write{write})
		return
	}
	old, now := live.Value(f.Path).Strings(), f.Value.Strings()
	var writes []providers.Write
	for _, member := range now {
		if !slices.Contains(old, member) {
			one := write
			one.Add = []string{member}
			writes = append(writes, one)
		}
	}
	for _, member := range old {
		if !slices.Contains(now, member) {
			one := write
			one.Remove = []string{member}
			writes = append(writes, one)
		}
	}
	c.do(writes)
}

// testClear empties attributes.
func testClear(t *testing.T, h Harness, s Sample) {
	if len(s.Clear) == 0 {
		t.Skipf("no attribute of %s can be emptied", s.Kind)
	}
	c := newClient(t, h)
	c.before(s)
	id := c.create(s.Kind, s.Create)
	for _, path := range s.Clear {
		f := schema.Field{Path: path, Value: schema.StringValue("")}
		c.write(c.kind(s.Kind), id, f)
		c.compare(s, schema.Fields{f}, c.get(s.Kind, id), "get after clearing "+path)
	}
}

// testDelete deletes twice: the second time the object is gone, which is what
// was wanted.
func testDelete(t *testing.T, h Harness, s Sample) {
	c := newClient(t, h)
	if c.kind(s.Kind).Lasting == schema.Permanent {
		t.Skipf("nobody can delete a %s", s.Kind)
	}
	c.before(s)
	id := c.create(s.Kind, s.Create)
	write := providers.Write{Address: s.Kind + ".sample", Kind: s.Kind, Action: providers.Delete, ID: id,
		Parent: c.parent(c.kind(s.Kind)), Live: c.get(s.Kind, id)}
	for range 2 {
		c.do([]providers.Write{write})
		if c.kind(s.Kind).Listing.Lingers == 0 && c.get(s.Kind, id) != nil {
			t.Error("the object is still there after its deletion")
		}
	}
	if c.kind(s.Kind).Listing.Lingers > 0 {
		return
	}
	if find(c.list(s.Kind), id) != nil {
		t.Error("the object is still listed after its deletion")
	}
	if len(s.Update) == 0 {
		return
	}
	f := c.normal(s.Kind, s.Update)[0]
	write.Action, write.Fields = providers.Update, schema.Fields{f}
	for _, o := range c.p.Group([]providers.Write{write}) {
		r := c.p.Do(t.Context(), o)[0]
		var api *providers.APIError
		if r.Outcome != providers.Failed || !errors.As(r.Err, &api) || !api.Gone {
			t.Errorf("an update of what is gone is outcome %d, %v; want a failure that says so", r.Outcome, r.Err)
		}
	}
}

// testPages lists more objects than fit on two pages.
func testPages(t *testing.T, h Harness, s Sample) {
	if s.Number == nil {
		t.Skipf("%s has no numbered samples", s.Kind)
	}
	c := newClient(t, h)
	c.before(s)
	want := map[string]bool{}
	for n := range s.Many {
		want[c.create(s.Kind, s.Number(n))] = true
	}
	seen := map[string]bool{}
	for _, o := range c.list(s.Kind) {
		if seen[o.ID] {
			t.Errorf("%s is listed twice", o.ID)
		}
		seen[o.ID] = true
	}
	for id := range want {
		if !seen[id] {
			t.Errorf("%s is not listed", id)
		}
	}
	if len(want) != s.Many {
		t.Errorf("%d objects were made of %d creates", len(want), s.Many)
	}
}

// testLost loses the answer to a create: the result must say that nobody
// knows, the create must not have been repeated, and a look-up must find the
// object.
func testLost(t *testing.T, h Harness, s Sample) {
	if h.Lossy == nil {
		t.Skip("the harness cannot lose answers")
	}
	if s.Exists != "" {
		t.Skipf("a %s is never made", s.Kind)
	}
	p, lose := h.Lossy(t)
	c := clientOf(t, h, p)
	c.before(s)
	k := c.kind(s.Kind)
	write := c.own(k, c.normal(s.Kind, s.Create))
	before := idsOf(c.list(s.Kind))
	lose(true)
	r := p.Do(t.Context(), p.Group([]providers.Write{write})[0])[0]
	lose(false)
	if r.Outcome != providers.Uncertain || r.Err == nil {
		t.Errorf("outcome %d, %v; want uncertain", r.Outcome, r.Err)
	}
	id := ""
	made := slices.DeleteFunc(idsOf(c.list(s.Kind)), func(id string) bool { return slices.Contains(before, id) })
	if len(made) == 1 {
		id = made[0]
	} else if !k.Listing.Partial || len(made) > 1 {
		t.Fatalf("%d objects after one create, want 1", len(made))
	}
	c.natural(s, id)
	if len(k.Content) == 0 {
		return
	}
	var content schema.Fields
	for _, path := range k.Content {
		content = append(content, schema.Field{Path: path, Value: write.Fields.Value(path)})
	}
	content.Sort()
	found, err := p.Get(t.Context(), s.Kind, []providers.Key{{Parent: c.parent(k), Fields: content}})
	if err != nil || len(found) != 1 {
		t.Errorf("the look-up by content found %d objects, %v", len(found), err)
	}
}

func idsOf(objects []schema.Object) []string {
	ids := make([]string, len(objects))
	for i := range objects {
		ids[i] = objects[i].ID
	}
	return ids
}

// testCancel stops everything by the context.
func testCancel(t *testing.T, h Harness, s Sample) {
	c := newClient(t, h)
	c.before(s)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	q := providers.Query{Kind: s.Kind}
	if k := c.kind(s.Kind); k.Parent != "" {
		q.Parents = []string{c.parent(k)}
	}
	var told []error
	for _, err := range c.p.List(ctx, q) {
		told = append(told, err)
	}
	// There is nothing to go on with, for no account.
	if len(told) != 1 || !errors.Is(told[0], context.Canceled) {
		t.Errorf("List with a cancelled context told %v", told)
	}
	write := c.own(c.kind(s.Kind), c.normal(s.Kind, s.Create))
	for _, o := range c.p.Group([]providers.Write{write}) {
		for _, r := range c.p.Do(ctx, o) {
			if r.Outcome != providers.Failed {
				t.Errorf("Do with a cancelled context is outcome %d, %v", r.Outcome, r.Err)
			}
		}
	}
}
