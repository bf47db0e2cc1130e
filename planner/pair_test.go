package planner

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lockstep/planner/state"
	"lockstep/schema"
)

// describe renders a change on one line: action, key of the address, id, where
// it came from, flags, and the paths that are written; of a delete, those that
// are lost, with a mark where the CRM changed them.
func describe(c *Change) string {
	parts := []string{c.Action.String(), c.Address.Key.Text}
	if c.ID != "" {
		parts = append(parts, "id="+c.ID)
	}
	if c.Previous != nil {
		parts = append(parts, "was="+c.Previous.Name+c.Previous.Key.Text)
	}
	if c.Keep.Adopted {
		parts = append(parts, "adopted")
	}
	for _, f := range c.Fields {
		if c.Action == Delete && f.Conflict {
			f.Path += "!"
		}
		parts = append(parts, f.Path)
	}
	return strings.Join(parts, " ")
}

type pairWant struct {
	Changes  []string
	Rebased  []string
	Problems []string
	Summary  KindSummary
}

func decided(m *Roster) pairWant { return described(m, all(m)) }

func described(m *Roster, d *Decision) pairWant {
	var w pairWant
	for i := range d.Changes {
		w.Changes = append(w.Changes, describe(&d.Changes[i]))
	}
	for i := range d.Rebased {
		w.Rebased = append(w.Rebased, describe(&d.Rebased[i]))
	}
	for _, p := range m.Problems {
		w.Problems = append(w.Problems, fmt.Sprintf("%s: %s", p.Address.Key.Text, p.Summary))
	}
	w.Summary = d.Summary
	w.Summary.Provider, w.Summary.Kind = "", ""
	return w
}

// person makes a desired or live contact's fields.
func person(email, phone, city string) []schema.Field {
	var list []schema.Field
	for path, value := range map[string]string{"email": email, "phone": phone, "city": city} {
		if value != "" {
			list = append(list, text(path, value))
		}
	}
	return list
}

type pairIn struct {
	live    []schema.Object
	records func(t *testing.T, s *state.Sealer) []*state.Record
	desired func(s *state.Sealer) []Desired
	// adjust changes the roster before it is used.
	adjust func(m *Roster)
}

func noRecords(*testing.T, *state.Sealer) []*state.Record { return nil }

// one is a single desired contact of a plain block.
func one(name, email, phone, city string) func(*state.Sealer) []Desired {
	return func(s *state.Sealer) []Desired {
		return []Desired{want(s, contactKind, block(1), name, person(email, phone, city)...)}
	}
}

func kept(name, id, email, city string) func(*testing.T, *state.Sealer) []*state.Record {
	return func(t *testing.T, s *state.Sealer) []*state.Record {
		return []*state.Record{record(t, s, contactKind, name, id, person(email, "", city)...)}
	}
}

type pairCase struct {
	reason string
	in     pairIn
	want   pairWant
}

func checkPair(t *testing.T, kind *schema.Kind, cases map[string]pairCase) {
	t.Helper()
	for name, tc := range cases {
		for _, personal := range []string{"plain", "hashed"} {
			t.Run(name+"/"+personal, func(t *testing.T) {
				s := newSealer(t, personal)
				m := roster(s, kind, append([]schema.Object(nil), tc.in.live...), tc.in.records(t, s)...)
				m.Keys = map[string]string{s.Key("old"): "old"} // as the files told
				if tc.in.adjust != nil {
					tc.in.adjust(m)
				}
				m.Pair(tc.in.desired(s))
				if diff := cmp.Diff(tc.want, decided(m), cmpopts.EquateEmpty(), cmpopts.SortSlices(strings.Compare)); diff != "" {
					t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
				}
			})
		}
	}
}

func TestPair(t *testing.T) {
	ann := object(contactKind, "1", person("ann@example.com", "+15550101", "A")...)
	checkPair(t, contactKind, map[string]pairCase{
		"ByID": {
			reason: "the state's id joins them, whatever the keys say",
			in:     pairIn{live: []schema.Object{ann}, records: kept("a", "1", "old@example.com", ""), desired: one("a", "new@example.com", "", "")},
			want:   pairWant{Changes: []string{"update a id=1 email"}, Summary: KindSummary{Managed: 1, Live: 1, BothMoved: 1}},
		},
		"InStep": {
			reason: "nothing to do", in: pairIn{live: []schema.Object{ann}, records: kept("a", "1", "ann@example.com", "A"), desired: one("a", "ann@example.com", "", "A")},
			want: pairWant{Summary: KindSummary{Managed: 1, Live: 1, InStep: 1}},
		},
		"Rebased": {
			reason: "the state alone must learn a new value", in: pairIn{live: []schema.Object{ann}, records: kept("a", "1", "ann@example.com", "B"), desired: one("a", "ann@example.com", "", "A")},
			want: pairWant{Rebased: []string{"no-op a id=1"}, Summary: KindSummary{Managed: 1, Live: 1, InStep: 1}},
		},
		"FlagsMoved": {
			reason: "a new lifecycle is stored, and is no change of the object",
			in: pairIn{live: []schema.Object{ann}, records: kept("a", "1", "ann@example.com", ""), desired: func(s *state.Sealer) []Desired {
				return []Desired{want(s, contactKind, &Block{PreventDestroy: true}, "a", person("ann@example.com", "", "")...)}
			}},
			want: pairWant{Rebased: []string{"no-op a id=1"}, Summary: KindSummary{Managed: 1, Live: 1, InStep: 1}},
		},
	})
}

// TestPairByKey finds objects without a record.
func TestPairByKey(t *testing.T) {
	ann := object(contactKind, "1", person("ann@example.com", "+15550101", "A")...)
	checkPair(t, contactKind, map[string]pairCase{
		"Adopted": {
			reason: "the strongest natural key finds it", in: pairIn{live: []schema.Object{ann}, records: noRecords, desired: one("a", "ann@example.com", "", "B")},
			want: pairWant{Changes: []string{"adopt a id=1 adopted city"}, Summary: KindSummary{Managed: 1, Live: 1, FileMoved: 1}},
		},
		"AdoptedByWeakerKey": {
			reason: "a weaker key finds it when the stronger one is not written", in: pairIn{live: []schema.Object{ann}, records: noRecords, desired: one("a", "", "+15550101", "A")},
			want: pairWant{Changes: []string{"adopt a id=1 adopted"}, Summary: KindSummary{Managed: 1, Live: 1, InStep: 1}},
		},
		"Nameless": {
			reason: "what no key finds again would be made twice", in: pairIn{live: []schema.Object{ann}, records: noRecords, desired: one("a", "", "", "A")},
			want: pairWant{Problems: []string{"a: Nothing to find the object by"}, Summary: KindSummary{Live: 1, Unmanaged: 1}},
		},
		"NamelessManaged": {
			reason: "the state's id is enough", in: pairIn{live: []schema.Object{ann}, records: kept("a", "1", "", "B"), desired: one("a", "", "", "B")},
			want: pairWant{Changes: []string{"update a id=1 city"}, Summary: KindSummary{Managed: 1, Live: 1, LiveMoved: 1}},
		},
		"NamedLater": {
			reason: "a key that is known after apply is one",
			in: pairIn{live: []schema.Object{ann}, records: noRecords, desired: func(s *state.Sealer) []Desired {
				return []Desired{want(s, contactKind, block(1), "a", schema.Field{Path: "email", Value: schema.UnknownValue()})}
			}},
			want: pairWant{Changes: []string{"create a email"}, Summary: KindSummary{Managed: 1, Live: 1, Unmanaged: 1, FileMoved: 1}},
		},
		"Contradicted": {
			reason: "one phone and two e-mail addresses are two people", in: pairIn{live: []schema.Object{ann}, records: noRecords, desired: one("b", "bob@example.com", "+15550101", "")},
			want: pairWant{Changes: []string{"create b email phone"}, Summary: KindSummary{Managed: 1, Live: 1, Unmanaged: 1, FileMoved: 1}},
		},
		"StrongestFirst": {
			reason: "e-mail and phone fit two different people: the e-mail wins",
			in: pairIn{live: []schema.Object{object(contactKind, "2", person("", "+15550102", "")...), ann}, records: noRecords,
				desired: one("a", "ann@example.com", "+15550102", "")},
			want: pairWant{Changes: []string{"adopt a id=1 adopted phone"}, Summary: KindSummary{Managed: 1, Live: 2, Unmanaged: 1, FileMoved: 1}},
		},
		"Ambiguous": {
			reason: "two live people fit", in: pairIn{live: []schema.Object{object(contactKind, "2", person("", "+15550101", "")...), ann}, records: noRecords, desired: one("a", "", "+15550101", "")},
			want: pairWant{Problems: []string{"a: More than one live object fits"}, Summary: KindSummary{Live: 2, Unmanaged: 2}},
		},
	})
}

func TestPairUnusual(t *testing.T) {
	ann := object(contactKind, "1", person("ann@example.com", "+15550101", "A")...)
	checkPair(t, contactKind, map[string]pairCase{
		"UnknownKey": {
			reason: "an unknown key matches nothing",
			in: pairIn{live: []schema.Object{ann}, records: noRecords, desired: func(s *state.Sealer) []Desired {
				return []Desired{want(s, contactKind, block(1), "a", schema.Field{Path: "email", Value: schema.UnknownValue()})}
			}},
			want: pairWant{Changes: []string{"create a email"}, Summary: KindSummary{Managed: 1, Live: 1, Unmanaged: 1, FileMoved: 1}},
		},
		"Gone": {
			reason: "it was deleted in the CRM: it is made again", in: pairIn{records: kept("a", "9", "ann@example.com", ""), desired: one("a", "ann@example.com", "", "")},
			want: pairWant{Changes: []string{"create a email"}, Summary: KindSummary{Managed: 1, Gone: 1}},
		},
		"GoneAndBack": {
			reason: "it was deleted and made again by hand: adopt that one", in: pairIn{live: []schema.Object{ann}, records: kept("a", "9", "ann@example.com", ""), desired: one("a", "ann@example.com", "", "")},
			want: pairWant{Changes: []string{"adopt a id=1 adopted"}, Summary: KindSummary{Managed: 1, Live: 1, InStep: 1}},
		},
		"Replaced": {
			reason: "a replacement is ours, even of what was adopted",
			in: pairIn{live: []schema.Object{object(contactKind, "1", text("email", "ann@example.com"), text("origin", "A"))},
				records: func(t *testing.T, s *state.Sealer) []*state.Record {
					r := record(t, s, contactKind, "a", "1", text("email", "ann@example.com"), text("origin", "A"))
					r.SetFlags(state.Flags{Adopted: true})
					return []*state.Record{r}
				},
				desired: func(s *state.Sealer) []Desired {
					return []Desired{want(s, contactKind, block(1), "a", text("email", "ann@example.com"), text("origin", "B"))}
				}},
			want: pairWant{Changes: []string{"replace a id=1 email origin"}, Summary: KindSummary{Managed: 1, Live: 1, FileMoved: 1}},
		},
		"ReplaceProtected": {
			reason: "prevent_destroy also holds for a replacement",
			in: pairIn{live: []schema.Object{object(contactKind, "1", text("origin", "A"))},
				records: func(t *testing.T, s *state.Sealer) []*state.Record {
					return []*state.Record{record(t, s, contactKind, "a", "1", text("origin", "A"))}
				},
				desired: func(s *state.Sealer) []Desired {
					return []Desired{want(s, contactKind, &Block{PreventDestroy: true}, "a", text("origin", "B"))}
				}},
			want: pairWant{Problems: []string{"a: Protected object must be replaced"}, Summary: KindSummary{Live: 1}},
		},
		"AdoptNeverDeletes": {
			reason: "an object that somebody else made is never deleted to make it fit",
			in: pairIn{live: []schema.Object{object(contactKind, "1", text("email", "ann@example.com"), text("origin", "A"))}, records: noRecords,
				desired: func(s *state.Sealer) []Desired {
					return []Desired{want(s, contactKind, block(1), "a", text("email", "ann@example.com"), text("origin", "B"))}
				}},
			want: pairWant{Problems: []string{"a: The object exists already and does not fit"}, Summary: KindSummary{Live: 1}},
		},
	})
}

func TestPairTwice(t *testing.T) {
	ann := object(contactKind, "1", person("ann@example.com", "", "")...)
	two := func(first, second *Block) func(s *state.Sealer) []Desired {
		return func(s *state.Sealer) []Desired {
			b := want(s, contactKind, second, "b", person("ann@example.com", "", "")...)
			b.site.Address.Name, b.site.Sealed.Name = "y", "y"
			return []Desired{want(s, contactKind, first, "a", person("ann@example.com", "", "")...), b}
		}
	}
	checkPair(t, contactKind, map[string]pairCase{
		"OneKey": {
			reason: "one problem, not two, and the first keeps the object", in: pairIn{live: []schema.Object{ann}, records: noRecords, desired: two(block(3), block(7))},
			want: pairWant{Changes: []string{"adopt a id=1 adopted"}, Problems: []string{"b: Two objects with one natural key"}, Summary: KindSummary{Managed: 1, Live: 1, InStep: 1}},
		},
		"OneKeyNew": {
			reason: "and it is not created either", in: pairIn{records: noRecords, desired: two(block(3), block(7))},
			want: pairWant{Changes: []string{"create a email"}, Problems: []string{"b: Two objects with one natural key"}, Summary: KindSummary{Managed: 1, FileMoved: 1}},
		},
		"TwoRecordsOneID": {
			reason: "two addresses of the state with one id",
			in: pairIn{live: []schema.Object{ann}, records: func(t *testing.T, s *state.Sealer) []*state.Record {
				return []*state.Record{record(t, s, contactKind, "a", "1", text("email", "ann@example.com")), record(t, s, contactKind, "b", "1", text("city", "A"))}
			}, desired: func(s *state.Sealer) []Desired {
				return []Desired{want(s, contactKind, block(3), "a", text("email", "ann@example.com")), want(s, contactKind, block(3), "b", text("city", "A"))}
			}},
			want: pairWant{Problems: []string{"b: Two addresses for one object"}, Summary: KindSummary{Managed: 1, Live: 1, InStep: 1}},
		},
		"SwappedKeys": {
			reason: "records come first, so two addresses may exchange their keys",
			in: pairIn{live: []schema.Object{ann, object(contactKind, "2", person("bob@example.com", "", "")...)}, records: func(t *testing.T, s *state.Sealer) []*state.Record {
				return []*state.Record{record(t, s, contactKind, "a", "1", text("email", "ann@example.com")), record(t, s, contactKind, "b", "2", text("email", "bob@example.com"))}
			}, desired: func(s *state.Sealer) []Desired {
				return []Desired{want(s, contactKind, block(3), "a", text("email", "bob@example.com")), want(s, contactKind, block(3), "b", text("email", "ann@example.com"))}
			}},
			want: pairWant{Changes: []string{"update a id=1 email", "update b id=2 email"}, Summary: KindSummary{Managed: 2, Live: 2, FileMoved: 2}},
		},
		"TakenKey": {
			reason: "a natural key that an unmanaged object has is refused before any call",
			in: pairIn{live: []schema.Object{ann, object(contactKind, "2", person("bob@example.com", "", "")...)}, records: func(t *testing.T, s *state.Sealer) []*state.Record {
				return []*state.Record{record(t, s, contactKind, "a", "1", text("email", "ann@example.com"))}
			}, desired: func(s *state.Sealer) []Desired {
				return []Desired{want(s, contactKind, block(3), "a", text("email", "bob@example.com"))}
			}},
			want: pairWant{Problems: []string{"a: The natural key is taken"}, Summary: KindSummary{Live: 2, Unmanaged: 1}},
		},
	})
	s := newSealer(t, "plain")
	m := roster(s, contactKind, nil)
	m.Pair(two(block(3), block(7))(s))
	if len(m.Problems) != 1 || m.Problems[0].Place.Start.Line != 7 || !strings.Contains(m.Problems[0].Detail, "main.hcl:3") {
		t.Errorf("a problem at line 7 that names main.hcl:3 wanted, got %+v", m.Problems)
	}
}
