package gather

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"lockstep/schema"
)

// join makes people of contacts and accounts.
func (g *gatherer) join(context.Context) error {
	if err := g.linkByUser(); err != nil {
		return err
	}
	byID := map[string]*person{}
	add := func(named Contact) *person {
		c := g.contacts[named.ID]
		if c == nil {
			return nil
		}
		p := byID[named.ID]
		if p == nil {
			p = &person{crm: c.provider}
			p.Contact, p.Address = &c.object, named.Address
			byID[named.ID], g.people = p, append(g.people, p)
		}
		return p
	}
	for _, c := range g.Contacts {
		add(c)
	}
	for _, a := range g.athletes {
		p := add(a.contact)
		if p == nil {
			// The contact does not exist, or was deleted.
			p = &person{}
			g.people = append(g.people, p)
		}
		p.athletes = append(p.athletes, a)
		if a.unread != nil {
			p.lacks(a, a.unread)
			continue
		}
		p.Athletes = append(p.Athletes, a.object)
	}
	return nil
}

// linkByUser joins the accounts that no link names with the contact that has
// their user id.
func (g *gatherer) linkByUser() error {
	byUser := map[string][]string{}
	for id, c := range g.contacts {
		if user := userOf(&c.object); user != "" {
			byUser[user] = append(byUser[user], id)
		}
	}
	for _, a := range g.athletes {
		if a.contact.ID != "" || a.userID() == "" {
			continue
		}
		ids := byUser[a.userID()]
		switch len(ids) {
		case 0:
		case 1:
			a.contact = Contact{Provider: g.contacts[ids[0]].provider, ID: ids[0]}
		default:
			slices.Sort(ids)
			return fmt.Errorf("%d contacts have the custom field %s of the account %q: %s. Merge them in the CRM, or clear the field of all but one",
				len(ids), linkField, a.account(), strings.Join(ids, ", "))
		}
	}
	return nil
}

// UnknownPersonError reports that the user asked for a person who is not among
// the people of the report.
type UnknownPersonError struct {
	// Asked is what was written, Near a hint at what may have been meant.
	Asked, Near string
}

// Error names what was asked for.
func (e *UnknownPersonError) Error() string {
	return fmt.Sprintf("%q is neither the e-mail address, the id nor the address of a contact that the files manage, nor an account of runkeeper.%s", e.Asked, e.Near)
}

// restrict keeps those who were asked for.
func (g *gatherer) restrict(context.Context) error {
	if len(g.Only) == 0 {
		return nil
	}
	keep := map[*person]bool{}
	for _, asked := range g.Only {
		found := false
		for _, p := range g.people {
			if p.is(asked) {
				keep[p], found = true, true
			}
		}
		if !found {
			return &UnknownPersonError{Asked: asked, Near: schema.DidYouMean(asked, g.names())}
		}
	}
	g.people = slices.DeleteFunc(g.people, func(p *person) bool { return !keep[p] })
	return nil
}

// names are all that people can be asked for by.
func (g *gatherer) names() []string {
	var all []string
	for _, p := range g.people {
		all = append(all, p.names()...)
	}
	return all
}

func (p *person) names() []string {
	var all []string
	if p.Contact != nil {
		all = append(all, p.Contact.ID)
		if email := p.Contact.Value("email").Text(); email != "" {
			all = append(all, email)
		}
	}
	if p.Address != "" {
		all = append(all, p.Address)
	}
	for _, a := range p.athletes {
		all = append(all, a.account())
	}
	return all
}

// is reports whether the person is the one who was asked for.
func (p *person) is(asked string) bool {
	return slices.ContainsFunc(p.names(), func(name string) bool {
		return name == asked || strings.Contains(asked, "@") && strings.EqualFold(name, asked)
	})
}
