package render

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"strings"

	"lockstep/cmd/internal/report"
)

//go:embed assets/page.html
var pageHTML string

//go:embed assets/page.css
var pageCSS string

//go:embed assets/page.js
var pageJS string

const (
	// shownEntries is how many entries of a timeline one page of it has.
	shownEntries = 40
	// mostBytes is what all people together may take, unless the first page of each
	// timeline takes more: a browser must be able to open the file. fixedBytes is
	// about what a person takes beside tables, charts and timeline.
	mostBytes, fixedBytes = 8_000_000, 5000
	// shownRows of a list, shownTags of a person, and whoseOpen: up to so many
	// people are open from the beginning.
	shownRows, shownTags, whoseOpen = 8, 40, 6
	// shownSports is how many sports have charts at most, and leastShare the share
	// of all time that a sport takes if it has charts.
	shownSports, leastShare = 3, 0.1
)

// page is what the template sees.
type page struct {
	*report.Report
	Made   string
	Style  template.CSS
	Script template.JS
	// Policy lets exactly this style and this script work, and nothing else.
	Policy string
	Charts []clubChart
	Rows   []person
	Open   bool
	// Many is true when there are several people, so that there is something to
	// compare.
	Many bool
	// Trains is true when a person has an account of Runkeeper.
	Trains bool
	Lists  []list
}

// clubChart is a sport of the club with its chart.
type clubChart struct {
	*report.ClubSport
	Bars bars
}

// Page writes a report as one HTML page that needs nothing else: no network,
// no other file, and to be read no JavaScript either.
func Page(w io.Writer, r *report.Report) error {
	u := unitsOf(r)
	t, err := template.New("page").Funcs(u.words(r)).Parse(pageHTML)
	if err != nil {
		return err
	}
	p := page{
		Report: r, Made: made(r), Style: template.CSS(pageCSS), Script: template.JS(pageJS),
		Policy: "default-src 'none'; style-src 'sha256-" + digest(pageCSS) + "'; script-src 'sha256-" + digest(pageJS) + "'; base-uri 'none'; form-action 'none'",
		Open:   len(r.People) <= whoseOpen, Trains: trains(&r.Club), Many: len(r.People) > 1, Lists: u.lists(&r.Club),
	}
	if t := r.Club.Training; t != nil {
		for i := range t.Sports[:min(len(t.Sports), shownSports)] {
			s := &t.Sports[i]
			p.Charts = append(p.Charts, clubChart{s, u.newBars(s.Name, s.Measure, s.Periods, t.Step, s.Before, lastPeriod(r, &t.Window))})
		}
	}
	d := drawing{units: u, report: r, near: nearDay(r, weekday), nearDay: nearDay(r, plainDay), room: mostBytes / max(len(r.People), 1)}
	for i := range r.People {
		p.Rows = append(p.Rows, d.person(&r.People[i]))
	}
	return t.Execute(w, p)
}

// words are the functions of the template.
func (u units) words(r *report.Report) template.FuncMap {
	return template.FuncMap{
		"far": u.far, "unit": u.name, "distance": u.distance, "hours": hours, "day": day, "dayYear": dayYear, "idle": idle,
		"signed": signed, "optional": optional, "plain": plain, "near": nearDay(r, weekday), "count": count, "whole": whole,
		"dueTask": func(t report.Task) string { return due(&t) }, "openTasks": openTasks,
		"name":       func(s string) string { return cut(s, nameLength) },
		"oneLine":    func(s string) string { return cut(s, lineLength) },
		"last":       func(t *report.Training) string { return lastWord(t, nearDay(r, plainDay)) },
		"weeks":      weekWords(r),
		"tableWeeks": func() [2]string { return tableWeeks(r) },
		"lowerFirst": lowerFirst, "today": func() string { return today(r) },
		"window": func(t *report.Training) (w report.Window) {
			if t != nil {
				w = t.Window
			}
			return w
		},
		"goal": u.goal, "race": race, "load": loadWord,
	}
}

// digest names a style or script in a policy.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// kindWord heads an entry.
func kindWord(e report.Entry) string {
	switch e.Kind {
	case report.Activity:
		return "Activity"
	case report.Note:
		return "Note"
	case report.TaskEntry:
		return "Task"
	default:
		return "Appointment"
	}
}

// split is the rows of a list that are shown at once, so many at most, and the
// others.
func split[T any](rows []T, most int) (head, rest []T) {
	n := min(len(rows), most)
	return rows[:n], rows[n:]
}

// searched is what the filter looks in.
func searched(p *report.Person) string {
	return strings.ToLower(strings.Join(append([]string{p.Name, p.Email, p.Phone, strings.Join(p.Accounts, " ")}, p.Tags...), " "))
}
