package sandbox

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// contacts are the people of a location. A deleted one stays, marked, and is not
// found any more.
type contacts struct {
	*collection[contact]
	l          *location
	keys       *keyring
	belongings []belonging
}

// belonging is a kind whose objects belong to a contact, and go with it.
type belonging struct {
	member string // of a contact in a seed document
	plant  func(contact string, raw json.RawMessage, p *planter) error
	drop   func(at time.Time, contact string)
}

// The scopes of contacts and of what belongs to them.
const (
	contactsRead  = "contacts.readonly"
	contactsWrite = "contacts.write"
)

func newContacts(l *location) *contacts {
	p := &contacts{collection: newCollection[contact](l.store, "contact"), l: l}
	p.keys = newKeyring(&l.settings, p.collection)
	p.searched()
	p.hidden = func(c *contact) bool { return c.Deleted }
	p.changed = p.keys.change
	return p
}

func (p *contacts) routes() []route {
	const path, one = "/contacts/", "/contacts/{contactId}"
	const reads, writes = contactsRead, contactsWrite
	duplicate := shape{"locationId": {kind: text, need: true}, "email": {kind: text}, "number": {kind: text}}
	own := []route{
		{method: http.MethodGet, pattern: path + "search/duplicate", scope: reads, query: duplicate, serve: p.findDuplicate},
		{method: http.MethodPost, pattern: path + "upsert", scope: writes, body: upsertContactShape, serve: p.upsert},
		{method: http.MethodPost, pattern: path, scope: writes, body: createContactShape, serve: p.create},
		{method: http.MethodGet, pattern: one, scope: reads, serve: p.read},
		{method: http.MethodPut, pattern: one, scope: writes, body: updateContactShape, serve: p.update},
		{method: http.MethodDelete, pattern: one, scope: writes, serve: p.remove},
	}
	search := &contactSearch{people: p, fields: p.l.fields}
	own = append(own, search.routes()...)
	own = append(own, contactTags{p, p.l.tags}.routes()...)
	return append(own, contactLinks{p, search}.routes()...)
}

// owns registers a kind that belongs to contacts.
func (p *contacts) owns(b belonging) { p.belongings = append(p.belongings, b) }

// alive returns a contact that is there and not deleted.
func (p *contacts) alive(id string) (*contact, bool) {
	c, known := p.byID[id]
	if !known || c.Deleted {
		return nil, false
	}
	return c, true
}

// named returns the contact that a call's path names.
func (p *contacts) named(c *call) (*contact, *answer) {
	id := c.vars["contactId"]
	found, alive := p.alive(id)
	if !alive {
		return nil, noContact(id)
	}
	return found, nil
}

// inPath returns the id of the contact that a call's path names: the owner of a
// contact's tasks and the like.
func (p *contacts) inPath(c *call) (string, *answer) {
	_, refusal := p.named(c)
	return c.vars["contactId"], refusal
}

func (p *contacts) read(c *call) *answer {
	found, refusal := p.named(c)
	if refusal != nil {
		return refusal
	}
	return ok(object{"contact": p.view(found)})
}

func (p *contacts) create(c *call) *answer {
	if len(c.body) < 2 { // the location alone
		a := unprocessable("At least one of email, phone, name should be provided")
		a.status = 400 // the body goes on saying 422
		return a
	}
	made, problems := p.begin(c)
	if len(problems) > 0 {
		return unprocessable(problems...)
	}
	if refusal := p.keys.refuse(made); refusal != nil {
		return refusal
	}
	p.adopt(c.now, made)
	return created(object{"contact": p.createdView(made)})
}

// begin fills a new contact, which is not in the store yet.
func (p *contacts) begin(c *call) (*contact, []string) {
	now := millis(c.now)
	made := &contact{Type: "lead", address: address{Country: p.l.settings.Country}, Added: now, Updated: now}
	problems := p.fill(made, c.body)
	if made.Country == "" {
		made.Country = p.l.settings.Country
	}
	return made, problems
}

// adopt gives a new contact its id and puts it into the store.
func (p *contacts) adopt(at time.Time, made *contact) {
	made.ID = p.store.newID(p.kind)
	p.l.tags.define(at, made.Tags)
	p.put(at, made.ID, made)
}

func (p *contacts) update(c *call) *answer {
	old, refusal := p.named(c)
	if refusal != nil {
		return refusal
	}
	updated, refusal := p.write(c, old, c.body)
	if refusal != nil {
		return refusal
	}
	return ok(set(object{"contact": p.updatedView(updated)}, bothSpellings))
}

// write writes a body over a contact: only what was sent changes.
func (p *contacts) write(c *call, old *contact, body object) (*contact, *answer) {
	updated := old.clone()
	if problems := p.fill(updated, body); len(problems) > 0 {
		return nil, unprocessable(problems...)
	}
	if refusal := p.keys.refuse(updated); refusal != nil {
		return nil, refusal
	}
	if _, sent := body["tags"]; sent {
		p.l.tags.define(c.now, updated.Tags)
	}
	p.save(c, updated)
	return updated, nil
}

// save stores a changed copy of a contact.
func (p *contacts) save(c *call, changed *contact) {
	changed.Updated = millis(c.now)
	if changed.AssignedTo != p.byID[changed.ID].AssignedTo {
		p.l.opportunities.assign(c.now, changed.ID, changed.AssignedTo)
	}
	p.put(c.now, changed.ID, changed)
}

// assign makes the new owner of an opportunity the owner of its contact, unless the
// settings keep owners apart.
func (p *contacts) assign(at time.Time, id, user string) {
	c, alive := p.alive(id)
	if !alive || user == "" || c.AssignedTo == user || p.l.settings.SeparateOwners {
		return
	}
	changed := c.clone()
	changed.AssignedTo, changed.Updated = user, millis(at)
	p.put(at, id, changed)
}

func (p *contacts) remove(c *call) *answer {
	old, refusal := p.named(c)
	if refusal != nil {
		return refusal
	}
	p.bury(c.now, old, millis(c.now))
	return done()
}

// bury marks a contact as deleted, and drops what belongs to it.
func (p *contacts) bury(at time.Time, c *contact, updated int64) {
	gone := c.clone()
	gone.Deleted, gone.Updated = true, updated
	p.put(at, gone.ID, gone)
	for _, b := range p.belongings {
		b.drop(at, gone.ID)
	}
}

func (p *contacts) upsert(c *call) *answer {
	if c.body["email"] == nil && c.body["phone"] == nil {
		return badRequest("Either email or phone is required to upsert a contact")
	}
	made, problems := p.begin(c)
	if len(problems) > 0 {
		return unprocessable(problems...)
	}
	id, _, found := p.keys.match(made)
	again, _ := c.body["createNewIfDuplicateAllowed"].(bool)
	if found && !(again && p.l.settings.AllowDuplicateContact) {
		return p.upsertExisting(c, p.byID[id])
	}
	p.adopt(c.now, made)
	return ok(set(object{"new": true, "contact": p.view(made)}, bothSpellings))
}

// upsertExisting updates the contact an upsert matched. Its source stays, and a
// value that another contact has is silently dropped.
func (p *contacts) upsertExisting(c *call, old *contact) *answer {
	body := object{}
	for name, v := range c.body {
		if name != "source" {
			body[name] = v
		}
	}
	if email, _ := body["email"].(string); p.keys.email.another(strings.ToLower(email), old.ID) {
		delete(body, "email")
	}
	phone, _ := body["phone"].(string)
	phone, _ = normalPhone(phone, p.l.settings.Country)
	if p.keys.phone.another(phone, old.ID) {
		delete(body, "phone")
	}
	updated, refusal := p.write(c, old, body)
	if refusal != nil {
		return refusal
	}
	return ok(set(object{"new": false, "contact": p.updatedView(updated)}, bothSpellings))
}

// findDuplicate answers from the store itself, not from the search's picture.
func (p *contacts) findDuplicate(c *call) *answer {
	phone, _ := normalPhone(c.query.Get("number"), p.l.settings.Country)
	if id, found := p.keys.email[strings.ToLower(c.query.Get("email"))]; found {
		return ok(object{"contact": p.view(p.byID[id]), "matchingField": "email"})
	}
	if id, found := p.keys.phone[phone]; found {
		return ok(object{"contact": p.view(p.byID[id]), "matchingField": "phone"})
	}
	return ok(object{"contact": nil})
}
