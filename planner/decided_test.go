package planner

import (
	"testing"

	"pgregory.net/rapid"

	"lockstep/schema"
	"lockstep/schema/config"
)

// TestDecided holds that what a pair was when both sides were in step makes no
// difference where it is not asked for.
func TestDecided(t *testing.T) {
	values := []schema.Value{{}, str(""), str("A"), str("B"), schema.UnknownValue()}
	rapid.Check(t, func(t *rapid.T) {
		truth := func(name string) bool { return rapid.Bool().Draw(t, name) }
		p := pair{
			rule: &config.MappedField{
				Direction: rapid.SampledFrom([]string{config.ToTarget, config.ToSource, config.Both, config.Once}).Draw(t, "direction"),
				Conflict:  rapid.SampledFrom([]string{"", config.ConflictSource, config.ConflictTarget, config.ConflictNewest, "error"}).Draw(t, "conflict"),
				Plain:     truth("plain"),
			},
			source: side{value: rapid.SampledFrom(values).Draw(t, "source")}, target: side{value: rapid.SampledFrom(values).Draw(t, "target")},
			exists: truth("exists"), silent: truth("silent"), same: truth("same"), echoed: truth("echoed"), unset: truth("unset"),
		}
		if clear := rapid.IntRange(0, 2).Draw(t, "clear"); clear > 0 {
			p.rule.Clear = new(bool)
			*p.rule.Clear = clear == 2
		}
		if !p.decided() {
			t.Skip("the base is asked for")
		}
		without := agree(p)
		p.known, p.had, p.source.moved, p.target.moved = truth("known"), truth("had"), truth("source moved"), truth("target moved")
		if with := agree(p); with != without {
			t.Fatalf("%+v without the base, and %+v with it, of %+v", without, with, p)
		}
	})
}
