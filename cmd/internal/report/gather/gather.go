// Package gather reads the facts of a report from the configured providers. It
// reads only, and in bulk where an API has a bulk call.
package gather

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"lockstep/cmd/internal/report"
	"lockstep/providers"
	"lockstep/schema"
)

// The kinds that a report is made of.
const (
	kindContact     = "ghl_contact"
	kindLocation    = "ghl_location"
	kindField       = "ghl_custom_field"
	kindNote        = "ghl_note"
	kindTask        = "ghl_task"
	kindAppointment = "ghl_contact_appointment"
	kindAthlete     = "runkeeper_athlete"
	kindActivity    = "runkeeper_activity"
)

// Contact is a contact that the files name.
type Contact struct {
	// Provider is the reference of its provider: "ghl".
	Provider string
	ID       string
	// Address is where the files name it.
	Address string
}

// Link joins a contact and a Runkeeper account that are one person.
type Link struct {
	Contact Contact
	// Provider is the reference of the account's provider, Account its name.
	Provider, Account string
}

// Input is what to gather.
type Input struct {
	// Providers are configured, by their references.
	Providers map[string]providers.Provider
	// Contacts that the files manage.
	Contacts []Contact
	// Links join people, beside those whose contact has the custom field
	// runkeeper_user_id.
	Links []Link
	// Only these people: e-mail addresses, ids of contacts, addresses in the
	// files or names of accounts. Empty is everybody.
	Only []string
	// Fields are keys of custom fields of contacts that the report is to tell of.
	Fields []string
	// Progress hears how many objects of a kind have been read; Tell hears, in
	// sentences, what takes long and what could not be found out.
	Progress func(kind *schema.Kind, done int)
	Tell     func(string)
}

// Read gathers the facts.
func Read(ctx context.Context, in Input) (report.Facts, error) {
	g := &gatherer{Input: in, contacts: map[string]*contact{}}
	g.crms, g.runners = g.having(kindContact), g.having(kindAthlete)
	steps := []func(context.Context) error{g.readAthletes, g.checkFields, g.readContacts, g.join, g.restrict, g.readActivities, g.readChildren, g.readClub}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return report.Facts{}, err
		}
	}
	f := report.Facts{Club: g.club, Zone: g.zone}
	for _, p := range g.people {
		f.People = append(f.People, p.PersonFacts)
	}
	return f, nil
}

// gatherer is one reading.
type gatherer struct {
	Input
	// crms and runners are references of providers.
	crms, runners []string
	athletes      []*athlete
	// contacts by id, and in order the ones that are people of the report.
	contacts map[string]*contact
	people   []*person
	club     string
	zone     *time.Location
}

// athlete is an account.
type athlete struct {
	provider string
	object   schema.Object
	// contact has no ID when there is none.
	contact Contact
	// unread is why it could not be read; the object then has only a name.
	unread *providers.AccountError
}

func (a *athlete) account() string { return a.object.Value("account").Text() }
func (a *athlete) userID() string  { return a.object.Value("user_id").Text() }

// contact is a contact that was read.
type contact struct {
	provider string
	object   schema.Object
}

// person is one person, with the places that tell of them.
type person struct {
	report.PersonFacts
	crm      string
	athletes []*athlete
}

// having are the providers with a kind, sorted.
func (g *gatherer) having(kind string) []string {
	var refs []string
	for _, ref := range slices.Sorted(maps.Keys(g.Providers)) {
		if g.Providers[ref].Schema().Kind(kind) != nil {
			refs = append(refs, ref)
		}
	}
	return refs
}

// list reads all objects of a query, and hands each to a function until that
// says to stop. A page's total is -1 when it is not known.
func (g *gatherer) list(ctx context.Context, ref string, q providers.Query, each func(*schema.Object), enough func(total int) bool) error {
	return g.listReadable(ctx, ref, q, each, enough, nil)
}

// listReadable is list for a provider of several accounts: it calls unread for
// an account that cannot be read, and goes on with the others.
func (g *gatherer) listReadable(ctx context.Context, ref string, q providers.Query, each func(*schema.Object), enough func(total int) bool, unread func(*providers.AccountError)) error {
	kind := g.Providers[ref].Schema().Kind(q.Kind)
	done := 0
	for page, err := range g.Providers[ref].List(ctx, q) {
		var account *providers.AccountError
		if errors.As(err, &account) && unread != nil && ctx.Err() == nil {
			unread(account)
			continue
		}
		if err != nil {
			return fmt.Errorf("cannot read %s from %s: %w", kind.Plural, ref, err)
		}
		for i := range page.Objects {
			each(&page.Objects[i])
		}
		done += len(page.Objects)
		if g.Progress != nil {
			g.Progress(kind, done)
		}
		if enough != nil && enough(page.Total) {
			return nil
		}
		enough = nil
	}
	return ctx.Err()
}

func (g *gatherer) readAthletes(ctx context.Context) error {
	for _, ref := range g.runners {
		err := g.listReadable(ctx, ref, providers.Query{Kind: kindAthlete}, func(o *schema.Object) {
			g.athletes = append(g.athletes, &athlete{provider: ref, object: *o})
		}, nil, func(e *providers.AccountError) {
			o := schema.Object{Kind: kindAthlete, ID: e.Account, Fields: schema.Fields{{Path: "account", Value: schema.StringValue(e.Account)}}}
			g.athletes = append(g.athletes, &athlete{provider: ref, object: o, unread: e})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// readActivities reads what the accounts of the people did.
func (g *gatherer) readActivities(ctx context.Context) error {
	for _, p := range g.people {
		for _, a := range p.athletes {
			if a.unread != nil {
				continue
			}
			// Records and years look back to the beginning; offsets are not told.
			where := schema.Fields{
				{Path: "account", Value: schema.StringValue(a.account())},
				{Path: "offsets", Value: schema.BoolValue(false)},
			}
			err := g.listReadable(ctx, a.provider, providers.Query{Kind: kindActivity, Where: where}, func(o *schema.Object) {
				p.Activities = append(p.Activities, report.ReadActivity(o))
			}, nil, func(e *providers.AccountError) { p.lacks(a, e) })
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// readChildren reads what belongs to the contacts of the people.
func (g *gatherer) readChildren(ctx context.Context) error {
	for _, ref := range g.crms {
		var parents []string
		owner := map[string]*person{}
		for _, p := range g.people {
			if p.crm == ref {
				parents, owner[p.Contact.ID] = append(parents, p.Contact.ID), p
			}
		}
		if len(parents) == 0 {
			continue
		}
		g.announce(ref, len(parents))
		for _, kind := range []string{kindTask, kindNote, kindAppointment} {
			err := g.list(ctx, ref, providers.Query{Kind: kind, Parents: parents}, func(o *schema.Object) {
				if p := owner[o.Value("contact_id").Text()]; p != nil {
					p.add(o)
				}
			}, nil)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// manyCalls is the number of calls from which the user is told how long reading
// takes.
const manyCalls = 200

// announce tells how long notes and appointments take, because no API gives them
// for several contacts at once.
func (g *gatherer) announce(ref string, contacts int) {
	calls := 2 * contacts
	if calls < manyCalls {
		return
	}
	limit := ""
	if c, ok := g.Providers[ref].(providers.Counter); ok {
		if u := c.Usage(); u.Max > 0 && u.IntervalSeconds > 0 {
			limit = fmt.Sprintf(", about %.0f s at the account's limit", float64(calls)/float64(u.Max)*u.IntervalSeconds)
		}
	}
	g.tell("Notes and appointments of %d contacts take %d calls%s. With -contact fewer are read.", contacts, calls, limit)
}

// lacks notes why an account of a person could not be read. Sums without
// activities would be told as weeks of rest.
func (p *person) lacks(a *athlete, why *providers.AccountError) {
	p.Unread = append(p.Unread, why)
	p.Athletes = slices.DeleteFunc(p.Athletes, func(o schema.Object) bool { return o.Value("account").Text() == a.account() })
}

// add gives a person what is theirs.
func (p *person) add(o *schema.Object) {
	switch o.Kind {
	case kindTask:
		p.Tasks = append(p.Tasks, *o)
	case kindNote:
		p.Notes = append(p.Notes, *o)
	case kindAppointment:
		p.Appointments = append(p.Appointments, *o)
	}
}

// readClub finds out where the club is. Without that permission all is told by
// UTC, with a warning.
func (g *gatherer) readClub(ctx context.Context) error {
	if len(g.crms) == 0 {
		return nil
	}
	ref := g.crms[0]
	for _, p := range g.people {
		if p.crm != "" {
			ref = p.crm
			break
		}
	}
	err := g.list(ctx, ref, providers.Query{Kind: kindLocation}, func(o *schema.Object) {
		g.club = o.Value("name").Text()
		zone, err := time.LoadLocation(o.Value("timezone").Text())
		if err != nil {
			g.tell("Warning: the time zone %q of the location is not known, so tasks and appointments are told by UTC.", o.Value("timezone").Text())
			return
		}
		g.zone = zone
	}, nil)
	var api *providers.APIError
	if errors.As(err, &api) && (api.Status == 401 || api.Status == 403) {
		g.tell("Warning: tasks and appointments are told by UTC, because the location cannot be read: %s", err)
		return nil
	}
	return err
}

func (g *gatherer) tell(format string, a ...any) {
	if g.Tell != nil {
		g.Tell(fmt.Sprintf(format, a...))
	}
}
