package ghl

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/providers"
)

// TestBulkAlike wants each object to get its own value, also when the values of a
// call were not known yet as its writes were grouped.
func TestBulkAlike(t *testing.T) {
	k := kind{channels: map[string]channel{
		"owner": {set: call{method: "POST", path: "/shops/owner"}, body: "owner", ids: "ids", most: 50, noun: "owner"},
		"tags":  {add: call{method: "POST", path: "/shops/tags"}, body: "tags", ids: "ids", most: 50, noun: "tag"},
	}}
	set := func(id, owner string) providers.Write {
		return providers.Write{Address: id, ID: id, Kind: kindShop, Action: providers.Update, Channel: "owner", Fields: texts2fields("owner", owner)}
	}
	add := func(id string, tags ...string) providers.Write {
		return providers.Write{Address: id, ID: id, Kind: kindShop, Action: providers.Update, Channel: "tags", Add: tags}
	}
	cases := map[string]struct {
		reason string
		writes []providers.Write
		want   []string
	}{
		"one value":   {"one call", []providers.Write{set("1", "ann"), set("2", "ann")}, []string{`POST /shops/owner {"ids":["1","2"],"owner":"ann"}`}},
		"two values":  {"a call each", []providers.Write{set("1", "ann"), set("2", "bea"), set("3", "ann")}, []string{`POST /shops/owner {"ids":["1","3"],"owner":"ann"}`, `POST /shops/owner {"ids":["2"],"owner":"bea"}`}},
		"one set":     {"however its members are spread over writes", []providers.Write{add("1", "a"), add("1", "b"), add("2", "a", "b")}, []string{`POST /shops/tags {"ids":["1","2"],"tags":["a","b"]}`}},
		"two sets":    {"nothing is given to an object that another gets", []providers.Write{add("1", "a"), add("2", "b")}, []string{`POST /shops/tags {"ids":["1"],"tags":["a"]}`, `POST /shops/tags {"ids":["2"],"tags":["b"]}`}},
		"empty value": {"what is cleared is not set", []providers.Write{set("1", "ann"), set("2", "")}, []string{`POST /shops/owner {"ids":["1"],"owner":"ann"}`, `POST /shops/owner {"ids":["2"],"owner":null}`}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			answers := map[string]string{}
			for _, asked := range tc.want {
				answers[asked] = `{"ids":["1","2","3"]}`
			}
			p, c := openShop(t, shopOf(k), answers)
			o := providers.Operation{Kind: kindShop, Action: providers.Update, Channel: tc.writes[0].Channel, Bulk: true, Writes: tc.writes}
			for i, r := range p.Do(t.Context(), o) {
				if r.Outcome != providers.Done || r.Object.ID != tc.writes[i].ID {
					t.Errorf("%s: the verdict on %s is %d on %s, %v", tc.reason, tc.writes[i].ID, r.Outcome, r.Object.ID, r.Err)
				}
			}
			if diff := cmp.Diff(tc.want, c.asked); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
