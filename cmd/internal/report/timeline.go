package report

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"lockstep/cmd/internal/report/figures"
	"lockstep/schema"
)

// line is an entry with the clock that sorts it.
type line struct {
	Entry
	at time.Time
	// when is false when the time could not be read.
	when bool
}

// put sets the time of a line.
func (l *line) put(at time.Time, hour, ok bool) {
	l.at, l.when = at, ok
	if !ok {
		return
	}
	l.Date = at.Format(dayForm)
	if hour {
		l.Time = at.Format(hourForm)
	}
}

func (b *builder) activityLine(a *figures.Activity) line {
	l := line{Entry: Entry{
		Kind: Activity, ID: a.ID, Title: a.Type, Text: a.Text, Distance: a.Distance, Duration: a.Duration, Pace: a.Pace(),
		HeartRate: a.HeartRate, Climb: math.Round(a.Climb), Measure: b.sports.Measure(a.Type),
	}}
	l.put(a.Start, true, !a.Start.IsZero())
	return l
}

func (b *builder) noteLine(o *schema.Object) line {
	l := line{Entry: Entry{Kind: Note, ID: o.ID, Title: o.Value("title").Text(), Text: strings.TrimSpace(o.Value("body").Text())}}
	at, ok := readInstant(o.Value("date_added").Text(), b.zone)
	l.put(at, true, ok)
	return l
}

func (b *builder) appointmentLine(o *schema.Object) line {
	l := line{Entry: Entry{
		Kind: Appointment, ID: o.ID, Title: o.Value("title").Text(), State: o.Value("status").Text(),
		Text: about(o.Value("address").Text(), o.Value("notes").Text()),
	}}
	// Without an offset it is the club's clock already.
	at, ok := readInstant(o.Value("start_time").Text(), b.zone)
	l.put(at, true, ok)
	l.Upcoming = ok && at.After(b.clock)
	return l
}

// about joins texts, a line each.
func about(texts ...string) string {
	return strings.TrimSpace(strings.Join(slices.DeleteFunc(texts, func(s string) bool { return strings.TrimSpace(s) == "" }), "\n"))
}

// soon is within how many days a task is due soon.
const soon = 7

func (b *builder) task(o *schema.Object) (task Task, open bool, l line) {
	l.Entry = Entry{Kind: TaskEntry, ID: o.ID, Title: o.Value("title").Text(), Text: strings.TrimSpace(o.Value("body").Text()), State: "done"}
	at, hour, ok := readDue(o.Value("due_date").Text(), b.zone)
	l.put(at, hour, ok)
	if o.Value("completed").Truth() {
		return task, false, l
	}
	days := figures.DaysBetween(b.clock, at)
	task = Task{ID: o.ID, Title: l.Title, Date: l.Date, Days: days}
	switch {
	case days < 0, hour && at.Before(b.clock):
		task.State = "overdue"
	case days == 0:
		task.State = "today"
	case days <= soon:
		task.State = "soon"
	default:
		task.State = "later"
	}
	l.State, l.Upcoming = task.State, task.State != "overdue"
	return task, ok, l
}

func compareTasks(a, b Task) int {
	return cmp.Or(strings.Compare(a.Date, b.Date), strings.Compare(a.Title, b.Title), strings.Compare(a.ID, b.ID))
}

// timeline sorts the lines, newest first, and leaves out what lies before the
// first day. An open task is never old.
func timeline(lines []line, first time.Time) Story {
	s := Story{First: first.Format(dayForm), Timeline: []Entry{}}
	kept := lines[:0]
	for i := range lines {
		l := &lines[i]
		open := l.Kind == TaskEntry && l.State != "done"
		if l.when && l.at.Before(first) && !open {
			s.Older++
			continue
		}
		kept = append(kept, *l)
	}
	slices.SortStableFunc(kept, func(x, y line) int {
		return cmp.Or(y.at.Compare(x.at), strings.Compare(x.Kind, y.Kind), strings.Compare(x.ID, y.ID))
	})
	for i := range kept {
		s.Timeline = append(s.Timeline, kept[i].Entry)
	}
	return s
}
