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
		*p = Person{Name: fmt.Sprintf("redacted-%d", i+1), Timezone: r.Timezone, Training: p.Training, Tasks: p.Tasks, Timeline: p.Timeline, Older: p.Older}
		p.Unread = slices.Repeat([]Unread{{Account: masked, Reason: masked}}, unread)
		for k := range p.Tasks {
			t := &p.Tasks[k]
			*t = Task{Title: masked, Date: t.Date, State: t.State, Days: t.Days}
		}
		for k := range p.Timeline {
			p.Timeline[k] = redactedEntry(p.Timeline[k])
		}
	}
}

// masked stands for a text, as in a plan.
const masked = "(redacted)"

func redactedEntry(e Entry) Entry {
	out := Entry{Kind: e.Kind, Date: e.Date, Title: masked, State: e.State, Upcoming: e.Upcoming, Distance: e.Distance, Duration: e.Duration, Pace: e.Pace}
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
