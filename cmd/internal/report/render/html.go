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
	// shownEntries of a timeline, shownRows of a list, shownTags of a person, and
	// whoseOpen: up to so many people's timelines are open from the beginning.
	shownEntries = 40
	shownRows    = 8
	shownTags    = 40
	whoseOpen    = 6
)

// page is what the template sees.
type page struct {
	*report.Report
	Title  string
	Made   string
	Style  template.CSS
	Script template.JS
	// Policy lets exactly this style and this script work, and nothing else.
	Policy string
	Chart  chart
	Rows   []person
	Open   bool
	// Trains is true when a person has an account of Runkeeper.
	Trains bool
	// Tasks and Idle are shown at once, MoreTasks and MoreIdle on request.
	Tasks, MoreTasks []report.DueTask
	Idle, MoreIdle   []report.Idle
}

// person is a person with what is drawn.
type person struct {
	*report.Person
	Chart chart
	Shown []report.Entry
	// FewTags are shown at once, MoreTags on request.
	FewTags, MoreTags []string
	// Left entries are in the report and not on the page.
	Left         int
	Overdue, Due int
	Find         string
	Call         template.URL
}

// Page writes a report as one HTML page that needs nothing else: no network,
// no other file, and to be read no JavaScript either.
func Page(w io.Writer, r *report.Report) error {
	t, err := template.New("page").Funcs(template.FuncMap{
		"km": km, "clock": clock, "day": day, "dayYear": dayYear, "idle": idle, "due": due, "signed": signed, "whole": whole,
		"plain": plain, "near": nearDay(r), "short": short, "figures": func(e report.Entry) string { return strings.Join(figures(&e), " · ") },
		"state": func(e report.Entry) string { return stateWord(&e) }, "kind": kindWord, "count": count,
		"dueTask":   func(t report.Task) string { return due(&t) },
		"openTasks": openTasks,
		"name":      func(s string) string { return cut(s, nameLength) },
		"oneLine":   func(s string) string { return cut(s, lineLength) },
		"text":      func(s string) string { return cut(s, textLength) },
		"cutText":   func(s string) bool { return cut(s, textLength) != s },
	}).Parse(pageHTML)
	if err != nil {
		return err
	}
	p := page{
		Report: r, Title: cut(clubName(r), lineLength), Made: made(r), Style: template.CSS(pageCSS), Script: template.JS(pageJS),
		Policy: "default-src 'none'; style-src 'sha256-" + digest(pageCSS) + "'; script-src 'sha256-" + digest(pageJS) + "'; base-uri 'none'; form-action 'none'",
		Chart:  newChart("club", ", all people", r.Club.Weeks, r.Club.Load, lastDay(r)), Open: len(r.People) <= whoseOpen,
		Trains: trains(&r.Club),
	}
	p.Tasks, p.MoreTasks = split(r.Club.Tasks, shownRows)
	p.Idle, p.MoreIdle = split(r.Club.Idle, shownRows)
	for i := range r.People {
		p.Rows = append(p.Rows, drawn(&r.People[i]))
	}
	return t.Execute(w, p)
}

// digest names a style or script in a policy.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func drawn(p *report.Person) person {
	out := person{Person: p, Shown: p.Timeline[:min(len(p.Timeline), shownEntries)], Overdue: tasks(p, "overdue"), Due: tasks(p, "today", "soon")}
	out.FewTags, out.MoreTags = split(p.Tags, shownTags)
	out.Left = len(p.Timeline) - len(out.Shown)
	if p.Training != nil {
		out.Chart = newChart(p.Key, ", "+cut(p.Name, nameLength), p.Training.Weeks, p.Training.Load, p.Training.LastDate)
	}
	out.Find = strings.ToLower(strings.Join(append([]string{p.Name, p.Email, p.Phone, strings.Join(p.Accounts, " ")}, p.Tags...), " "))
	if strings.HasPrefix(p.Phone, "+") && strings.Trim(p.Phone[1:], "0123456789") == "" {
		out.Call = template.URL("tel:" + p.Phone)
	}
	return out
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

// short is "3 days ago" with a last word that a narrow screen leaves out.
func short(ago string) template.HTML {
	text, found := strings.CutSuffix(ago, " ago")
	text = template.HTMLEscapeString(text)
	if found {
		text += `<span class="long"> ago</span>`
	}
	return template.HTML(text)
}

// split is the rows of a list that are shown at once, so many at most, and the
// others.
func split[T any](rows []T, most int) (head, rest []T) {
	n := min(len(rows), most)
	return rows[:n], rows[n:]
}
