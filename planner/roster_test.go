package planner

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lockstep/schema"
)

func TestDrifted(t *testing.T) {
	ann := person("ann@example.com", "", "A")
	cases := map[string]struct {
		reason        string
		applied, live []schema.Field
		wants         []schema.Field
		want          bool
	}{
		"AsWritten":  {"nothing moved", ann, ann, ann, false},
		"FileMoved":  {"what the files want now does not count", ann, ann, person("ann@example.com", "", "B"), false},
		"LiveMoved":  {"the CRM shows something else", ann, person("ann@example.com", "", "B"), ann, true},
		"BothMoved":  {"whatever the files want", ann, person("ann@example.com", "", "B"), person("ann@example.com", "", "C"), true},
		"Unmanaged":  {"a field that is not managed does not count", ann, append(slices.Clone(ann), text("name", "Ann")), ann, false},
		"Gone":       {"it is not there", ann, nil, ann, true},
		"NotApplied": {"there is no record", nil, ann, ann, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := newSealer(t, "plain")
			r := roster(s, contactKind, nil)
			if tc.applied != nil {
				rec := record(t, s, contactKind, "ann", "1", tc.applied...)
				r.Records.Put(rec.Address(), rec)
			}
			if tc.live != nil {
				r.Live.Add([]schema.Object{object(contactKind, "1", tc.live...)})
			}
			d := want(s, contactKind, block(1), "ann", tc.wants...)
			if got := r.Drifted(&d); got != tc.want {
				t.Errorf("%s: Drifted(...): %v", tc.reason, got)
			}
		})
	}
}

func TestVouched(t *testing.T) {
	s := newSealer(t, "plain")
	ann := want(s, contactKind, block(1), "ann", person("ann@example.com", "", "A")...)
	moved := want(s, contactKind, block(1), "ann", person("ann@example.com", "", "B")...)
	rec := record(t, s, contactKind, "ann", "1", ann.Fields()...)
	cases := map[string]struct {
		reason string
		trust  bool
		in     Desired
		// changes of an object that was not listed.
		want []string
	}{
		"Trusted": {"what was not listed is as it was", true, ann, nil},
		"Moved":   {"the files want something else: it must be read", true, moved, []string{"create ann city email"}},
		"Whole":   {"a whole list does not have it: it is gone", false, ann, []string{"create ann city email"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			r := roster(s, contactKind, nil, rec)
			r.Trust = tc.trust
			if got := r.Vouched(&tc.in, rec); got != (tc.want == nil) {
				t.Errorf("%s: Vouched(...): %v", tc.reason, got)
			}
			r.Pair([]Desired{tc.in})
			var got []string
			for _, c := range r.Decide().Changes {
				got = append(got, describe(&c))
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestCandidates(t *testing.T) {
	s := newSealer(t, "plain")
	ann := object(contactKind, "1", person("ann@example.com", "+15550101", "")...)
	bob := object(contactKind, "2", person("bob@example.com", "+15550101", "")...)
	task := object(taskKind, "3", text("contact_id", "1"), text("title", "Call"))
	cases := map[string]struct {
		reason string
		kind   *schema.Kind
		in     []schema.Field
		// id is that of the record, empty for none.
		id   string
		want []string
	}{
		"Record":  {"the state tells", contactKind, person("bob@example.com", "", ""), "1", []string{"1"}},
		"Gone":    {"what the state has is not there: keys tell", contactKind, person("bob@example.com", "", ""), "9", []string{"2"}},
		"Keys":    {"every key that fits", contactKind, person("ann@example.com", "+15550101", ""), "", []string{"1", "1", "2"}},
		"Nobody":  {"none fits", contactKind, person("new@example.com", "", ""), "", nil},
		"Content": {"siblings of the same title", taskKind, []schema.Field{text("contact_id", "1"), text("title", "Call")}, "", []string{"3"}},
		"Parent":  {"of the same parent", taskKind, []schema.Field{text("contact_id", "2"), text("title", "Call")}, "", nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			live := []schema.Object{ann, bob}
			if tc.kind == taskKind {
				live = []schema.Object{task}
			}
			r := roster(s, tc.kind, live)
			if tc.id != "" {
				rec := record(t, s, tc.kind, "x", tc.id, tc.in...)
				r.Records.Put(rec.Address(), rec)
			}
			d := want(s, tc.kind, block(1), "x", tc.in...)
			var got []string
			for _, o := range r.Candidates(&d) {
				got = append(got, o.ID)
			}
			if diff := cmp.Diff(tc.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestLive(t *testing.T) {
	l := NewLive(contactKind)
	l.Expect(3)
	l.Add([]schema.Object{object(contactKind, "1", text("city", "A")), object(contactKind, "2", text("email", "x@example.com"))})
	if found := l.key(0, "x@example.com"); len(found) != 1 {
		t.Fatalf("key finds %d objects", len(found))
	}
	l.Add([]schema.Object{object(contactKind, "1", text("city", "B")), object(contactKind, "3")})
	l.Expect(10) // room for what is there already changes nothing
	l.Remove("2")
	l.Remove("9")
	var got []string
	for o := range l.All() {
		got = append(got, o.ID+o.Value("city").Text())
	}
	if diff := cmp.Diff([]string{"1B", "3"}, got); diff != "" {
		t.Errorf("an object takes the place of the one with its id: -want +got:\n%s", diff)
	}
	if l.Len() != 2 || l.ID("2") != nil || l.ID("3") == nil || len(l.key(0, "x@example.com")) != 0 {
		t.Errorf("what was removed is found: %d objects", l.Len())
	}
	for range l.All() {
		break // a reader may stop
	}
}
