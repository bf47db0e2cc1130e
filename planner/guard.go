package planner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"lockstep/schema"
)

// Limit is a share of a kind together with a count.
type Limit struct {
	// Percent of the managed objects of a kind.
	Percent float64
	// Count of objects.
	Count int
}

// The rules by which an apply is refused.
const (
	RuleDeletes    = "max_deletes"
	RuleChanges    = "max_changes"
	RuleConflict   = "conflict"
	RuleUnrecorded = "unrecorded"
	// RuleForeseen refuses what a provider foresees of a write.
	RuleForeseen = "foreseen"
)

// Guard holds an apply back that would delete or change more than is usual.
type Guard struct {
	// MaxDeletes refuses more deletes than both its count and its share.
	MaxDeletes Limit
	// MaxChanges refuses changes of more than its share, of kinds with at
	// least its count of objects. Making again what is gone is a change.
	MaxChanges Limit
}

// objectsOf are the objects of one kind in one account.
type objectsOf struct{ provider, kind string }

// tally counts what a plan does to objects. again are creates of objects that
// existed before, and along are deletes of objects that go with a parent.
type tally struct {
	deletes, updates, creates, again, along map[objectsOf]int
	// ends are the kinds in along whose objects have an end.
	ends map[objectsOf]bool
}

// tally counts the objects that a plan deletes, changes and creates.
func (p *Plan) tally() tally {
	t := tally{map[objectsOf]int{}, map[objectsOf]int{}, map[objectsOf]int{}, map[objectsOf]int{}, map[objectsOf]int{}, map[objectsOf]bool{}}
	for i := range p.Changes {
		c := &p.Changes[i]
		if c.Kind == nil {
			continue
		}
		k := objectsOf{c.Provider, c.Kind.Name}
		for _, a := range c.Along {
			if a.Attribute != "" {
				continue // they are no objects
			}
			child := objectsOf{c.Provider, a.Kind.Name}
			t.deletes[child] += a.Count
			t.along[child] += a.Count
			t.ends[child] = a.Kind.Ends != ""
		}
		switch {
		case c.Action == Delete || c.Action == Replace:
			t.deletes[k]++
		case c.finishes(), c.restores():
			// It writes to what the plan before this one made, or what this one lost.
		case c.Action == Update || c.Action == Adopt && len(c.Fields) > 0:
			t.updates[k]++
		case c.Action == Create:
			t.creates[k]++
			if c.Gone {
				t.again[k]++
			}
		}
	}
	return t
}

// finishes reports whether a change only writes what an earlier apply was to
// give the object that it made.
func (c *Change) finishes() bool {
	return c.Unfinished && !slices.ContainsFunc(c.Fields, func(f FieldChange) bool {
		return f.HasBase && (!f.IsSet() || len(f.Remove) > 0)
	})
}

// Check says what the guard refuses in a plan.
func (g Guard) Check(p *Plan) []Refusal {
	t, dependents := p.tally(), p.dependents()
	var refusals []Refusal
	for _, s := range t.guarded(p.Kinds) {
		k := objectsOf{s.Provider, s.Kind}
		// New objects must not dilute the share of those that go away.
		existing := s.Managed - t.creates[k]
		if t.along[k] > 0 {
			// What goes along need not be managed.
			existing = max(existing, t.deletes[k])
			if !t.ends[k] {
				// History must not dilute the share of what is still to come.
				existing = max(existing, s.Live)
			}
		}
		n := t.deletes[k]
		var why []string
		if n > g.MaxDeletes.Count && above(n, existing, g.MaxDeletes.Percent) {
			why = append(why, fmt.Sprintf("%s of %s %s would be deleted%s (the guard allows %s, or %g %%).", schema.Thousands(n), schema.Thousands(existing), s.Kind, goneAlong(t.along[k]), schema.Thousands(g.MaxDeletes.Count), g.MaxDeletes.Percent))
		}
		if d := dependents[k]; d != nil {
			why = append(why, d.text(n))
		}
		if len(why) > 0 {
			refusals = append(refusals, Refusal{Rule: RuleDeletes, Provider: s.Provider, Kind: s.Kind, Count: n, Of: existing, Message: strings.Join(why, " ")})
		}
		// That most of a kind is gone is more often the wrong account than a wish
		// to have it all made again.
		if n := t.updates[k] + t.again[k]; s.Managed >= g.MaxChanges.Count && above(n, s.Managed, g.MaxChanges.Percent) {
			refusals = append(refusals, Refusal{
				Rule: RuleChanges, Provider: s.Provider, Kind: s.Kind, Count: n, Of: s.Managed,
				Message: fmt.Sprintf("%s of %s %s would be changed%s (the guard allows %g %%).", schema.Thousands(n), schema.Thousands(s.Managed), s.Kind, madeAgain(t.again[k]), g.MaxChanges.Percent),
			})
		}
	}
	return withAdvice(append(refusals, g.values(p)...))
}

// guarded are the kinds of a plan, and those of which it only deletes what goes
// along.
func (t *tally) guarded(kinds []KindSummary) []KindSummary {
	all := slices.Clone(kinds)
	for k := range t.along {
		if !slices.ContainsFunc(kinds, func(s KindSummary) bool { return s.Provider == k.provider && s.Kind == k.kind }) {
			all = append(all, KindSummary{Provider: k.provider, Kind: k.kind})
		}
	}
	slices.SortFunc(all[len(kinds):], func(a, b KindSummary) int {
		return cmp.Or(strings.Compare(a.Provider, b.Provider), strings.Compare(a.Kind, b.Kind))
	})
	return all
}

func goneAlong(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", %s of them along with what they belong to", schema.Thousands(n))
}

func madeAgain(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", %s of them made again, because they are gone from the CRM", schema.Thousands(n))
}

// withAdvice ends each message with the flag that lifts the refusal: the
// number is that of all kinds together.
func withAdvice(refusals []Refusal) []Refusal {
	total := totals(refusals)
	for i := range refusals {
		r := &refusals[i]
		r.Message += fmt.Sprintf(" If that is meant, give %s=%d.", acceptFlag(r.Rule), total[r.Rule])
	}
	return refusals
}

// acceptFlag is the flag that lifts the refusals of a rule.
func acceptFlag(rule string) string {
	if rule == RuleDeletes {
		return "-accept-deletes"
	}
	return "-accept-changes"
}

// Flags are the flags of apply that lift refusals of the guard, such as
// "-accept-deletes=20".
func Flags(refusals []Refusal) []string {
	total := totals(refusals)
	var flags []string
	for _, rule := range []string{RuleDeletes, RuleChanges} {
		if total[rule] > 0 {
			flags = append(flags, fmt.Sprintf("%s=%d", acceptFlag(rule), total[rule]))
		}
	}
	return flags
}

func totals(refusals []Refusal) map[string]int {
	total := map[string]int{}
	for _, r := range refusals {
		total[r.Rule] += r.Count
	}
	return total
}

func above(n, of int, percent float64) bool { return float64(n)*100 > float64(of)*percent }

// Accepted removes the refusals of the guard whose numbers were named. Each
// number must be that of all kinds together, or of one kind, which it then
// lifts alone.
func Accepted(refusals []Refusal, deletes, changes int) []Refusal {
	total := totals(refusals)
	named := map[string]int{RuleDeletes: deletes, RuleChanges: changes}
	return slices.DeleteFunc(slices.Clone(refusals), func(r Refusal) bool {
		n, ok := named[r.Rule]
		return ok && n > 0 && (n == r.Count || n == total[r.Rule])
	})
}

// ConflictRefusals lists the conflicts of a plan, one refusal for each author of
// an object.
func ConflictRefusals(p *Plan) []Refusal {
	var refusals []Refusal
	for _, i := range p.Conflicts() {
		c := &p.Changes[i]
		for n, a := range c.Authors() {
			if text := c.conflictText(n); text != "" {
				refusals = append(refusals, Refusal{Rule: RuleConflict, Provider: c.Provider, Kind: c.Kind.Name, Count: 1, Message: Called(a.Address, c.Kind, c.Live) + ": " + text})
			}
		}
	}
	return refusals
}

// conflictText tells which fields of an author are in conflict, and what to do;
// it is empty when there are none.
func (c *Change) conflictText(author int) string {
	var paths []string
	never := false
	for _, f := range c.Fields {
		if f.By == author && f.Conflict {
			paths, never = append(paths, f.Path), never || !f.HasBase
		}
	}
	names := strings.Join(paths, ", ")
	switch {
	case len(paths) == 0:
		return ""
	case !c.Wants(author).Address.Mapping():
		return names + " changed in the files and in the CRM since the last apply. Give -on-conflict=config to do what the files say, -on-conflict=live to keep what the CRM has, or apply a saved plan that was looked at."
	case never:
		names = "the two sides differ in " + names + " and were never in step"
	default:
		names += " changed on both sides since they were last in step"
	}
	return names + ". Give -on-conflict=config to write the source's value, -on-conflict=live to keep the target's, or say in the field which side wins: conflict = \"source\"."
}
