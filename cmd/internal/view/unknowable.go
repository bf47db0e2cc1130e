package view

import (
	"fmt"
	"time"

	"lockstep/planner"
)

// unknowable tells of the objects that only the state knows: no call tells whether
// they exist, so nothing can be said of them but when they were recorded.
func (v *planView) unknowable(p *planner.Plan) {
	told := false
	for _, k := range p.Kinds {
		if k.Unknowable.Count == 0 {
			continue
		}
		const prefix = "Recorded: "
		text := fmt.Sprintf("%s of %s %s.", plural(k.Unknowable.Count, "object", "objects"), k.Kind, recorded(k.Unknowable))
		v.line("%s%s", v.paint.yellow(prefix), Fit(prefix+text, v.o.Width)[len(prefix):])
		told = true
	}
	if told {
		v.line("")
	}
}

// recorded is when objects were recorded that cannot be checked.
func recorded(u planner.Unknowable) string {
	first, last := day(u.First), day(u.Last)
	switch {
	case u.First == 0:
		return "recorded, cannot be checked"
	case first == last:
		return "recorded " + first + ", cannot be checked"
	default:
		return "recorded " + first + " to " + last + ", cannot be checked"
	}
}

// day is the date of a time in Unix seconds, by UTC.
func day(at int64) string { return time.Unix(at, 0).UTC().Format(time.DateOnly) }

// unknowables counts the objects of a plan that cannot be checked.
func unknowables(p *planner.Plan) int {
	n := 0
	for _, k := range p.Kinds {
		n += k.Unknowable.Count
	}
	return n
}
