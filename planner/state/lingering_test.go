package state

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/planner/state/statetest"
	"lockstep/schema"
)

// What lingers is remembered, also in a log that was compacted, until its time is over or
// it is managed again.
func TestLingering(t *testing.T) {
	b := &statetest.Memory{}
	s := open(t, b, Options{Personal: "plain"})
	gone := func(id string, until int64) Lingering {
		return Lingering{Remote{"crm", kind.Name, id}, until, id == "2"}
	}
	check := func(when string, want ...Lingering) {
		t.Helper()
		got := open(t, b, Options{Personal: "plain"}).Snapshot().SortedLingering()
		if len(got) == 0 {
			got = nil
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want, +got:\n%s", when, diff)
		}
	}
	compact := func() {
		t.Helper()
		if err := s.Compact(t.Context(), true); err != nil {
			t.Fatal(err)
		}
	}
	write(t, s, Batch{Put: []*Record{record(t, s, "a", "1"), record(t, s, "b", "2")}})
	write(t, s, Batch{Lingering: []Lingering{gone("1", 700), gone("2", 800)}, Gone: []schema.Address{address("a"), address("b")}})
	check("deleted", gone("1", 700), gone("2", 800))
	compact()
	check("compacted", gone("1", 700), gone("2", 800))
	s.Pass(700)
	check("nothing was written", gone("1", 700), gone("2", 800))
	compact()
	check("the time of one is over", gone("2", 800))
	write(t, s, Batch{Put: []*Record{record(t, s, "c", "2")}})
	check("managed again")
	compact()
	if strings.Contains(string(b.Log), "lingers") {
		t.Errorf("what is over leaves nothing behind:\n%s", b.Log)
	}
}

// A batch that was cut off keeps what it says of deletes: the object is gone, although
// its record comes back.
func TestLingeringCut(t *testing.T) {
	b := &statetest.Memory{}
	s := open(t, b, Options{Personal: "plain"})
	write(t, s, Batch{Put: []*Record{record(t, s, "a", "1")}})
	write(t, s, Batch{Lingering: []Lingering{{Remote: Remote{"crm", kind.Name, "1"}, Until: 700}}, Gone: []schema.Address{address("a")}})
	end := strings.LastIndex(strings.TrimSuffix(string(b.Log), "\n"), "\n")
	b.Log = b.Log[:end+1]
	cut := open(t, b, Options{Personal: "plain"}).Snapshot()
	if cut.Cut == 0 || len(cut.Lingering) != 1 || cut.Record(address("a")) == nil {
		t.Errorf("cut at line %d, lingering %v, record %v", cut.Cut, cut.Lingering, cut.Record(address("a")))
	}
}
