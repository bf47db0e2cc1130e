package runkeeper

import (
	"context"
	"fmt"
	"strings"
	"time"

	"lockstep/providers"
	"lockstep/providers/runkeeper/export"
	"lockstep/schema"
)

// query is what a data source asks of one account.
type query struct {
	// since and until bound the clock on the wall: since is within, until is
	// not. Zero is no bound.
	since, until time.Time
	// kind is the wanted type of activity or measurement, empty for all.
	kind string
	// now is the clock on the wall where the person is, for kinds that tell of
	// today.
	now time.Time
	// told is the clock up to which it is known what the person did: now, or the
	// day of the export, which may be an old one.
	told time.Time
	// horizon is when what a right clock can have recorded ends.
	horizon time.Time
	// details asks for what costs a request for each activity.
	details bool
	// unlocated asks for no offsets that only tracks tell.
	unlocated bool
	// asked are the bounds as they were written.
	asked struct{ since, until string }
}

// newQuery makes the query of an account that has been loaded. It finds out where
// the person lives if the kind or a bound is about that only: tracks may tell, and
// take time to read.
func newQuery(ctx context.Context, k *kind, where schema.Fields, a *account, now time.Time) (q query, err error) {
	q.horizon = a.horizon(now)
	q.details = where.Value("details").Truth()
	offsets := where.Value("offsets")
	q.unlocated = !offsets.IsAbsent() && !offsets.Truth()
	q.kind = where.Value("type").Text()
	q.asked.since, q.asked.until = where.Value("since").Text(), where.Value("until").Text()
	home := time.UTC
	if k.dated || instant(q.asked.since) || instant(q.asked.until) {
		if home, err = a.where(ctx); err != nil {
			return q, err
		}
	}
	q.now = wall(now, home)
	q.told = q.now
	if made := a.data.Made; !made.IsZero() && made.Before(q.now) {
		q.told = made
	}
	if q.since, err = parseBound("since", q.asked.since, home); err != nil {
		return q, err
	}
	q.until, err = parseBound("until", q.asked.until, home)
	return q, err
}

// instant reports whether a bound is an instant rather than a day or the clock on
// the wall.
func instant(text string) bool {
	_, err := time.Parse(time.RFC3339, text)
	return err == nil
}

const (
	dayForm   = "2006-01-02"
	clockForm = "2006-01-02T15:04:05"
)

// parseBound reads a day, a clock on the wall, or an instant, which becomes
// the clock on the wall in a zone. The day of until is within.
func parseBound(path, text string, zone *time.Location) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(dayForm, text); err == nil {
		if path == "until" {
			t = t.AddDate(0, 0, 1)
		}
		return t, nil
	}
	if t, err := time.Parse(clockForm, text); err == nil {
		return t, nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return wall(t, zone), nil
	}
	return time.Time{}, &providers.FieldError{Path: path, Problem: fmt.Sprintf("%q is not a time", text),
		Advice: "Write a day such as 2026-06-14, or a time such as 2026-06-14T08:00:00 or 2026-06-14T08:00:00Z."}
}

// within reports whether a time lies between the bounds.
func (q *query) within(t time.Time) bool {
	return (q.since.IsZero() || !t.Before(q.since)) && (q.until.IsZero() || t.Before(q.until))
}

// wants reports whether a type is asked for. Case does not matter.
func (q *query) wants(kind string) bool { return q.kind == "" || strings.EqualFold(q.kind, kind) }

// activities returns the indexes of the activities that are asked for, newest
// first.
func (q *query) activities(data *export.Export) []int {
	var found []int
	for i := range data.Activities {
		if a := &data.Activities[i]; q.wants(a.Type) && q.within(a.Start) {
			found = append(found, i)
		}
	}
	return found
}
