package runkeeper

import (
	"time"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers/runkeeper/export"
	"lockstep/schema"
)

// totals are sums over activities. They come newest first, so the ones of one day
// follow each other.
type totals struct {
	activities, days int
	metres, seconds  float64
	calories, climb  float64
	day              time.Time
}

func (t *totals) add(a *export.Activity) {
	if day := midnight(a.Start); t.days == 0 || !day.Equal(t.day) {
		t.day, t.days = day, t.days+1
	}
	t.activities++
	t.metres += a.Distance
	t.seconds += a.Duration.Seconds()
	t.calories += a.Calories.Value
	t.climb += a.Climb.Value
}

// fields writes the sums under names that begin with a prefix.
func (t *totals) fields(f *fields, prefix string) {
	f.distance(prefix+"distance", t.metres)
	f.number(prefix+"duration_s", t.seconds)
	f.number(prefix+"calories_kcal", export.Round(t.calories, 1))
	f.number(prefix+"climb_m", export.Round(t.climb, 2))
}

// value makes one object of the sums, as totalsType says.
func (t *totals) value() schema.Value {
	var f fields
	t.fields(&f, "")
	f.number("activities", float64(t.activities))
	f.number("active_days", float64(t.days))
	return f.mapped()
}

// totalsType is the type of one entry of totals and by_type.
func totalsType() cty.Type {
	return cty.Object(map[string]cty.Type{
		"activities": cty.Number, "active_days": cty.Number, "distance_m": cty.Number, "distance_km": cty.Number,
		"duration_s": cty.Number, "calories_kcal": cty.Number, "climb_m": cty.Number,
	})
}

// window is a span of days: from is within, to is not.
type window struct {
	name     string
	from, to time.Time
}

func (w *window) holds(t time.Time) bool { return !t.Before(w.from) && t.Before(w.to) }

const windowsDoc = "all, days_7, days_30, days_90, days_365 (today within), this_week, last_week, this_month, last_month, this_year and last_year"

// windows are the spans that totals are made for, as of a clock on the wall.
func windows(now time.Time) []window {
	today := midnight(now)
	tomorrow := today.AddDate(0, 0, 1)
	week := monday(now)
	month := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	year := time.Date(now.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
	far := time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	return []window{
		{"all", time.Time{}, far},
		{"days_7", tomorrow.AddDate(0, 0, -7), tomorrow}, {"days_30", tomorrow.AddDate(0, 0, -30), tomorrow},
		{"days_90", tomorrow.AddDate(0, 0, -90), tomorrow}, {"days_365", tomorrow.AddDate(0, 0, -365), tomorrow},
		{"this_week", week, week.AddDate(0, 0, 7)}, {"last_week", week.AddDate(0, 0, -7), week},
		{"this_month", month, month.AddDate(0, 1, 0)}, {"last_month", month.AddDate(0, -1, 0), month},
		{"this_year", year, year.AddDate(1, 0, 0)}, {"last_year", year.AddDate(-1, 0, 0), year},
	}
}

// windowTotals sums the activities of a type over every window.
func windowTotals(data *export.Export, q *query) schema.Value {
	spans := windows(q.now)
	sums := make([]totals, len(spans))
	for i := range data.Activities {
		a := &data.Activities[i]
		if !q.wants(a.Type) {
			continue
		}
		for w := range spans {
			if spans[w].holds(a.Start) {
				sums[w].add(a)
			}
		}
	}
	var f fields
	for w := range spans {
		f.value(spans[w].name, sums[w].value())
	}
	return f.mapped()
}
