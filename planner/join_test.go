package planner

import (
	"testing"

	"lockstep/planner/state"
	"lockstep/schema"
	"lockstep/schema/config"
)

// byEmail matches a contact by its address.
func byEmail(email string) schema.Fields { return fields(text("email", email)) }

// blockOf makes a plain block with one contact.
func blockOf(name string, list ...schema.Field) func(*state.Sealer) []Desired {
	return func(s *state.Sealer) []Desired { return []Desired{want(s, contactKind, block(1), name, list...)} }
}

func TestJoinLive(t *testing.T) {
	ann := object(contactKind, "1", person("ann@example.com", "", "A")...)
	two := object(contactKind, "2", person("ann@example.com", "", "B")...)
	gives := func(email, city string) instance {
		return instance{name: "ann", match: byEmail(email), fields: []schema.Field{text("city", city)}}
	}
	checkJoin(t, map[string]joinCase{
		"Found": {
			reason: "match finds one", live: []schema.Object{ann}, instances: []instance{gives("ann@example.com", "C")},
			want: joinWant{Changes: []string{"update 1: city by m.ann"}},
		},
		"InStep": {
			reason: "it has the value, and the state learns so", live: []schema.Object{ann}, instances: []instance{gives("ann@example.com", "A")},
			want: joinWant{Rebased: []string{"no-op 1: m.ann"}},
		},
		"Known": {
			reason: "the state knows already", live: []schema.Object{ann}, instances: []instance{gives("ann@example.com", "A")},
			records: func(t *testing.T, s *state.Sealer) []*state.Record {
				return []*state.Record{mapRecord(t, s, "ann", "1", byEmail("ann@example.com"), text("city", "A"))}
			},
		},
		"Conflict": {
			reason: "both sides moved", live: []schema.Object{ann}, instances: []instance{gives("ann@example.com", "C")},
			records: func(t *testing.T, s *state.Sealer) []*state.Record {
				return []*state.Record{mapRecord(t, s, "ann", "1", byEmail("ann@example.com"), text("city", "B"))}
			},
			want: joinWant{Changes: []string{"update 1: city by m.ann conflict"}},
		},
		"Missing": {reason: "there is nobody", live: []schema.Object{ann}, instances: []instance{gives("bob@example.com", "C")}, missing: config.MissingSkip, want: joinWant{Missing: []string{"ann"}}},
		"Wanted": {
			reason: "and there must be", live: []schema.Object{ann}, instances: []instance{gives("bob@example.com", "C")}, missing: config.MissingError,
			want: joinWant{Problems: []string{"m.ann: Nothing to map to"}},
		},
		"NoMatch":  {reason: "an empty value finds nobody", live: []schema.Object{ann}, instances: []instance{gives("", "C")}, missing: config.MissingSkip, want: joinWant{Missing: []string{"ann"}}},
		"NoCreate": {reason: "and creates nobody", live: []schema.Object{ann}, instances: []instance{{name: "ann", fields: []schema.Field{text("city", "C")}}}, missing: config.MissingCreate, want: joinWant{Missing: []string{"ann"}}},
		"Several": {
			reason: "two people fit", live: []schema.Object{ann, two}, instances: []instance{gives("ann@example.com", "C")},
			want: joinWant{Problems: []string{"m.ann: More than one live object fits"}},
		},
		"Immutable": {
			reason: "a mapping replaces nobody", live: []schema.Object{object(contactKind, "1", text("email", "ann@example.com"), text("origin", "A"))},
			instances: []instance{{name: "ann", match: byEmail("ann@example.com"), fields: []schema.Field{text("origin", "B")}}},
			want:      joinWant{Problems: []string{"m.ann: A mapping replaces nothing"}},
		},
		"Taken": {
			reason: "the address that it gives belongs to another person", live: []schema.Object{ann, object(contactKind, "3", person("bob@example.com", "+15550103", "")...)},
			instances: []instance{{name: "bob", match: fields(text("phone", "+15550103")), fields: []schema.Field{text("email", "ann@example.com")}}},
			want:      joinWant{Problems: []string{"m.bob: The natural key is taken"}},
		},
		"MembersUnknown": {
			reason: "members that are known after apply are refused", live: []schema.Object{ann},
			instances: []instance{{name: "ann", match: byEmail("ann@example.com"), fields: []schema.Field{{Path: "tags", Claim: schema.ClaimIncludes, Value: schema.UnknownValue()}}}},
			want:      joinWant{Problems: []string{"m.ann: Members that are not known yet"}},
		},
	})
}

func TestJoinAuthors(t *testing.T) {
	ann := object(contactKind, "1", append(person("ann@example.com", "", "A"), text("name", "Ann"), liveTags("old"))...)
	annBlock := func(list ...schema.Field) func(*state.Sealer) []Desired {
		return blockOf("ann", append(list, text("email", "ann@example.com"))...)
	}
	gives := func(name string, list ...schema.Field) instance {
		return instance{name: name, match: byEmail("ann@example.com"), fields: list}
	}
	managed := func(list ...schema.Field) func(*testing.T, *state.Sealer) []*state.Record {
		return func(t *testing.T, s *state.Sealer) []*state.Record {
			return []*state.Record{record(t, s, contactKind, "ann", "1", append(list, text("email", "ann@example.com"))...)}
		}
	}
	checkJoin(t, map[string]joinCase{
		"One": {
			reason: "a block and a mapping write in one change", live: []schema.Object{ann}, records: managed(text("name", "Ann")), desired: annBlock(text("name", "Anna")),
			instances: []instance{gives("a", text("city", "B"))}, want: joinWant{Changes: []string{"update 1: city by m.a, name by ann"}, Rebased: nil},
		},
		"BlockInStep": {
			reason: "only the mapping has something to write", live: []schema.Object{ann}, records: managed(text("name", "Ann")), desired: annBlock(text("name", "Ann")),
			instances: []instance{gives("a", text("city", "B"))}, want: joinWant{Changes: []string{"update 1: city by m.a"}},
		},
		"TwoInstances": {
			reason: "so do two instances", live: []schema.Object{ann}, instances: []instance{gives("a", text("city", "B")), gives("b", text("name", "Anna"))},
			want: joinWant{Changes: []string{"update 1: city by m.a, name by m.b"}},
		},
		"OneField": {
			reason: "two authors of one field are an error", live: []schema.Object{ann}, records: managed(text("city", "A")), desired: annBlock(text("city", "A")),
			instances: []instance{gives("a", text("city", "B"))}, want: joinWant{Problems: []string{"m.a: Two authors of one field"}},
		},
		"Spared": {
			reason: "what one author no longer names is another's: nothing is written", live: []schema.Object{ann}, records: managed(includes("old")), desired: annBlock(),
			instances: []instance{gives("a", includes("old"))}, want: joinWant{Rebased: []string{"no-op 1: ann", "no-op 1: m.a"}},
		},
		"Adopted": {
			reason: "an adoption writes what the mapping gives", live: []schema.Object{ann}, desired: annBlock(text("name", "Ann")),
			instances: []instance{gives("a", text("city", "B"))}, want: joinWant{Changes: []string{"adopt 1: city by m.a"}},
		},
		"Late": {
			reason: "a value that is known after apply goes in a call of its own", live: []schema.Object{ann}, records: managed(text("name", "Ann")), desired: annBlock(text("name", "Anna")),
			instances: []instance{gives("a", schema.Field{Path: "city", Value: schema.UnknownValue()})}, want: joinWant{Changes: []string{"update 1: city by m.a apart, name by ann"}},
		},
		"Refused": {
			reason: "a refused block refuses the mappings of its object", live: []schema.Object{ann}, adjust: func(*Roster) {},
			desired: func(s *state.Sealer) []Desired {
				return []Desired{want(s, contactKind, &Block{OnExists: "error"}, "ann", text("email", "ann@example.com"))}
			},
			instances: []instance{gives("a", text("city", "B"))}, want: joinWant{Problems: []string{"ann: The object exists already"}},
		},
	})
}

func TestJoinMade(t *testing.T) {
	annBlock := blockOf("ann", text("email", "ann@example.com"), text("name", "Ann"))
	ann := object(contactKind, "1", person("ann@example.com", "+15550101", "A")...)
	gives := func(name, email string, list ...schema.Field) instance {
		return instance{name: name, match: byEmail(email), fields: list}
	}
	checkJoin(t, map[string]joinCase{
		"ByBlock": {
			reason: "a new person gets all in the create", desired: annBlock, instances: []instance{gives("a", "ann@example.com", text("city", "B"))},
			want: joinWant{Changes: []string{"create: city by m.a, email by ann, name by ann"}},
		},
		"Clash": {
			reason: "and still has one author for each field", desired: annBlock, instances: []instance{gives("a", "ann@example.com", text("name", "B"))},
			want: joinWant{Changes: []string{"create: email by ann, name by ann"}, Problems: []string{"m.a: Two authors of one field"}},
		},
		"Nothing": {
			reason: "a mapping with nothing to give is none of the authors", desired: annBlock, instances: []instance{gives("a", "ann@example.com", excludes("lapsed"))},
			want: joinWant{Changes: []string{"create: email by ann, name by ann"}},
		},
		"ByMapping": {
			reason: "a mapping makes who is missing, with what it finds them by", missing: config.MissingCreate, instances: []instance{gives("a", "ann@example.com", text("city", "B"))},
			want: joinWant{Changes: []string{"create: city by m.a, email by m.a"}},
		},
		"Twice": {
			reason: "two instances of one mapping do not make one person", missing: config.MissingCreate,
			instances: []instance{gives("a", "ann@example.com", text("city", "B")), gives("b", "ann@example.com", text("name", "N"))},
			want:      joinWant{Changes: []string{"create: city by m.a, email by m.a"}, Problems: []string{"m.b: Two instances with one target"}},
		},
		"TwoBlocks": {
			reason: "two people that are made fit", missing: config.MissingCreate,
			desired: func(s *state.Sealer) []Desired {
				b := block(1)
				return []Desired{want(s, contactKind, b, "a", person("a@example.com", "", "X")...), want(s, contactKind, b, "b", person("b@example.com", "", "X")...)}
			},
			instances: []instance{{name: "x", match: fields(text("city", "X")), fields: []schema.Field{text("name", "N")}}},
			want:      joinWant{Changes: []string{"create: city by a, email by a", "create: city by b, email by b"}, Problems: []string{"m.x: More than one object fits"}},
		},
		"LiveAndMade": {
			reason: "one lives and one is made", live: []schema.Object{ann}, missing: config.MissingCreate,
			desired:   blockOf("b", person("b@example.com", "", "A")...),
			instances: []instance{{name: "x", match: fields(text("city", "A")), fields: []schema.Field{text("name", "N")}}},
			want:      joinWant{Changes: []string{"create: city by b, email by b"}, Problems: []string{"m.x: More than one object fits"}},
		},
	})
}

func TestJoinOccupied(t *testing.T) {
	ann := object(contactKind, "1", person("ann@example.com", "+15550101", "A")...)
	gives := func(name, email string, list ...schema.Field) instance {
		return instance{name: name, match: byEmail(email), fields: list}
	}
	checkJoin(t, map[string]joinCase{
		"Occupied": {
			reason: "who is not found has the key of another one", live: []schema.Object{ann}, missing: config.MissingCreate,
			instances: []instance{{name: "a", match: fields(text("city", "Z")), fields: []schema.Field{text("email", "ann@example.com")}}},
			want:      joinWant{Problems: []string{"m.a: The natural key is taken"}},
		},
		"OccupiedLater": {
			reason: "or of one that gets it", live: []schema.Object{ann}, missing: config.MissingCreate,
			records: func(t *testing.T, s *state.Sealer) []*state.Record {
				return []*state.Record{record(t, s, contactKind, "ann", "1", text("email", "ann@example.com"))}
			},
			desired:   blockOf("ann", person("ann@example.com", "+15550109", "")...),
			instances: []instance{{name: "a", match: fields(text("city", "Z")), fields: []schema.Field{text("phone", "+15550109")}}},
			want:      joinWant{Changes: []string{"update 1: phone by ann"}, Problems: []string{"m.a: The natural key is taken"}},
		},
		"Reserved": {
			reason: "or that a block wants", live: []schema.Object{ann}, missing: config.MissingCreate,
			desired:   blockOf("ann", text("email", "new@example.com")),
			instances: []instance{{name: "a", match: fields(text("city", "Z")), fields: []schema.Field{text("email", "new@example.com")}}},
			want:      joinWant{Changes: []string{"create: email by ann"}, Problems: []string{"m.a: Two objects with one natural key"}},
		},
		"OtherPhone": {
			reason: "one phone and two addresses are two people", live: []schema.Object{ann}, missing: config.MissingCreate,
			instances: []instance{gives("b", "bob@example.com", text("phone", "+15550101"))},
			want:      joinWant{Changes: []string{"create: email by m.b, phone by m.b"}},
		},
		"Gone": {
			reason: "who was deleted is made again", missing: config.MissingCreate, instances: []instance{gives("a", "ann@example.com", text("city", "B"))},
			records: func(t *testing.T, s *state.Sealer) []*state.Record {
				return []*state.Record{mapRecord(t, s, "a", "9", byEmail("ann@example.com"), text("city", "B"))}
			},
			want: joinWant{Changes: []string{"create gone: city by m.a, email by m.a"}},
		},
	})
}
