package figures

import (
	"math"
	"time"
)

// Sums add up activities.
type Sums struct {
	Activities int `json:"activities"`
	// Days with an activity.
	Days int `json:"active_days"`
	// Distance in kilometres, Duration in seconds, Climb in metres.
	Distance float64 `json:"distance_km"`
	Duration float64 `json:"duration_s"`
	Climb    float64 `json:"climb_m,omitempty"`
	// Pace is the mean seconds for a kilometre over the activities that have both
	// a distance and a duration, 0 when there is none.
	Pace float64 `json:"pace_s_per_km,omitempty"`
	// HeartRate is the mean beats per minute over the time for which it is known,
	// 0 when it never is.
	HeartRate float64 `json:"heart_rate_bpm,omitempty"`
}

// Period is what was done in a week, a month or a year.
type Period struct {
	// From is its first day.
	From string `json:"from"`
	Sums
}

// Step is how long periods are.
type Step string

// The steps. Weeks begin on Monday.
const (
	Week  Step = "week"
	Month Step = "month"
	Year  Step = "year"
)

// begin is the first day of the period that a day lies in.
func (s Step) begin(t time.Time) time.Time {
	switch s {
	case Month:
		return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
	case Year:
		return time.Date(t.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
	default:
		return Monday(t)
	}
}

// next is the first day of the period after the one that begins at t.
func (s Step) next(t time.Time) time.Time {
	switch s {
	case Month:
		return t.AddDate(0, 1, 0)
	case Year:
		return t.AddDate(1, 0, 0)
	default:
		return t.AddDate(0, 0, 7)
	}
}

// tally adds up activities one by one, oldest first.
type tally struct {
	activities, days            int
	day                         time.Time
	distance, duration, climb   float64
	pacedSeconds, pacedDistance float64
	heartBeats, heartSeconds    float64
}

func (t *tally) add(a *Activity) {
	if day := Day(a.Start); t.days == 0 || !day.Equal(t.day) {
		t.day, t.days = day, t.days+1
	}
	t.activities++
	t.distance += a.Distance
	t.duration += a.Duration
	t.climb += a.Climb
	if a.Distance > 0 && a.Duration > 0 {
		t.pacedSeconds += a.Duration
		t.pacedDistance += a.Distance
	}
	if a.HeartRate > 0 {
		// An activity without duration counts a little, rather than not at all.
		weight := max(a.Duration, 1)
		t.heartBeats += a.HeartRate * weight
		t.heartSeconds += weight
	}
}

func (t *tally) sums() Sums {
	s := Sums{Activities: t.activities, Days: t.days, Distance: round(t.distance, 3), Duration: math.Round(t.duration), Climb: math.Round(t.climb)}
	if t.pacedDistance > 0 {
		s.Pace = round(t.pacedSeconds/t.pacedDistance, 1)
	}
	if t.heartSeconds > 0 {
		s.HeartRate = math.Round(t.heartBeats / t.heartSeconds)
	}
	return s
}

// Total adds up activities.
func Total(all []Activity) Sums {
	var t tally
	for i := range all {
		t.add(&all[i])
	}
	return t.sums()
}

// Between adds up the activities from one day to another, which both are within.
func Between(all []Activity, from, until time.Time) Sums {
	end := Day(until).AddDate(0, 0, 1)
	var t tally
	for i := range all {
		if a := &all[i]; !a.Start.Before(Day(from)) && a.Start.Before(end) {
			t.add(a)
		}
	}
	return t.sums()
}

// Periods adds up the activities of each period from the one that since lies in
// to the one that until lies in, oldest first and without gaps.
func Periods(all []Activity, step Step, since, until time.Time) []Period {
	var starts []time.Time
	for at := step.begin(since); !at.After(until); at = step.next(at) {
		starts = append(starts, at)
	}
	tallies := make([]tally, len(starts))
	at := 0
	for i := range all {
		begin := step.begin(all[i].Start)
		for at < len(starts) && starts[at].Before(begin) {
			at++
		}
		if at < len(starts) && starts[at].Equal(begin) {
			tallies[at].add(&all[i])
		}
	}
	periods := make([]Period, len(starts))
	for i, at := range starts {
		periods[i] = Period{From: at.Format(time.DateOnly), Sums: tallies[i].sums()}
	}
	return periods
}

// mostWeekDays and mostMonthDays are how many days a chart can show by the week
// and by the month: two years, and thirty.
const mostWeekDays, mostMonthDays = 106 * 7, 30 * 366

// StepFor returns the step in which a window is told.
func StepFor(since, until time.Time) Step {
	switch days := DaysBetween(Monday(since), until); {
	case days < mostWeekDays:
		return Week
	case days < mostMonthDays:
		return Month
	default:
		return Year
	}
}

// Merge adds the periods of a person to those of a club, which name the same
// kind of period. Paces and heart rates of several people have no mean that
// tells anything, so they are left out.
func Merge(club []Period, person []Period) {
	place := make(map[string]int, len(club))
	for i := range club {
		place[club[i].From] = i
	}
	for i := range person {
		at, ok := place[person[i].From]
		if !ok {
			continue
		}
		to, from := &club[at], &person[i]
		to.Activities += from.Activities
		to.Days += from.Days
		to.Distance = round(to.Distance+from.Distance, 3)
		to.Duration += from.Duration
		to.Climb += from.Climb
	}
}

func round(x float64, places int) float64 {
	shift := math.Pow10(places)
	return math.Round(x*shift) / shift
}
