// Package render writes reports: as a page, as Markdown, as JSON and as CSV.
package render

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"lockstep/cmd/internal/report"
)

// HTML is the format of a report when no other one is asked for.
const HTML = "html"

// Formats are the names of the formats.
func Formats() []string { return []string{HTML, "markdown", "json", "csv"} }

// Writer writes a report in one format.
type Writer func(io.Writer, *report.Report) error

// ByName is what writes the format that the ending of a file's name tells; nil
// when it tells none.
func ByName(path string) Writer {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".html", ".htm":
		return Page
	case ".md":
		return Markdown
	case ".json":
		return JSON
	case ".csv":
		return CSV
	default:
		return nil
	}
}

// Find is what writes a format; nil when there is no such format.
func Find(format string) Writer {
	switch format {
	case HTML:
		return Page
	case "markdown":
		return Markdown
	case "json":
		return JSON
	case "csv":
		return CSV
	default:
		return nil
	}
}

// JSON writes a report as package report documents it.
func JSON(w io.Writer, r *report.Report) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

// column is one column of the CSV form.
type column struct {
	name string
	cell func(*report.Person) string
}

// columns returns the columns of a person, in their order. New ones are added at
// the end, and names never change.
func columns() []column {
	of := func(figure func(*report.Training) string) func(*report.Person) string {
		return func(p *report.Person) string {
			if p.Training == nil {
				return ""
			}
			return figure(p.Training)
		}
	}
	return []column{
		{"name", func(p *report.Person) string { return p.Name }},
		{"email", func(p *report.Person) string { return p.Email }},
		{"phone", func(p *report.Person) string { return p.Phone }},
		{"tags", func(p *report.Person) string { return strings.Join(p.Tags, ";") }},
		{"contact_id", func(p *report.Person) string { return p.ContactID }},
		{"address", func(p *report.Person) string { return p.Address }},
		{"accounts", func(p *report.Person) string { return strings.Join(p.Accounts, ";") }},
		{"timezone", func(p *report.Person) string { return p.Timezone }},
		{"activities", of(func(t *report.Training) string { return strconv.Itoa(t.Activities) })},
		{"total_distance_km", of(func(t *report.Training) string { return plain(t.Distance) })},
		{"this_week_km", of(func(t *report.Training) string { return plain(t.ThisWeek) })},
		{"last_week_km", of(func(t *report.Training) string { return plain(t.LastWeek) })},
		{"mean_of_4_weeks_before_km", of(func(t *report.Training) string { return plain(t.Before) })},
		{"change_percent", of(func(t *report.Training) string { return whole(t.Change) })},
		{"last_week_change_percent", of(func(t *report.Training) string { return whole(t.LastChange) })},
		{"last_activity_date", of(func(t *report.Training) string { return t.LastDate })},
		{"last_activity_type", of(func(t *report.Training) string { return t.LastType })},
		{"last_activity_distance_km", of(func(t *report.Training) string { return plain(t.LastDistance) })},
		{"days_idle", of(func(t *report.Training) string { return whole(t.DaysIdle) })},
		{"exported_on", of(func(t *report.Training) string { return t.Exported })},
		{"tasks_open", func(p *report.Person) string { return strconv.Itoa(len(p.Tasks)) }},
		{"tasks_overdue", func(p *report.Person) string { return strconv.Itoa(tasks(p, "overdue")) }},
		{"tasks_due", func(p *report.Person) string { return strconv.Itoa(tasks(p, "today", "soon")) }},
		{"notes", func(p *report.Person) string { return strconv.Itoa(entries(p, report.Note)) }},
		{"next_appointment", nextAppointment},
		{"unread", unread},
	}
}

// unread tells which accounts could not be read, and why.
func unread(p *report.Person) string {
	all := make([]string, len(p.Unread))
	for i, u := range p.Unread {
		all[i] = u.Account + ": " + u.Reason
	}
	return strings.Join(all, "; ")
}

// CSV writes one row for each person.
func CSV(w io.Writer, r *report.Report) error {
	out := csv.NewWriter(w)
	all := columns()
	row := make([]string, len(all))
	for i, c := range all {
		row[i] = c.name
	}
	if err := out.Write(row); err != nil {
		return err
	}
	for i := range r.People {
		for k, c := range all {
			row[k] = harmless(c.cell(&r.People[i]))
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// harmless keeps a spreadsheet program from taking a text for a formula. A
// number, such as a phone's, may begin with a sign.
func harmless(s string) string {
	if s == "" || !strings.ContainsRune("=@+-\t\r", rune(s[0])) {
		return s
	}
	if (s[0] == '+' || s[0] == '-') && len(s) > 1 && strings.Trim(s[1:], "0123456789.") == "" {
		return s
	}
	return "'" + s
}

// nextAppointment is when the nearest one ahead begins: "2026-07-20 10:00".
func nextAppointment(p *report.Person) string {
	next := ""
	for i := range p.Timeline {
		if e := &p.Timeline[i]; e.Kind == report.Appointment && e.Upcoming && e.State != "cancelled" {
			next = strings.TrimSpace(e.Date + " " + e.Time) // newest first, so the last is the nearest
		}
	}
	return next
}
