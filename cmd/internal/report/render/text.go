package render

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"lockstep/cmd/internal/report"
)

// plain is a number for machines.
func plain(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// optional is a whole number for machines that may be missing.
func optional(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

// grouped sets a comma between the thousands of a whole number.
func grouped(digits string) string {
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

// How many characters are told of a name, of what stands in one line, and of a
// text. All of it is in the forms for machines.
const (
	nameLength = 80
	lineLength = 200
	textLength = 1000
)

// cut shortens a text to so many characters, after a word where one ends near.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	head := string(runes[:most])
	if at := strings.LastIndexAny(head, " \n"); at > len(head)*3/4 {
		head = head[:at]
	}
	return strings.TrimSpace(head) + "…"
}

// count is a number with its noun.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return grouped(strconv.Itoa(n)) + " " + many
}

// signed is a percentage with its sign, with a true minus.
func signed(percent *int) string {
	switch {
	case percent == nil:
		return "–"
	case *percent == 0:
		return "±0 %"
	case *percent < 0:
		return "−" + whole(-*percent) + " %"
	default:
		return "+" + whole(*percent) + " %"
	}
}

// clock is a duration: "1:06:06" or "45:00".
func clock(seconds float64) string {
	s := int(math.Round(seconds))
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// The forms of days, with weekday and without.
const (
	weekday  = "Mon 2 Jan 2006"
	plainDay = "2 Jan 2006"
)

// day is a day for people: "Mon 20 Jul 2026"; what is no day stays as it is.
func day(s string) string { return dayAs(s, weekday) }

// dayYear leaves out the weekday.
func dayYear(s string) string { return dayAs(s, plainDay) }

// nearDay writes days in a form that ends with the year, and leaves out the year of
// the report.
func nearDay(r *report.Report, form string) func(string) string {
	return func(s string) string {
		if len(s) < 4 || s[:4] != r.GeneratedAt[:4] {
			return dayAs(s, form)
		}
		return dayAs(s, strings.TrimSuffix(form, " 2006"))
	}
}

func dayAs(s, form string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return s
	}
	return t.Format(form)
}

// idle tells how long ago the last activity was.
func idle(days *int) string {
	switch {
	case days == nil:
		return "never"
	case *days == 0:
		return "today"
	case *days == 1:
		return "yesterday"
	default:
		return count(*days, "day", "days") + " ago"
	}
}

// trains reports whether a person has an account of Runkeeper, also one that
// could not be read. A report of a CRM alone is silent about training.
func trains(c *report.Club) bool { return c.Athletes > 0 || c.Unread > 0 }

// openTasks says the most pressing of how many tasks are overdue, due within a
// week, and open at all.
func openTasks(overdue, due, open int) string {
	switch {
	case overdue > 0:
		return whole(overdue) + " overdue"
	case due > 0:
		return whole(due) + " due"
	case open > 0:
		return whole(open) + " open"
	default:
		return "–"
	}
}

// due tells when a task is due.
func due(t *report.Task) string {
	switch {
	case t.State == "overdue" && t.Days == 0:
		return "overdue since today"
	case t.State == "overdue":
		return count(-t.Days, "day", "days") + " overdue"
	case t.Days == 0:
		return "due today"
	case t.Days == 1:
		return "due tomorrow"
	default:
		return "due in " + whole(t.Days) + " days"
	}
}

// told are the numbers of an activity.
func (u units) told(e *report.Entry) []string {
	var parts []string
	if e.Distance > 0 {
		parts = append(parts, u.distance(e.Distance))
	}
	if e.Duration > 0 {
		parts = append(parts, clock(e.Duration))
	}
	if speed := u.speed(e.Measure, e.Pace); speed != "" {
		parts = append(parts, speed)
	}
	if e.HeartRate > 0 {
		parts = append(parts, strconv.FormatFloat(e.HeartRate, 'f', 0, 64)+" bpm")
	}
	if e.Climb > 0 {
		parts = append(parts, u.climb(e.Climb)+" up")
	}
	return parts
}

// stateWord is how the state of an entry is told; empty when it goes without
// saying.
func stateWord(e *report.Entry) string {
	switch {
	case e.Kind == report.TaskEntry && e.State == "soon":
		return "due soon"
	case e.Kind == report.TaskEntry && e.State == "today":
		return "due today"
	case e.Kind == report.TaskEntry && e.State == "later":
		return "open"
	case e.State == "noshow":
		return "did not come"
	case e.State == "showed":
		return "came"
	default:
		return e.State
	}
}

// tasks counts the open tasks in some states.
func tasks(p *report.Person, states ...string) int {
	n := 0
	for i := range p.Tasks {
		if slices.Contains(states, p.Tasks[i].State) {
			n++
		}
	}
	return n
}

// entries counts the lines of a kind.
func entries(p *report.Person, kind string) int {
	n := 0
	for i := range p.Timeline {
		if p.Timeline[i].Kind == kind {
			n++
		}
	}
	return n
}

// made is when a report was made: "Mon 20 Jul 2026, 08:00".
func made(r *report.Report) string {
	t, err := time.Parse(time.RFC3339, r.GeneratedAt)
	if err != nil {
		return r.GeneratedAt
	}
	return t.Format("Mon 2 Jan 2006, 15:04")
}
