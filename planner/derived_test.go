package planner

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"lockstep/planner/state"
	"lockstep/schema"
)

// fieldKind has a key that the server makes from a name and that stays.
var fieldKind = &schema.Kind{
	Name: "crm_field", Noun: "field", Plural: "fields", Keys: []schema.NaturalKey{{"key"}, {"name"}},
	Attributes: []schema.Attribute{
		{Name: "key", Type: cty.String, Optional: true, Computed: true, Immutable: true},
		{Name: "name", Type: cty.String, Required: true, Folded: true},
	},
}

func TestDerivedKey(t *testing.T) {
	derived := schema.Field{Path: "key", Value: schema.StringValue("tier"), Derived: true}
	legacy := object(fieldKind, "1", text("key", "legacy"), text("name", "Tier"))
	renamed := object(fieldKind, "2", text("key", "tier"), text("name", "Level"))
	cases := map[string]struct {
		reason  string
		live    []schema.Object
		key     schema.Field
		applied []schema.Field
		want    []string
	}{
		"Name": {reason: "a live key that is older than the name tells nothing apart", live: []schema.Object{legacy}, key: derived, want: []string{"adopt a id=1 adopted"}},
		"Both": {reason: "a written name counts more than a derived key", live: []schema.Object{renamed, legacy}, key: derived, want: []string{"adopt a id=1 adopted"}},
		"Key":  {reason: "a derived key finds what was renamed", live: []schema.Object{renamed}, key: derived, want: []string{"adopt a id=2 adopted name"}},
		"Case": {reason: "the server tells names apart without regard to case, and a new spelling is written", live: []schema.Object{object(fieldKind, "3", text("key", "legacy"), text("name", "TIER"))},
			key: derived, want: []string{"adopt a id=3 adopted name"}},
		"Cases": {reason: "the same case counts more", live: []schema.Object{object(fieldKind, "3", text("key", "legacy2"), text("name", "TIER")), legacy},
			key: derived, want: []string{"adopt a id=1 adopted"}},
		"Written": {reason: "a written key tells them apart", live: []schema.Object{legacy}, key: text("key", "tier"), want: []string{"create a key name"}},
		"Respelt": {reason: "a key that cannot change live is spelt by the server, and nothing is replaced", live: []schema.Object{legacy}, key: text("key", "Legacy!"),
			applied: []schema.Field{text("key", "Legacy!"), text("name", "Tier")}},
		"Moved": {reason: "another key in the files is another field", live: []schema.Object{legacy}, key: text("key", "new"),
			applied: []schema.Field{text("key", "Legacy!"), text("name", "Tier")}, want: []string{"replace a id=1 key name"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := newSealer(t, "plain")
			var records []*state.Record
			if tc.applied != nil {
				records = append(records, record(t, s, fieldKind, "a", "1", tc.applied...))
			}
			m := roster(s, fieldKind, tc.live, records...)
			m.Pair([]Desired{want(s, fieldKind, block(1), "a", tc.key, text("name", "Tier"))})
			if diff := cmp.Diff(tc.want, decided(m).Changes); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}
