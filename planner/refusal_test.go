package planner

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestFlags(t *testing.T) {
	deletes, more := Refusal{Rule: RuleDeletes, Count: 11}, Refusal{Rule: RuleDeletes, Count: 20}
	cases := map[string]struct {
		reason string
		in     []Refusal
		want   []string
	}{
		"None":   {"nothing is refused", nil, nil},
		"Total":  {"the number of all kinds", []Refusal{deletes, more}, []string{"-accept-deletes=31"}},
		"Both":   {"a flag for each rule", []Refusal{{Rule: RuleChanges, Count: 60}, deletes}, []string{"-accept-deletes=11", "-accept-changes=60"}},
		"Others": {"no flag lets a protection pass", []Refusal{{Rule: "prevent_destroy", Count: 1}}, nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, Flags(tc.in), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestConflictRefusals(t *testing.T) {
	const files = " changed in the files and in the CRM since the last apply. Give -on-conflict=config to do what the files say, -on-conflict=live to keep what the CRM has, or apply a saved plan that was looked at."
	const sides = ". Give -on-conflict=config to write the source's value, -on-conflict=live to keep the target's, or say in the field which side wins: conflict = \"source\"."
	never := inConflict("name", 0)
	never.HasBase = false
	ann, x := authorOf(address(contactKind, "ann")), authorOf(mapped("x"))
	cases := map[string]struct {
		reason string
		in     Change
		want   []string
	}{
		"None":    {"no side moved", changed(Update, "1", []Author{ann}, differing("name", 0)), nil},
		"Two":     {"two fields of one author", changed(Update, "1", []Author{ann}, inConflict("city", 0), inConflict("name", 0)), []string{ann.Address.String() + ": city, name" + files}},
		"Mapping": {"two sides of a mapping", changed(Update, "1", []Author{x}, inConflict("city", 0)), []string{x.Address.String() + ": city changed on both sides since they were last in step" + sides}},
		"Never":   {"that never were in step", changed(Update, "1", []Author{x}, never), []string{x.Address.String() + ": the two sides differ in name and were never in step" + sides}},
		"Other":   {"the author of the field is named, not that of the object", changed(Update, "1", []Author{ann, x}, inConflict("city", 1)), []string{x.Address.String() + ": city changed on both sides since they were last in step" + sides}},
		"Both": {"each author has its own", changed(Update, "1", []Author{ann, x}, inConflict("city", 1), inConflict("name", 0)), []string{
			ann.Address.String() + ": name" + files, x.Address.String() + ": city changed on both sides since they were last in step" + sides,
		}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, r := range ConflictRefusals(&Plan{Changes: []Change{tc.in}}) {
				got = append(got, r.Message)
			}
			if diff := cmp.Diff(tc.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestLeftovers(t *testing.T) {
	s := newSealer(t, "plain")
	r := roster(s, contactKind, nil,
		record(t, s, contactKind, "b", "2", text("email", "b@example.com")),
		record(t, s, contactKind, "c", "3", text("email", "c@example.com")),
		record(t, s, contactKind, "a", "1", text("email", "a@example.com")))
	r.Pair([]Desired{want(s, contactKind, block(1), "b", text("email", "b@example.com"))})
	var got []string
	for _, rec := range r.Leftovers() {
		got = append(got, rec.Address().Key.Text)
	}
	if diff := cmp.Diff([]string{"a", "c"}, got); diff != "" || !slices.IsSorted(got) {
		t.Errorf("records that nothing declares, by address: -want +got:\n%s", diff)
	}
}
