package report

import (
	"math"
	"time"
)

const (
	dayForm   = time.DateOnly
	clockForm = "2006-01-02T15:04:05"
	hourForm  = "15:04"
)

// Times of different zones stand in one timeline, so all are kept as clocks on
// the wall: as if they were UTC.

// wall is the clock on the wall at an instant.
func wall(t time.Time, zone *time.Location) time.Time {
	t = t.In(zone)
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// dayOf is the beginning of a day.
func dayOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// readClock reads a clock on the wall. An offset from UTC only tells which
// wall it was. ok is false when the text is no time.
func readClock(s string) (t time.Time, ok bool) {
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, time.UTC), true
	}
	for _, form := range []string{clockForm, dayForm} {
		if at, err := time.Parse(form, s); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// readInstant reads an instant, as the clock on the wall of a zone.
func readInstant(s string, zone *time.Location) (t time.Time, ok bool) {
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return readClock(s)
	}
	return wall(at, zone), true
}

// readDue reads when a task is due. Midnight in UTC is how a task that is due
// on a day is written, wherever the club is; it has no hour.
func readDue(s string, zone *time.Location) (t time.Time, hour, ok bool) {
	at, err := time.Parse(time.RFC3339, s)
	if err == nil && at.Equal(at.UTC().Truncate(24*time.Hour)) {
		return dayOf(at.UTC()), false, true
	}
	t, ok = readInstant(s, zone)
	return t, true, ok
}

// zoneOf finds a zone by its name or its offset from UTC, nil for an unknown
// one.
func zoneOf(name string) *time.Location {
	if name == "" {
		return nil
	}
	if at, err := time.Parse("-07:00", name); err == nil {
		_, offset := at.Zone()
		return time.FixedZone("UTC"+name, offset)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	return zone
}

func round(x float64, places int) float64 {
	shift := math.Pow10(places)
	return math.Round(x*shift) / shift
}
