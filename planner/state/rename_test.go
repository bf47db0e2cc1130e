package state

import (
	"testing"

	"lockstep/planner/state/statetest"
)

// What is known by one provider's reference is known by another one, and stays so in a
// log that was written anew.
func TestRename(t *testing.T) {
	b := &statetest.Memory{}
	s := open(t, b, Options{Personal: "plain"})
	write(t, s, Batch{
		Put: []*Record{record(t, s, "a", "1")}, Intents: []Intent{{Address: address("b"), Provider: "crm"}},
		Lingering: []Lingering{{Remote: Remote{"crm", kind.Name, "2"}, Until: 700}},
	})
	s.Snapshot().Rename("crm", "crm.new")
	s.Snapshot().Rename("crm.other", "crm")
	check := func(when string, known *Snapshot) {
		t.Helper()
		r, i := known.Record(address("a")), known.Intents[address("b")]
		if r == nil || r.Provider != "crm.new" || r.ID != "1" || i.Provider != "crm.new" || known.Lingering[Remote{"crm.new", kind.Name, "2"}].Until != 700 || len(known.Lingering) != 1 {
			t.Errorf("%s: record %+v, intent %+v, lingering %v", when, r, i, known.Lingering)
		}
	}
	check("renamed", s.Snapshot())
	if err := s.Compact(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	check("written anew", open(t, b, Options{Personal: "plain"}).Snapshot())
}
