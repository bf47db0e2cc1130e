package planner

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"lockstep/planner/state"
	"lockstep/schema"
)

// seatKind is a kind of which no call tells who has a seat.
var seatKind = &schema.Kind{
	Name: "crm_seat", Noun: "seat", Plural: "seats", Parent: "contact_id", Keys: []schema.NaturalKey{{"contact_id", "room"}},
	Listing: schema.Listing{Blind: true, Evidence: "mark"},
	Attributes: []schema.Attribute{
		{Name: "contact_id", Type: cty.String, Required: true, Immutable: true, Refers: "crm_contact"},
		{Name: "room", Type: cty.String, Required: true, Immutable: true},
		{Name: "begins", Type: cty.String, Optional: true, CreateOnly: true},
		{Name: "mark", Type: cty.String, Optional: true, Channel: "mark"},
	},
}

// seat is what is recorded or read of a seat in room R1.
func seat(who string, more ...schema.Field) []schema.Field {
	return append([]schema.Field{text("contact_id", who), text("room", "R1")}, more...)
}

// seatRecord is a record of a seat, made on 20 November 2026.
func seatRecord(t *testing.T, s *state.Sealer, name, who string, more ...schema.Field) *state.Record {
	t.Helper()
	r := record(t, s, seatKind, name, who+"/R1", seat(who, more...)...)
	r.Parent, r.Written = who, 1795132800
	return r
}

// lines are the changes of a decision, one text each.
func lines(d *Decision) []string {
	var out []string
	for i := range d.Changes {
		c := &d.Changes[i]
		words := []string{c.Action.String(), c.Address.Key.Text}
		if c.Unrecorded {
			words = append(words, "asked")
		}
		for _, f := range c.Fields {
			if c.Action != Delete && f.Path == "mark" {
				words = append(words, "mark")
			}
		}
		out = append(out, strings.Join(words, " "))
	}
	return out
}

func TestUnrecorded(t *testing.T) {
	s := newSealer(t, "plain")
	keep, remove := block(1), block(1)
	remove.OnDestroy = "delete"
	unknown := schema.Field{Path: "contact_id", Value: schema.UnknownValue()}
	mark := text("mark", "m")
	for _, c := range []struct {
		reason     string
		live       []schema.Object
		records    []*state.Record
		desired    []Desired
		intents    []string
		want       []string
		unknowable int
	}{
		{reason: "nothing is recorded of a contact that exists", desired: []Desired{want(s, seatKind, keep, "a", seat("C1")...)}, want: []string{"create a asked"}},
		{reason: "what is made now cannot have a seat", desired: []Desired{want(s, seatKind, keep, "a", unknown, text("room", "R1"))}, want: []string{"create a"}},
		{reason: "a record is the only truth", live: []schema.Object{object(seatKind, "C1/R1", seat("C1")...)}, records: []*state.Record{seatRecord(t, s, "a", "C1")},
			desired: []Desired{want(s, seatKind, keep, "a", seat("C1")...)}, unknowable: 1},
		{reason: "a lost answer is asked about", intents: []string{"a"}, desired: []Desired{want(s, seatKind, keep, "a", seat("C1")...)}, want: []string{"create a asked"}},
		{reason: "the seat of one tells nothing of another, and is forgotten", live: []schema.Object{object(seatKind, "C1/R1", seat("C1")...)}, records: []*state.Record{seatRecord(t, s, "a", "C1")},
			desired: []Desired{want(s, seatKind, keep, "a", seat("C2")...)}, want: []string{"create a asked"}},
		{reason: "on_destroy = delete ends the other one first", live: []schema.Object{object(seatKind, "C1/R1", seat("C1")...)}, records: []*state.Record{seatRecord(t, s, "a", "C1")},
			desired: []Desired{want(s, seatKind, remove, "a", seat("C2")...)}, want: []string{"replace a asked"}},
		{reason: "a contact that is made again has no seat, and the old one needs no call", live: []schema.Object{object(seatKind, "C1/R1", seat("C1")...)}, records: []*state.Record{seatRecord(t, s, "a", "C1")},
			desired: []Desired{want(s, seatKind, remove, "a", unknown, text("room", "R1"))}, want: []string{"create a"}},
		{reason: "rows that are swapped swap their records",
			live:    []schema.Object{object(seatKind, "C1/R1", seat("C1")...), object(seatKind, "C2/R1", seat("C2")...)},
			records: []*state.Record{seatRecord(t, s, "a", "C1"), seatRecord(t, s, "b", "C2")},
			desired: []Desired{want(s, seatKind, keep, "a", seat("C2")...), want(s, seatKind, keep, "b", seat("C1")...)},
			want:    []string{"move a", "move b"}, unknowable: 2},
		{reason: "evidence tells without the state", live: []schema.Object{object(seatKind, "C1/R1", seat("C1", mark)...)},
			desired: []Desired{want(s, seatKind, keep, "a", seat("C1", mark)...)}, want: []string{"adopt a"}},
		{reason: "evidence that went is written again, and nobody is seated again", live: []schema.Object{object(seatKind, "C1/R1", seat("C1")...)}, records: []*state.Record{seatRecord(t, s, "a", "C1", mark)},
			desired: []Desired{want(s, seatKind, keep, "a", seat("C1", mark)...)}, want: []string{"update a mark"}},
		{reason: "what is left over is forgotten", live: []schema.Object{object(seatKind, "C1/R1", seat("C1")...)}, records: []*state.Record{seatRecord(t, s, "a", "C1")}, want: []string{"forget a"}},
	} {
		t.Run(c.reason, func(t *testing.T) {
			r := roster(s, seatKind, c.live, c.records...)
			r.Intents = map[schema.Address]state.Intent{}
			for _, name := range c.intents {
				r.Intents[s.Address(address(seatKind, name))] = state.Intent{}
			}
			r.Pair(c.desired)
			d := all(r)
			if diff := cmp.Diff(c.want, lines(d)); diff != "" || len(r.Problems) > 0 {
				t.Errorf("%v (-want +got):\n%s", r.Problems, diff)
			}
			if got := d.Summary.Unknowable.Count; got != c.unknowable {
				t.Errorf("%d are unknowable, want %d", got, c.unknowable)
			}
		})
	}
}

// TestUnrecordedLeftover ends a seat whose record says so, unless the contact is gone.
func TestUnrecordedLeftover(t *testing.T) {
	s := newSealer(t, "plain")
	for _, c := range []struct {
		reason  string
		live    []schema.Object
		destroy bool
		flags   state.Flags
		want    string
	}{
		{"on_destroy = delete", []schema.Object{object(seatKind, "C1/R1", seat("C1")...)}, false, state.Flags{OnDestroy: "delete"}, "delete a"},
		{"evidence that was not read is no edit", []schema.Object{object(seatKind, "C1/R1", seat("C1")...)}, true, state.Flags{OnDestroy: "delete"}, "delete a"},
		{"the contact is gone", nil, false, state.Flags{OnDestroy: "delete"}, "forget a"},
		{"destroy leaves what runs", []schema.Object{object(seatKind, "C1/R1", seat("C1")...)}, true, state.Flags{}, "forget a"},
	} {
		t.Run(c.reason, func(t *testing.T) {
			rec := seatRecord(t, s, "a", "C1", text("mark", "m"))
			rec.SetFlags(c.flags)
			r := roster(s, seatKind, c.live, rec)
			r.Destroy = c.destroy
			d := all(r)
			if diff := cmp.Diff([]string{c.want}, lines(d)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if n := d.Changes[0].Conflicts(); n > 0 {
				t.Errorf("%d conflicts, want none", n)
			}
		})
	}
}

// TestUnrecordedBy asks unless a person saw the plan or said what to do.
func TestUnrecordedBy(t *testing.T) {
	s := newSealer(t, "plain")
	decide := func(names ...string) *Plan {
		r := roster(s, seatKind, nil)
		var batch []Desired
		for _, name := range names {
			room := text("room", "R1")
			if name == "?" {
				room.Value = schema.UnknownValue()
			}
			batch = append(batch, want(s, seatKind, block(1), name, text("contact_id", name), room))
		}
		r.Pair(batch)
		return &Plan{Changes: all(r).Changes}
	}
	for _, c := range []struct {
		reason, word string
		seen         bool
		seats        []string
		want         string
	}{
		{"one is named", "", false, []string{"a"}, `[1 crm_seat.x["a"]: nothing is recorded]`},
		{"many are counted", "", false, []string{"a", "b"}, `[2 2 of crm_seat, such as crm_seat.x["a"]: nothing is recorded]`},
		{"somebody saw the plan", "", true, []string{"a"}, "[]"},
		{"enroll was said", "enroll", false, []string{"a"}, "[]"},
		{"assume was said", "assume", false, []string{"a"}, "[]"},
		{"nothing is asked", "", false, nil, "[]"},
		{"who may not be known cannot be assumed", "assume", false, []string{"?"}, `[1 crm_seat.x["?"] is known only after apply, so it cannot be assumed to exist. Apply first what it depends on.]`},
	} {
		t.Run(c.reason, func(t *testing.T) {
			got := []string{}
			for _, r := range UnrecordedBy(decide(c.seats...), c.word, c.seen) {
				message, _, _ := strings.Cut(r.Message, ", and no call")
				got = append(got, fmt.Sprintf("%d %s", r.Count, message))
			}
			if diff := cmp.Diff(c.want, fmt.Sprint(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestAssume records what may exist without a call, and keeps its evidence.
func TestAssume(t *testing.T) {
	s := newSealer(t, "plain")
	r := roster(s, seatKind, nil)
	r.Pair([]Desired{
		want(s, seatKind, block(1), "a", seat("C1", text("begins", "2027"), text("mark", "m"))...),
		want(s, seatKind, block(1), "b", schema.Field{Path: "contact_id", Value: schema.UnknownValue()}, text("room", "R1")),
	})
	p := &Plan{Changes: all(r).Changes}
	p.Assume()
	if diff := cmp.Diff([]string{"adopt a mark", "create b"}, lines(&Decision{Changes: p.Changes})); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
	if c := &p.Changes[0]; c.ID != "C1/R1" || c.Live == nil || !c.Keep.Adopted {
		t.Errorf("what is assumed has the id %q, live %v, adopted %t", c.ID, c.Live, c.Keep.Adopted)
	}
}
