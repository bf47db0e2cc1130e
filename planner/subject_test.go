package planner

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lockstep/schema"
)

func TestClash(t *testing.T) {
	const claimed, both = ", and one of them claims all of it with exactly()", `, one to have "vip" in it and one to have it out`
	derived := schema.Field{Path: "city", Value: str("A"), Derived: true}
	cases := map[string]struct {
		reason string
		a, b   schema.Field
		// path and problem are the same the other way round.
		path, problem string
	}{
		"Apart":           {"two fields", text("city", "A"), text("name", "N"), "", ""},
		"One":             {"one field, two values", text("city", "A"), text("city", "B"), "city", ""},
		"SameValue":       {"be they the same", text("city", "A"), text("city", "A"), "city", ""},
		"Derived":         {"what is worked out is claimed by no author", derived, text("city", "B"), "", ""},
		"Keys":            {"two keys of a map", text("custom_fields.a", "A"), text("custom_fields.b", "A"), "", ""},
		"Members":         {"two members of a set", includes("vip"), includes("runner"), "", ""},
		"SameMember":      {"one member by two authors", includes("vip"), includes("vip"), "", ""},
		"Exactly":         {"all of a set by one of them", exactly("vip"), includes("runner"), "tags", claimed},
		"BothExactly":     {"all of it by both", exactly("vip"), exactly("vip"), "tags", claimed},
		"ExactlyExcludes": {"all of it, and a member out", exactly("vip"), excludes("lapsed"), "tags", claimed},
		"InAndOut":        {"a member in and out", includes("runner", "vip"), excludes("vip"), "tags", both},
		"OneInOneOut":     {"another one out", includes("vip"), excludes("lapsed"), "", ""},
		"BothOut":         {"both want it out", excludes("vip"), excludes("vip"), "", ""},
		"WholeValue":      {"a set as one value", liveTags("vip"), includes("runner"), "tags", ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			want := [2]string{tc.path, tc.problem}
			for _, sides := range [][2]schema.Fields{{fields(tc.a), fields(tc.b)}, {fields(tc.b), fields(tc.a)}} {
				path, problem := clash(sides[0], sides[1])
				if diff := cmp.Diff(want, [2]string{path, problem}); diff != "" {
					t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
				}
			}
		})
	}
}

func TestSpared(t *testing.T) {
	change := func(f FieldChange) FieldChange {
		f.Path, f.Claim, f.Live = "tags", schema.ClaimIncludes, schema.SetOf([]string{"old", "vip"})
		if !f.Desired.IsKnown() {
			return f
		}
		f.Desired = changedSet(&f)
		return f
	}
	cases := map[string]struct {
		reason string
		in     FieldChange
		others []schema.Field
		// remove is nil where nothing is left to write.
		add, remove []string
		left        bool
	}{
		"Alone":    {reason: "no other author", in: change(FieldChange{Remove: []string{"old"}}), remove: []string{"old"}, left: true},
		"Named":    {reason: "another author names what one no longer does", in: change(FieldChange{Remove: []string{"old"}}), others: []schema.Field{includes("old")}},
		"Some":     {reason: "one of two is named", in: change(FieldChange{Remove: []string{"old", "vip"}}), others: []schema.Field{includes("vip")}, remove: []string{"old"}, left: true},
		"Added":    {reason: "what is added still is", in: change(FieldChange{Add: []string{"new"}, Remove: []string{"old"}}), others: []schema.Field{exactly("old")}, add: []string{"new"}, left: true},
		"Excluded": {reason: "one that wants it out names nothing", in: change(FieldChange{Remove: []string{"old"}}), others: []schema.Field{excludes("old")}, remove: []string{"old"}, left: true},
		"Other":    {reason: "another set", in: change(FieldChange{Remove: []string{"old"}}), others: []schema.Field{members(schema.ClaimIncludes, "groups", "old")}, remove: []string{"old"}, left: true},
		"Unknown":  {reason: "a set that is known after apply stays", in: change(FieldChange{Remove: []string{"old"}, Desired: schema.UnknownValue()}), others: []schema.Field{includes("old")}, left: true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			before := tc.in
			var others []*Desired
			if tc.others != nil {
				others = []*Desired{{fields: schema.Pack(fields(tc.others...))}}
			}
			got := spared([]FieldChange{tc.in, {Path: "city", Desired: str("A")}}, others)
			want := []FieldChange{{Path: "city", Desired: str("A")}}
			if tc.left {
				f := tc.in
				f.Add, f.Remove = tc.add, tc.remove
				f.Desired = changedSet(&f)
				want = append([]FieldChange{f}, want...)
			}
			if diff := cmp.Diff(want, got, values, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(before, tc.in, values); diff != "" {
				t.Errorf("the author's own fields must stay: %s", diff)
			}
		})
	}
}

func TestBecomes(t *testing.T) {
	ann := object(contactKind, "1", text("city", "A"), text("name", "Ann"))
	maker := &Desired{fields: schema.Pack(fields(text("city", "M")))}
	writes := func(list ...FieldChange) *part { return &part{Desired: &Desired{}, fields: list} }
	cases := map[string]struct {
		reason string
		in     Subject
		want   schema.Value
	}{
		"Live":    {"nobody writes", Subject{live: &ann}, str("A")},
		"Written": {"its owner does", Subject{live: &ann, own: writes(FieldChange{Path: "city", Desired: str("B")})}, str("B")},
		"Other":   {"another field is written", Subject{live: &ann, own: writes(FieldChange{Path: "name", Desired: str("B")})}, str("A")},
		"Mapped":  {"a mapping does", Subject{live: &ann, mappings: []*part{writes(FieldChange{Path: "city", Desired: str("C")})}}, str("C")},
		"Unknown": {"what is known after apply tells nothing yet", Subject{live: &ann, own: writes(FieldChange{Path: "city", Desired: schema.UnknownValue()})}, str("A")},
		"Made":    {"one that is made has what its maker wants", Subject{owner: maker, own: writes()}, str("M")},
		"MadeBy":  {"be that a mapping", Subject{mappings: []*part{{Desired: maker}}}, str("M")},
		"Emptied": {"a field that is emptied is empty", Subject{live: &ann, own: writes(FieldChange{Path: "city"})}, schema.Value{}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tc.in.becomes("city"), values); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestSubjectWrites(t *testing.T) {
	ann := object(contactKind, "1")
	field := []FieldChange{{Path: "city"}}
	type told struct{ Writes, Stays, Made bool }
	cases := map[string]struct {
		reason string
		in     *Subject
		want   told
	}{
		"None":     {"there is no subject", nil, told{}},
		"InStep":   {"nothing to write", &Subject{live: &ann}, told{Stays: true}},
		"Updated":  {"a field differs", &Subject{live: &ann, own: &part{fields: field}}, told{Writes: true, Stays: true}},
		"Mapped":   {"a mapping gives one", &Subject{live: &ann, mappings: []*part{{fields: field}}}, told{Writes: true, Stays: true}},
		"Adopted":  {"it is adopted as it is", &Subject{live: &ann, own: &part{action: Adopt}}, told{Stays: true}},
		"Replaced": {"another one takes its place", &Subject{live: &ann, own: &part{instead: field}}, told{Writes: true, Made: true}},
		"Created":  {"it is made, with no field at all", &Subject{own: &part{action: Create}}, told{Writes: true, Made: true}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := told{Writes: tc.in.Writes(), Stays: tc.in.Stays() != nil, Made: tc.in != nil && tc.in.made()}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}
