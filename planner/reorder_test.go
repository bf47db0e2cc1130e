package planner

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lockstep/planner/state"
	"lockstep/schema"
)

// counted makes objects of a block with count, in the order of their numbers.
func counted(s *state.Sealer, emails ...string) []Desired {
	b := block(1)
	list := make([]Desired, len(emails))
	for i, email := range emails {
		a := address(contactKind, "")
		a.Key = schema.Key{Type: schema.IntKey, Int: int32(i)}
		list[i] = desired(b, a, a, text("email", email))
	}
	return list
}

func TestReorder(t *testing.T) {
	cases := map[string]struct {
		reason string
		// was are the rows at the last apply, live what the CRM has of each now,
		// where that differs, and rows are those of now.
		was, live, rows string
		// want has for each object: number, who, and what is done.
		want []string
	}{
		"Same":     {reason: "nothing moved", was: "a b c", rows: "a b c"},
		"Dropped":  {reason: "the first row goes: the others move up, and it alone is deleted", was: "a b c", rows: "b c", want: []string{"0 b move was 1", "1 c move was 2", "3 a delete was 0"}},
		"Middle":   {reason: "one in between", was: "a b c", rows: "a c", want: []string{"1 c move was 2", "3 b delete was 1"}},
		"Last":     {reason: "the last row goes: nothing moves", was: "a b c", rows: "a b", want: []string{"2 c delete"}},
		"Front":    {reason: "a row before all others", was: "a b", rows: "n a b", want: []string{"0 n create", "1 a move was 0", "2 b move was 1"}},
		"Swapped":  {reason: "two rows change places", was: "a b c", rows: "b a c", want: []string{"0 b move was 1", "1 a move was 0"}},
		"Replaced": {reason: "a row of another person is another person: the number is all that they share", was: "a b", rows: "n b", want: []string{"0 n update"}},
		"Both":     {reason: "one goes and one comes", was: "a b c", rows: "b c n", want: []string{"0 b move was 1", "1 c move was 2", "2 n create", "3 a delete was 0"}},
		"Edited":   {reason: "the CRM changed an address: the number tells who it is", was: "a b", live: "x b", rows: "a b", want: []string{"0 a update"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := newSealer(t, "plain")
			r := roster(s, contactKind, nil)
			now := strings.Fields(tc.live)
			for i, d := range counted(s, strings.Fields(tc.was)...) {
				rec := record(t, s, contactKind, "", fmt.Sprint("id", i), d.Fields()...)
				rec.Place(d.Address())
				r.Records.Put(d.Address(), rec)
				o := object(contactKind, rec.ID, d.Fields()...)
				if len(now) > 0 {
					o.Fields = fields(text("email", now[i]))
				}
				r.Live.Add([]schema.Object{o})
			}
			declared := counted(s, strings.Fields(tc.rows)...)
			r.Repeated = func(schema.Address) bool { return true }
			r.Pair(declared)
			var got []string
			for _, c := range all(r).Changes {
				email := c.Desired.Value("email").Text()
				if c.Action == Delete {
					email = c.Live.Value("email").Text()
				}
				line := fmt.Sprint(c.Address.Key.Int, " ", email, " ", c.Action)
				if c.Previous != nil {
					line += fmt.Sprint(" was ", c.Previous.Key.Int)
				}
				got = append(got, line)
			}
			if diff := cmp.Diff(tc.want, got, cmpopts.EquateEmpty(), cmpopts.SortSlices(strings.Compare)); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestHeirs holds which new address takes over an object that would be deleted.
func TestHeirs(t *testing.T) {
	ann := object(contactKind, "1", person("ann@example.com", "+15550101", "")...)
	bob := object(contactKind, "2", person("bob@example.com", "+15550102", "")...)
	both := func(t *testing.T, s *state.Sealer) []*state.Record {
		return []*state.Record{
			record(t, s, contactKind, "ann@example.com", "1", person("ann@example.com", "+15550101", "")...),
			record(t, s, contactKind, "bob@example.com", "2", person("bob@example.com", "+15550102", "")...),
		}
	}
	several := func(list ...func(*state.Sealer) []Desired) func(*state.Sealer) []Desired {
		return func(s *state.Sealer) []Desired {
			var all []Desired
			for _, f := range list {
				all = append(all, f(s)...)
			}
			return all
		}
	}
	checkPair(t, contactKind, map[string]pairCase{
		"Phone": {
			reason: "who has the phone of one that goes is that one",
			in:     pairIn{live: []schema.Object{ann, bob}, records: both, desired: several(one("new", "new@example.com", "+15550101", ""), one("bob@example.com", "bob@example.com", "+15550102", ""))},
			want:   pairWant{Changes: []string{"update new id=1 was=xann@example.com email"}, Summary: KindSummary{Managed: 2, Live: 2, InStep: 1, FileMoved: 1}},
		},
		"Stays": {
			reason: "one that stays is taken over by nobody",
			in:     pairIn{live: []schema.Object{ann, bob}, records: both, desired: several(one("new", "new@example.com", "+15550101", ""), one("ann@example.com", "ann@example.com", "+15550101", ""), one("bob@example.com", "bob@example.com", "+15550102", ""))},
			want:   pairWant{Changes: []string{"create new email phone"}, Summary: KindSummary{Managed: 3, Live: 2, InStep: 2, FileMoved: 1}},
		},
		"TwoLeave": {
			reason: "of two that fit, which one is meant is not known",
			in:     pairIn{live: []schema.Object{ann, object(contactKind, "2", person("bob@example.com", "+15550101", "")...)}, records: both, desired: one("new", "new@example.com", "+15550101", "")},
			want: pairWant{Changes: []string{"create new email phone", "delete ann@example.com id=1 email phone", "delete bob@example.com id=2 email phone!"},
				Summary: KindSummary{Managed: 3, Live: 2, FileMoved: 2, BothMoved: 1}},
		},
		"TwoHeirs": {
			reason: "of two new ones the first address is the heir, and the other is made",
			in:     pairIn{live: []schema.Object{ann}, records: func(t *testing.T, s *state.Sealer) []*state.Record { return both(t, s)[:1] }, desired: several(one("y", "y@example.com", "+15550101", ""), one("x", "x@example.com", "+15550101", ""))},
			want:   pairWant{Changes: []string{"update x id=1 was=xann@example.com email", "create y email phone"}, Summary: KindSummary{Managed: 2, Live: 1, FileMoved: 2}},
		},
		"Unmanaged": {
			reason: "one that nothing manages does not go, so it is left alone",
			in:     pairIn{live: []schema.Object{ann}, records: noRecords, desired: one("new", "new@example.com", "+15550101", "")},
			want:   pairWant{Changes: []string{"create new email phone"}, Summary: KindSummary{Managed: 1, Live: 1, Unmanaged: 1, FileMoved: 1}},
		},
	})
}

func TestNearestSibling(t *testing.T) {
	task := func(due string, done bool) []schema.Field {
		return []schema.Field{text("contact_id", "c"), text("title", "Call"), text("due", due), {Path: "done", Value: schema.BoolValue(done)}}
	}
	cases := map[string]struct {
		reason      string
		live, wants [][]schema.Field
		// want is the place among the live tasks of what each task is, -1 for a new
		// one.
		want []int
	}{
		"Equal":     {"each takes its equal", [][]schema.Field{task("A", false), task("B", false)}, [][]schema.Field{task("A", false), task("B", false)}, []int{0, 1}},
		"Crosswise": {"whatever the order", [][]schema.Field{task("A", false), task("B", false)}, [][]schema.Field{task("B", false), task("A", false)}, []int{1, 0}},
		"OneLeft":   {"the equal one comes first, and the other is made", [][]schema.Field{task("A", false)}, [][]schema.Field{task("B", false), task("A", false)}, []int{-1, 0}},
		"Nearest":   {"without an equal one, the nearest", [][]schema.Field{task("A", false), task("B", true)}, [][]schema.Field{task("C", true)}, []int{1}},
		"Nearer":    {"one that needs two writes does not take it from one that needs one", [][]schema.Field{task("A", false)}, [][]schema.Field{task("B", true), task("A", true)}, []int{-1, 0}},
		"Alike":     {"of two alike, either", [][]schema.Field{task("A", false), task("A", false)}, [][]schema.Field{task("B", false), task("A", false)}, []int{1, 0}},
		"None":      {"there is no task of that title", nil, [][]schema.Field{task("A", false)}, []int{-1}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := newSealer(t, "plain")
			r := roster(s, taskKind, nil)
			for i, list := range tc.live {
				r.Live.Add([]schema.Object{object(taskKind, fmt.Sprint(i), list...)})
			}
			var batch []Desired
			for i, list := range tc.wants {
				batch = append(batch, want(s, taskKind, block(1), fmt.Sprint(i), list...))
			}
			got := make([]int, len(batch))
			for i, subject := range r.Pair(batch) {
				if got[i] = -1; subject.Live() != nil {
					got[i], _ = strconv.Atoi(subject.Live().ID)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
	t.Run("Imported", func(t *testing.T) {
		s := newSealer(t, "plain")
		r := roster(s, taskKind, []schema.Object{object(taskKind, "0", task("A", false)...)})
		equal, imported := want(s, taskKind, block(1), "equal", task("A", false)...), want(s, taskKind, block(1), "imported", task("B", true)...)
		imported.ImportID = "0"
		if got := r.Pair([]Desired{equal, imported}); got[0].Live() != nil || got[1].Live() == nil || len(r.Problems) > 0 {
			t.Errorf("an import names its task before an equal one takes it: %v", r.Problems)
		}
	})
}
