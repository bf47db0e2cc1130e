package planner

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/schema"
)

// TestGuardEnds counts what goes along as a share of what can still be lost.
func TestGuardEnds(t *testing.T) {
	lasting := &schema.Kind{Name: "crm_event", Plural: "events"}
	ending := &schema.Kind{Name: "crm_event", Plural: "events", Loss: schema.Loss{Ends: "end"}}
	cases := map[string]struct {
		reason        string
		kind          *schema.Kind
		managed, live int
		want          []string
	}{
		"Lasting": {"eleven of a thousand are few", lasting, 0, 1000, nil},
		"Ending":  {"most of a thousand are history, which is no loss", ending, 0, 1000, []string{"max_deletes 11/11"}},
		"Managed": {"those that are managed count", ending, 20, 1000, []string{"max_deletes 11/20"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := &Plan{
				Changes: []Change{{Kind: taskKind, Provider: "crm", Action: Delete, Along: []Along{{Kind: tc.kind, Count: 11}}}},
				Kinds:   []KindSummary{{Provider: "crm", Kind: tc.kind.Name, Managed: tc.managed, Live: tc.live}},
			}
			var got []string
			for _, r := range (Guard{MaxDeletes: Limit{Percent: 5, Count: 10}, MaxChanges: Limit{Percent: 50, Count: 50}}).Check(p) {
				got = append(got, fmt.Sprintf("%s %d/%d", r.Rule, r.Count, r.Of))
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
