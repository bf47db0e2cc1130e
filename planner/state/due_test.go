package state

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/planner/state/statetest"
	"lockstep/schema"
)

// What is due stays so until it has run, also in a log that was compacted.
func TestDue(t *testing.T) {
	b := &statetest.Memory{}
	s := open(t, b, Options{Personal: "plain"})
	greet := schema.Address{Kind: "action.crm_greet", Name: "ann", Key: schema.Key{Type: schema.StringKey, Text: "x"}}
	after := Run{Action: greet, For: address("a"), Event: "after_create"}
	named := Run{Action: greet}
	check := func(when string, want ...Due) {
		t.Helper()
		got := open(t, b, Options{Personal: "plain"}).Snapshot().SortedDue()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want, +got:\n%s", when, diff)
		}
	}
	write(t, s, Batch{Due: []Due{{Run: after}}})
	wants := s.Sealer().DesiredSum(schema.Fields{{Path: "city", Value: schema.StringValue("Graz")}})
	write(t, s, Batch{Due: []Due{{Run: after, Wants: wants}}})
	check("ahead of its change", Due{Run: after, Wants: wants})
	write(t, s, Batch{Due: []Due{{Run: named, Sent: true}, {Run: after, Sent: true}}})
	check("sent", Due{Run: named, Sent: true}, Due{Run: after, Sent: true})
	if err := s.Compact(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	check("compacted", Due{Run: named, Sent: true}, Due{Run: after, Sent: true})
	write(t, s, Batch{Ran: []Run{after}})
	check("one ran", Due{Run: named, Sent: true})
	write(t, s, Batch{Ran: []Run{named}})
	check("all ran")
	if err := s.Compact(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(b.Log), "greet") {
		t.Errorf("what ran leaves nothing behind:\n%s", b.Log)
	}
}
