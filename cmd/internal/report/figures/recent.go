package figures

import (
	"math"
	"time"
)

// weeksBefore is how many whole weeks a week is compared with.
const weeksBefore = 4

// Recent compares the week in which the figures end with those before it.
type Recent struct {
	// ThisWeek is the distance since Monday in kilometres, LastWeek of the week
	// before.
	ThisWeek float64 `json:"this_week_km"`
	LastWeek float64 `json:"last_week_km"`
	// Before is the mean of the four whole weeks before this one.
	Before float64 `json:"mean_of_4_weeks_before_km"`
	// Change is how far this week is above (or below, negative) that mean, in
	// percent: on a Monday, naturally, far below. LastChange compares the last
	// week, which is over, with the four before it. Both are absent when there
	// is nothing to compare with.
	Change     *int `json:"change_percent,omitempty"`
	LastChange *int `json:"last_week_change_percent,omitempty"`
}

// RecentOf compares the last of some weeks with those before. It wants six weeks
// or more, oldest first, and returns zeros for fewer.
func RecentOf(weeks []Period) Recent {
	var r Recent
	n := len(weeks) - 1
	if len(weeks) < weeksBefore+2 {
		return r
	}
	r.ThisWeek, r.LastWeek, r.Before = weeks[n].Distance, weeks[n-1].Distance, mean(weeks, n)
	r.Change, r.LastChange = Change(r.ThisWeek, r.Before), Change(r.LastWeek, mean(weeks, n-1))
	return r
}

// RecentWeeks returns the weeks that RecentOf needs.
func RecentWeeks(all []Activity, until time.Time) []Period {
	return Periods(all, Week, Monday(until).AddDate(0, 0, -7*(weeksBefore+1)), until)
}

// mean is the mean of the four weeks before a week.
func mean(weeks []Period, n int) float64 {
	sum := 0.0
	for i := range weeks[n-weeksBefore : n] {
		sum += weeks[n-weeksBefore+i].Distance
	}
	return round(sum/weeksBefore, 3)
}

// Change returns how far a figure is above another, in percent; nil when there is
// nothing to compare with.
func Change(now, before float64) *int {
	if before <= 0 {
		return nil
	}
	percent := int(math.Round((now/before - 1) * 100))
	return &percent
}
