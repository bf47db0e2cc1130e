package planner

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/zclconf/go-cty/cty"

	"lockstep/planner/state"
	"lockstep/schema"
	"lockstep/schema/config"
)

var runnerKind = &schema.Kind{
	Name: "run_runner", Noun: "runner", Plural: "runners",
	Attributes: []schema.Attribute{
		{Name: "town", Type: cty.String, Optional: true},
		{Name: "club", Type: cty.String, Optional: true, Immutable: true},
	},
}

// writtenBack joins a person with a runner whose town differs, and writes it back
// to the runner, of whom there may be a record and a block.
func writtenBack(t *testing.T, of func(*testing.T, *state.Sealer) []*state.Record, desired func(*state.Sealer) []Desired, settled []string) (got, problems []string) {
	ann := object(contactKind, "1", person("ann@example.com", "", "B")...)
	runner := object(runnerKind, "r", text("town", "A"), text("club", "C"))
	s := newSealer(t, "plain")
	contacts := roster(s, contactKind, []schema.Object{ann}, mapRecord(t, s, "ann", "1", byEmail("ann@example.com"), text("city", "A")))
	d := instance{
		name: "ann", match: byEmail("ann@example.com"), fields: []schema.Field{text("city", "A")},
		rules: []*config.MappedField{rule(config.Both, config.ConflictError)}, source: &runner,
	}.of(s, block(9), config.MissingSkip)
	joined := contacts.Join([]Instance{d})[0]
	joined.InStep(settled)
	var records []*state.Record
	if of != nil {
		records = of(t, s)
	}
	runners := roster(s, runnerKind, []schema.Object{runner}, records...)
	if desired != nil {
		runners.Pair(desired(s))
	}
	runners.WriteBack(&d, &joined, joined.Back)
	decided := all(runners)
	for i := range decided.Changes {
		got = append(got, authoredText(&decided.Changes[i]))
	}
	for _, p := range runners.Problems {
		problems = append(problems, fmt.Sprintf("%s: %s (%s)", who(p.Address), p.Summary, p.Path))
	}
	return got, problems
}

func TestWriteBack(t *testing.T) {
	runnerRecord := func(list ...schema.Field) func(*testing.T, *state.Sealer) []*state.Record {
		return func(t *testing.T, s *state.Sealer) []*state.Record {
			return []*state.Record{record(t, s, runnerKind, "ann", "r", list...)}
		}
	}
	runnerBlock := func(list ...schema.Field) func(*state.Sealer) []Desired {
		return func(s *state.Sealer) []Desired { return []Desired{want(s, runnerKind, block(1), "ann", list...)} }
	}
	cases := map[string]struct {
		reason string
		// records and desired objects of the source.
		records func(*testing.T, *state.Sealer) []*state.Record
		desired func(*state.Sealer) []Desired
		// settled are paths that the source has in its own spelling.
		settled        []string
		want, problems []string
	}{
		"Alone":    {reason: "the source is nobody's", want: []string{"update r: town by m.ann<"}},
		"Managed":  {reason: "its block writes another field", records: runnerRecord(text("club", "C")), desired: runnerBlock(text("club", "C")), want: []string{"update r: town by m.ann<"}},
		"Clash":    {reason: "its block writes the same one", records: runnerRecord(text("town", "A")), desired: runnerBlock(text("town", "A")), problems: []string{"m.ann<: Two authors of one field (city)"}},
		"Leaves":   {reason: "what is about to be deleted is not written to", records: runnerRecord(text("club", "C")), want: []string{"delete r: club by ann, town by ann"}},
		"Replaced": {reason: "nor what is about to be replaced", records: runnerRecord(text("club", "C")), desired: runnerBlock(text("club", "D")), want: []string{"replace r: club by ann"}},
		"Settled":  {reason: "what the source has already does not go back", settled: []string{"city"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, problems := writtenBack(t, tc.records, tc.desired, tc.settled)
			if diff := cmp.Diff([][]string{tc.want, tc.problems}, [][]string{got, problems}, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s: changes, problems: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestBack holds which fields go back, and what the target's record keeps until
// they are there.
func TestBack(t *testing.T) {
	type told struct {
		Back, Gives, Kept []string
		Conflict          bool
		Note              string
	}
	cases := map[string]struct {
		reason               string
		direction, conflict  string
		source, target, base string
		want                 told
	}{
		"TargetMoved": {"the side that moved goes back", config.Both, config.ConflictError, "A", "B", "A", told{Back: []string{"town"}, Gives: []string{"city"}, Kept: []string{"city"}}},
		"SourceMoved": {"the source moved: nothing goes back", config.Both, config.ConflictError, "B", "A", "A", told{}},
		"BothMoved":   {"nobody decides: the change is in conflict", config.Both, config.ConflictError, "B", "C", "A", told{Conflict: true, Note: "both sides moved"}},
		"TargetWins": {"a rule decides", config.Both, config.ConflictTarget, "B", "C", "A",
			told{Back: []string{"town"}, Gives: []string{"city"}, Kept: []string{"city"}}},
		"SourceWins": {"a rule decides, and the change says how", config.Both, config.ConflictSource, "B", "C", "A", told{Note: "both sides moved; the source wins"}},
		"ToSource":   {"only the way back", config.ToSource, "", "A", "B", "", told{Back: []string{"town"}, Gives: []string{"city"}, Kept: []string{"city"}}},
		"Echoed":     {"the source has it already: the target is its author all the same", config.ToSource, "", "B", "B", "", told{Gives: []string{"city"}}},
		"Empty":      {"nothing to give back", config.ToSource, "", "A", "", "", told{}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := newSealer(t, "plain")
			var records []*state.Record
			if tc.base != "" {
				records = append(records, mapRecord(t, s, "ann", "1", byEmail("ann@example.com"), text("city", tc.base)))
			}
			runner := object(runnerKind, "r", text("town", tc.source))
			r := roster(s, contactKind, []schema.Object{object(contactKind, "1", person("ann@example.com", "", tc.target)...)}, records...)
			joined := r.Join([]Instance{instance{
				name: "ann", match: byEmail("ann@example.com"), fields: []schema.Field{text("city", tc.source)},
				rules: []*config.MappedField{rule(tc.direction, tc.conflict)}, source: &runner,
			}.of(s, block(9), config.MissingSkip)})[0]
			got := told{Kept: joined.part.kept}
			for _, f := range joined.Back {
				got.Back = append(got.Back, f.Path)
			}
			for _, f := range joined.Gives {
				got.Gives = append(got.Gives, f.Path)
			}
			for _, f := range joined.part.fields {
				got.Conflict, got.Note = f.Conflict, f.Note
			}
			if diff := cmp.Diff(tc.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}
