package gather

import (
	"context"
	"fmt"
	"slices"

	"lockstep/providers"
	"lockstep/schema"
)

// linkField is the custom field of a contact that holds its Runkeeper user id.
const linkField = "runkeeper_user_id"

// chunk is how many contacts are read by id at once.
const chunk = 50

// readContacts reads the contacts that the people may be.
func (g *gatherer) readContacts(ctx context.Context) error {
	g.follow()
	for _, ref := range g.crms {
		w := &wanted{ids: g.wantedIDs(ref), users: map[string]bool{}}
		for _, a := range g.athletes {
			if a.contact.ID == "" && a.userID() != "" {
				w.users[a.userID()] = true
			}
		}
		if err := g.find(ctx, ref, w); err != nil {
			return err
		}
	}
	return nil
}

// wanted returns the contacts of a provider that are looked for.
type wanted struct {
	// ids that are managed or linked, and users of Runkeeper whose contact is
	// not known.
	ids, users map[string]bool
}

func (w *wanted) wants(o *schema.Object) bool { return w.ids[o.ID] || w.users[userOf(o)] }

// userOf is the Runkeeper user id that a contact has.
func userOf(o *schema.Object) string { return o.Value("custom_fields." + linkField).Text() }

// follow gives the accounts the contacts that links name.
func (g *gatherer) follow() {
	for _, l := range g.Links {
		for _, a := range g.athletes {
			if a.account() == l.Account && a.provider == l.Provider {
				a.contact = l.Contact
			}
		}
	}
}

// wantedIDs are the contacts that a provider is asked for.
func (g *gatherer) wantedIDs(ref string) map[string]bool {
	ids := map[string]bool{}
	for _, c := range g.Contacts {
		if c.Provider == ref {
			ids[c.ID] = true
		}
	}
	for _, a := range g.athletes {
		if a.contact.ID != "" && a.contact.Provider == ref {
			ids[a.contact.ID] = true
		}
	}
	return ids
}

// find lists the contacts, unless reading the wanted ones singly takes fewer
// calls; the first page tells how many there are. What the list does not have,
// because it lags behind, is read by id.
func (g *gatherer) find(ctx context.Context, ref string, w *wanted) error {
	if len(w.ids)+len(w.users) == 0 {
		return nil
	}
	page := g.Providers[ref].Schema().Kind(kindContact).Listing.Page
	listed := true
	err := g.list(ctx, ref, providers.Query{Kind: kindContact}, func(o *schema.Object) {
		if w.wants(o) {
			g.contacts[o.ID] = &contact{provider: ref, object: *o}
		}
	}, func(total int) bool {
		singly := len(g.missing(w)) + len(w.users)
		listed = page == 0 || total < 0 || (total-1)/page <= singly
		return !listed
	})
	if err != nil {
		return err
	}
	if err := g.get(ctx, ref, g.missing(w)); err != nil || listed {
		return err
	}
	return g.search(ctx, ref, w)
}

// missing are the wanted contacts that have not been found.
func (g *gatherer) missing(w *wanted) []string {
	var ids []string
	for id := range w.ids {
		if g.contacts[id] == nil {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// get reads contacts by id.
func (g *gatherer) get(ctx context.Context, ref string, ids []string) error {
	for some := range slices.Chunk(ids, chunk) {
		keys := make([]providers.Key, len(some))
		for i, id := range some {
			keys[i].ID = id
		}
		found, err := g.Providers[ref].Get(ctx, kindContact, keys)
		if err != nil {
			return fmt.Errorf("cannot read contacts from %s: %w", ref, err)
		}
		for i := range found {
			g.contacts[found[i].ID] = &contact{provider: ref, object: found[i]}
		}
	}
	return nil
}

// UnknownFieldError reports that no location has a custom field that the report
// is to tell of.
type UnknownFieldError struct {
	// Key is the field, Near a hint at what may have been meant.
	Key, Near string
}

// Error names the field.
func (e *UnknownFieldError) Error() string {
	return fmt.Sprintf("no contact can have the custom field %q: the location does not have it.%s", e.Key, e.Near)
}

// checkFields refuses a custom field that no location has: nobody would miss what
// it does not tell.
func (g *gatherer) checkFields(ctx context.Context) error {
	if len(g.Fields) == 0 {
		return nil
	}
	var keys []string
	for _, ref := range g.crms {
		err := g.list(ctx, ref, providers.Query{Kind: kindField}, func(o *schema.Object) {
			if o.Value("model").Text() != "opportunity" {
				keys = append(keys, o.Value("field_key").Text())
			}
		}, nil)
		if err != nil {
			return err
		}
	}
	for _, key := range g.Fields {
		if !slices.Contains(keys, key) {
			return &UnknownFieldError{Key: key, Near: schema.DidYouMean(key, keys)}
		}
	}
	return nil
}

// search looks for the contacts of users one by one, if the location has the
// field at all. One that was found already may not be the only one.
func (g *gatherer) search(ctx context.Context, ref string, w *wanted) error {
	known := false
	err := g.list(ctx, ref, providers.Query{Kind: kindField}, func(o *schema.Object) {
		known = known || o.Value("field_key").Text() == linkField && o.Value("model").Text() != "opportunity"
	}, nil)
	if err != nil || !known {
		return err
	}
	for _, a := range g.athletes {
		if a.contact.ID != "" || a.userID() == "" {
			continue
		}
		where := schema.Fields{{Path: "custom_fields", Value: schema.MapValue(map[string]schema.Value{linkField: schema.StringValue(a.userID())})}}
		err := g.list(ctx, ref, providers.Query{Kind: kindContact, Where: where}, func(o *schema.Object) {
			if w.wants(o) {
				g.contacts[o.ID] = &contact{provider: ref, object: *o}
			}
		}, nil)
		if err != nil {
			return err
		}
	}
	return nil
}
