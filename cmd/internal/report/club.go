package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"lockstep/cmd/internal/report/figures"
)

// idleFrom is the number of days without activity that make a person idle, and
// oldFrom the number of days by which an export is behind that make it old.
const idleFrom, oldFrom = 7, 8

// club sums up the people.
func (b *builder) club(r *Report) {
	c := &r.Club
	c.People, c.Idle, c.Loads, c.Races, c.Tasks = len(r.People), []Idle{}, []Loaded{}, []RaceAhead{}, []DueTask{}
	until := lastKnown(r.People)
	for i := range r.People {
		p := &r.People[i]
		c.Unread += len(p.Unread)
		c.athlete(p, until)
		if p.Race != nil && p.Race.Days != nil && *p.Race.Days >= 0 {
			c.Races = append(c.Races, RaceAhead{Person: p.Key, Name: p.Name, Race: *p.Race})
		}
		c.tasks(p)
	}
	if c.Athletes > 0 {
		c.Training = b.clubTraining(r.People, until)
	}
	// What is equal stays in the order of the people.
	slices.SortStableFunc(c.Tasks, func(a, b DueTask) int { return strings.Compare(a.Date, b.Date) })
	slices.SortStableFunc(c.Races, func(a, b RaceAhead) int { return strings.Compare(a.Date, b.Date) })
	slices.SortStableFunc(c.Loads, func(a, b Loaded) int { return cmp.Compare(*b.Excess, *a.Excess) })
	slices.SortStableFunc(c.Idle, func(a, b Idle) int {
		switch {
		case a.Days == nil || b.Days == nil:
			return cmp.Compare(boolRank(a.Days != nil), boolRank(b.Days != nil))
		default:
			return cmp.Compare(*b.Days, *a.Days)
		}
	})
}

func boolRank(b bool) int {
	if b {
		return 1
	}
	return 0
}

// lastKnown is the last day that is known of anybody.
func lastKnown(people []Person) time.Time {
	last := ""
	for i := range people {
		if t := people[i].Training; t != nil {
			last = max(last, t.Until)
		}
	}
	day, _ := readClock(last)
	return day
}

// tasks counts the tasks of a person.
func (c *Club) tasks(p *Person) {
	for _, t := range p.Tasks {
		switch t.State {
		case "overdue":
			c.Overdue++
		case "today", "soon":
			c.Due++
		default:
			continue
		}
		c.Tasks = append(c.Tasks, DueTask{Person: p.Key, Name: p.Name, Task: t})
	}
}

// athlete counts a person who has an account. until is the last day that is known
// of anybody: who was active by an older export counts as active only if that is
// within the days before it.
func (c *Club) athlete(p *Person, until time.Time) {
	t := p.Training
	if t == nil {
		return
	}
	c.Athletes++
	if t.behind(until) {
		// What was too much then is over.
		t.Load.Warning = false
	}
	if t.Load.Warning {
		c.Loads = append(c.Loads, Loaded{Person: p.Key, Name: p.Name, Load: t.Load})
	}
	if len(p.Unread) == 0 && (t.DaysIdle == nil || *t.DaysIdle >= idleFrom) {
		c.Idle = append(c.Idle, Idle{Person: p.Key, Name: p.Name, Days: t.DaysIdle, Last: t.LastDate, Exported: t.Exported})
	}
	last, ok := readClock(t.LastDate)
	if !ok {
		return
	}
	days := figures.DaysBetween(last, until)
	if days < 7 {
		c.Active7++
	}
	if days < 30 {
		c.Active30++
	}
}

// clubTraining sums up what the athletes did.
func (b *builder) clubTraining(people []Person, until time.Time) *ClubTraining {
	t := &ClubTraining{Window: b.window(slices.Concat(b.edges()...), until), Sports: []ClubSport{}, Outdated: []Outdated{}}
	all := map[string]*clubSum{}
	for _, runs := range b.runs {
		for _, share := range b.sports.Split(runs) {
			sum := all[share.Sport.Name]
			if sum == nil {
				sum = newClubSum(share.Sport, &t.Window)
				all[share.Sport.Name] = sum
			}
			sum.add(share.Activities)
		}
	}
	for _, sum := range all {
		if sum.people > 0 {
			t.Sports = append(t.Sports, sum.sport())
		}
	}
	slices.SortFunc(t.Sports, func(a, b ClubSport) int {
		return cmp.Or(cmp.Compare(seconds(b.Periods), seconds(a.Periods)), strings.Compare(a.Name, b.Name))
	})
	for i := range people {
		p := &people[i]
		if p.Training != nil && p.Training.behind(until) {
			t.Outdated = append(t.Outdated, Outdated{Person: p.Key, Name: p.Name, Exported: p.Training.Exported})
		}
	}
	slices.SortStableFunc(t.Outdated, func(a, b Outdated) int { return strings.Compare(a.Exported, b.Exported) })
	return t
}

// behind reports whether the figures end more than a week before a day.
func (t *Training) behind(day time.Time) bool {
	until, ok := readClock(t.Until)
	return ok && t.Exported != "" && figures.DaysBetween(until, day) >= oldFrom
}

// edges are the first and the last activity of all, in this order.
func (b *builder) edges() [][]figures.Activity {
	var first, last []figures.Activity
	for _, runs := range b.runs {
		if len(runs) == 0 {
			continue
		}
		head, tail := runs[:1], runs[len(runs)-1:]
		if first == nil || head[0].Start.Before(first[0].Start) {
			first = head
		}
		if last == nil || tail[0].Start.After(last[0].Start) {
			last = tail
		}
	}
	return [][]figures.Activity{first, last}
}

func seconds(periods []figures.Period) float64 {
	sum := 0.0
	for i := range periods {
		sum += periods[i].Duration
	}
	return sum
}

// clubSum adds up one sport of all people.
type clubSum struct {
	share    figures.Sport
	window   *Window
	from, to time.Time
	until    time.Time
	people   int
	weeks    []figures.Period
	periods  []figures.Period
	this     float64
	last     float64
}

func newClubSum(s figures.Sport, w *Window) *clubSum {
	c := &clubSum{share: s, window: w, to: w.to()}
	c.from, _ = readClock(w.From)
	c.until, _ = readClock(w.Until)
	c.weeks, c.periods = figures.RecentWeeks(nil, c.until), figures.Periods(nil, w.Step, c.from, c.to)
	return c
}

func (c *clubSum) add(runs []figures.Activity) {
	periods := figures.Periods(runs, c.window.Step, c.from, c.to)
	if slices.ContainsFunc(periods, func(p figures.Period) bool { return p.Activities > 0 }) {
		c.people++
	}
	figures.Merge(c.periods, periods)
	figures.Merge(c.weeks, figures.RecentWeeks(runs, c.until))
	year := figures.YearToDateOf(runs, c.until)
	c.this, c.last = round(c.this+year.This.Distance, 3), round(c.last+year.Last.Distance, 3)
}

func (c *clubSum) sport() ClubSport {
	return ClubSport{
		Name: c.share.Name, Measure: c.share.Measure, People: c.people, Recent: figures.RecentOf(c.weeks), Periods: c.periods,
		ThisYear: c.this, LastYear: c.last, Change: figures.Change(c.this, c.last),
	}
}
