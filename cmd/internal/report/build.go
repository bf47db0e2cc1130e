package report

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"lockstep/cmd/internal/report/figures"
	"lockstep/providers"
)

// Options of Build.
type Options struct {
	// Now is when the report is made.
	Now time.Time
	// Since is the first day of timelines and charts. When it is zero, each
	// person's half year is told: the one that ends where the data end.
	Since time.Time
	// Redact masks names, addresses and texts. What is left are days,
	// distances, types of activities and how many things there are.
	Redact bool
	// Title heads the report; empty is the name of the club, or else Otherwise.
	Title, Otherwise string
	// Units are Metric or Imperial; empty is Metric.
	Units string
	// Fields are the custom fields that tell of aims.
	Fields Fields
}

// Fields are the keys of the custom fields of a contact that tell what the person
// wants to reach. An empty one is not used.
type Fields struct {
	Goal, Race, RaceDate string
}

// Keys returns the keys that are used.
func (f Fields) Keys() []string {
	return slices.DeleteFunc([]string{f.Goal, f.Race, f.RaceDate}, func(key string) bool { return key == "" })
}

// Build makes a report of facts.
func Build(f Facts, o Options) *Report {
	b := &builder{zone: f.Zone, options: o, sports: figures.NewCatalogue()}
	if b.zone == nil {
		b.zone = time.UTC
	}
	b.clock = wall(o.Now, b.zone)
	r := &Report{
		FormatVersion: FormatVersion, GeneratedAt: o.Now.In(b.zone).Format(time.RFC3339), Timezone: b.zone.String(),
		Units: cmp.Or(o.Units, Metric), People: make([]Person, 0, len(f.People)),
	}
	if !o.Since.IsZero() {
		r.Since = o.Since.Format(dayForm)
	}
	for i := range f.People {
		r.People = append(r.People, b.person(&f.People[i]))
	}
	if o.Redact {
		redact(r)
		r.Title = cmp.Or(o.Title, masked)
	} else {
		r.Club.Name = f.Club
		r.Title = cmp.Or(o.Title, f.Club, o.Otherwise, "Report")
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
	zone    *time.Location
	options Options
	sports  *figures.Catalogue
	clock   time.Time // on the wall of the club
	// runs are what the athletes did up to the last day that is known of each.
	runs [][]figures.Activity
}

func (b *builder) person(f *PersonFacts) Person {
	p := Person{Address: f.Address, Tasks: []Task{}, Story: Story{Timeline: []Entry{}}}
	zone := b.identify(&p, f)
	p.Timezone = zone.String()
	today := dayOf(wall(b.options.Now, zone))
	first := b.options.Since
	if first.IsZero() {
		first = DefaultSince(b.clock)
	}
	if len(f.Athletes) > 0 {
		p.Training = b.training(f, today)
		if from, ok := readClock(p.Training.From); ok && b.options.Since.IsZero() {
			first = from
		}
	}
	p.Aims = b.aims(f.Contact, p.Training)
	lines := make([]line, 0, len(f.Activities)+len(f.Notes)+len(f.Tasks)+len(f.Appointments))
	for i := range f.Activities {
		l := b.activityLine(&f.Activities[i])
		if p.Training != nil && l.Date > p.Training.Until {
			l.State = "wrong clock"
		}
		lines = append(lines, l)
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
	p.Story = timeline(lines, first)
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
