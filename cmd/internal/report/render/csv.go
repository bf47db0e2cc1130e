package render

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"lockstep/cmd/internal/report"
)

// column is one column of the CSV form.
type column struct {
	name string
	cell func(*report.Person) string
}

// columns returns the columns of a person, in their order. New ones are added at
// the end, and names never change.
func columns() []column {
	return slices.Concat(whoColumns(), trainingColumns(), crmColumns(), laterColumns())
}

// trained is a cell that is empty without account.
func trained(figure func(*report.Training) string) func(*report.Person) string {
	return func(p *report.Person) string {
		if p.Training == nil {
			return ""
		}
		return figure(p.Training)
	}
}

// mainly is a cell about the sport that a person spends most time with.
func mainly(figure func(*report.Sport) string) func(*report.Person) string {
	return trained(func(t *report.Training) string {
		if len(t.Sports) == 0 {
			return ""
		}
		return figure(&t.Sports[0])
	})
}

// whoColumns are who the person is.
func whoColumns() []column {
	return []column{
		{"name", func(p *report.Person) string { return p.Name }},
		{"email", func(p *report.Person) string { return p.Email }},
		{"phone", func(p *report.Person) string { return p.Phone }},
		{"tags", func(p *report.Person) string { return strings.Join(p.Tags, ";") }},
		{"contact_id", func(p *report.Person) string { return p.ContactID }},
		{"address", func(p *report.Person) string { return p.Address }},
		{"accounts", func(p *report.Person) string { return strings.Join(p.Accounts, ";") }},
		{"timezone", func(p *report.Person) string { return p.Timezone }},
	}
}

// trainingColumns are what the person did.
func trainingColumns() []column {
	return []column{
		{"activities", trained(func(t *report.Training) string { return strconv.Itoa(t.Activities) })},
		{"total_distance_km", trained(func(t *report.Training) string { return plain(t.Distance) })},
		{"this_week_km", mainly(func(s *report.Sport) string { return plain(s.ThisWeek) })},
		{"last_week_km", mainly(func(s *report.Sport) string { return plain(s.LastWeek) })},
		{"mean_of_4_weeks_before_km", mainly(func(s *report.Sport) string { return plain(s.Before) })},
		{"change_percent", mainly(func(s *report.Sport) string { return optional(s.Change) })},
		{"last_week_change_percent", mainly(func(s *report.Sport) string { return optional(s.LastChange) })},
		{"last_activity_date", trained(func(t *report.Training) string { return t.LastDate })},
		{"last_activity_type", trained(func(t *report.Training) string { return t.LastType })},
		{"last_activity_distance_km", trained(func(t *report.Training) string { return plain(t.LastDistance) })},
		{"days_idle", trained(func(t *report.Training) string { return optional(t.DaysIdle) })},
		{"exported_on", trained(func(t *report.Training) string { return t.Exported })},
	}
}

// crmColumns are what the CRM has of the person.
func crmColumns() []column {
	return []column{
		{"tasks_open", func(p *report.Person) string { return strconv.Itoa(len(p.Tasks)) }},
		{"tasks_overdue", func(p *report.Person) string { return strconv.Itoa(tasks(p, "overdue")) }},
		{"tasks_due", func(p *report.Person) string { return strconv.Itoa(tasks(p, "today", "soon")) }},
		{"notes", func(p *report.Person) string { return strconv.Itoa(entries(p, report.Note)) }},
		{"next_appointment", nextAppointment},
		{"unread", unread},
	}
}

// laterColumns are those that came later.
func laterColumns() []column {
	return []column{
		{"main_sport", mainly(func(s *report.Sport) string { return s.Name })},
		{"this_year_km", mainly(func(s *report.Sport) string { return plain(s.Year.This.Distance) })},
		{"last_year_to_the_same_day_km", mainly(func(s *report.Sport) string { return plain(s.Year.Last.Distance) })},
		{"acute_7_days_s", trained(func(t *report.Training) string { return plain(t.Load.Acute) })},
		{"chronic_28_days_s_per_week", trained(func(t *report.Training) string { return plain(t.Load.Chronic) })},
		{"load_warning", trained(func(t *report.Training) string { return strconv.FormatBool(t.Load.Warning) })},
		{"current_streak_days", trained(func(t *report.Training) string { return strconv.Itoa(t.Streaks.CurrentDays) })},
		{"longest_streak_days", trained(func(t *report.Training) string { return strconv.Itoa(t.Streaks.LongestDays) })},
		{"goal", func(p *report.Person) string {
			if p.Goal == nil {
				return ""
			}
			return p.Goal.Text
		}},
		{"race", func(p *report.Person) string {
			if p.Race == nil {
				return ""
			}
			return strings.TrimSpace(p.Race.Name + " " + p.Race.Date)
		}},
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

// harmless keeps a spreadsheet program from taking a text for a formula, also one
// that reads a semicolon or a tab as the end of a cell. A number, such as a
// phone's, may begin with a sign.
func harmless(s string) string {
	var b strings.Builder
	for begin := true; s != ""; begin = false {
		end := strings.IndexAny(s, ";\t") + 1
		if end == 0 {
			end = len(s)
		}
		part := s[:end]
		s = s[end:]
		if formula(strings.TrimLeft(part, " "), begin) {
			b.WriteByte('\'')
		}
		b.WriteString(part)
	}
	return b.String()
}

// signs are the characters that a formula begins with, or that a spreadsheet program
// skips before one. The wide forms count where Chinese or Japanese is written.
const signs = "=@+-\t\r\n＝＠＋－"

// formula reports whether a spreadsheet program would compute a text, or hide its
// beginning. A tab that ends a part is none.
func formula(s string, first bool) bool {
	if begin, _ := utf8.DecodeRuneInString(s); s == "" || !strings.ContainsRune(signs, begin) || s == "\t" && !first {
		return false
	}
	signed := (s[0] == '+' || s[0] == '-') && len(s) > 1 && strings.Trim(strings.TrimRight(s[1:], ";\t"), "0123456789.") == ""
	return !signed
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
