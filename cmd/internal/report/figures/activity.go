package figures

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Activity is one activity of a person.
type Activity struct {
	// ID is the provider's, Type Runkeeper's word, such as Running, and Text
	// what the person wrote.
	ID, Type, Text string
	// Start by the clock on the wall, zero when it is not known.
	Start time.Time
	// Distance in kilometres, Duration in seconds, Climb in metres, HeartRate in
	// beats per minute; 0 is not known.
	Distance, Duration, Climb, HeartRate float64
}

// Pace returns the mean pace in seconds for a kilometre; 0 when it is not known.
func (a *Activity) Pace() float64 {
	if a.Distance <= 0 {
		return 0
	}
	return round(a.Duration/a.Distance, 1)
}

// Until returns the activities that began on a day or before it, oldest first, as
// the other functions want them. Later ones come from a wrong clock.
func Until(all []Activity, day time.Time) []Activity {
	end := Day(day).AddDate(0, 0, 1)
	kept := slices.DeleteFunc(slices.Clone(all), func(a Activity) bool { return a.Start.IsZero() || !a.Start.Before(end) })
	slices.SortStableFunc(kept, func(a, b Activity) int { return cmp.Or(a.Start.Compare(b.Start), strings.Compare(a.ID, b.ID)) })
	return kept
}

// Day returns the beginning of a day.
func Day(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// Monday returns the beginning of a week, as ISO 8601 counts them.
func Monday(t time.Time) time.Time {
	return Day(t).AddDate(0, 0, -(int(t.Weekday())+6)%7)
}

// DaysBetween counts the midnights from one day to another.
func DaysBetween(from, to time.Time) int {
	const day = 24 * 60 * 60
	return int((Day(to).Unix() - Day(from).Unix()) / day) // no Duration holds a thousand years
}
