package sandbox

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func contextThatEnds(t *testing.T) (context.Context, context.CancelFunc) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	return ctx, cancel
}

// sender makes the i-th request of a run, and returns what it was answered.
type sender func(c *client, i int) (int, object)

func sendSame(c *client, _ int) (int, object) { return c.call("GET", "/locations/LOC", "") }

func sendOther(c *client, i int) (int, object) {
	return c.call("GET", fmt.Sprintf("/users/?locationId=LOC&v=%d", i), "")
}

func sendMixed(c *client, i int) (int, object) {
	if i%2 == 0 {
		return c.call("POST", "/locations/LOC/tags", fmt.Sprintf(`{"name":"t%d"}`, i))
	}
	return c.call("POST", "/contacts/search", `{"locationId":"LOC","pageLimit":5}`)
}

// planned is a run of requests under a fault plan.
type planned struct {
	reason, plan string
	send         sender
	want         []int // statuses
	counts       map[string]int
}

func runAll(t *testing.T, cases map[string]planned) {
	t.Helper()
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			c := faulted(t, tc.plan, Options{})
			got := make([]int, len(tc.want))
			for i := range got {
				got[i], _ = tc.send(c, i)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(tc.counts, c.server.FaultCounts()); diff != "" {
				t.Errorf("%s: counts (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestFaultBounds holds how many requests a plan hits.
func TestFaultBounds(t *testing.T) {
	runAll(t, map[string]planned{
		"in a row": {
			reason: "the fourth try gets through, and then it begins anew", plan: "kinds=500", send: sendSame,
			want: []int{500, 500, 500, 200, 500, 500, 500, 200}, counts: map[string]int{"500": 6},
		},
		"once in a row": {
			reason: "the bound can be set", plan: "kinds=503,in-a-row=1", send: sendSame,
			want: []int{503, 200, 503, 200}, counts: map[string]int{"503": 2},
		},
		"other requests": {
			reason: "each request has a row of its own", plan: "kinds=502", send: sendOther,
			want: []int{502, 502, 502, 502, 502}, counts: map[string]int{"502": 5},
		},
		"max": {
			reason: "no more faults than that", plan: "kinds=500,max=2", send: sendSame,
			want: []int{500, 500, 200, 200}, counts: map[string]int{"500": 2},
		},
		"after": {
			reason: "the first requests are left alone", plan: "kinds=500,after=2", send: sendSame,
			want: []int{200, 200, 500, 500}, counts: map[string]int{"500": 2},
		},
	})
}

// TestFaultsOn holds which requests a plan hits.
func TestFaultsOn(t *testing.T) {
	runAll(t, map[string]planned{
		"reads": {
			reason: "a search reads although it is a POST", plan: "kinds=500,on=reads", send: sendMixed,
			want: []int{201, 500, 201, 500}, counts: map[string]int{"500": 2},
		},
		"writes": {
			reason: "only what changes something", plan: "kinds=500,on=writes", send: sendMixed,
			want: []int{500, 200, 500, 200}, counts: map[string]int{"500": 2},
		},
	})
}

// TestFaultsRepeat holds that the seed and the requests decide everything.
func TestFaultsRepeat(t *testing.T) {
	run := func(seed uint64) []Call {
		c := open(t, Options{Invented: Invented{Contacts: 9}, Faults: &Faults{Seed: seed, Rate: 0.4}})
		for i := range 60 {
			_, err := c.server.RoundTrip(c.request("POST", "/locations/LOC/tags", fmt.Sprintf(`{"name":"t%d"}`, i)))
			_ = err // broken connections are part of the plan
			_, _ = c.server.RoundTrip(c.request("POST", "/contacts/search", `{"locationId":"LOC","pageLimit":2,"page":2}`))
		}
		return c.server.Calls()
	}
	one := run(7)
	if diff := cmp.Diff(one, run(7)); diff != "" {
		t.Errorf("one seed twice (-first +second):\n%s", diff)
	}
	if cmp.Equal(one, run(8)) {
		t.Error("another seed does the same, want other faults")
	}
	hit := 0
	for _, call := range one {
		if call.Fault != "" {
			hit++
		}
	}
	if hit < 30 || hit > 66 {
		t.Errorf("%d of 120 requests were hit at a rate of 0.4", hit)
	}
}

// TestPartial holds that a bulk call that is repeated for its failed rows ends.
func TestPartial(t *testing.T) {
	c := faulted(t, "seed=5,kinds=partial", Options{Invented: Invented{Contacts: 12}})
	left := c.searchIDs("")
	rounds := 0
	for ; len(left) > 0; rounds++ {
		if rounds > 40 {
			t.Fatalf("%d rows fail for ever", len(left))
		}
		ids, err := json.Marshal(left)
		if err != nil {
			t.Fatal(err)
		}
		out := c.must("POST", "/contacts/bulk/tags/update/add", `{"contacts":`+string(ids)+`,"tags":["seen"],"locationId":"LOC"}`)
		failed := []string{}
		for _, row := range out["responses"].([]any) {
			id, verdict := row.(object)["contactId"].(string), row.(object)["type"]
			if verdict == "error" {
				failed = append(failed, id)
			}
			tagged := slices.Contains(c.server.location.people.byID[id].Tags, "seen")
			if tagged != (verdict == "success") {
				t.Errorf("the row of %s says %v, and its tag says %v", id, verdict, tagged)
			}
		}
		if diff := cmp.Diff(float64(len(failed)), out["errorCount"]); diff != "" {
			t.Errorf("errorCount (-want +got):\n%s", diff)
		}
		left = failed
	}
	if rounds < 3 {
		t.Errorf("all rows got through in %d rounds, want some to fail", rounds)
	}
}

// TestStale holds that a search may lack the latest changes, and that nothing
// is lost by it.
func TestStale(t *testing.T) {
	c := open(t, Options{Invented: Invented{Contacts: 3}, Faults: &Faults{Seed: 1, Rate: 0.5, Kinds: []string{"stale"}}})
	before := c.searchIDs("")
	id := c.contact(`"email":"ada@example.com"`)
	c.must("PUT", "/contacts/"+before[0], `{"city":"Bern"}`)
	c.must("DELETE", "/contacts/"+before[1], "")
	fresh := []string{id, before[0], before[2]}
	seen := map[int]int{}
	for range 40 {
		ids := c.searchIDs("")
		switch {
		case cmp.Equal(ids, fresh):
			seen[0]++
		case slices.Contains(ids, before[1]):
			seen[1]++
		default:
			t.Fatalf("a search saw what never was: %v", ids)
		}
	}
	if diff := cmp.Diff(c.server.FaultCounts()["stale"], seen[1]); diff != "" || seen[0] == 0 || seen[1] == 0 {
		t.Errorf("a fault shows the older picture and nothing else does: %v (-want +got):\n%s", seen, diff)
	}
	c.now = c.now.Add(2 * staleReach)
	c.must("POST", "/contacts/search", `{"locationId":"LOC","pageLimit":1}`)
	stale := c.server.FaultCounts()["stale"]
	for range 20 {
		if diff := cmp.Diff(fresh, c.searchIDs("")); diff != "" {
			t.Fatalf("an old change shows (-want +got):\n%s", diff)
		}
	}
	if got := c.server.FaultCounts()["stale"]; got != stale {
		t.Errorf("%d faults after the reach, want none", got-stale)
	}
}

// pages reads a whole listing and gives the ids as they came. Each page is
// asked for twice, as a client does whose first answer was lost.
func (c *client) pages(path, rows, id string, next func(read int, last object) string) []string {
	c.t.Helper()
	var ids []string
	for body := next(0, nil); ; {
		c.must("POST", path, body)
		out := c.must("POST", path, body)
		list := out[rows].([]any)
		for _, row := range list {
			ids = append(ids, row.(object)[id].(string))
		}
		if len(list) < 4 {
			return ids
		}
		if len(ids) > 100 {
			c.t.Fatalf("the listing does not end: %v", ids)
		}
		body = next(len(ids), list[len(list)-1].(object))
	}
}

func TestShift(t *testing.T) {
	cases := map[string]struct {
		reason, path, rows, id string
		next                   func(read int, last object) string
	}{
		"contacts by cursor": {
			reason: "a row is repeated or late", path: "/contacts/search", rows: "contacts", id: "id",
			next: func(_ int, last object) string {
				cursor, _ := json.Marshal(last["searchAfter"])
				return `{"locationId":"LOC","pageLimit":4,"searchAfter":` + string(cursor) + `}`
			},
		},
		"contacts by page": {
			reason: "later pages begin a row earlier", path: "/contacts/search", rows: "contacts", id: "id",
			next: func(read int, _ object) string {
				return fmt.Sprintf(`{"locationId":"LOC","pageLimit":4,"page":%d}`, read/4+1)
			},
		},
		"tasks": {
			reason: "later pages begin a row earlier", path: "/locations/LOC/tasks/search", rows: "tasks", id: "_id",
			next: func(read int, _ object) string { return fmt.Sprintf(`{"limit":4,"skip":%d}`, read) },
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			moved := false
			for seed := range uint64(40) {
				c := open(t, Options{Invented: Invented{Contacts: 19}, Faults: &Faults{Seed: seed, Rate: 0.5, Kinds: []string{"shift"}}})
				owner := c.searchIDs("")[0]
				for i := range 19 {
					c.must("POST", "/contacts/"+owner+"/tasks", fmt.Sprintf(`{"title":"T%d","dueDate":"2026-08-01","completed":false}`, i))
				}
				c.server.HoldFaults(true)
				want := c.pages(tc.path, tc.rows, tc.id, tc.next)
				c.server.HoldFaults(false)
				got := c.pages(tc.path, tc.rows, tc.id, tc.next)
				moved = moved || !cmp.Equal(want, got)
				if diff := cmp.Diff(slices.Sorted(maps.Keys(setOf(want))), slices.Sorted(maps.Keys(setOf(got)))); diff != "" {
					t.Fatalf("%s, but none is left out; seed %d (-want +got):\n%s", tc.reason, seed, diff)
				}
			}
			if !moved {
				t.Errorf("%s: no page moved", tc.reason)
			}
		})
	}
}
