package figures

import "time"

// calendarWeeks is how many weeks a calendar shows.
const calendarWeeks = 53

// CalendarDay is a day with an activity.
type CalendarDay struct {
	Date string `json:"date"`
	// Duration is its time in seconds.
	Duration float64 `json:"duration_s"`
}

// Calendar is a year of days, for a map of when the person trained.
type Calendar struct {
	// From is a Monday, Until the last day.
	From  string `json:"from"`
	Until string `json:"until"`
	// Days with an activity, oldest first.
	Days []CalendarDay `json:"days"`
}

// CalendarOf returns the days of the 53 weeks that end with the one of until.
func CalendarOf(all []Activity, until time.Time) Calendar {
	from := Monday(until).AddDate(0, 0, -7*(calendarWeeks-1))
	seconds, active := make([]float64, calendarWeeks*7), make([]bool, calendarWeeks*7)
	for i := range all {
		n := DaysBetween(from, all[i].Start)
		if n < 0 || n >= len(seconds) {
			continue
		}
		seconds[n] += all[i].Duration
		active[n] = true
	}
	c := Calendar{From: from.Format(time.DateOnly), Until: Day(until).Format(time.DateOnly), Days: []CalendarDay{}}
	for n, on := range active {
		if on {
			c.Days = append(c.Days, CalendarDay{Date: from.AddDate(0, 0, n).Format(time.DateOnly), Duration: seconds[n]})
		}
	}
	return c
}
