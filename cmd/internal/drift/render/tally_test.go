package render

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/cmd/internal/drift"
)

func TestTally(t *testing.T) {
	object := func(action string, paths ...string) *drift.Object {
		o := &drift.Object{Action: action}
		for _, path := range paths {
			o.Fields = append(o.Fields, drift.Field{Path: path})
		}
		return o
	}
	var many []string
	for i := range mostTallied + 2 {
		many = append(many, fmt.Sprintf("f%02d", i))
	}
	cases := map[string]struct {
		reason  string
		objects []*drift.Object
		want    string
	}{
		"Order":   {"the most frequent field first, equal ones by name", []*drift.Object{object("update", "tags", "city"), object("update", "city", "email")}, "city 2 · email 1 · tags 1"},
		"Created": {"a new object has fields, and none of them moved", []*drift.Object{object("create", "city")}, ""},
		"Many":    {"the rest is counted", []*drift.Object{object("update", many...)}, "f00 1 · f01 1 · f02 1 · f03 1 · f04 1 · f05 1 · f06 1 · f07 1 · f08 1 · f09 1 · f10 1 · f11 1 · and 2 more fields"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tally(group{Objects: tc.objects})); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
