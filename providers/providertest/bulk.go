package providertest

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/providers"
	"lockstep/schema"
)

// testBulk gives one member to several objects, one of which does not exist.
func testBulk(t *testing.T, h Harness, b Bulk) {
	c := newClient(t, h)
	s := h.sample(t, b.Kind)
	c.before(s)
	var writes []providers.Write
	for n := range 3 {
		id := c.create(b.Kind, s.Number(n))
		writes = append(writes, providers.Write{Address: fmt.Sprintf("%s.sample[%d]", b.Kind, n), ID: id})
	}
	writes = append(writes, providers.Write{Address: b.Kind + ".missing", ID: b.Missing})
	for i := range writes {
		writes[i].Kind, writes[i].Action, writes[i].Channel = b.Kind, providers.Update, b.Channel
		writes[i].Add = b.Members
	}
	operations := c.p.Group(writes)
	if len(operations) != 1 {
		t.Fatalf("%d operations for one member on %d objects, want 1", len(operations), len(writes))
	}
	results := c.p.Do(t.Context(), operations[0])
	for i, write := range operations[0].Writes {
		want := providers.Done
		if write.ID == b.Missing {
			want = providers.Failed
		}
		if results[i].Outcome != want {
			t.Errorf("%s: outcome %d, want %d: %v", write.Address, results[i].Outcome, want, results[i].Err)
		}
	}
}

// testBulkApart gives two objects different members by one operation, as comes of
// values that were not known when it was grouped: each must get its own.
func testBulkApart(t *testing.T, h Harness, b Bulk) {
	c := newClient(t, h)
	s := h.sample(t, b.Kind)
	c.before(s)
	path := ""
	for _, a := range c.kind(b.Kind).Attributes {
		if a.Channel == b.Channel {
			path = a.Name
		}
	}
	o := providers.Operation{Kind: b.Kind, Action: providers.Update, Channel: b.Channel, Bulk: true}
	want := map[string][]string{}
	for n, fields := range []schema.Fields{s.Create, s.Update} {
		id, members := c.create(b.Kind, s.Number(n)), c.normal(b.Kind, fields).Value(path).Strings()
		want[id] = members
		o.Writes = append(o.Writes, providers.Write{Address: fmt.Sprintf("%s.sample[%d]", b.Kind, n), Kind: b.Kind, ID: id,
			Action: providers.Update, Channel: b.Channel, Add: members})
	}
	for i, r := range c.p.Do(t.Context(), o) {
		if r.Outcome != providers.Done {
			t.Errorf("%s: outcome %d: %v", o.Writes[i].Address, r.Outcome, r.Err)
		}
	}
	got := map[string][]string{}
	for id := range want {
		got[id] = c.get(b.Kind, id).Value(path).Strings()
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("each object has its own members (-want +got):\n%s", diff)
	}
}
