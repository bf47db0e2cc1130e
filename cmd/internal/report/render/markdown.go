package render

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"lockstep/cmd/internal/report"
)

// inMarkdown is how many entries of a timeline and rows of a list Markdown
// shows: it is to be read at one go.
const inMarkdown = 20

// Markdown writes a report as GitHub's Markdown.
func Markdown(w io.Writer, r *report.Report) error {
	m := &markdown{out: bufio.NewWriter(w)}
	m.line("# %s", safe(cut(clubName(r), lineLength)))
	m.line("")
	redacted := ""
	if r.Redacted {
		redacted = " · redacted"
	}
	m.line("Made %s (%s) · back to %s%s", made(r), safe(r.Timezone), day(r.Since), redacted)
	m.club(&r.Club, lastDay(r))
	m.people(r)
	for i := range r.People {
		m.person(&r.People[i])
	}
	return m.out.Flush()
}

// markdown writes lines. bufio.Writer keeps the first error.
type markdown struct{ out *bufio.Writer }

func (m *markdown) line(format string, a ...any) { fmt.Fprintf(m.out, format+"\n", a...) }

func (m *markdown) club(c *report.Club, last string) {
	m.line("\n## At a glance\n")
	m.line("| | |\n| --- | ---: |")
	if trains(c) {
		m.activity(c)
	} else {
		m.line("| People | %d |", c.People)
	}
	m.line("| Tasks | %d overdue, %d due within 7 days |", c.Overdue, c.Due)
	if c.Unread > 0 {
		m.line("\n**%s could not be read**, which these figures leave out.", count(c.Unread, "account", "accounts"))
	}
	switch words := rest(c.Weeks, last); {
	case c.Athletes == 0:
	case words != "":
		m.line("\n%s", words)
	default:
		m.line("\n%s km per week since %s", spark(c.Weeks), shortDay(c.Weeks[0].Monday))
	}
	if len(c.Tasks) > 0 {
		m.line("\n### Tasks to look after\n")
		for i := range c.Tasks[:min(len(c.Tasks), inMarkdown)] {
			t := &c.Tasks[i]
			m.line("- **%s**: %s (%s)", safe(cut(t.Name, nameLength)), safe(cut(t.Title, lineLength)), due(&t.Task))
		}
		m.more(len(c.Tasks))
	}
	if len(c.Idle) > 0 {
		m.line("\n### Quiet for a week or longer\n")
		for _, i := range c.Idle[:min(len(c.Idle), inMarkdown)] {
			exported := ""
			if i.Exported != "" {
				exported = " (export of " + dayYear(i.Exported) + ")"
			}
			m.line("- **%s**: %s%s", safe(cut(i.Name, nameLength)), idle(i.Days), exported)
		}
		m.more(len(c.Idle))
	}
}

// activity is what a club with athletes has at a glance.
func (m *markdown) activity(c *report.Club) {
	m.line("| People | %d, %d with Runkeeper |", c.People, c.Athletes)
	m.line("| Active in the last 7 days | %d |", c.Active7)
	m.line("| Active in the last 30 days | %d |", c.Active30)
	m.line("| This week so far | %s km |", km(c.ThisWeek))
	m.line("| Mean of the 4 weeks before | %s km |", km(c.Before))
	m.line("| Last week | %s km%s |", km(c.LastWeek), against(c.LastChange, " against the 4 weeks before it"))
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
		m.line("| Name | Last activity | This week, km | Last week, km | 4-week mean, km | All time, km | Tasks |")
		m.line("| --- | --- | ---: | ---: | ---: | ---: | --- |")
	} else {
		m.line("| Name | Tasks |\n| --- | --- |")
	}
	for i := range r.People {
		p := &r.People[i]
		row := []string{safe(cut(p.Name, nameLength))}
		if t := p.Training; t != nil {
			row = append(row, idle(t.DaysIdle), km(t.ThisWeek), km(t.LastWeek), km(t.Before), km(t.Distance))
		} else if trains(&r.Club) {
			row = append(row, "–", "–", "–", "–", "–")
		}
		row = append(row, openTasks(tasks(p, "overdue"), tasks(p, "today", "soon"), len(p.Tasks)))
		m.line("| %s |", strings.Join(row, " | "))
	}
}

func (m *markdown) person(p *report.Person) {
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
	if t := p.Training; t != nil {
		m.training(t)
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

func (m *markdown) training(t *report.Training) {
	ever := fmt.Sprintf("all time %s km in %s; last activity %s", km(t.Distance), count(t.Activities, "activity", "activities"), idle(t.DaysIdle))
	if words := rest(t.Weeks, t.LastDate); words != "" {
		m.line("%s %s\n", words, strings.ToUpper(ever[:1])+ever[1:])
	} else {
		m.line("%s this week %s km, last week %s km%s, 4-week mean %s km; %s\n",
			spark(t.Weeks), km(t.ThisWeek), km(t.LastWeek), against(t.LastChange, ""), km(t.Before), ever)
	}
	if t.Exported != "" {
		m.line("From the export of %s: what was done later is not known.\n", day(t.Exported))
	}
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
	parts = append(parts, figures(e)...)
	if s := stateWord(e); s != "" {
		parts = append(parts, safe(s))
	}
	text := ""
	if e.Text != "" {
		text = ": " + safe(cut(e.Text, textLength))
	}
	m.line("- %s, %s%s", strings.TrimSpace(day(e.Date)+" "+e.Time), strings.Join(parts, ", "), text)
}

// spark draws weeks in one line of text.
func spark(weeks []report.Week) string {
	steps := []rune("▁▂▃▄▅▆▇█")
	most := 0.0
	for _, w := range weeks {
		most = max(most, w.Distance)
	}
	line := make([]rune, len(weeks))
	for i, w := range weeks {
		line[i] = '·'
		if w.Distance > 0 {
			line[i] = steps[min(int(w.Distance/most*float64(len(steps))), len(steps)-1)]
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
		case r < ' ' || r == 0x7f:
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
