package schema_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/schema"
)

// stages have keys that only files know, and members have keys that live items have
// as well.
var (
	stages  = &schema.Items{Key: "key", Match: "name", Ordered: true, Holds: &schema.Holder{Kind: "card", Attribute: "stage_id"}}
	members = &schema.Items{Key: "user"}
)

func list(t *testing.T, text string) schema.Value {
	t.Helper()
	var v schema.Value
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestItemsLabelled(t *testing.T) {
	for _, tc := range []struct {
		reason, live, wanted, want string
		ids                        map[string]string
	}{
		{"a name finds an item, whatever its case", `[{"id":"1","name":"Won"}]`, `[{"key":"w","name":"won"}]`, `[{"id":"1","key":"w","name":"Won"}]`, nil},
		{"an id finds an item that has another name by now", `[{"id":"1","name":"Victory"}]`, `[{"key":"w","name":"Won"}]`, `[{"id":"1","key":"w","name":"Victory"}]`, map[string]string{"w": "1"}},
		{"the id is stronger than the name of another one", `[{"id":"1","name":"Won"},{"id":"2","name":"Old"}]`, `[{"key":"w","name":"Won"}]`, `[{"id":"1","name":"Won"},{"id":"2","key":"w","name":"Old"}]`, map[string]string{"w": "2"}},
		{"two keys swap their names", `[{"id":"1","name":"A"},{"id":"2","name":"B"}]`, `[{"key":"a","name":"B"},{"key":"b","name":"A"}]`, `[{"id":"1","key":"a","name":"A"},{"id":"2","key":"b","name":"B"}]`, map[string]string{"a": "1", "b": "2"}},
		{"an id that is gone leaves it to the name", `[{"id":"3","name":"Won"}]`, `[{"key":"w","name":"Won"}]`, `[{"id":"3","key":"w","name":"Won"}]`, map[string]string{"w": "1"}},
		{"what has a key keeps it", `[{"id":"3","key":"x","name":"Won"}]`, `[{"key":"w","name":"Won"}]`, `[{"id":"3","key":"x","name":"Won"}]`, nil},
	} {
		got := stages.Labelled(list(t, tc.live), tc.ids, list(t, tc.wanted))
		if diff := cmp.Diff(tc.want, got.String()); diff != "" {
			t.Errorf("%s:\n%s", tc.reason, diff)
		}
	}
}

func TestItemsMerged(t *testing.T) {
	for _, tc := range []struct {
		reason, live, wanted, was, want string
		items                           *schema.Items
		exactly                         bool
	}{
		{"items and properties that are not named stay", `[{"user":"a","x":1},{"user":"b","x":2,"y":3}]`, `[{"user":"b","x":5}]`, `[]`, `[{"user":"a","x":1},{"user":"b","x":5,"y":3}]`, members, false},
		{"a new item comes last where the order does not count", `[{"user":"a"}]`, `[{"user":"c"},{"user":"a"}]`, `[]`, `[{"user":"a"},{"user":"c"}]`, members, false},
		{"what was named and is no longer goes", `[{"user":"a"},{"user":"b"}]`, `[{"user":"b"}]`, `[{"user":"a"},{"user":"b"}]`, `[{"user":"b"}]`, members, false},
		{"but stays where something may lie in it", `[{"key":"a"},{"key":"b"}]`, `[{"key":"b"}]`, `[{"key":"a"},{"key":"b"}]`, `[{"key":"a"},{"key":"b"}]`, stages, false},
		{"exactly drops what nobody named", `[{"user":"a"},{"user":"b"}]`, `[{"user":"b"}]`, `[]`, `[{"user":"b"}]`, members, true},
		{"exactly of nothing drops all", `[{"user":"a"}]`, `[]`, `[]`, `[]`, members, true},
		{"named items come in the order of the file, others keep their places", `[{"key":"a"},{"id":"x"},{"key":"b"}]`, `[{"key":"b"},{"key":"a"}]`, `[]`, `[{"key":"b"},{"id":"x"},{"key":"a"}]`, stages, false},
		{"a new item follows the one before it", `[{"key":"a"},{"id":"x"},{"key":"b"}]`, `[{"key":"a"},{"key":"n"},{"key":"b"}]`, `[]`, `[{"key":"a"},{"key":"n"},{"id":"x"},{"key":"b"}]`, stages, false},
		{"a new first item comes first", `[{"key":"a"}]`, `[{"key":"n"},{"key":"a"}]`, `[]`, `[{"key":"n"},{"key":"a"}]`, stages, false},
		{"new items come last where none is named", `[{"id":"x"}]`, `[{"key":"n"},{"key":"m"}]`, `[]`, `[{"id":"x"},{"key":"n"},{"key":"m"}]`, stages, false},
		{"an empty text does not differ from none", `[{"user":"a"}]`, `[{"user":"a","note":""}]`, `[]`, `[{"user":"a"}]`, members, false},
		{"there is nothing live", `null`, `[{"user":"a"}]`, `[]`, `[{"user":"a"}]`, members, false},
	} {
		got := tc.items.Merged(list(t, tc.live), schema.ItemClaim{Wanted: list(t, tc.wanted), Exactly: tc.exactly, Was: list(t, tc.was)})
		if diff := cmp.Diff(tc.want, got.String()); diff != "" {
			t.Errorf("%s:\n%s", tc.reason, diff)
		}
	}
}

func TestItemsUnknown(t *testing.T) {
	item := func(user, x schema.Value) schema.Value {
		return schema.ListValue(schema.MapValue(map[string]schema.Value{"user": user, "x": x}))
	}
	one := schema.NumberValue("1")
	live := item(schema.StringValue("a"), one)
	if got := members.Merged(live, schema.ItemClaim{Wanted: item(schema.UnknownValue(), one)}); got.Type() != schema.Unknown {
		t.Errorf("an unknown key: got %s", got)
	}
	merged := members.Merged(live, schema.ItemClaim{Wanted: item(schema.StringValue("a"), schema.UnknownValue())})
	if merged.Type() != schema.List || merged.IsKnown() {
		t.Errorf("an unknown property: got %s", merged)
	}
	if diff := cmp.Diff(live.String(), members.Filled(merged, live).String()); diff != "" {
		t.Error(diff)
	}
}

func TestItemsIDs(t *testing.T) {
	wanted := list(t, `[{"key":"a","name":"A"},{"key":"n","name":"N"}]`)
	with := stages.WithIDs(wanted, list(t, `[{"id":"1","key":"a","name":"A"},{"id":"2","name":"B"}]`))
	if diff := cmp.Diff(map[string]string{"a": "1"}, stages.IDs(with)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(wanted.String(), stages.Bare(with).String()); diff != "" {
		t.Error(diff)
	}
}

func TestItemsChanges(t *testing.T) {
	for _, tc := range []struct {
		reason, from, to string
		want             []string
	}{
		{"a rename is one property", `[{"id":"1","key":"a","name":"A"}]`, `[{"id":"1","key":"a","name":"B"}]`, []string{`a.name "A" "B"`}},
		{"items come and go", `[{"id":"1","name":"A"}]`, `[{"key":"b","name":"B"}]`, []string{`b. null {"key":"b","name":"B"}`, `A. {"id":"1","name":"A"} null`}},
		{"only the order differs", `[{"id":"1","key":"a"},{"id":"2","key":"b"}]`, `[{"id":"2","key":"b"},{"id":"1","key":"a"}]`, []string{"b. null null", "a. null null"}},
		{"nothing differs", `[{"id":"1","key":"a"}]`, `[{"id":"1","key":"a"}]`, nil},
	} {
		var got []string
		for _, c := range stages.Changes(list(t, tc.from), list(t, tc.to)) {
			got = append(got, c.Name+"."+c.Property+" "+c.From.String()+" "+c.To.String())
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s:\n%s", tc.reason, diff)
		}
	}
}
