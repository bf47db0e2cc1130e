package figures

import (
	"time"
)

// slip is how many metres shorter than its course an activity may be: two
// decimal places of a kilometre or mile cut off.
const slip = 10

// Record is the best activity of a kind. Its figures are those of the whole
// activity: how fast a part of it was is not known.
type Record struct {
	// Name is the course, such as "5 km", or what it is the most of.
	Name string `json:"name"`
	// Course is true for the best mean pace of an activity of that distance or
	// more.
	Course bool   `json:"course,omitempty"`
	ID     string `json:"id,omitempty"`
	// Date is its day.
	Date     string  `json:"date"`
	Distance float64 `json:"distance_km"`
	Duration float64 `json:"duration_s"`
	Pace     float64 `json:"pace_s_per_km,omitempty"`
	Climb    float64 `json:"climb_m,omitempty"`
}

// The names of records that are no courses.
const (
	Farthest = "Farthest"
	Longest  = "Longest"
	Highest  = "Most climb"
)

// Records returns for each course of the sport the activity that is at least as
// long and has the best mean pace, then the farthest, the longest and the one
// with the most climb. What was never reached is missing; of equal ones the
// first counts.
func Records(s Share) []Record {
	var found []Record
	best := func(name string, course bool, better func(a, best *Activity) bool, fits func(a *Activity) bool) {
		var top *Activity
		for i := range s.Activities {
			a := &s.Activities[i]
			if fits(a) && (top == nil || better(a, top) || !better(top, a) && a.Start.Before(top.Start)) {
				top = a
			}
		}
		if top != nil {
			found = append(found, recordOf(name, course, top))
		}
	}
	for _, c := range s.Sport.courses {
		best(c.Name, true, func(a, b *Activity) bool { return a.Duration*b.Distance < b.Duration*a.Distance },
			func(a *Activity) bool { return a.Distance*1000 >= c.Metres-slip && a.Duration > 0 })
	}
	best(Farthest, false, func(a, b *Activity) bool { return a.Distance > b.Distance }, func(a *Activity) bool { return a.Distance > 0 })
	best(Longest, false, func(a, b *Activity) bool { return a.Duration > b.Duration }, func(a *Activity) bool { return a.Duration > 0 })
	best(Highest, false, func(a, b *Activity) bool { return a.Climb > b.Climb }, func(a *Activity) bool { return a.Climb > 0 })
	return found
}

func recordOf(name string, course bool, a *Activity) Record {
	return Record{
		Name: name, Course: course, ID: a.ID, Date: a.Start.Format(time.DateOnly), Distance: round(a.Distance, 3), Duration: a.Duration, Pace: a.Pace(), Climb: a.Climb,
	}
}
