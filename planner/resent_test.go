package planner

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/schema"
)

func TestResent(t *testing.T) {
	cases := map[string]struct {
		reason  string
		desired schema.Fields
		changed schema.Fields
		want    schema.Fields
	}{
		"beside":  {"the API insists on it", fields(text("story", "A"), text("city", "B")), fields(text("city", "B")), fields(text("city", "B"), text("story", "A"))},
		"itself":  {"it goes once", fields(text("story", "A")), fields(text("story", "A")), fields(text("story", "A"))},
		"unknown": {"what no file says cannot be sent", fields(text("city", "B")), fields(text("city", "B")), fields(text("city", "B"))},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			c := &Change{Kind: contactKind, Author: Author{Desired: tc.desired}}
			if diff := cmp.Diff(tc.want, c.resent(tc.changed)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
