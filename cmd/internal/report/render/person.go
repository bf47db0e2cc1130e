package render

import (
	"html/template"
	"strconv"
	"strings"

	"lockstep/cmd/internal/report"
)

// person is a person with what is drawn.
type person struct {
	*report.Person
	// Main is the sport with the most time in the window; nil without any.
	Main   *sport
	Sports []sport
	Others []*report.Sport
	Map    yearMap
	// Pages are the timeline, the newest entries first.
	Pages []pageOf
	// FewTags are shown at once, MoreTags on request.
	FewTags, MoreTags []string
	// Left entries are in the report and not on the page.
	Left         int
	Overdue, Due int
	Find         string
	Call         template.URL
}

// sport is a sport of a person with its charts and tables.
type sport struct {
	*report.Sport
	Bars   bars
	Trends []trend
	// Months are those of two years; nil for sports other than the main one, and
	// without a year before.
	Months *months
	// The tables, of the periods of the chart, of years, of months and of records.
	PeriodTable, YearTable, MonthTable, RecordTable template.HTML
}

// pageOf is a page of a timeline.
type pageOf struct {
	// Label says which entries it has; empty for the first page.
	Label   string
	Entries template.HTML
}

// drawing draws people.
type drawing struct {
	units
	report *report.Report
	// near is a day with its weekday, nearDay without; both leave out the year of
	// the report.
	near, nearDay func(string) string
	// room is how many bytes a person may take.
	room int
}

func (d *drawing) person(p *report.Person) person {
	out := person{Person: p, Overdue: tasks(p, "overdue"), Due: tasks(p, "today", "soon"), Find: searched(p)}
	out.FewTags, out.MoreTags = split(p.Tags, shownTags)
	if t := p.Training; t != nil {
		out.Map = newYearMap(&t.Calendar)
		d.sports(&out, t)
		if len(out.Sports) > 0 {
			out.Main = &out.Sports[0]
		}
	}
	out.Pages, out.Left = d.pages(p.Timeline, d.room-fixedBytes-out.size())
	if strings.HasPrefix(p.Phone, "+") && strings.Trim(p.Phone[1:], "0123456789") == "" {
		out.Call = template.URL("tel:" + p.Phone)
	}
	return out
}

// sports draws the sports that take much of a person's time, and lists the
// others.
func (d *drawing) sports(p *person, t *report.Training) {
	total := 0.0
	for i := range t.Sports {
		total += t.Sports[i].Total.Duration
	}
	for i := range t.Sports {
		s := &t.Sports[i]
		if i > 0 && (i >= shownSports || s.Total.Duration < leastShare*total) {
			p.Others = append(p.Others, s)
			continue
		}
		p.Sports = append(p.Sports, d.sport(s, &t.Window))
		if m, ok := d.newMonths(&s.Year); ok && i == 0 {
			p.Sports[0].Months = &m
		}
	}
}

func (d *drawing) sport(s *report.Sport, w *report.Window) sport {
	before := s.Before
	if w.To != w.Until {
		before = 0 // of other weeks than the last ones shown
	}
	return sport{
		Sport: s, Bars: d.newBars(s.Name, s.Measure, s.Periods, w.Step, before, lastPeriod(d.report, w)), Trends: d.trends(s.Measure, s.Periods),
		PeriodTable: d.values(s, w.Step, d.nearDay), YearTable: d.years(s), MonthTable: d.months(&s.Year), RecordTable: d.records(s),
	}
}

// size is about how many bytes charts and tables take.
func (p *person) size() int {
	n := 0
	for _, path := range p.Map.Levels {
		n += len(path)
	}
	for i := range p.Sports {
		s := &p.Sports[i]
		n += len(s.Bars.Past) + len(s.PeriodTable) + len(s.YearTable) + len(s.MonthTable) + len(s.RecordTable)
		for _, t := range s.Trends {
			n += len(t.Path)
		}
	}
	return n
}

// pages cuts a timeline into pages: as many as there is room for, and one at
// least. left is how many entries are on none of them.
func (d *drawing) pages(all []report.Entry, room int) (pages []pageOf, left int) {
	for from := 0; from < len(all); from += shownEntries {
		some := all[from:min(from+shownEntries, len(all))]
		p := pageOf{Entries: d.entries(some, d.near)}
		if room -= len(p.Entries); from > 0 && room < 0 {
			return pages, len(all) - from
		}
		if from > 0 {
			p.Label = whole(from+1) + " to " + whole(from+len(some)) + ", back to " + orUnknown(dayYear(some[len(some)-1].Date))
		}
		pages = append(pages, p)
	}
	return pages, 0
}

// lastWord tells when a person was last active: how long ago by a report that
// knows today, else the day.
func lastWord(t *report.Training, near func(string) string) string {
	if t.Exported == "" || t.LastDate == "" {
		return idle(t.DaysIdle)
	}
	return near(t.LastDate)
}

// loadWord is how much the last week was, against a usual one.
func loadWord(t *report.Training) string {
	if t.Load.Ratio == nil {
		return unknown
	}
	return strconv.FormatFloat(*t.Load.Ratio, 'f', 2, 64)
}

// goal tells a goal, and how far the person is.
func (u units) goal(g *report.Goal) string {
	if g.Distance == 0 {
		return cut(g.Text, lineLength)
	}
	if g.Sport == "" {
		return u.distance(g.Distance) + " this year"
	}
	text := u.distance(g.Distance) + " in " + strconv.Itoa(g.Year)
	share := int(g.Done / g.Distance * 100)
	return text + ": " + u.distance(g.Done) + " of " + strings.ToLower(g.Sport) + " done, " + whole(share) + " %; on course for " + u.distance(g.Expected)
}
