package planner

import (
	"testing"

	"pgregory.net/rapid"

	"lockstep/planner/state"
	"lockstep/schema"
)

// TestIDs adds and drops subjects at random, and finds what a map finds.
func TestIDs(t *testing.T) {
	names := []string{"", "a", "b", "c", "ab"}
	rapid.Check(t, func(t *rapid.T) {
		var x ids
		if rapid.Bool().Draw(t, "room") {
			x.grow(rapid.IntRange(0, 20).Draw(t, "n"))
		}
		want := map[string]*Subject{}
		for range rapid.IntRange(0, 30).Draw(t, "steps") {
			id := rapid.SampledFrom(names).Draw(t, "id")
			switch {
			case rapid.Bool().Draw(t, "drop"):
				x.drop(id)
				delete(want, id)
			case want[id] != nil:
				// A list has what was expected.
				want[id].live, want[id].record = &schema.Object{ID: id}, nil
			default:
				want[id] = &Subject{record: &state.Record{ID: id}}
				x.add(want[id])
			}
		}
		for _, id := range names {
			if x.get(id) != want[id] {
				t.Fatalf("%q: got %v, want %v", id, x.get(id), want[id])
			}
		}
	})
}
