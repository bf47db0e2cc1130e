package render

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"lockstep/cmd/internal/report"
	"lockstep/cmd/internal/report/figures"
)

// inMarkdown is how many entries of a timeline and rows of a list Markdown
// shows: it is to be read at one go.
const inMarkdown = 20

// Markdown writes a report as GitHub's Markdown.
func Markdown(w io.Writer, r *report.Report) error {
	m := &markdown{out: bufio.NewWriter(w), units: unitsOf(r)}
	m.line("# %s", safe(cut(r.Title, lineLength)))
	m.line("")
	more := ""
	if r.Since != "" {
		more = " · back to " + day(r.Since)
	}
	if r.Redacted {
		more += " · redacted"
	}
	m.line("Made %s (%s)%s", made(r), safe(r.Timezone), more)
	m.club(r)
	m.people(r)
	for i := range r.People {
		m.person(r, &r.People[i])
	}
	return m.out.Flush()
}

// markdown writes lines. bufio.Writer keeps the first error.
type markdown struct {
	units
	out *bufio.Writer
}

func (m *markdown) line(format string, a ...any) { fmt.Fprintf(m.out, format+"\n", a...) }

func (m *markdown) club(r *report.Report) {
	c := &r.Club
	m.line("\n## At a glance\n")
	m.line("| | |\n| --- | ---: |")
	if t := c.Training; t != nil {
		m.activity(r, t)
	} else {
		m.line("| People | %s |", whole(c.People))
	}
	m.line("| Tasks | %s overdue, %s due within 7 days |", whole(c.Overdue), whole(c.Due))
	if c.Unread > 0 {
		m.line("\n**%s could not be read**, which these figures leave out.", count(c.Unread, "account", "accounts"))
	}
	if t := c.Training; t != nil {
		for i := range t.Sports[:min(len(t.Sports), shownSports)] {
			s := &t.Sports[i]
			m.line("\n%s %s by the %s from %s to %s", spark(s.Periods), s.Name, t.Step, begins(t.From, t.Step), dayYear(t.To))
		}
	}
	bullets(m, "Building up too fast", c.Loads, func(l report.Loaded) string {
		return fmt.Sprintf("**%s**: %s h in 7 days, %s against what is usual", m.named(l.Name), hours(l.Acute), signed(l.Excess))
	})
	bullets(m, "Races ahead", c.Races, func(r report.RaceAhead) string {
		return fmt.Sprintf("**%s**: %s", m.named(r.Name), safe(race(&r.Race)))
	})
	bullets(m, "Tasks to look after", c.Tasks, func(t report.DueTask) string {
		return fmt.Sprintf("**%s**: %s (%s)", m.named(t.Name), safe(cut(t.Title, lineLength)), due(&t.Task))
	})
	bullets(m, "Quiet for a week or longer", c.Idle, func(i report.Idle) string {
		switch {
		case i.Days == nil:
			return fmt.Sprintf("**%s**: never active", m.named(i.Name))
		case i.Exported != "":
			return fmt.Sprintf("**%s**: %s up to the export of %s", m.named(i.Name), count(*i.Days, "day", "days"), dayYear(i.Exported))
		default:
			return fmt.Sprintf("**%s**: %s", m.named(i.Name), idle(i.Days))
		}
	})
	if c.Training != nil {
		bullets(m, "Exports to renew", c.Training.Outdated, func(o report.Outdated) string { return fmt.Sprintf("**%s**: %s", m.named(o.Name), dayYear(o.Exported)) })
	}
}

// named is a name in a line.
func (m *markdown) named(name string) string { return safe(cut(name, nameLength)) }

// bullets writes rows under a head, unless there are none.
func bullets[T any](m *markdown, head string, rows []T, told func(T) string) {
	if len(rows) == 0 {
		return
	}
	m.line("\n### %s\n", head)
	for _, row := range rows[:min(len(rows), inMarkdown)] {
		m.line("- %s", told(row))
	}
	m.more(len(rows))
}

// activity is what a club with athletes has at a glance.
func (m *markdown) activity(r *report.Report, t *report.ClubTraining) {
	c, weeks := &r.Club, weekWords(r)(t.Window)
	m.line("| People | %s, %s with Runkeeper |", whole(c.People), whole(c.Athletes))
	m.line("| Active in the last 7 days | %s |", whole(c.Active7))
	m.line("| Active in the last 30 days | %s |", whole(c.Active30))
	if t.Until < today(r) {
		m.line("| Training is known up to | %s |", day(t.Until))
	}
	for i := range t.Sports[:min(len(t.Sports), shownSports)] {
		s := &t.Sports[i]
		if s.Measure == figures.Untold {
			continue
		}
		m.line("| %s, %s | %s |", s.Name, lowerFirst(weeks[0]), m.distance(s.ThisWeek))
		m.line("| %s, mean of the 4 weeks before | %s |", s.Name, m.distance(s.Before))
		m.line("| %s, %s | %s%s |", s.Name, lowerFirst(weeks[1]), m.distance(s.LastWeek), against(s.LastChange, " against the 4 weeks before it"))
		m.line("| %s, %s | %s%s |", s.Name, t.Until[:4], m.distance(s.ThisYear), against(s.Change, " against last year to the same day"))
	}
}

// more tells how many rows were left out.
func (m *markdown) more(rows int) {
	if rows > inMarkdown {
		m.line("- … and %d more", rows-inMarkdown)
	}
}

func (m *markdown) people(r *report.Report) {
	m.line("\n## People\n")
	if len(r.People) == 0 {
		m.line("No people yet: the files manage no contact that exists, and there is no account of Runkeeper.")
		return
	}
	if trains(&r.Club) {
		weeks := tableWeeks(r)
		m.line("| Name | Sport | Last activity | %[2]s, %[1]s | %[3]s, %[1]s | Year to date, %[1]s | Load | Tasks |", m.name(), weeks[0], weeks[1])
		m.line("| --- | --- | --- | ---: | ---: | ---: | ---: | --- |")
	} else {
		m.line("| Name | Tasks |\n| --- | --- |")
	}
	for i := range r.People {
		p := &r.People[i]
		row := []string{m.named(p.Name)}
		if trains(&r.Club) {
			row = append(row, m.cells(p.Training)...)
		}
		row = append(row, openTasks(tasks(p, "overdue"), tasks(p, "today", "soon"), len(p.Tasks)))
		m.line("| %s |", strings.Join(row, " | "))
	}
}

// cells are what a table has of a person's training, which is nil without
// account.
func (m *markdown) cells(t *report.Training) []string {
	row := []string{unknown, unknown, unknown, unknown, unknown, unknown}
	if t == nil {
		return row
	}
	row[1], row[5] = lastWord(t, dayYear), loadWord(t)
	if t.Load.Warning {
		row[5] += " ▲"
	}
	if len(t.Sports) > 0 {
		s := &t.Sports[0]
		row[0], row[2], row[3], row[4] = s.Name, m.far(s.ThisWeek), m.far(s.LastWeek), m.far(s.Year.This.Distance)
	}
	return row
}

func (m *markdown) person(r *report.Report, p *report.Person) {
	m.line("\n## %s\n", safe(cut(p.Name, lineLength)))
	var who []string
	for _, s := range append([]string{p.Email, p.Phone}, p.Accounts...) {
		if s != "" {
			who = append(who, code(s))
		}
	}
	few, more := split(p.Tags, shownTags)
	for _, tag := range few {
		who = append(who, safe(cut(tag, lineLength)))
	}
	if len(more) > 0 {
		who = append(who, fmt.Sprintf("and %d more", len(more)))
	}
	if len(who) > 0 {
		m.line("%s\n", strings.Join(who, " · "))
	}
	for _, u := range p.Unread {
		m.line("**Could not be read:** %s: %s.\n", code(u.Account), safe(u.Reason))
	}
	if p.Goal != nil {
		m.line("Goal: %s\n", safe(m.goal(p.Goal)))
	}
	if p.Race != nil {
		m.line("Race: %s\n", safe(race(p.Race)))
	}
	if t := p.Training; t != nil {
		m.training(t, weekWords(r)(t.Window))
	}
	for i := range p.Tasks {
		t := &p.Tasks[i]
		m.line("- [ ] %s (%s)", safe(cut(t.Title, lineLength)), due(t))
	}
	if len(p.Tasks) > 0 {
		m.line("")
	}
	for i := range p.Timeline[:min(len(p.Timeline), inMarkdown)] {
		m.entry(&p.Timeline[i])
	}
	if older := len(p.Timeline) - min(len(p.Timeline), inMarkdown) + p.Older; older > 0 {
		m.line("- … and %s", count(older, "older entry", "older entries"))
	}
}

func (m *markdown) training(t *report.Training, weeks [2]string) {
	if t.Load.Warning {
		m.line("**Building up too fast:** %s h in 7 days, %s against what is usual.\n", hours(t.Load.Acute), signed(t.Load.Excess))
	}
	m.line("All time %s in %s; last activity %s; streak %s, longest %s; load %s: %s h in 7 days, %s h in a usual week.\n",
		m.distance(t.Distance), count(t.Activities, "activity", "activities"), lastWord(t, dayYear), count(t.Streaks.CurrentDays, "day", "days"),
		count(t.Streaks.LongestDays, "day", "days"), loadWord(t), hours(t.Load.Acute), hours(t.Load.Chronic))
	if t.Exported != "" {
		m.line("From the export of %s: what was done later is not known, and the figures end there.\n", day(t.Exported))
	}
	if t.To < t.Until {
		m.line("No activity since %s: what follows shows the time before.\n", day(t.To))
	}
	for i := range t.Sports {
		m.sport(&t.Sports[i], weeks)
	}
}

func (m *markdown) sport(s *report.Sport, weeks [2]string) {
	if s.Measure == figures.Untold {
		m.line("- %s %s: %s, %s h\n", spark(s.Periods), s.Name, count(s.Total.Activities, "time", "times"), hours(s.Total.Duration))
		return
	}
	m.line("- %s **%s**: %s %s, %s %s%s, 4-week mean %s, %d %s%s; %s in %s", spark(s.Periods), s.Name, lowerFirst(weeks[0]), m.distance(s.ThisWeek),
		lowerFirst(weeks[1]), m.distance(s.LastWeek), against(s.LastChange, ""), m.distance(s.Before), s.Year.Year, m.distance(s.Year.This.Distance), against(s.Year.Change, ""),
		m.distance(s.Total.Distance), count(s.Total.Activities, "time", "times"))
	var best []string
	for i := range s.Records {
		r := &s.Records[i]
		told := clock(r.Duration)
		switch {
		case r.Course:
			told = m.speed(s.Measure, r.Pace)
		case r.Name == figures.Highest:
			told = m.climb(r.Climb)
		case r.Name == figures.Farthest:
			told = m.distance(r.Distance)
		}
		best = append(best, recordWord(r)+" "+told)
	}
	m.line("  %s\n", strings.Join(best, "; "))
}

// against is a percentage in parentheses; empty when there is none.
func against(percent *int, what string) string {
	if percent == nil {
		return ""
	}
	return " (" + signed(percent) + what + ")"
}

func (m *markdown) entry(e *report.Entry) {
	parts := []string{kindWord(*e)}
	if e.Title != "" {
		parts = append(parts, "**"+safe(cut(e.Title, lineLength))+"**")
	}
	parts = append(parts, m.told(e)...)
	if s := stateWord(e); s != "" {
		parts = append(parts, safe(s))
	}
	text := ""
	if e.Text != "" {
		text = ": " + safe(cut(e.Text, textLength))
	}
	m.line("- %s, %s%s", strings.TrimSpace(day(e.Date)+" "+e.Time), strings.Join(parts, ", "), text)
}

// spark draws periods in one line of text: distances, or hours when there is no
// distance.
func spark(periods []figures.Period) string {
	steps := []rune("▁▂▃▄▅▆▇█")
	of := func(p *figures.Period) float64 { return p.Distance }
	if !known(periods, of) {
		of = func(p *figures.Period) float64 { return p.Duration }
	}
	most := 0.0
	for i := range periods {
		most = max(most, of(&periods[i]))
	}
	line := make([]rune, len(periods))
	for i := range periods {
		line[i] = '·'
		if x := of(&periods[i]); x > 0 {
			line[i] = steps[min(int(x/most*float64(len(steps))), len(steps)-1)]
		}
	}
	return "`" + string(line) + "`"
}

// safe makes a text stand in one line of Markdown as it is: no markup, no HTML,
// no mention and no link.
func safe(s string) string {
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(s), " ") {
		switch {
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '&':
			b.WriteString("&amp;")
		case r == '@' || r == '#':
			// An unseen joiner keeps GitHub from finding a user, or an issue.
			b.WriteString(string(r) + "\u2060")
		case strings.ContainsRune("\\`*_{}[]()|~!$", r):
			b.WriteString("\\" + string(r))
		case r < ' ', r == 0x7f, r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			// Nothing controls a terminal, or turns the line around.
		default:
			b.WriteRune(r)
		}
	}
	return strings.ReplaceAll(b.String(), "://", ":\u2060//")
}

// code is a text in a code span, where nothing has a meaning.
func code(s string) string {
	return "`" + strings.NewReplacer("`", "'", "|", "/", "\n", " ", "\r", " ").Replace(s) + "`"
}
