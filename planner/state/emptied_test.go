package state

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestTornBatch cuts a batch off: no record is lost on its way to another address,
// and no object has two.
func TestTornBatch(t *testing.T) {
	const end, half = `{"serial":8}` + "\n", `{"object":"crm_contact.x[`
	begun := counted(2) + line1("a", "1") + line1("b", "2")
	cases := map[string]struct {
		reason, tail string
		ids          map[string]string
		intents      []string
	}{
		"Whole":   {reason: "what a whole batch empties is gone", tail: gone("a") + end, ids: map[string]string{"b": "2"}},
		"Later":   {reason: "also when a later one is cut off", tail: gone("a") + end + gone("b") + half, ids: map[string]string{"b": "2"}},
		"Emptied": {reason: "a record that has not come to its new address is where it was", tail: gone("a") + half, ids: map[string]string{"a": "1", "b": "2"}},
		"Lines":   {reason: "also where the batch ends between two lines", tail: gone("a"), ids: map[string]string{"a": "1", "b": "2"}},
		"Passed":  {reason: "one that has come there is there only", tail: gone("a") + line1("c", "1"), ids: map[string]string{"b": "2", "c": "1"}},
		"Part":    {reason: "of several, each for itself", tail: gone("a") + gone("b") + line1("d", "2") + half, ids: map[string]string{"a": "1", "d": "2"}},
		"Swapped": {reason: "where another object stands by now, the first is forgotten and found again", tail: gone("a") + gone("b") + line1("a", "2") + half, ids: map[string]string{"a": "2"}},
		"Intent":  {reason: "an unfinished create is still looked for", tail: intent("c") + end + gone("c") + half, ids: map[string]string{"a": "1", "b": "2"}, intents: []string{"c crm p"}},
		"Made":    {reason: "unless it has its record", tail: intent("c") + end + gone("c") + line1("c", "3") + half, ids: map[string]string{"a": "1", "b": "2", "c": "3"}},
		"Both":    {reason: "a replacement has a record and an intent", tail: intent("a") + end + gone("a") + half, ids: map[string]string{"a": "1", "b": "2"}, intents: []string{"a crm p"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s, err := Decode(strings.NewReader(begun + tc.tail))
			if err != nil {
				t.Fatal(err)
			}
			got := look(s)
			if diff := cmp.Diff(tc.ids, got.IDs); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(tc.intents, got.Intents, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s: -want +got intents:\n%s", tc.reason, diff)
			}
			if torn := tc.tail != gone("a")+end; (s.Cut > 0) != torn {
				t.Errorf("%s: cut at %d", tc.reason, s.Cut)
			}
		})
	}
}
