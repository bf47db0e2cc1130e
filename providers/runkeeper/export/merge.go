package export

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Horizon is the first clock on the wall that is after the day an export was
// made, wherever on earth: what begins then was recorded by a wrong clock.
func Horizon(made time.Time) time.Time {
	const east = 14 * time.Hour // how far clocks may be ahead of the one that made it
	tomorrow := time.Date(made.Year(), made.Month(), made.Day()+1, 0, 0, 0, 0, time.UTC)
	if far := made.Add(east); far.After(tomorrow) {
		return far
	}
	return tomorrow
}

// began is the year in which Runkeeper began. What lies before was typed in, or
// recorded by a wrong clock, and does not tell what an export spans.
const began = 2008

// span is the time that an export is right about.
type span struct {
	first, last time.Time
}

func (s *span) add(t time.Time) {
	if s.first.IsZero() || t.Before(s.first) {
		s.first = t
	}
	if t.After(s.last) {
		s.last = t
	}
}

func (s *span) holds(t time.Time) bool { return !t.Before(s.first) && !t.After(s.last) }

// edition is what was exported at one time: all parts of one stamp.
type edition struct {
	parts []*part
	made  time.Time
	// known are its first and last row, of activities or measurements. measures is
	// set when it has a table of measurements.
	known    span
	measures bool
}

func newEdition(parts []*part) *edition {
	ed := &edition{parts: parts, made: parts[0].made}
	for _, p := range parts {
		ed.measures = ed.measures || p.measured
		for i := range p.activities {
			ed.add(p.activities[i].Start)
		}
		for i := range p.measurements {
			ed.add(p.measurements[i].Time)
		}
	}
	return ed
}

func (ed *edition) add(t time.Time) {
	if t.Year() >= began && !ed.ahead(t) {
		ed.known.add(t)
	}
}

// ahead reports whether a time lies after the day that the edition was made.
func (ed *edition) ahead(t time.Time) bool { return !ed.made.IsZero() && !t.Before(Horizon(ed.made)) }

// editions divides parts, the newest first.
func editions(parts []*part) []*edition {
	slices.SortStableFunc(parts, func(a, b *part) int { return b.stamp.Compare(a.stamp) })
	var all []*edition
	for len(parts) > 0 {
		n := 1
		for n < len(parts) && parts[n].stamp.Equal(parts[0].stamp) {
			n++
		}
		all = append(all, newEdition(parts[:n]))
		parts = parts[n:]
	}
	return all
}

// merge joins parts. The newest edition is right about its span.
func merge(parts []*part) (*Export, error) {
	all := editions(parts)
	e := &Export{Made: all[0].made}
	if err := e.identify(parts); err != nil {
		return nil, err
	}
	if err := contradict(all); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for i, ed := range all {
		e.take(ed, all[:i], seen)
	}
	for _, p := range parts {
		e.Warnings = append(e.Warnings, p.warnings...)
	}
	slices.SortStableFunc(e.Activities, func(a, b Activity) int {
		return cmp.Or(b.Start.Compare(a.Start), cmp.Compare(a.ID, b.ID))
	})
	slices.SortStableFunc(e.Measurements, func(a, b Measurement) int {
		return cmp.Or(b.Time.Compare(a.Time), cmp.Compare(a.Type, b.Type), cmp.Compare(a.ID, b.ID))
	})
	return e, nil
}

// identify finds the one account that the exports are of.
func (e *Export) identify(parts []*part) error {
	from := ""
	for _, p := range parts {
		switch {
		case p.userID == "" || p.userID == e.UserID:
		case e.UserID != "":
			return &Error{Path: p.path, Problem: fmt.Sprintf("is of the account %s, while %s is of %s", p.userID, from, e.UserID), Advice: adviceOnePerson}
		default:
			e.UserID, from = p.userID, p.path
		}
	}
	return nil
}

// take adds what an edition has that newer ones do not decide.
func (e *Export) take(ed *edition, newer []*edition, seen map[string]bool) {
	late := 0
	for _, p := range ed.parts {
		nameActivities(p.activities)
		for i := range p.activities {
			a := p.activities[i]
			if seen[a.ID] || len(newer) > 0 && ed.ahead(a.Start) || slices.ContainsFunc(newer, func(n *edition) bool { return n.known.holds(a.Start) }) {
				continue
			}
			if len(newer) > 0 && a.Start.After(newer[0].known.last) {
				late++
			}
			seen[a.ID] = true
			e.Activities = append(e.Activities, a)
		}
		nameMeasurements(p.measurements)
		for _, m := range p.measurements {
			decided := slices.ContainsFunc(newer, func(n *edition) bool { return n.measures && n.known.holds(m.Time) })
			if !decided && !seen[m.ID] {
				seen[m.ID] = true
				e.Measurements = append(e.Measurements, m)
			}
		}
	}
	if late > 0 {
		e.warnLate(late, ed, newer[0])
	}
}

// warnLate tells that a newer export ends before an older one does: either it was
// asked for up to a day only, or what is missing was deleted.
func (e *Export) warnLate(count int, old, newest *edition) {
	e.Warnings = append(e.Warnings, Warning{Path: newest.parts[0].path, Problem: fmt.Sprintf(
		"ends on %s, and the older %s has activities after that, which count: %d. Take the older export out if they were deleted",
		newest.known.last.Format(time.DateOnly), old.parts[0].path, count)})
}

// contradict refuses exports that cannot be of one person: over the same days, they
// agree about no activity.
func contradict(all []*edition) error {
	for i, ed := range all {
		// Without a time of making, what has one stamp need not be one export.
		for j := 1; j < len(ed.parts) && ed.made.IsZero(); j++ {
			if a, b := ed.parts[j-1:j], ed.parts[j:j+1]; strangers(newEdition(a), newEdition(b)) {
				return twoPeople(a[0], b[0])
			}
		}
		if i > 0 && strangers(all[i-1], ed) {
			return twoPeople(all[i-1].parts[0], ed.parts[0])
		}
	}
	return nil
}

// alike is how many activities over the same days both of two exports must have
// before they can contradict each other: some may have been deleted.
const alike = 2

func strangers(a, b *edition) bool {
	both := span{first: a.known.first, last: a.known.last}
	if b.known.first.After(both.first) {
		both.first = b.known.first
	}
	if b.known.last.Before(both.last) {
		both.last = b.known.last
	}
	starts := a.starts(&both)
	others := b.starts(&both)
	if len(starts) < alike || len(others) < alike {
		return false
	}
	for start := range starts {
		if others[start] {
			return false
		}
	}
	return true
}

// starts are when activities within a span began.
func (ed *edition) starts(within *span) map[time.Time]bool {
	found := map[time.Time]bool{}
	for _, p := range ed.parts {
		for i := range p.activities {
			if start := p.activities[i].Start; within.holds(start) {
				found[start] = true
			}
		}
	}
	return found
}

func twoPeople(newer, older *part) error {
	return &Error{Path: newer.path, Problem: fmt.Sprintf("and %s have no activity of the same days in common: they look like exports of two people", older.path), Advice: adviceOnePerson}
}
