package figures

import (
	"math"
	"time"
)

const (
	// acuteDays and chronicDays are how long the acute and the chronic load look
	// back.
	acuteDays, chronicDays = 7, 28
	// MostGrowth is by how many percent a week may exceed what the person is used
	// to before there is a warning.
	MostGrowth = 30
	// leastLoad is how many seconds of a week are no burden to anybody.
	leastLoad = 3600
)

// Load is how much a person trains against what they are used to. It counts time,
// because kilometres of different sports do not add up.
type Load struct {
	// Acute is the time of the last 7 days in seconds.
	Acute float64 `json:"acute_7_days_s"`
	// Chronic is the mean time of a week over the last 28 days in seconds, the
	// last 7 days included.
	Chronic float64 `json:"chronic_28_days_s_per_week"`
	// Ratio is Acute for each second of Chronic; absent without training in the
	// last 28 days.
	Ratio *float64 `json:"ratio,omitempty"`
	// Growth is how far Acute is above the 7 days before, in percent; absent when
	// nothing was done in them.
	Growth *int `json:"growth_percent,omitempty"`
	// Warning is true when Acute takes an hour or more, and is more than 30 %
	// above both the 7 days before and the mean week of the 28 days before: a
	// normal week after one of rest is no warning.
	Warning bool `json:"warning"`
	// Excess is by how many percent it is above the greater of the two; absent
	// when nothing was done in those 28 days.
	Excess *int `json:"above_usual_percent,omitempty"`
}

// LoadOf returns the load of the days that end with until.
func LoadOf(all []Activity, until time.Time) Load {
	last := Day(until)
	seconds := func(from, days int) float64 {
		first := last.AddDate(0, 0, -from-days+1)
		return Between(all, first, first.AddDate(0, 0, days-1)).Duration
	}
	l := Load{Acute: seconds(0, acuteDays), Chronic: math.Round(seconds(0, chronicDays) / (chronicDays / acuteDays))}
	if l.Chronic > 0 {
		ratio := round(l.Acute/l.Chronic, 2)
		l.Ratio = &ratio
	}
	before := seconds(acuteDays, acuteDays)
	used := max(before, seconds(acuteDays, chronicDays)/(chronicDays/acuteDays))
	l.Growth, l.Excess = Change(l.Acute, before), Change(l.Acute, used)
	l.Warning = used > 0 && l.Acute >= leastLoad && l.Acute > used*(1+MostGrowth/100.0)
	return l
}
