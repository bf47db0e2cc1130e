package figures

import (
	"slices"
	"time"
)

// YearToDate compares the year in which the figures end with the one before, up
// to the same day.
type YearToDate struct {
	Year int `json:"year"`
	// Until is the day of This, LastUntil the same day a year before.
	Until     string `json:"until"`
	LastUntil string `json:"last_until"`
	This      Sums   `json:"this_year"`
	Last      Sums   `json:"last_year_to_the_same_day"`
	// Change is how far the distance is above that of the last year, in percent;
	// absent when nothing was done in it.
	Change *int `json:"change_percent,omitempty"`
	// Months have the distances of both years, January first.
	Months []MonthPair `json:"months"`
}

// MonthPair is a month of two years.
type MonthPair struct {
	// Month is 1 for January.
	Month int `json:"month"`
	// This and Last are kilometres in this year and the one before.
	This float64 `json:"this_year_km"`
	Last float64 `json:"last_year_km"`
}

// YearToDateOf compares the year of until with the one before. 28 February is the
// same day as 29 February.
func YearToDateOf(all []Activity, until time.Time) YearToDate {
	until = Day(until)
	first := Year.begin(until)
	before := first.AddDate(-1, 0, 0)
	same := time.Date(until.Year()-1, until.Month(), until.Day(), 0, 0, 0, 0, time.UTC)
	if same.Month() != until.Month() {
		same = same.AddDate(0, 0, -1)
	}
	y := YearToDate{
		Year: until.Year(), Until: until.Format(time.DateOnly), LastUntil: same.Format(time.DateOnly),
		This: Between(all, first, until), Last: Between(all, before, same), Months: make([]MonthPair, 12),
	}
	y.Change = Change(y.This.Distance, y.Last.Distance)
	for i := range y.Months {
		y.Months[i].Month = i + 1
	}
	for i := range all {
		a := &all[i]
		m := &y.Months[max(a.Start.Month(), 1)-1]
		switch a.Start.Year() {
		case until.Year():
			m.This = round(m.This+a.Distance, 3)
		case until.Year() - 1:
			m.Last = round(m.Last+a.Distance, 3)
		}
	}
	return y
}

// Years adds up each year with an activity, newest first.
func Years(all []Activity, until time.Time) []Period {
	if len(all) == 0 {
		return []Period{}
	}
	years := Periods(all, Year, all[0].Start, until)
	years = slices.DeleteFunc(years, func(p Period) bool { return p.Activities == 0 })
	slices.Reverse(years)
	return years
}
