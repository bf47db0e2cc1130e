package figures

import (
	"slices"
	"time"
)

// Streaks are rows of days and weeks with an activity.
type Streaks struct {
	// CurrentDays in a row, up to the day that the figures end with or the one
	// before; CurrentWeeks likewise.
	CurrentDays  int `json:"current_days"`
	LongestDays  int `json:"longest_days"`
	CurrentWeeks int `json:"current_weeks"`
	LongestWeeks int `json:"longest_weeks"`
	// LongestUntil is the last day of the longest row of days; empty without any.
	LongestUntil string `json:"longest_days_until,omitempty"`
}

// StreaksOf returns the streaks of activities.
func StreaksOf(all []Activity, until time.Time) Streaks {
	days := make([]time.Time, len(all))
	weeks := make([]time.Time, len(all))
	for i := range all {
		days[i], weeks[i] = Day(all[i].Start), Monday(all[i].Start)
	}
	var s Streaks
	var last time.Time
	s.CurrentDays, s.LongestDays, last = rows(days, Day(until), 1)
	s.CurrentWeeks, s.LongestWeeks, _ = rows(weeks, Monday(until), 7)
	if s.LongestDays > 0 {
		s.LongestUntil = last.Format(time.DateOnly)
	}
	return s
}

// rows finds the current and the longest row of steps without a gap, and the end
// of the longest. A row that ended with the step before the one of now still goes
// on: that one is not over.
func rows(steps []time.Time, now time.Time, days int) (current, longest int, until time.Time) {
	slices.SortFunc(steps, time.Time.Compare)
	steps = slices.Compact(steps)
	row := 0
	for i, at := range steps {
		if i > 0 && steps[i-1].AddDate(0, 0, days).Equal(at) {
			row++
		} else {
			row = 1
		}
		if row >= longest {
			longest, until = row, at
		}
		if !at.After(now) && !at.Before(now.AddDate(0, 0, -days)) {
			current = row
		}
	}
	return current, longest, until
}
