package ghl

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/providers"
	"lockstep/schema"
)

// tagged makes one change per contact and tag, as the engine does.
func tagged(from, to int, tags ...string) []providers.Write {
	var out []providers.Write
	for n := from; n < to; n++ {
		for _, tag := range tags {
			out = append(out, providers.Write{Address: fmt.Sprintf("ghl_contact.c[%d]", n), Kind: kindContact, Action: providers.Update, Channel: "tags", Add: []string{tag}})
		}
	}
	return out
}

func own(action providers.Action, address, channel, path string) providers.Write {
	return providers.Write{Address: address, Kind: kindContact, Action: action, ID: "id", Channel: channel,
		Fields: schema.Fields{{Path: path, Value: schema.StringValue("x")}}}
}

// The reads that go along with writes are part of their price.
func TestGroupReads(t *testing.T) {
	cases := map[string]struct {
		reason string
		kind   string
		action providers.Action
		want   int
	}{
		"contact":         {"one call does it", kindContact, providers.Update, 0},
		"new pipeline":    {"the answer lacks the stages", kindPipeline, providers.Create, 1},
		"pipeline":        {"what is replaced is read before, and the answer lacks the stages", kindPipeline, providers.Update, 2},
		"pipeline delete": {"nothing of it is read", kindPipeline, providers.Delete, 0},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			found := New().Group([]providers.Write{{Address: "a", Kind: tc.kind, Action: tc.action, ID: "id"}})
			if len(found) != 1 || found[0].Reads != tc.want {
				t.Errorf("%s: %+v", tc.reason, found)
			}
		})
	}
}

func TestGroup(t *testing.T) {
	removed := tagged(0, 2, "old")
	for i := range removed {
		removed[i].Add, removed[i].Remove = nil, []string{"old"}
	}
	type op struct {
		Name, Method, Path string
		Changes            int
	}
	const add, remove = "/contacts/bulk/tags/update/add", "/contacts/bulk/tags/update/remove"
	cases := map[string]struct {
		reason string
		in     []providers.Write
		want   []op
	}{
		"one tag":  {"500 contacts share a call", tagged(0, 1001, "vip"), []op{{`add tag "vip"`, "POST", add, 500}, {`add tag "vip"`, "POST", add, 500}, {`add tag "vip"`, "POST", "/contacts/{id}/tags", 1}}},
		"same set": {"contacts with the same tags share a call for all of them", tagged(0, 300, "a", "b", "c"), []op{{`add tags "a", "b", "c"`, "POST", add, 900}}},
		"by tag": {"different sets, but one tag in common: by tag is cheaper",
			append(append(tagged(0, 2, "a", "b"), tagged(2, 4, "a", "c")...), tagged(4, 6, "a", "b", "c")...),
			[]op{{`add tag "a"`, "POST", add, 6}, {`add tag "b"`, "POST", add, 4}, {`add tag "c"`, "POST", add, 4}}},
		"directions": {"adding and removing are two calls", append(tagged(0, 2, "new"), removed...),
			[]op{{`add tag "new"`, "POST", add, 2}, {`remove tag "old"`, "POST", remove, 2}}},
		"own": {"each contact has its own calls", []providers.Write{
			own(providers.Create, "a", "", "email"), own(providers.Update, "b", "", "email"), own(providers.Update, "b", "details", "type"), own(providers.Delete, "c", "", "email")},
			[]op{{"create contact", "POST", "/contacts/", 1}, {"update contact", "PUT", "/contacts/{id}", 2}, {"delete contact", "DELETE", "/contacts/{id}", 1}}},
		"business": {"fifty contacts of one business share a call", func() []providers.Write {
			var out []providers.Write
			for n := range 60 {
				out = append(out, own(providers.Update, fmt.Sprint(n), "business", "business_id"))
			}
			return out
		}(), []op{{"set business", "POST", "/contacts/bulk/business", 50}, {"set business", "POST", "/contacts/bulk/business", 10}}},
	}
	p := New()
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var got []op
			for _, o := range p.Group(tc.in) {
				got = append(got, op{o.Name, o.Method, o.Path, len(o.Writes)})
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
