package planner

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/schema"
	"lockstep/schema/config"
)

func TestAgreeOneWay(t *testing.T) {
	filled := side{value: str("A")}
	cases := map[string]struct {
		reason string
		in     pair
		want   outcome
	}{
		"Given":            {"the source gives", pair{rule: rule(config.ToTarget, ""), source: filled, target: side{value: str("B")}}, outcome{verdict: give}},
		"GivenAlways":      {"who wins is told where a rule says so", pair{rule: rule(config.ToTarget, config.ConflictSource), source: filled}, outcome{verdict: give, note: "both sides moved; the source wins"}},
		"Once":             {"a target without a value gets one", pair{rule: rule(config.Once, ""), source: filled, unset: true}, outcome{verdict: give}},
		"OnceSet":          {"a value that is there stays", pair{rule: rule(config.Once, ""), source: filled, target: side{value: str("B")}}, outcome{verdict: keep}},
		"OnceEmptied":      {"a value that was taken away stays away", pair{rule: rule(config.Once, ""), source: filled, known: true, unset: true}, outcome{verdict: keep}},
		"Back":             {"the target gives", pair{rule: rule(config.ToSource, ""), target: filled, exists: true}, outcome{verdict: giveBack}},
		"BackEmpty":        {"an empty value does not travel", pair{rule: rule(config.ToSource, ""), source: filled, exists: true}, outcome{}},
		"BackNowhere":      {"there is no source to write to", pair{rule: rule(config.ToSource, ""), target: filled}, outcome{}},
		"BackEchoed":       {"the source has it already, in its own spelling", pair{rule: rule(config.ToSource, ""), target: filled, exists: true, echoed: true}, outcome{verdict: settled}},
		"BackEmptyThenOld": {"that both were in step does not let it travel either", pair{rule: rule(config.ToSource, ""), source: filled, exists: true, known: true, target: side{moved: true}}, outcome{}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, agree(tc.in), cmp.AllowUnexported(outcome{})); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestAgreeBothWays(t *testing.T) {
	a, b := str("A"), str("B")
	cases := map[string]struct {
		reason string
		// in is completed with the rule, and a source that exists.
		in   pair
		want outcome
	}{
		"Nothing":      {"neither side has a value", pair{}, outcome{}},
		"NotKnown":     {"what the source gives is known after apply", pair{source: side{value: schema.UnknownValue()}, target: side{value: b}}, outcome{verdict: give}},
		"First":        {"the target is empty", pair{source: side{value: a}}, outcome{verdict: give}},
		"Same":         {"both have one value, which is claimed", pair{source: side{value: a}, target: side{value: a}, same: true}, outcome{verdict: give}},
		"SourceEmpty":  {"the source is empty", pair{target: side{value: b}}, outcome{verdict: giveBack}},
		"Emptied":      {"an emptied source does not empty the target", pair{source: side{moved: true}, target: side{value: b}, known: true}, outcome{verdict: giveBack}},
		"EmptiedThere": {"nor the other way round", pair{source: side{value: a}, target: side{moved: true}, known: true}, outcome{verdict: give}},
		"TargetMoved":  {"the side that moved gives", pair{source: side{value: a}, target: side{value: b, moved: true}, known: true}, outcome{verdict: giveBack}},
		"SourceMoved":  {"whichever it is", pair{source: side{value: a, moved: true}, target: side{value: b}, known: true}, outcome{verdict: give}},
		"NoneMoved":    {"they differ by spelling only: the source counts", pair{source: side{value: a}, target: side{value: b}, known: true}, outcome{verdict: give}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			for _, conflict := range []string{config.ConflictError, config.ConflictSource, config.ConflictTarget, config.ConflictNewest} {
				tc.in.rule, tc.in.exists = rule(config.Both, conflict), true
				if diff := cmp.Diff(tc.want, agree(tc.in), cmp.AllowUnexported(outcome{})); diff != "" {
					t.Errorf("%s: conflict = %s: -want +got:\n%s", tc.reason, conflict, diff)
				}
			}
		})
	}
	t.Run("NoSource", func(t *testing.T) {
		got := agree(pair{rule: rule(config.Both, ""), source: side{value: a, moved: true}, target: side{value: b, moved: true}, known: true})
		if diff := cmp.Diff(outcome{verdict: keep}, got, cmp.AllowUnexported(outcome{})); diff != "" {
			t.Errorf("which source it is is not known yet: -want +got:\n%s", diff)
		}
	})
}

func TestAgreeContested(t *testing.T) {
	const older, newer = "2026-03-01T10:00:00Z", "2026-03-01T12:00:00+01:00"
	const moved, never = "both sides moved", "the two differ and were never in step"
	cases := map[string]struct {
		reason         string
		conflict       string
		source, target string // versions
		known          bool
		want           outcome
	}{
		"Source":      {"the rule says who", config.ConflictSource, "", "", true, outcome{verdict: give, note: moved + "; the source wins"}},
		"Target":      {"the rule says who", config.ConflictTarget, "", "", true, outcome{verdict: giveBack, note: moved + "; the target wins"}},
		"Never":       {"two that never were in step are as two that moved", config.ConflictTarget, "", "", false, outcome{verdict: giveBack, note: never + "; the target wins"}},
		"Error":       {"nobody decides", config.ConflictError, older, newer, true, outcome{verdict: give, note: moved, open: true}},
		"NeverError":  {"nobody decides", config.ConflictError, older, newer, false, outcome{verdict: give, note: never, open: true}},
		"NewerTarget": {"times are compared, not their spelling", config.ConflictNewest, older, newer, true, outcome{verdict: giveBack, note: moved + "; the target is newer and wins"}},
		"NewerSource": {"the source is newer", config.ConflictNewest, newer, older, true, outcome{verdict: give, note: moved + "; the source is newer and wins"}},
		"Equal":       {"of one time, the source counts as the newer one", config.ConflictNewest, older, older, true, outcome{verdict: give, note: moved + "; the source is newer and wins"}},
		"NoTime":      {"a version that is no time tells nothing", config.ConflictNewest, "v7", newer, true, outcome{verdict: give, note: moved + ", and the source does not tell when, so which is the newest is not known", open: true}},
		"NoTimeThere": {"of neither side", config.ConflictNewest, older, "", true, outcome{verdict: give, note: moved + ", and the target does not tell when, so which is the newest is not known", open: true}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := agree(pair{
				rule: rule(config.Both, tc.conflict), exists: true, known: tc.known,
				source: side{value: str("A"), moved: true, version: tc.source}, target: side{value: str("B"), moved: true, version: tc.target},
			})
			if diff := cmp.Diff(tc.want, got, cmp.AllowUnexported(outcome{})); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestAgreeRules holds the three rules over every pair that there can be.
func TestAgreeRules(t *testing.T) {
	n := 0
	for p := range allPairs() {
		n++
		got := agree(p)
		in := fmt.Sprintf("%s %s %+v -> %+v", p.rule.Direction, p.rule.Conflict, p, got)
		back := got.verdict == giveBack
		if back && (p.target.value.IsEmpty() || !p.exists || p.rule.Direction == config.ToTarget || p.rule.Direction == config.Once) {
			t.Errorf("nothing goes back to where it cannot, and nothing empty: %s", in)
		}
		if p.rule.Direction == config.ToSource && got.verdict == give {
			t.Errorf("the source gives nothing: %s", in)
		}
		if got.verdict == empty && (!p.rule.Clears() || !p.source.value.IsEmpty() || !p.known) {
			t.Errorf("nothing is emptied unasked, nor what was never given: %s", in)
		}
		if p.rule.Direction != config.Both {
			continue
		}
		if got.verdict == give && p.source.value.IsEmpty() {
			t.Errorf("an empty value does not travel: %s", in)
		}
		if got.open && (p.known && !(p.source.moved && p.target.moved) || p.same) {
			t.Errorf("no conflict where one side stood still: %s", in)
		}
		if got.open && p.rule.Conflict != config.ConflictError && p.rule.Conflict != config.ConflictNewest {
			t.Errorf("a rule decides: %s", in)
		}
	}
	if n != 4*4*(1<<13) {
		t.Errorf("%d pairs tried, want %d", n, 4*4*(1<<13))
	}
}

// allPairs yields every combination of what agree looks at.
func allPairs() func(yield func(pair) bool) {
	values := map[bool]schema.Value{true: str("A")}
	return func(yield func(pair) bool) {
		for _, direction := range []string{config.ToTarget, config.ToSource, config.Both, config.Once} {
			for _, conflict := range []string{config.ConflictError, config.ConflictSource, config.ConflictTarget, config.ConflictNewest} {
				for bits := range 1 << 13 {
					bit := func(n int) bool { return bits&(1<<n) != 0 }
					p := pair{
						rule: rule(direction, conflict), exists: bit(0), known: bit(1), same: bit(2) && bit(7) == bit(8), echoed: bit(3), unset: bit(4),
						source: side{moved: bit(5), value: values[bit(7)]}, target: side{moved: bit(6), value: values[bit(8)]},
						had: bit(9) && bit(1), silent: bit(10) && !bit(7),
					}
					if p.rule.Plain = bit(11); bit(12) {
						p.rule.Clear = new(bool)
						*p.rule.Clear = true
					}
					if !yield(p) {
						return
					}
				}
			}
		}
	}
}
