package planner

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDependents refuses to lose what belongs to an object that is replaced.
func TestDependents(t *testing.T) {
	usual := Guard{MaxDeletes: Limit{Percent: 5, Count: 10}, MaxChanges: Limit{Percent: 50, Count: 50}}
	of := func(action Action, name string, line, count int, reason string) Change {
		return Change{Author: Author{Address: address(taskKind, name), Place: block(line).Place}, Kind: taskKind, Provider: "crm",
			Action: action, Reason: reason, Along: []Along{{Kind: contactKind, Count: count}}}
	}
	values := of(Replace, "a", 3, 0, "")
	values.Along = []Along{{Kind: contactKind, Attribute: "custom_fields", Count: 2}}
	single := of(Replace, "a", 3, 0, "")
	single.Along = nil
	cases := map[string]struct {
		reason  string
		changes []Change
		want    []string
	}{
		"One": {"one is refused", []Change{of(Replace, "a", 3, 1, "contact_id cannot be changed in place")}, []string{
			`crm_task.x["a"] (main.hcl:3) is to be replaced, because contact_id cannot be changed in place, and with the old one the CRM deletes 1 contact: a new one does not get it. Write the old value back, or give the new object its own block. If that is meant, give -accept-deletes=1.`}},
		"Requested": {"whoever asks for a new one is told to stop asking", []Change{of(Replace, "a", 3, 2, ReasonRequested)}, []string{
			`crm_task.x["a"] (main.hcl:3) is to be replaced, because -replace asks for a new one, and with the old one the CRM deletes 2 contacts: a new one does not get them. Leave -replace out. If that is meant, give -accept-deletes=2.`}},
		"Several": {"the first one is named, and all that go are counted", []Change{of(Replace, "b", 9, 1, ""), of(Replace, "a", 3, 2, ""), of(Delete, "c", 1, 4, "")}, []string{
			`crm_task.x["a"] (main.hcl:3) and 1 more are to be replaced, and with the old ones the CRM deletes 3 contacts: a new one does not get them. Write the old value back, or give the new object its own block. In all the plan deletes 7 contacts. If that is meant, give -accept-deletes=7.`}},
		"Many": {"beside what the guard refuses anyway", []Change{of(Replace, "a", 3, 11, "")}, []string{
			`11 of 20 crm_contact would be deleted, 11 of them along with what they belong to (the guard allows 10, or 5 %). ` +
				`crm_task.x["a"] (main.hcl:3) is to be replaced, and with the old one the CRM deletes 11 contacts: a new one does not get them. Write the old value back, or give the new object its own block. If that is meant, give -accept-deletes=11.`}},
		"Delete": {"a block that is taken out takes along what belongs to its object", []Change{of(Delete, "a", 3, 10, "")}, nil},
		"Values": {"values are written again or counted elsewhere", []Change{values}, nil},
		"Alone":  {"nothing goes along", []Change{single}, nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := &Plan{Changes: tc.changes, Kinds: []KindSummary{{Provider: "crm", Kind: contactKind.Name, Managed: 20, Live: 20}}}
			var got []string
			for _, r := range usual.Check(p) {
				got = append(got, r.Message)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}
