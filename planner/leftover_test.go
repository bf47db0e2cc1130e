package planner

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/planner/state"
	"lockstep/schema"
)

func nothing(*state.Sealer) []Desired { return nil }

// flagged is a record with flags.
func flagged(flags state.Flags) func(*testing.T, *state.Sealer) []*state.Record {
	return func(t *testing.T, s *state.Sealer) []*state.Record {
		r := record(t, s, contactKind, "ann@example.com", "1", text("email", "ann@example.com"))
		r.SetFlags(flags)
		return []*state.Record{r}
	}
}

// removed is a removed block for all instances of block x.
func removed(destroy bool) func(*Roster) {
	return func(m *Roster) { m.Removals[address(contactKind, "").Block()] = destroy }
}

func TestLeftover(t *testing.T) {
	live := []schema.Object{object(contactKind, "1", text("email", "ann@example.com"), text("created", "May"))}
	edited := []schema.Object{object(contactKind, "1", text("city", "Chur"), text("email", "ann@example.com"))}
	sum := KindSummary{Managed: 1, Live: 1, FileMoved: 1}
	del, forget := []string{"delete ann@example.com id=1 email"}, []string{"forget ann@example.com id=1"}
	forgetAdopted := []string{"forget ann@example.com id=1 adopted"}
	checkPair(t, contactKind, map[string]pairCase{
		"Delete":           {"no longer in the files; the sealed key is recovered from the live object", pairIn{live: live, records: flagged(state.Flags{}), desired: nothing}, pairWant{Changes: del, Summary: sum}},
		"Adopted":          {"what was adopted is forgotten", pairIn{live: live, records: flagged(state.Flags{Adopted: true}), desired: nothing}, pairWant{Changes: forgetAdopted, Summary: sum}},
		"AdoptedDelete":    {"unless the file said on_destroy = delete", pairIn{live: live, records: flagged(state.Flags{Adopted: true, OnDestroy: "delete"}), desired: nothing}, pairWant{Changes: []string{"delete ann@example.com id=1 adopted email"}, Summary: sum}},
		"OnDestroyForget":  {"the file said on_destroy = forget", pairIn{live: live, records: flagged(state.Flags{OnDestroy: "forget"}), desired: nothing}, pairWant{Changes: forget, Summary: sum}},
		"Protected":        {"prevent_destroy survives the block's removal", pairIn{live: live, records: flagged(state.Flags{Protected: true}), desired: nothing}, pairWant{Problems: []string{"ann@example.com: Protected object would be destroyed"}, Summary: KindSummary{Live: 1, Unmanaged: 1}}},
		"RemovedForget":    {"a removed block with destroy = false", pairIn{live: live, records: flagged(state.Flags{}), desired: nothing, adjust: removed(false)}, pairWant{Changes: forget, Summary: sum}},
		"RemovedDestroy":   {"a removed block with destroy = true", pairIn{live: live, records: flagged(state.Flags{}), desired: nothing, adjust: removed(true)}, pairWant{Changes: del, Summary: sum}},
		"RemovedProtected": {"a removed block lifts the protection", pairIn{live: live, records: flagged(state.Flags{Protected: true}), desired: nothing, adjust: removed(true)}, pairWant{Changes: del, Summary: sum}},
		"RemovedAdopted":   {"asked to destroy, even what was adopted", pairIn{live: live, records: flagged(state.Flags{Adopted: true}), desired: nothing, adjust: removed(true)}, pairWant{Changes: []string{"delete ann@example.com id=1 adopted email"}, Summary: sum}},
		"Edited":           {"somebody changed in the CRM what was written", pairIn{live: edited, records: kept("ann@example.com", "1", "ann@example.com", "Bern"), desired: nothing}, pairWant{Changes: []string{"delete ann@example.com id=1 city! email"}, Summary: KindSummary{Managed: 1, Live: 1, BothMoved: 1}}},
		"EditedAway":       {"and emptied it", pairIn{live: live, records: kept("ann@example.com", "1", "ann@example.com", "Bern"), desired: nothing}, pairWant{Changes: []string{"delete ann@example.com id=1 city! email"}, Summary: KindSummary{Managed: 1, Live: 1, BothMoved: 1}}},
		"EditedDestroy":    {"who destroys all asks nobody", pairIn{live: edited, records: kept("ann@example.com", "1", "ann@example.com", "Bern"), desired: nothing, adjust: func(m *Roster) { m.Destroy = true }}, pairWant{Changes: []string{"delete ann@example.com id=1 city email"}, Summary: sum}},
		"RemovedInstance": {"a removed block for one instance wins over that for all", pairIn{live: live, records: flagged(state.Flags{}), desired: nothing, adjust: func(m *Roster) {
			removed(true)(m)
			m.Removals[m.Sealer.Address(address(contactKind, "ann@example.com"))] = false
		}}, pairWant{Changes: forget, Summary: sum}},
	})
}

func TestLeftoverGone(t *testing.T) {
	for name, flags := range map[string]state.Flags{"Plain": {}, "Adopted": {Adopted: true}, "Protected": {Protected: true}} {
		t.Run(name, func(t *testing.T) {
			s := newSealer(t, "plain")
			m := roster(s, contactKind, nil, flagged(flags)(t, s)...)
			d := all(m)
			if len(d.Changes) != 1 || d.Changes[0].Action != Forget || d.Summary.Gone != 1 || len(m.Problems) > 0 {
				t.Errorf("what is already deleted is forgotten: got %+v, %+v, problems %v", d.Changes, d.Summary, m.Problems)
			}
		})
	}
}

// An address that cannot be recovered stays sealed, and the state is told the
// address that it knows.
func TestLeftoverStateAddress(t *testing.T) {
	cases := map[string]struct {
		reason string
		live   schema.Object
		want   string
	}{
		"Recovered": {"the live object shows the key", object(contactKind, "1", text("email", "ann@example.com")), "ann@example.com"},
		"Sealed":    {"the live object no longer shows the key", object(contactKind, "1", text("email", "new@example.com")), ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := newSealer(t, "hashed")
			r := flagged(state.Flags{})(t, s)[0]
			m := roster(s, contactKind, []schema.Object{tc.live}, r)
			c := &all(m).Changes[0]
			if tc.want == "" {
				tc.want = r.Address().Key.Text
			}
			if got := c.Address.Key.Text; got != tc.want {
				t.Errorf("%s: shown as %q, want %q", tc.reason, got, tc.want)
			}
			if got := c.StateAddress(s); got != r.Address() {
				t.Errorf("%s: the state is asked for %s, want %s", tc.reason, got, r.Address())
			}
		})
	}
}

// moves gives the record of key "old" the address of key "new", as a moved
// block does.
func moves(m *Roster) {
	from, to := m.Sealer.Address(address(m.Kind, "old")), m.Sealer.Address(address(m.Kind, "new"))
	m.Previous[to] = from
	m.Records.Put(to, m.Records.Get(from))
	m.Records.Drop(from)
}

func TestMoved(t *testing.T) {
	ann := object(contactKind, "1", person("ann@example.com", "", "A")...)
	again := object(contactKind, "2", person("ann@example.com", "", "B")...)
	cases := map[string]pairCase{
		"Move":         {"a moved block alone changes nothing live", pairIn{live: []schema.Object{ann}, records: kept("old", "1", "ann@example.com", ""), desired: one("new", "ann@example.com", "", ""), adjust: moves}, pairWant{Changes: []string{"move new id=1 was=xold"}}},
		"MoveUpdate":   {"moved and changed", pairIn{live: []schema.Object{ann}, records: kept("old", "1", "ann@example.com", "A"), desired: one("new", "ann@example.com", "", "B"), adjust: moves}, pairWant{Changes: []string{"update new id=1 was=xold city"}}},
		"MoveLeftover": {"moved to an address that is not declared either", pairIn{live: []schema.Object{ann}, records: kept("old", "1", "ann@example.com", ""), desired: nothing, adjust: moves}, pairWant{Changes: []string{"delete new id=1 was=xold city email"}}},
		"MoveGone":     {"moved, and gone live: it is created", pairIn{records: kept("old", "1", "ann@example.com", ""), desired: one("new", "ann@example.com", "", ""), adjust: moves}, pairWant{Changes: []string{"create new email"}}},
		"MoveAdopted":  {"moved, gone, and made again by hand: adopted and written", pairIn{live: []schema.Object{again}, records: kept("old", "1", "ann@example.com", ""), desired: one("new", "ann@example.com", "", "A"), adjust: moves}, pairWant{Changes: []string{"adopt new id=2 adopted city"}}},
		"ImplicitMove": {"the same natural key under another address is a move, not delete and create",
			pairIn{live: []schema.Object{ann}, records: kept("old", "1", "ann@example.com", ""), desired: one("new", "ann@example.com", "", "")}, pairWant{Changes: []string{"move new id=1 was=xold"}}},
		"ImplicitMoveKeepsAdopted": {"and it remembers who made it", pairIn{live: []schema.Object{ann}, records: func(t *testing.T, s *state.Sealer) []*state.Record {
			r := kept("old", "1", "ann@example.com", "")(t, s)
			r[0].SetFlags(state.Flags{Adopted: true})
			return r
		}, desired: one("new", "ann@example.com", "", "")}, pairWant{Changes: []string{"move new id=1 was=xold adopted"}}},
	}
	for name, tc := range cases {
		for _, personal := range []string{"plain", "hashed"} {
			t.Run(name+"/"+personal, func(t *testing.T) { checkMoved(t, personal, tc) })
		}
	}
}

// checkMoved also checks that every change takes the old record away. A sealed
// previous key cannot be shown unless the live object has it.
func checkMoved(t *testing.T, personal string, tc pairCase) {
	s := newSealer(t, personal)
	records := tc.in.records(t, s)
	old := records[0].Address()
	m := roster(s, contactKind, tc.in.live, records...)
	if tc.in.adjust != nil {
		tc.in.adjust(m)
	}
	m.Pair(tc.in.desired(s))
	d := all(m)
	for i := range d.Changes {
		c := &d.Changes[i]
		if got := c.StateAddress(s); got != old {
			t.Errorf("%s: the record of %s is left behind; %s is asked for", tc.reason, old, got)
		}
		if c.Previous != nil && *c.Previous == old {
			c.Previous = &schema.Address{Name: "x", Key: schema.Key{Text: "old"}}
		}
		if c.Action == Delete {
			c.Address.Key.Text = "new"
		}
	}
	if diff := cmp.Diff(tc.want.Changes, described(m, d).Changes); diff != "" {
		t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
	}
}

func TestImport(t *testing.T) {
	ann := object(contactKind, "1", person("ann@example.com", "", "")...)
	imported := func(id, onExists string) func(*state.Sealer) []Desired {
		return func(s *state.Sealer) []Desired {
			d := want(s, contactKind, &Block{OnExists: onExists}, "a", person("ann@example.com", "", "B")...)
			d.ImportID = id
			return []Desired{d}
		}
	}
	ours := func(m *Roster) {
		m.Intents = map[schema.Address]state.Intent{m.Sealer.Address(address(contactKind, "a")): {}}
	}
	created := pairWant{Changes: []string{"adopt a id=1 city"}, Summary: KindSummary{Managed: 1, Live: 1, FileMoved: 1}}
	adopted := pairWant{Changes: []string{"adopt a id=1 adopted city"}, Summary: KindSummary{Managed: 1, Live: 1, FileMoved: 1}}
	checkPair(t, contactKind, map[string]pairCase{
		"ByID":        {"an import block names the object", pairIn{live: []schema.Object{ann}, records: noRecords, desired: imported("1", "")}, adopted},
		"ByIDOnError": {"an import block says so, whatever on_exists says", pairIn{live: []schema.Object{ann}, records: noRecords, desired: imported("1", "error")}, adopted},
		"NoSuchID":    {"nothing is created instead", pairIn{live: []schema.Object{ann}, records: noRecords, desired: imported("7", "")}, pairWant{Problems: []string{"a: Nothing to import"}, Summary: KindSummary{Live: 1, Unmanaged: 1}}},
		"OnError":     {"on_exists = error forbids to adopt", pairIn{live: []schema.Object{ann}, records: noRecords, desired: imported("", "error")}, pairWant{Problems: []string{"a: The object exists already"}, Summary: KindSummary{Live: 1}}},
		"Ours":        {"an unfinished create made it, so it is not adopted", pairIn{live: []schema.Object{ann}, records: noRecords, desired: imported("", ""), adjust: ours}, created},
		"OursOnError": {"and on_exists = error does not forbid to go on with it", pairIn{live: []schema.Object{ann}, records: noRecords, desired: imported("", "error"), adjust: ours}, created},
	})
}

func task(parent, title string) []schema.Field {
	return []schema.Field{text("contact_id", parent), text("title", title)}
}

func TestContent(t *testing.T) {
	live := []schema.Object{object(taskKind, "t3", task("1", "call")...), object(taskKind, "t1", task("1", "call")...), object(taskKind, "t2", task("2", "call")...)}
	tasks := func(parents ...string) func(*state.Sealer) []Desired {
		return func(s *state.Sealer) []Desired {
			var list []Desired
			for i, p := range parents {
				list = append(list, want(s, taskKind, block(1), string(rune('a'+i)), task(p, "call")...))
			}
			return list
		}
	}
	taken := func(t *testing.T, s *state.Sealer) []*state.Record {
		return []*state.Record{record(t, s, taskKind, "old", "t1", task("1", "call")...)}
	}
	checkPair(t, taskKind, map[string]pairCase{
		"OneToOne": {"equal tasks are paired off, in the order of their ids; the third is new", pairIn{live: live, records: noRecords, desired: tasks("1", "1", "1")},
			pairWant{Changes: []string{"adopt a id=t1 adopted", "adopt b id=t3 adopted", "create c contact_id title"}, Summary: KindSummary{Managed: 3, Live: 3, Unmanaged: 1, InStep: 2, FileMoved: 1}}},
		"OtherParent": {"a task of another contact is another task", pairIn{live: live, records: noRecords, desired: tasks("3")},
			pairWant{Changes: []string{"create a contact_id title"}, Summary: KindSummary{Managed: 1, Live: 3, Unmanaged: 3, FileMoved: 1}}},
		"NotOthers": {"a task that a declared address has is not taken from it", pairIn{live: live, records: taken, desired: tasks("1"), adjust: func(m *Roster) { m.Declared = func(schema.Address) bool { return true } }},
			pairWant{Changes: []string{"adopt a id=t3 adopted", "delete old id=t1 contact_id title"}, Summary: KindSummary{Managed: 2, Live: 3, Unmanaged: 1, InStep: 1, FileMoved: 1}}},
		"Renamed": {"the task of an address that is gone moves", pairIn{live: live, records: taken, desired: tasks("1")},
			pairWant{Changes: []string{"move a id=t1 was=xold"}, Summary: KindSummary{Managed: 1, Live: 3, Unmanaged: 2, InStep: 1}}},
		"UnknownParent": {"the parent is not created yet, so the task cannot exist", pairIn{live: live, records: noRecords, desired: func(s *state.Sealer) []Desired {
			return []Desired{want(s, taskKind, block(1), "a", schema.Field{Path: "contact_id", Value: schema.UnknownValue()}, text("title", "call"))}
		}}, pairWant{Changes: []string{"create a contact_id title"}, Summary: KindSummary{Managed: 1, Live: 3, Unmanaged: 3, FileMoved: 1}}},
	})
}

// TestForgetReason tells what was made apart from what was there before.
func TestForgetReason(t *testing.T) {
	live := object(contactKind, "1", text("email", "ann@example.com"))
	cases := map[string]struct {
		reason string
		flags  state.Flags
		want   string
	}{
		"Adopted":      {"it was there before", state.Flags{Adopted: true}, "it existed before lockstep managed it"},
		"Made":         {"lockstep made it, and the file wants it kept", state.Flags{OnDestroy: "forget"}, `its on_destroy was "forget"`},
		"AdoptedAsked": {"what the file said is the reason, wherever it is from", state.Flags{Adopted: true, OnDestroy: "forget"}, `its on_destroy was "forget"`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := newSealer(t, "plain")
			d := all(roster(s, contactKind, []schema.Object{live}, flagged(tc.flags)(t, s)...))
			if len(d.Changes) != 1 || d.Changes[0].Action != Forget {
				t.Fatalf("%s: %+v, want one that is forgotten", tc.reason, d.Changes)
			}
			if diff := cmp.Diff(tc.want, d.Changes[0].Reason); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}
