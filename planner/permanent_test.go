package planner

import (
	"testing"

	"lockstep/planner/state"
	"lockstep/schema"
)

func remark(value string) schema.Field { return text("text", value) }

// TestPermanent forgets what cannot be deleted, and replaces none of it.
func TestPermanent(t *testing.T) {
	kind := schema.Kind{
		Name: "crm_remark", Noun: "remark", Plural: "remarks", Loss: schema.Loss{Lasting: schema.Permanent}, Keys: []schema.NaturalKey{{"text"}},
		Attributes: []schema.Attribute{{Name: "text", Required: true, Immutable: true}},
	}
	live := []schema.Object{object(&kind, "1", remark("good"))}
	records := func(flags state.Flags) func(*testing.T, *state.Sealer) []*state.Record {
		return func(t *testing.T, s *state.Sealer) []*state.Record {
			r := record(t, s, &kind, "good", "1", remark("good"))
			r.SetFlags(flags)
			return []*state.Record{r}
		}
	}
	other := func(s *state.Sealer) []Desired { return []Desired{want(s, &kind, block(3), "good", remark("bad"))} }
	forget, sum := []string{"forget good id=1"}, KindSummary{Managed: 1, Live: 1, FileMoved: 1}
	checkPair(t, &kind, map[string]pairCase{
		"Gone":     {"no longer in the files", pairIn{live: live, records: records(state.Flags{}), desired: nothing}, pairWant{Changes: forget, Summary: sum}},
		"OnDelete": {"on_destroy = delete asks for what cannot be", pairIn{live: live, records: records(state.Flags{OnDestroy: "delete"}), desired: nothing}, pairWant{Changes: forget, Summary: sum}},
		"Removed": {"so does a removed block", pairIn{live: live, records: records(state.Flags{}), desired: nothing, adjust: func(m *Roster) {
			m.Removals[address(&kind, "").Block()] = true
		}}, pairWant{Changes: forget, Summary: sum}},
		"Replaced": {"another text would be another object", pairIn{live: live, records: records(state.Flags{}), desired: other},
			pairWant{Problems: []string{"good: The object cannot be replaced"}, Summary: KindSummary{Live: 1}}},
	})
}

// TestIrreplaceable deletes what goes, and refuses to put another in its place.
func TestIrreplaceable(t *testing.T) {
	kind := schema.Kind{
		Name: "crm_remark", Noun: "remark", Plural: "remarks", Loss: schema.Loss{Lasting: schema.Irreplaceable}, Keys: []schema.NaturalKey{{"text"}},
		Attributes: []schema.Attribute{{Name: "text", Required: true, Immutable: true}},
	}
	live := []schema.Object{object(&kind, "1", remark("good"))}
	records := func(t *testing.T, s *state.Sealer) []*state.Record {
		return []*state.Record{record(t, s, &kind, "good", "1", remark("good"))}
	}
	other := func(s *state.Sealer) []Desired { return []Desired{want(s, &kind, block(3), "good", remark("bad"))} }
	checkPair(t, &kind, map[string]pairCase{
		"Gone": {"a block that goes deletes", pairIn{live: live, records: records, desired: nothing},
			pairWant{Changes: []string{"delete good id=1 text"}, Summary: KindSummary{Managed: 1, Live: 1, FileMoved: 1}}},
		"Replaced": {"too much belongs to it", pairIn{live: live, records: records, desired: other},
			pairWant{Problems: []string{"good: The object is not replaced"}, Summary: KindSummary{Live: 1}}},
	})
}
