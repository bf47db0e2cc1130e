package report

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"lockstep/providers"
	"lockstep/schema"
)

// Options of Build.
type Options struct {
	// Now is when the report is made.
	Now time.Time
	// Since is the first day of the timelines.
	Since time.Time
	// Redact masks names, addresses and texts. What is left are days,
	// distances, types of activities and how many things there are.
	Redact bool
}

// Build makes a report of facts.
func Build(f Facts, o Options) *Report {
	b := &builder{zone: f.Zone, now: o.Now, since: dayOf(o.Since)}
	if b.zone == nil {
		b.zone = time.UTC
	}
	b.clock = wall(o.Now, b.zone)
	r := &Report{
		FormatVersion: FormatVersion, GeneratedAt: o.Now.In(b.zone).Format(time.RFC3339), Timezone: b.zone.String(),
		Since: b.since.Format(dayForm), People: make([]Person, 0, len(f.People)),
	}
	for i := range f.People {
		r.People = append(r.People, b.person(&f.People[i]))
	}
	if o.Redact {
		redact(r)
	} else {
		r.Club.Name = f.Club
		slices.SortStableFunc(r.People, func(a, b Person) int {
			return cmp.Or(strings.Compare(fold(a.Name), fold(b.Name)), strings.Compare(a.ContactID, b.ContactID))
		})
	}
	for i := range r.People {
		r.People[i].Key = fmt.Sprintf("p%d", i+1)
	}
	b.club(r)
	return r
}

func fold(s string) string { return strings.ToLower(s) }

// builder carries what all people have in common.
type builder struct {
	zone  *time.Location
	now   time.Time
	clock time.Time // on the wall of the club
	since time.Time
}

func (b *builder) person(f *PersonFacts) Person {
	p := Person{Address: f.Address, Tasks: []Task{}, Timeline: []Entry{}}
	zone := b.identify(&p, f)
	p.Timezone = zone.String()
	today := dayOf(wall(b.now, zone))
	var lines []line
	for i := range f.Activities {
		lines = append(lines, activityLine(&f.Activities[i]))
	}
	if len(f.Athletes) > 0 {
		p.Training = b.training(f, lines, today)
	}
	for i := range f.Notes {
		lines = append(lines, b.noteLine(&f.Notes[i]))
	}
	for i := range f.Appointments {
		lines = append(lines, b.appointmentLine(&f.Appointments[i]))
	}
	for i := range f.Tasks {
		task, open, l := b.task(&f.Tasks[i])
		if open {
			p.Tasks = append(p.Tasks, task)
		}
		lines = append(lines, l)
	}
	slices.SortStableFunc(p.Tasks, compareTasks)
	b.timeline(&p, lines)
	if p.Training != nil {
		p.Older += max(0, p.Training.Activities-len(f.Activities))
	}
	return p
}

// identify sets who the person is, and where they are known.
func (b *builder) identify(p *Person, f *PersonFacts) *time.Location {
	var zone *time.Location
	if c := f.Contact; c != nil {
		p.ContactID, p.Email, p.Phone = c.ID, c.Value("email").Text(), c.Value("phone").Text()
		p.Name = strings.TrimSpace(c.Value("first_name").Text() + " " + c.Value("last_name").Text())
		p.Tags = c.Value("tags").Strings()
		zone = zoneOf(c.Value("timezone").Text())
	}
	for i := range f.Athletes {
		a := &f.Athletes[i]
		p.Accounts = append(p.Accounts, a.Value("account").Text())
		p.Name = cmp.Or(p.Name, a.Value("name").Text())
		if i == 0 {
			zone = cmp.Or(zoneOf(a.Value("timezone").Text()), zone)
		}
	}
	for _, u := range f.Unread {
		p.Accounts = append(p.Accounts, u.Account)
		p.Unread = append(p.Unread, Unread{Account: u.Account, Reason: reason(u.Err)})
	}
	p.Name = cmp.Or(p.Name, p.Email, p.Phone, strings.Join(p.Accounts, ", "), p.ContactID)
	return cmp.Or(zone, b.zone)
}

// reason is why an account could not be read.
func reason(err error) string {
	text := err.Error()
	var api *providers.APIError
	if errors.As(err, &api) && api.Advice != "" {
		text += ". " + api.Advice
	}
	return strings.TrimSuffix(text, ".")
}

// training sums up the activities in lines.
func (b *builder) training(f *PersonFacts, lines []line, today time.Time) *Training {
	t := &Training{Weeks: emptyWeeks(today, b.since)}
	for i := range lines {
		l := &lines[i]
		n := daysBetween(monday(l.at), monday(today)) / 7
		if n < 0 || n >= len(t.Weeks) {
			continue
		}
		w := &t.Weeks[len(t.Weeks)-1-n]
		w.Distance = round(w.Distance+l.Distance, 3)
		w.Duration += l.Duration
		w.Activities++
	}
	t.Load = load(t.Weeks)
	for i := range f.Athletes {
		t.add(&f.Athletes[i])
	}
	t.Exported = exportDay(f.Athletes)
	if last, ok := readClock(t.LastDate); ok {
		// Further east a day may have begun that is tomorrow here.
		days := max(0, daysBetween(last, today))
		t.DaysIdle = &days
	}
	return t
}

// add adds what an account says of all that was ever done.
func (t *Training) add(a *schema.Object) {
	t.Activities += int(figure(a.Value("activity_count")))
	t.Distance = round(t.Distance+figure(a.Value("total_distance_km")), 3)
	if last := a.Value("last_activity_date").Text(); last > t.LastDate {
		t.LastDate, t.LastType = last, a.Value("last_activity_type").Text()
		t.LastDistance = round(figure(a.Value("last_activity_distance_km")), 3)
	}
}

// exportDay is the day of the newest export, empty when an account of the API
// tells what was done since.
func exportDay(athletes []schema.Object) string {
	day := ""
	for i := range athletes {
		exported, ok := readClock(athletes[i].Value("exported_at").Text())
		if !ok {
			return ""
		}
		day = max(day, exported.Format(dayForm))
	}
	return day
}

// figure is a number, 0 when there is none.
func figure(v schema.Value) float64 {
	n, err := strconv.ParseFloat(v.Text(), 64)
	if err != nil {
		return 0
	}
	return n
}

// club sums up the people.
func (b *builder) club(r *Report) {
	c := &r.Club
	c.People, c.Weeks, c.Idle, c.Tasks = len(r.People), emptyWeeks(dayOf(b.clock), b.since), []Idle{}, []DueTask{}
	for i := range r.People {
		p := &r.People[i]
		c.athlete(p)
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
	c.Load = load(c.Weeks)
	// Tasks of one day stay in the order of the people.
	slices.SortStableFunc(c.Tasks, func(a, b DueTask) int { return strings.Compare(a.Date, b.Date) })
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

// idleFrom is the number of days without activity that make a person idle.
const idleFrom = 7

// athlete counts a person who has an account.
func (c *Club) athlete(p *Person) {
	c.Unread += len(p.Unread)
	t := p.Training
	if t == nil {
		return
	}
	c.Athletes++
	addWeeks(c.Weeks, t.Weeks)
	if len(p.Unread) == 0 && (t.DaysIdle == nil || *t.DaysIdle >= idleFrom) {
		c.Idle = append(c.Idle, Idle{Person: p.Key, Name: p.Name, Days: t.DaysIdle, Last: t.LastDate, Exported: t.Exported})
	}
	if t.DaysIdle == nil {
		return
	}
	if *t.DaysIdle < 7 {
		c.Active7++
	}
	if *t.DaysIdle < 30 {
		c.Active30++
	}
}
