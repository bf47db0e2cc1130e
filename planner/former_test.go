package planner

import (
	"testing"

	"lockstep/planner/state"
	"lockstep/schema"
	"lockstep/schema/config"
)

// joinedBefore is the state of one instance that found a person by an address.
func joinedBefore(name, id, email string, list ...schema.Field) func(*testing.T, *state.Sealer) []*state.Record {
	return func(t *testing.T, s *state.Sealer) []*state.Record {
		return []*state.Record{mapRecord(t, s, name, id, byEmail(email), list...)}
	}
}

func TestJoinFormer(t *testing.T) {
	renamed := object(contactKind, "1", person("crm@example.com", "", "A")...)
	ann := object(contactKind, "1", person("ann@example.com", "", "A")...)
	city := func(name, email string) instance {
		return instance{name: name, match: byEmail(email), fields: []schema.Field{text("city", "B")}}
	}
	email := func(name, email string, rules ...*config.MappedField) instance {
		return instance{name: name, match: byEmail(email), fields: []schema.Field{text("email", email)}, rules: rules}
	}
	checkJoin(t, map[string]joinCase{
		"Renamed": {
			reason: "match looks for what it found, and the CRM gave it another address: it is the same person", live: []schema.Object{renamed},
			records: joinedBefore("ann", "1", "ann@example.com", text("city", "A")), instances: []instance{city("ann", "ann@example.com")},
			want: joinWant{Changes: []string{"update 1: city by m.ann"}},
		},
		"OtherInstance": {
			reason: "whichever instance found it", live: []schema.Object{renamed},
			records: joinedBefore("old", "1", "ann@example.com", text("city", "A")), instances: []instance{city("new", "ann@example.com")},
			want: joinWant{Changes: []string{"update 1: city by m.new", "forget 1: m.old"}},
		},
		"DeclaredElse": {
			reason: "unless a block says that this is who has the other address", live: []schema.Object{renamed},
			records: joinedBefore("ann", "1", "ann@example.com", text("city", "A")), instances: []instance{city("ann", "ann@example.com")},
			desired: blockOf("crm", text("email", "crm@example.com")), missing: config.MissingSkip,
			want: joinWant{Changes: []string{"adopt 1: crm", "forget 1: m.ann"}, Missing: []string{"ann"}},
		},
		"GivesTheKey": {
			reason: "match looks for what the mapping itself is about to give", live: []schema.Object{ann},
			records: joinedBefore("ann", "1", "ann@example.com", text("email", "ann@example.com")), instances: []instance{email("ann", "new@example.com")},
			missing: config.MissingCreate, want: joinWant{Changes: []string{"update 1: email by m.ann (m.ann needs m.ann)"}},
		},
		"GivesOnce": {
			reason: "a field that is given once does not change", live: []schema.Object{ann},
			records:   joinedBefore("ann", "1", "ann@example.com", text("email", "ann@example.com")),
			instances: []instance{email("ann", "new@example.com", &config.MappedField{Path: "email", Direction: config.Once})},
			missing:   config.MissingSkip, want: joinWant{Changes: []string{"forget 1: m.ann"}, Missing: []string{"ann"}},
		},
		"LooksElsewhere": {
			reason: "match looks for somebody else, and nothing gives the address", live: []schema.Object{ann},
			records: joinedBefore("ann", "1", "ann@example.com", text("city", "A")), instances: []instance{city("ann", "new@example.com")},
			missing: config.MissingSkip, want: joinWant{Changes: []string{"forget 1: m.ann"}, Missing: []string{"ann"}},
		},
		"PassedOn": {
			reason: "a row put before others: who was row 0 is row 1, and keeps the address", live: []schema.Object{ann},
			records: joinedBefore("0", "1", "ann@example.com", text("email", "ann@example.com")), missing: config.MissingCreate,
			instances: []instance{email("0", "new@example.com"), email("1", "ann@example.com")},
			want:      joinWant{Changes: []string{"create: email by m.0"}, Rebased: []string{"no-op 1: m.1"}},
		},
		"Several": {
			reason: "two instances found two people by one value: it tells nothing now", live: []schema.Object{renamed, object(contactKind, "2", text("email", "x@example.com"))},
			records: func(t *testing.T, s *state.Sealer) []*state.Record {
				return []*state.Record{mapRecord(t, s, "a", "1", byEmail("ann@example.com")), mapRecord(t, s, "b", "2", byEmail("ann@example.com"))}
			},
			missing: config.MissingSkip, instances: []instance{city("c", "ann@example.com")},
			want: joinWant{Changes: []string{"forget 1: m.a", "forget 2: m.b"}, Missing: []string{"c"}},
		},
	})
}

func TestJoinLeaving(t *testing.T) {
	ann := object(contactKind, "1", person("ann@example.com", "", "A")...)
	leaves := func(t *testing.T, s *state.Sealer) []*state.Record {
		return []*state.Record{record(t, s, contactKind, "ann", "1", text("email", "ann@example.com"))}
	}
	both := func(t *testing.T, s *state.Sealer) []*state.Record {
		return append(leaves(t, s), mapRecord(t, s, "a", "1", byEmail("ann@example.com"), text("city", "A")))
	}
	gives := []instance{{name: "a", match: byEmail("ann@example.com"), fields: []schema.Field{text("city", "B")}}}
	checkJoin(t, map[string]joinCase{
		"Skip": {
			reason: "who is about to be deleted is not written to", live: []schema.Object{ann}, records: leaves, missing: config.MissingSkip, instances: gives,
			want: joinWant{Changes: []string{"delete 1: city by ann, email by ann"}},
		},
		"Record": {
			reason: "and the mapping's own record goes with them", live: []schema.Object{ann}, records: both, missing: config.MissingSkip, instances: gives,
			want: joinWant{Changes: []string{"delete 1: city by ann, email by ann", "forget 1: m.a"}},
		},
		"Create": {
			reason: "nor made again without what belongs to them", live: []schema.Object{ann}, records: leaves, missing: config.MissingCreate, instances: gives,
			want: joinWant{Changes: []string{"delete 1: city by ann, email by ann"}, Problems: []string{"m.a: The target would be destroyed"}},
		},
		"Error": {
			reason: "a mapping that wants them says so", live: []schema.Object{ann}, records: leaves, missing: config.MissingError, instances: gives,
			want: joinWant{Changes: []string{"delete 1: city by ann, email by ann"}, Problems: []string{"m.a: The target would be destroyed"}},
		},
		"Forgotten": {
			reason: "who is only forgotten stays, and is written to", live: []schema.Object{ann}, missing: config.MissingSkip, instances: gives,
			records: func(t *testing.T, s *state.Sealer) []*state.Record {
				list := leaves(t, s)
				list[0].SetFlags(state.Flags{Adopted: true})
				return list
			},
			want: joinWant{Changes: []string{"update 1: city by m.a", "forget 1: ann"}},
		},
	})
}

func TestJoinNeeds(t *testing.T) {
	ann := object(contactKind, "1", person("ann@example.com", "", "A")...)
	managed := func(t *testing.T, s *state.Sealer) []*state.Record {
		return []*state.Record{record(t, s, contactKind, "ann", "1", text("email", "ann@example.com"))}
	}
	gives := func(email string) []instance {
		return []instance{{name: "a", match: byEmail(email), fields: []schema.Field{text("city", "B")}}}
	}
	checkJoin(t, map[string]joinCase{
		"Becomes": {
			reason: "a block gives the person what match looks for", live: []schema.Object{ann}, records: managed,
			desired: blockOf("ann", text("email", "new@example.com")), instances: gives("new@example.com"),
			want: joinWant{Changes: []string{"update 1: city by m.a, email by ann (m.a needs ann)"}},
		},
		"NoLonger": {
			reason: "or takes it away: nobody has it then", live: []schema.Object{ann}, records: managed, missing: config.MissingSkip,
			desired: blockOf("ann", text("email", "new@example.com")), instances: gives("ann@example.com"),
			want: joinWant{Changes: []string{"update 1: email by ann"}, Missing: []string{"a"}},
		},
		"Vacated": {
			reason: "a new person waits until the old one gives it up", live: []schema.Object{ann}, records: managed, missing: config.MissingCreate,
			desired: blockOf("ann", text("email", "new@example.com")), instances: gives("ann@example.com"),
			want: joinWant{Changes: []string{"update 1: email by ann", "create: city by m.a, email by m.a (m.a needs ann ann)"}},
		},
	})
}
