package planner

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"lockstep/planner/state"
	"lockstep/schema"
)

// reachableKind has people with additional addresses.
var reachableKind = &schema.Kind{
	Name: "crm_person", Noun: "person", Plural: "people", Personal: true, Keys: []schema.NaturalKey{{"email"}, {"phone"}},
	Attributes: []schema.Attribute{
		{Name: "email", Type: cty.String, Optional: true, Personal: true, Also: "emails"},
		{Name: "phone", Type: cty.String, Optional: true, Personal: true, Also: "phones"},
		{Name: "emails", Type: cty.List(cty.String), Computed: true},
		{Name: "phones", Type: cty.List(cty.String), Computed: true},
	},
}

func TestFurtherAddress(t *testing.T) {
	further := func(path, value string) schema.Field {
		return schema.Field{Path: path, Value: schema.StringsValue([]string{value})}
	}
	ann := object(reachableKind, "1", text("email", "ann@example.com"), further("emails", "old@example.com"), further("phones", "+15550102"))
	old := object(reachableKind, "2", text("email", "old@example.com"))
	cases := map[string]struct {
		reason   string
		live     []schema.Object
		applied  []schema.Field
		in       []schema.Field
		want     []string
		warnings []string
	}{
		"Adopted":  {reason: "an additional address finds the person, and is not written", live: []schema.Object{ann}, in: []schema.Field{text("email", "old@example.com")}, want: []string{"adopt a id=1 adopted"}},
		"Own":      {reason: "an own address counts more", live: []schema.Object{ann, old}, in: []schema.Field{text("email", "old@example.com")}, want: []string{"adopt a id=2 adopted"}},
		"Phone":    {reason: "so does an additional phone find the person", live: []schema.Object{ann}, in: []schema.Field{text("phone", "+15550102")}, want: []string{"adopt a id=1 adopted"}},
		"Both":     {reason: "both are of one person", live: []schema.Object{ann}, in: []schema.Field{text("email", "old@example.com"), text("phone", "+15550102")}, want: []string{"adopt a id=1 adopted"}},
		"Family":   {reason: "people with addresses of their own may share a phone", live: []schema.Object{ann}, in: []schema.Field{text("email", "lin@example.com"), text("phone", "+15550102")}, want: []string{"create a email phone"}, warnings: []string{"Two objects with one phone"}},
		"InStep":   {reason: "nothing is written to who has it already", live: []schema.Object{ann}, applied: []schema.Field{text("email", "ann@example.com")}, in: []schema.Field{text("email", "old@example.com")}},
		"Stranger": {reason: "another address is another one", live: []schema.Object{ann}, applied: []schema.Field{text("email", "ann@example.com")}, in: []schema.Field{text("email", "new@example.com")}, want: []string{"update a id=1 email"}},
	}
	for name, tc := range cases {
		for _, personal := range []string{"plain", "hashed"} {
			t.Run(name+"/"+personal, func(t *testing.T) {
				s := newSealer(t, personal)
				var records []*state.Record
				if tc.applied != nil {
					records = append(records, record(t, s, reachableKind, "a", "1", tc.applied...))
				}
				m := roster(s, reachableKind, slices.Clone(tc.live), records...)
				m.Pair([]Desired{want(s, reachableKind, block(1), "a", tc.in...)})
				d := all(m)
				var warnings []string
				for _, w := range d.Warnings {
					warnings = append(warnings, w.Summary)
				}
				if diff := cmp.Diff(tc.want, described(m, d).Changes); diff != "" {
					t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
				}
				if diff := cmp.Diff(tc.warnings, warnings); diff != "" {
					t.Errorf("%s: warnings: -want +got:\n%s", tc.reason, diff)
				}
			})
		}
	}
}
