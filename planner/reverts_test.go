package planner

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/schema"
)

func TestReverts(t *testing.T) {
	live, file := Sides{HasBase: true, LiveMoved: true}, Sides{HasBase: true, FileMoved: true}
	both := Sides{HasBase: true, LiveMoved: true, FileMoved: true}
	set := schema.ClaimIncludes
	source := schema.Address{Kind: schema.MappingKind, Name: "club", Source: true}
	cases := map[string]struct {
		reason string
		in     Change
		// undoes and reverts are what the change does.
		undoes, reverts bool
	}{
		"Edited":    {reason: "only the CRM moved", in: Change{Action: Update, Fields: []FieldChange{{Path: "city", Sides: live}}}, undoes: true, reverts: true},
		"File":      {reason: "only the file moved", in: Change{Action: Update, Fields: []FieldChange{{Path: "city", Sides: file}}}},
		"Conflict":  {reason: "both moved: a conflict says so", in: Change{Action: Update, Fields: []FieldChange{{Path: "city", Sides: both}}}},
		"SetBoth":   {reason: "of a set some members moved in the CRM and others in the file", in: Change{Action: Update, Fields: []FieldChange{{Path: "tags", Claim: set, Sides: both}}}, undoes: true, reverts: true},
		"NeverSeen": {reason: "without a base nothing is known to have moved", in: Change{Action: Adopt, Fields: []FieldChange{{Path: "city"}}}},
		"Deleted":   {reason: "values that go with the object undo nothing", in: Change{Action: Delete, Fields: []FieldChange{{Path: "city", Sides: live}}}},
		"Source":    {reason: "the edit was made in the source of a mapping, not in the CRM", in: Change{Author: Author{Address: source}, Action: Update, Fields: []FieldChange{{Path: "athlete_type", Sides: live}}}, undoes: true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			want := [2]bool{tc.undoes, tc.reverts}
			if diff := cmp.Diff(want, [2]bool{tc.in.Undoes(&tc.in.Fields[0]), tc.in.Reverts()}); diff != "" {
				t.Errorf("%s: undoes, reverts: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
