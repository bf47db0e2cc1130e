package report

import (
	"cmp"
	"fmt"
	"slices"
)

// redact takes from the people who they are and what was written about them.
// Their order must not tell it either, so those who did most come first.
func redact(r *Report) {
	r.Redacted = true
	slices.SortStableFunc(r.People, func(a, b Person) int {
		return cmp.Or(cmp.Compare(distance(&b), distance(&a)), cmp.Compare(len(b.Timeline), len(a.Timeline)))
	})
	for i := range r.People {
		p := &r.People[i]
		unread := len(p.Unread)
		// What is not named here is left out.
		*p = Person{Name: fmt.Sprintf("redacted-%d", i+1), Timezone: r.Timezone, Training: p.Training, Aims: redactedAims(p.Aims), Tasks: p.Tasks, Story: p.Story}
		p.Unread = slices.Repeat([]Unread{{Account: masked, Reason: masked}}, unread)
		for k := range p.Tasks {
			t := &p.Tasks[k]
			*t = Task{Title: masked, Date: t.Date, State: t.State, Days: t.Days}
		}
		if p.Training != nil {
			redactTraining(p.Training)
		}
		for k := range p.Timeline {
			p.Timeline[k] = redactedEntry(p.Timeline[k])
		}
	}
}

// masked stands for a text, as in a plan.
const masked = "(redacted)"

// redactTraining takes heart rates, which are health data, and ids.
func redactTraining(t *Training) {
	for i := range t.Sports {
		s := &t.Sports[i]
		s.Total.HeartRate, s.Year.This.HeartRate, s.Year.Last.HeartRate = 0, 0, 0
		for k := range s.Periods {
			s.Periods[k].HeartRate = 0
		}
		for k := range s.Years {
			s.Years[k].HeartRate = 0
		}
		for k := range s.Records {
			s.Records[k].ID = ""
		}
	}
}

// redactedAims keeps numbers and days.
func redactedAims(a Aims) Aims {
	if a.Goal != nil && a.Goal.Distance == 0 {
		a.Goal = &Goal{Text: masked}
	}
	if a.Race != nil {
		race := Race{Name: masked, Days: a.Race.Days}
		if race.Days != nil {
			race.Date = a.Race.Date
		}
		a.Race = &race
	}
	return a
}

func redactedEntry(e Entry) Entry {
	out := Entry{Kind: e.Kind, Date: e.Date, Title: masked, State: e.State, Upcoming: e.Upcoming, Distance: e.Distance, Duration: e.Duration, Pace: e.Pace, Climb: e.Climb, Measure: e.Measure}
	if e.Kind == Activity {
		out.Title = e.Title
	}
	return out
}

func distance(p *Person) float64 {
	if p.Training == nil {
		return -1
	}
	return p.Training.Distance
}
