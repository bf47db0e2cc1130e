package planner

import (
	"time"

	"lockstep/schema"
	"lockstep/schema/config"
)

// side is what agree knows of the source or the target of a field.
type side struct {
	value schema.Value
	// moved reports that the value is not that of the last apply.
	moved bool
	// version is when the object changed, as RFC 3339; other texts tell nothing.
	version string
}

// pair is one field of a mapping with its two sides.
type pair struct {
	rule *config.MappedField
	// source gives the value, in the spelling of the target. exists reports that
	// the source can be written to.
	source, target side
	exists         bool
	// silent reports that the source gives nothing at all, not even an empty text.
	silent bool
	// known reports that the two were in step once, so that moved is right, and had
	// that they had a value then.
	known, had bool
	// same reports that both sides have one value, in whatever spelling of none,
	// and echoed that the source has the target's value in its own spelling, such
	// as a number that it rounds.
	same, echoed bool
	// unset reports that the target has no value, or the server's default.
	unset bool
}

// verdict says what becomes of a pair.
type verdict uint8

// The verdicts.
const (
	// leave writes nothing and claims nothing.
	leave verdict = iota
	// keep claims the value that the target has.
	keep
	// give writes the source's value to the target.
	give
	// giveBack writes the target's value to the source.
	giveBack
	// settled is keep where the source has the value already, so that the target
	// counts as the author of the source's field.
	settled
	// empty takes the value from the target, as its source has none any more.
	empty
	// stale leaves the target with a value that its source no longer has.
	stale
)

// outcome is a verdict and what there is to say about it.
type outcome struct {
	verdict verdict
	// note says who wins when both sides moved, as a sentence part.
	note string
	// open reports a conflict that no rule decides.
	open bool
}

// agree decides between the two sides of a field. It is a pure function of the
// pair, and keeps to three rules: a value that is empty never travels, unless the
// field says that the target is emptied with its source; the side that did not
// move since both were in step takes the value of the one that did; and where both
// moved, the rule of the field decides, or nobody does.
func agree(p pair) outcome {
	switch p.rule.Direction {
	case config.Once:
		// A target that ever had a value is left alone.
		if p.known || !p.unset {
			return outcome{verdict: keep}
		}
		return outcome{verdict: give}
	case config.ToSource:
		return toSource(p)
	case config.Both:
		return bothWays(p)
	default:
		return toTarget(p)
	}
}

// decided reports whether the verdict does not depend on what the two were when they
// were in step, as it nearly never does: to find out takes a hash of each.
func (p *pair) decided() bool {
	switch p.rule.Direction {
	case config.Once:
		return !p.unset
	case config.ToSource:
		return true
	case config.Both:
		return !p.source.value.IsEmpty() && (p.same || !p.source.value.IsKnown())
	default:
		return !p.silent
	}
}

// toTarget lets the source give. Only what it gave before is taken away with it.
func toTarget(p pair) outcome {
	o := outcome{verdict: give}
	switch empties := p.rule.Clears(); {
	case !p.silent:
	case empties && (p.had || p.known && p.target.value.IsEmpty()):
		o.verdict = empty
	case !empties && p.had && !p.target.moved:
		return outcome{verdict: stale}
	default:
		return outcome{}
	}
	if p.rule.Conflict == config.ConflictSource {
		o.note = "both sides moved; the source wins"
	}
	return o
}

func toSource(p pair) outcome {
	switch {
	case !p.exists || p.target.value.IsEmpty():
		return outcome{}
	case p.echoed:
		return outcome{verdict: settled}
	default:
		return outcome{verdict: giveBack}
	}
}

func bothWays(p pair) outcome {
	without := p.source.value.IsEmpty()
	empties := without && p.rule.Clears() && p.known
	switch {
	case without && p.target.value.IsEmpty():
		if empties {
			return outcome{verdict: empty}
		}
		return outcome{}
	case !p.source.value.IsKnown(), p.same:
		return outcome{verdict: give}
	case p.target.value.IsEmpty():
		if p.known && p.source.moved && p.target.moved {
			return p.contested(outcome{verdict: give}, outcome{verdict: give})
		}
		return outcome{verdict: give}
	case !p.exists:
		// The source does not exist yet, or it is not known which it is.
		return outcome{verdict: keep}
	case without && !(empties && p.had):
		return outcome{verdict: giveBack}
	case p.rule.Plain && p.echoed:
		return outcome{verdict: settled}
	}
	gives := outcome{verdict: give}
	if without {
		gives.verdict = empty
	}
	switch {
	case p.known && !p.source.moved && p.target.moved:
		return outcome{verdict: giveBack}
	case p.known && !p.target.moved:
		return gives
	default:
		return p.contested(gives, outcome{verdict: giveBack})
	}
}

// contested decides by the rule of a field of which both sides moved, or that
// never was in step: for what comes of it if the source wins, or the target. Where
// no rule decides, the source's value is shown, and people are asked.
func (p *pair) contested(source, target outcome) outcome {
	told := "both sides moved"
	if !p.known {
		told = "the two differ and were never in step"
	}
	winner, who := p.rule.Conflict, "; the "+p.rule.Conflict+" wins"
	switch p.rule.Conflict {
	case config.ConflictSource, config.ConflictTarget:
	case config.ConflictNewest:
		winner, who = newest(p.source.version, p.target.version)
	default:
		winner, who = "", ""
	}
	won := source
	if winner == config.ConflictTarget {
		won = target
		if p.target.value.IsEmpty() {
			who += ", but it has no value, and is filled"
		}
	}
	won.note, won.open = told+who, winner == ""
	return won
}

// newest is the side whose object changed last, and how to say so.
func newest(source, target string) (winner, who string) {
	from, err := time.Parse(time.RFC3339, source)
	to, err2 := time.Parse(time.RFC3339, target)
	switch {
	case err != nil:
		return "", ", and the source does not tell when, so which is the newest is not known"
	case err2 != nil:
		return "", ", and the target does not tell when, so which is the newest is not known"
	case to.After(from):
		return config.ConflictTarget, "; the target is newer and wins"
	default:
		return config.ConflictSource, "; the source is newer and wins"
	}
}
