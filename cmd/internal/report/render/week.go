package render

import (
	"strings"
	"time"

	"lockstep/cmd/internal/report"
	"lockstep/cmd/internal/report/figures"
)

// today is the day on which a report was made.
func today(r *report.Report) string { return r.GeneratedAt[:len(time.DateOnly)] }

// lastPeriod names the last period of a chart.
func lastPeriod(r *report.Report, w *report.Window) string {
	if w.To >= today(r) {
		return "this " + string(w.Step)
	}
	return dayYear(w.To)
}

// weekWords name the week in which the figures of a window end, and the one
// before.
func weekWords(r *report.Report) func(report.Window) [2]string {
	return func(w report.Window) [2]string {
		until, err := time.Parse(time.DateOnly, w.Until)
		if err != nil || w.Until >= today(r) {
			return [2]string{"This week", "Last week"}
		}
		return [2]string{"Week of " + figures.Monday(until).Format("2 Jan"), "Week before"}
	}
}

// tableWeeks are weekWords for a table of all people, whose figures may end in
// different weeks.
func tableWeeks(r *report.Report) [2]string {
	var last report.Window
	for i := range r.People {
		t := r.People[i].Training
		if t == nil {
			continue
		}
		if last.Until != "" && weekOf(last.Until) != weekOf(t.Until) {
			return [2]string{"Latest week", "Week before"}
		}
		last = t.Window
	}
	return weekWords(r)(last)
}

// weekOf is the Monday of a day.
func weekOf(day string) time.Time {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return time.Time{}
	}
	return figures.Monday(at)
}

// lowerFirst is a text that does not begin a sentence.
func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }
