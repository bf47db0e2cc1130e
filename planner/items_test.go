package planner

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"lockstep/planner/state"
	"lockstep/schema"
)

var boardKind = &schema.Kind{
	Name: "crm_board", Noun: "board", Plural: "boards", Keys: []schema.NaturalKey{{"name"}},
	Attributes: []schema.Attribute{
		{Name: "name", Type: cty.String, Required: true},
		{Name: "stage", Optional: true, Own: schema.OwnItems, Type: cty.List(cty.Object(map[string]cty.Type{"key": cty.String, "name": cty.String, "share": cty.Number})),
			Items: &schema.Items{Key: "key", Match: "name", Ordered: true, Holds: &schema.Holder{Kind: "crm_card", Attribute: "stage_id"}}},
	},
}

// itemsCase is one three-way comparison of a list: base as the state has it, with
// the items that were live then.
type itemsCase struct {
	reason, base, then, desired, live string
	exactly, wasExactly               bool
	// want is the list that is written, empty when nothing is.
	want                string
	file, crm, conflict bool
}

var itemsCases = []itemsCase{
	{reason: "all agree, and the state knows the ids", base: `[{"key":"a","name":"A"}]`, then: `[{"id":"1","name":"A"}]`, desired: `[{"key":"a","name":"A"}]`, live: `[{"id":"1","name":"A"},{"id":"2","name":"X"}]`},
	{reason: "the file renames", base: `[{"key":"a","name":"A"}]`, then: `[{"id":"1","name":"A"}]`, desired: `[{"key":"a","name":"B"}]`, live: `[{"id":"1","name":"A"},{"id":"2","name":"X"}]`,
		want: `[{"id":"1","key":"a","name":"B"},{"id":"2","name":"X"}]`, file: true},
	{reason: "the CRM renamed", base: `[{"key":"a","name":"A"}]`, then: `[{"id":"1","name":"A"}]`, desired: `[{"key":"a","name":"A"}]`, live: `[{"id":"1","name":"Z"}]`,
		want: `[{"id":"1","key":"a","name":"A"}]`, crm: true},
	{reason: "both renamed", base: `[{"key":"a","name":"A"}]`, then: `[{"id":"1","name":"A"}]`, desired: `[{"key":"a","name":"B"}]`, live: `[{"id":"1","name":"Z"}]`,
		want: `[{"id":"1","key":"a","name":"B"}]`, file: true, crm: true, conflict: true},
	{reason: "each side moved another property", base: `[{"key":"a","name":"A","share":1}]`, then: `[{"id":"1","name":"A","share":1}]`, desired: `[{"key":"a","name":"B","share":1}]`, live: `[{"id":"1","name":"A","share":2}]`,
		want: `[{"id":"1","key":"a","name":"B","share":1}]`, file: true, crm: true},
	{reason: "a property that the file does not write may move", base: `[{"key":"a","name":"A"}]`, then: `[{"id":"1","name":"A"}]`, desired: `[{"key":"a","name":"A"}]`, live: `[{"id":"1","name":"A","share":9}]`},
	{reason: "the CRM deleted one", base: `[{"key":"a","name":"A"}]`, then: `[{"id":"1","name":"A"}]`, desired: `[{"key":"a","name":"A"}]`, live: `[{"id":"2","name":"X"}]`,
		want: `[{"id":"2","name":"X"},{"key":"a","name":"A"}]`, crm: true},
	{reason: "exactly drops what the CRM added", base: `[{"key":"a","name":"A"}]`, then: `[{"id":"1","name":"A"}]`, desired: `[{"key":"a","name":"A"}]`, live: `[{"id":"1","name":"A"},{"id":"2","name":"X"}]`,
		exactly: true, wasExactly: true, want: `[{"id":"1","key":"a","name":"A"}]`, crm: true},
	{reason: "exactly is new in the file", base: `[{"key":"a","name":"A"}]`, then: `[{"id":"1","name":"A"}]`, desired: `[{"key":"a","name":"A"}]`, live: `[{"id":"1","name":"A"},{"id":"2","name":"X"}]`,
		exactly: true, want: `[{"id":"1","key":"a","name":"A"}]`, file: true},
	{reason: "the CRM moved one to another place", base: `[{"key":"a","name":"A"},{"key":"b","name":"B"}]`, then: `[{"id":"1","name":"A"},{"id":"2","name":"B"}]`, desired: `[{"key":"a","name":"A"},{"key":"b","name":"B"}]`, live: `[{"id":"2","name":"B"},{"id":"1","name":"A"}]`,
		want: `[{"id":"1","key":"a","name":"A"},{"id":"2","key":"b","name":"B"}]`, crm: true},
}

func TestDiffItems(t *testing.T) {
	s := newSealer(t, "hashed")
	for _, tc := range itemsCases {
		live := object(boardKind, "1", itemsField(t, tc.live, false))
		before := object(boardKind, "1", itemsField(t, tc.then, false))
		base := itemsField(t, tc.base, tc.wasExactly)
		before.Fields = Labelled(boardKind, before.Fields, schema.Fields{base}, nil)
		r := state.NewRecord(s.Address(address(boardKind, "sales")))
		if err := r.SetBase(s, state.Applied{Address: address(boardKind, "sales"), Kind: boardKind, Fields: fields(base), Live: &before, Keep: none}); err != nil {
			t.Fatal(err)
		}
		d := differ{kind: boardKind, sealer: s}
		changes, _, err := d.diff(fields(itemsField(t, tc.desired, tc.exactly)), &live, r)
		if err != nil {
			t.Fatal(err)
		}
		if tc.want == "" {
			if len(changes) > 0 {
				t.Errorf("%s: got %v", tc.reason, changes)
			}
			continue
		}
		if len(changes) != 1 {
			t.Errorf("%s: got %d changes", tc.reason, len(changes))
			continue
		}
		c := changes[0]
		got := itemsCase{want: c.Desired.String(), file: c.FileMoved, crm: c.LiveMoved, conflict: c.Conflict}
		want := itemsCase{want: tc.want, file: tc.file, crm: tc.crm, conflict: tc.conflict}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(itemsCase{})); diff != "" {
			t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
		}
	}
}

// A record without the ids is written again, once a live object tells them.
func TestDiffItemsLearnsIDs(t *testing.T) {
	s := newSealer(t, "plain")
	live := object(boardKind, "1", itemsField(t, `[{"id":"1","name":"A"}]`, false))
	desired := fields(itemsField(t, `[{"key":"a","name":"A"}]`, false))
	d := differ{kind: boardKind, sealer: s}
	changes, rebase, err := d.diff(desired, &live, record(t, s, boardKind, "sales", "1", desired...))
	if err != nil || len(changes) > 0 || !rebase {
		t.Errorf("got %v, %v, %v; the state is to learn the id", changes, rebase, err)
	}
}

func itemsField(t *testing.T, text string, exactly bool) schema.Field {
	t.Helper()
	f := schema.Field{Path: "stage"}
	if err := json.Unmarshal([]byte(text), &f.Value); err != nil {
		t.Fatal(err)
	}
	if exactly {
		f.Claim = schema.ClaimExactly
	}
	return f
}
