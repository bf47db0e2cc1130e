package report

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"lockstep/cmd/internal/report/figures"
	"lockstep/schema"
)

// aims reads what a contact wants to reach.
func (b *builder) aims(contact *schema.Object, t *Training) Aims {
	var a Aims
	if contact == nil {
		return a
	}
	field := func(key string) string {
		if key == "" {
			return ""
		}
		return strings.TrimSpace(contact.Value("custom_fields." + key).Text())
	}
	if text := field(b.options.Fields.Goal); text != "" {
		a.Goal = b.goal(text, t)
	}
	name, date := field(b.options.Fields.Race), field(b.options.Fields.RaceDate)
	if name != "" || date != "" {
		a.Race = b.race(cmp.Or(name, "Race"), date)
	}
	return a
}

// KilometresPerMile is the international mile.
const KilometresPerMile = 1.609344

// goal reads a goal. A number alone is kilometres of this year, or miles where the
// report tells miles, in the sport that the person lately spends most time with.
func (b *builder) goal(text string, t *Training) *Goal {
	g := &Goal{Text: text}
	km, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", ""), 64)
	if err != nil || km <= 0 || km > mostGoal {
		return g
	}
	if b.options.Units == Imperial {
		km = round(km*KilometresPerMile, 3)
	}
	g.Distance = km
	if t == nil || len(t.Sports) == 0 {
		return g
	}
	y := &t.Sports[0].Year
	g.Sport, g.Year, g.Done = t.Sports[0].Name, y.Year, y.This.Distance
	if until, ok := readClock(y.Until); ok {
		days := time.Date(until.Year(), 12, 31, 0, 0, 0, 0, time.UTC).YearDay()
		g.Expected = round(g.Done/float64(until.YearDay())*float64(days), 1)
	}
	return g
}

// mostGoal is how many kilometres of a year can be a goal: beyond it is a number
// of something else.
const mostGoal = 100_000

// race reads a race. A date that is none is told as it stands.
func (b *builder) race(name, date string) *Race {
	r := &Race{Name: name, Date: date}
	if at, ok := readClock(date); ok {
		days := figures.DaysBetween(b.clock, at)
		r.Date, r.Days = at.Format(dayForm), &days
	}
	return r
}
