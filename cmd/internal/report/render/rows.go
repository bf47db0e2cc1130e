package render

import (
	"html/template"
	"strconv"
	"strings"

	"lockstep/cmd/internal/report"
	"lockstep/cmd/internal/report/figures"
)

// A page of a big club has tens of thousands of rows, so they are written here
// and not by the template, in few characters: HTML ends cells, rows and items
// by itself. All that is not a number goes through escaped.

// escaped is a text as HTML, apart from the direction of what is around it.
func escaped(s string) string {
	e := template.HTMLEscapeString(s)
	if strings.IndexFunc(s, func(r rune) bool { return r > '~' }) < 0 {
		return e
	}
	return "<bdi>" + e + "</bdi>"
}

// table writes the cells of a table.
type table struct{ strings.Builder }

func (t *table) head(cells ...string) {
	t.WriteString("<table class=v><thead><tr>")
	for _, c := range cells {
		t.WriteString("<th>" + c)
	}
	t.WriteString("<tbody>")
}

func (t *table) row(head string, cells ...string) {
	t.WriteString("<tr><th>" + head)
	for _, c := range cells {
		t.WriteString("<td>" + c)
	}
}

func (t *table) end() template.HTML {
	t.WriteString("</table>")
	return template.HTML(t.String())
}

// unknown stands for a figure that is not known.
const unknown = "–"

func orUnknown(s string) string {
	if s == "" {
		return unknown
	}
	return s
}

func beats(x float64) string {
	if x <= 0 {
		return unknown
	}
	return strconv.FormatFloat(x, 'f', 0, 64)
}

func (u units) up(metres float64) string {
	if metres <= 0 {
		return unknown
	}
	return u.height(metres)
}

// values are the figures behind the charts of a sport, the newest first. Periods
// without activity are left out.
func (u units) values(s *report.Sport, by figures.Step, near func(string) string) template.HTML {
	var t table
	head := []string{strings.ToUpper(string(by)[:1]) + string(by)[1:], u.name(), "h:min", "Times"}
	if s.Measure != figures.Untold {
		head = append(head, rateWord(s.Measure)+", "+u.rateName(s.Measure))
	}
	heart := known(s.Periods, func(p *figures.Period) float64 { return p.HeartRate })
	climb := known(s.Periods, func(p *figures.Period) float64 { return p.Climb })
	if heart {
		head = append(head, "bpm")
	}
	if climb {
		head = append(head, "Climb, "+u.climbName())
	}
	t.head(head...)
	for i := len(s.Periods) - 1; i >= 0; i-- {
		p := &s.Periods[i]
		if p.Activities == 0 {
			continue
		}
		cells := []string{u.far(p.Distance), hours(p.Duration), whole(p.Activities)}
		if s.Measure != figures.Untold {
			cells = append(cells, u.rate(s.Measure, p.Pace))
		}
		if heart {
			cells = append(cells, beats(p.HeartRate))
		}
		if climb {
			cells = append(cells, u.up(p.Climb))
		}
		from := begins(p.From, by)
		if by == figures.Week {
			from = near(p.From)
		}
		t.row(from, cells...)
	}
	return t.end()
}

func known(periods []figures.Period, of func(*figures.Period) float64) bool {
	for i := range periods {
		if of(&periods[i]) > 0 {
			return true
		}
	}
	return false
}

// years are the sums of each year, the newest first.
func (u units) years(s *report.Sport) template.HTML {
	var t table
	t.head("Year", u.name(), "h:min", "Times", "Days", rateWord(s.Measure)+", "+u.rateName(s.Measure), "Climb, "+u.climbName())
	for i := range s.Years {
		y := &s.Years[i]
		t.row(dayAs(y.From, "2006"), u.far(y.Distance), hours(y.Duration), whole(y.Activities), whole(y.Days), u.rate(s.Measure, y.Pace), u.up(y.Climb))
	}
	return t.end()
}

// months are those of this year beside those of the last, without empty ones.
func (u units) months(y *figures.YearToDate) template.HTML {
	var t table
	year := strconv.Itoa(y.Year)
	t.head("Month, "+u.name(), year, strconv.Itoa(y.Year-1), "Change")
	for _, m := range y.Months {
		if m.This == 0 && m.Last == 0 {
			continue
		}
		change := unknown
		// A month that is not over, or has not begun, cannot be compared.
		if at := dayOfMonth(y.Year, m.Month); at < y.Until[:len("2006-01")] {
			change = signed(figures.Change(m.This, m.Last))
		}
		t.row(dayAs(dayOfMonth(y.Year, m.Month)+"-01", "January"), u.far(m.This), u.far(m.Last), change)
	}
	return t.end()
}

// dayOfMonth is a month: "2026-07".
func dayOfMonth(year, month int) string {
	return strconv.Itoa(10000 + year)[1:] + "-" + strconv.Itoa(100 + month)[1:]
}

// records are the best of a sport.
func (u units) records(s *report.Sport) template.HTML {
	if len(s.Records) == 0 {
		return ""
	}
	var t table
	head := []string{"Record", u.name(), "Time", "Climb, " + u.climbName(), "Day"}
	if s.Measure != figures.Untold {
		head = append([]string{"Record", rateWord(s.Measure) + ", " + u.rateName(s.Measure)}, head[1:]...)
	}
	t.head(head...)
	for i := range s.Records {
		r := &s.Records[i]
		cells := []string{u.far(r.Distance), clock(r.Duration), u.up(r.Climb), dayYear(r.Date)}
		if s.Measure != figures.Untold {
			cells = append([]string{u.rate(s.Measure, r.Pace)}, cells...)
		}
		t.row(recordWord(r), cells...)
	}
	return t.end()
}

// recordWord names a record. Its figures are of a whole activity, so a course is
// how long that was at least.
func recordWord(r *figures.Record) string {
	if r.Course {
		return "Fastest, " + r.Name + " or more"
	}
	return r.Name
}

// entries are items of a timeline.
func (u units) entries(all []report.Entry, near func(string) string) template.HTML {
	var b strings.Builder
	for i := range all {
		u.entry(&b, &all[i], near)
	}
	return template.HTML(b.String())
}

func (u units) entry(b *strings.Builder, e *report.Entry, near func(string) string) {
	b.WriteString("<li")
	class := classOf(e)
	if class != "" {
		b.WriteString(" class=\"" + class + "\"")
	}
	b.WriteString("><i>" + escaped(strings.TrimSpace(near(e.Date)+" "+e.Time)) + "</i><p>")
	if e.Kind != report.Activity {
		b.WriteString("<em>" + kindWord(*e) + "</em> ")
	}
	if e.Title != "" {
		b.WriteString("<b>" + escaped(cut(e.Title, lineLength)) + "</b> ")
	}
	b.WriteString(strings.Join(u.told(e), " · "))
	if s := stateWord(e); s != "" {
		b.WriteString(" <u>" + escaped(s) + "</u>")
	}
	if e.Text == "" {
		return
	}
	short := cut(e.Text, textLength)
	b.WriteString("<p class=t dir=auto>" + template.HTMLEscapeString(short))
	if short != e.Text {
		b.WriteString("<details><summary>All of the text</summary><p class=t dir=auto>" + template.HTMLEscapeString(e.Text) + "</details>")
	}
}

// classOf is how an entry looks: w for notes, which are written, k for tasks, m for appointments,
// with o when it is overdue and a when it lies ahead.
func classOf(e *report.Entry) string {
	class := map[string]string{report.Note: "w", report.TaskEntry: "k", report.Appointment: "m"}[e.Kind]
	if e.State == "overdue" {
		class += " o"
	}
	if e.Upcoming {
		class += " a"
	}
	return class
}
