package planner

import (
	"testing"

	"lockstep/planner/state"
	"lockstep/schema"
	"lockstep/schema/config"
)

// TestJoinMoved holds what becomes of records that moved blocks give to other
// addresses, when a mapping writes to the same object.
func TestJoinMoved(t *testing.T) {
	ann := object(contactKind, "1", person("ann@example.com", "", "A")...)
	// moves gives the record of one address to another.
	moves := func(from, to schema.Address) func(*Roster) {
		return func(r *Roster) {
			rec := r.Records.Get(from)
			r.Records.Drop(from)
			r.Records.Put(to, rec)
			r.rename(to, rec)
		}
	}
	blockRecord := func(t *testing.T, s *state.Sealer) []*state.Record {
		return []*state.Record{record(t, s, contactKind, "old", "1", text("email", "ann@example.com"))}
	}
	gives := func(name, city string) []instance {
		return []instance{{name: name, match: byEmail("ann@example.com"), fields: []schema.Field{text("city", city)}}}
	}
	old, now := address(contactKind, "old"), address(contactKind, "ann")
	block := blockOf("ann", text("email", "ann@example.com"))
	checkJoin(t, map[string]joinCase{
		"Alone": {
			reason: "a block moves, and nothing is written", live: []schema.Object{ann}, records: blockRecord, adjust: moves(old, now), desired: block,
			want: joinWant{Changes: []string{"move 1: ann"}},
		},
		"Written": {
			reason: "a mapping writes to what moves: it is one change, by both", live: []schema.Object{ann}, records: blockRecord, adjust: moves(old, now), desired: block, instances: gives("a", "B"),
			want: joinWant{Changes: []string{"update 1: city by m.a"}},
		},
		"InStep": {
			reason: "a mapping in step only needs the state", live: []schema.Object{ann}, records: blockRecord, adjust: moves(old, now), desired: block, instances: gives("a", "A"),
			want: joinWant{Changes: []string{"move 1: ann"}, Rebased: []string{"no-op 1: m.a"}},
		},
		"Mapping": {
			reason: "an instance moves, and nothing is written", live: []schema.Object{ann}, records: joinedBefore("old", "1", "ann@example.com", text("city", "A")),
			adjust: moves(mapped("old"), mapped("new")), instances: gives("new", "A"), want: joinWant{Changes: []string{"move 1: m.new"}},
		},
		"MappingWrites": {
			reason: "or writes on its way", live: []schema.Object{ann}, records: joinedBefore("old", "1", "ann@example.com", text("city", "A")),
			adjust: moves(mapped("old"), mapped("new")), instances: gives("new", "B"), want: joinWant{Changes: []string{"update 1: city by m.new"}},
		},
		"Both": {
			reason: "block and instance move: each has its own record", live: []schema.Object{ann},
			records: func(t *testing.T, s *state.Sealer) []*state.Record {
				return append(blockRecord(t, s), joinedBefore("old", "1", "ann@example.com", text("city", "A"))(t, s)...)
			},
			adjust: func(r *Roster) { moves(old, now)(r); moves(mapped("old"), mapped("new"))(r) }, desired: block, instances: gives("new", "A"),
			want: joinWant{Changes: []string{"move 1: m.new", "move 1: ann"}},
		},
		"Missing": {
			reason: "an instance that moved and finds nobody is forgotten", live: []schema.Object{ann}, records: joinedBefore("old", "9", "bob@example.com", text("city", "A")),
			adjust: moves(mapped("old"), mapped("new")), missing: config.MissingSkip,
			instances: []instance{{name: "new", match: byEmail("bob@example.com"), fields: []schema.Field{text("city", "A")}}},
			want:      joinWant{Changes: []string{"forget 9: m.new"}, Missing: []string{"new"}},
		},
	})
}
