package sandbox

import "strings"

// contactShape is what a contact's fields may be in every body that writes one.
var contactShape = shape{
	"firstName": {kind: text, null: true}, "lastName": {kind: text, null: true},
	"name": {kind: text, null: true}, "email": {kind: email, null: true},
	"phone": {kind: text, null: true}, "address1": {kind: text, null: true},
	"city": {kind: text, null: true}, "state": {kind: text, null: true},
	"postalCode": {kind: text, null: true}, "country": {kind: text, null: true},
	"website": {kind: text, null: true}, "timezone": {kind: text, null: true},
	"companyName": {kind: text, null: true}, "source": {kind: text, null: true},
	"assignedTo": {kind: text, null: true}, "dateOfBirth": {null: true},
	"dnd": {kind: flag}, "dndSettings": {kind: group, each: dndChannels},
	"inboundDndSettings": {kind: group, each: shape{"all": {kind: group, each: inboundSetting}}},
	"tags":               {kind: texts}, "customFields": {kind: list, each: fieldInput},
}

var (
	dndSetting = shape{
		"status":  {kind: text, need: true, one: []string{"active", "inactive", "permanent"}},
		"message": {kind: text}, "code": {kind: text},
	}
	inboundSetting = shape{
		"status":  {kind: text, need: true, one: []string{"active", "inactive"}},
		"message": {kind: text},
	}
	dndChannel  = rule{kind: group, each: dndSetting}
	dndChannels = shape{
		"Call": dndChannel, "Email": dndChannel, "SMS": dndChannel,
		"WhatsApp": dndChannel, "GMB": dndChannel, "FB": dndChannel,
	}
	fieldInput = shape{
		"id": {kind: text}, "key": {kind: text}, "field_value": {null: true}, "value": {null: true},
	}

	createContactShape = contactShape.extend(shape{
		"locationId": {kind: text, need: true}, "gender": {kind: text},
	})
	updateContactShape = contactShape.extend(shape{
		"type": {kind: text}, "ssn": {kind: text}, "keyword": {kind: text},
	})
	upsertContactShape = createContactShape.extend(shape{"createNewIfDuplicateAllowed": {kind: flag}})
)

func (s *Server) getContact(c *call) answer {
	found, known := s.store.contact(c.vars["contactId"])
	if !known {
		return noContact(c.vars["contactId"])
	}
	return ok(object{"contact": s.store.contactView(found)})
}

func (s *Server) createContact(c *call) answer {
	if len(c.body) < 2 { // the location alone
		a := unprocessable("At least one of email, phone, name should be provided")
		a.status = 400 // the body goes on saying 422
		return a
	}
	made, problems := s.store.newContact(c.body, millis(c.now))
	if len(problems) > 0 {
		return unprocessable(problems...)
	}
	if refusal, taken := s.store.duplicate(made); taken {
		return refusal
	}
	s.store.adopt(c, made)
	return created(object{"contact": s.store.createdView(made)})
}

// newContact fills a new contact, which is not in the store yet.
func (st *store) newContact(body object, now int64) (*contact, []string) {
	made := &contact{Type: "lead", Country: st.location.Country, Added: now, Updated: now}
	problems := st.fill(made, body)
	if made.Country == "" {
		made.Country = st.location.Country
	}
	return made, problems
}

// adopt gives a new contact its id and puts it into the store.
func (st *store) adopt(c *call, made *contact) {
	made.ID = st.newID(kindContact)
	st.defineTags(made.Tags)
	st.saveContact(c.now, made)
}

func (s *Server) updateContact(c *call) answer {
	old, known := s.store.contact(c.vars["contactId"])
	if !known {
		return noContact(c.vars["contactId"])
	}
	updated, refusal, written := s.store.update(c, old, c.body)
	if !written {
		return refusal
	}
	view := s.store.contactView(updated)
	view["followers"] = orEmpty(updated.Followers)
	return ok(object{"succeded": true, "succeeded": true, "contact": view})
}

// update writes a body over a contact: only what was sent changes.
func (st *store) update(c *call, old *contact, body object) (*contact, answer, bool) {
	updated := old.clone()
	if problems := st.fill(updated, body); len(problems) > 0 {
		return nil, unprocessable(problems...), false
	}
	if refusal, taken := st.duplicate(updated); taken {
		return nil, refusal, false
	}
	updated.Updated = millis(c.now)
	if _, sent := body["tags"]; sent {
		st.defineTags(updated.Tags)
	}
	st.saveContact(c.now, updated)
	return updated, answer{}, true
}

func (s *Server) deleteContact(c *call) answer {
	old, known := s.store.contact(c.vars["contactId"])
	if !known {
		return noContact(c.vars["contactId"])
	}
	gone := old.clone()
	gone.Deleted, gone.Updated = true, millis(c.now)
	s.store.saveContact(c.now, gone)
	return done()
}

// match finds another contact with the same value in one of the location's
// identifying fields, in their order.
func (st *store) match(c *contact) (id, field string, found bool) {
	for _, field := range st.location.ContactUniqueIdentifiers {
		switch field {
		case "email":
			id, found = st.byEmail[c.emailKey()]
		case "phone":
			id, found = st.byPhone[c.Phone]
		}
		if found && id != c.ID {
			return id, field, true
		}
	}
	return "", "", false
}

// duplicate refuses a contact that would be the second with its e-mail or
// phone, and says whose they are.
func (st *store) duplicate(c *contact) (answer, bool) {
	id, field, taken := st.match(c)
	if !taken || st.location.AllowDuplicateContact {
		return answer{}, false
	}
	return answer{status: 400, body: object{
		"statusCode": 400, "message": "This location does not allow duplicated contacts.",
		"meta": object{"contactId": id, "contactName": st.contacts[id].fullName(), "matchingField": field},
	}}, true
}

func (s *Server) upsertContact(c *call) answer {
	if c.body["email"] == nil && c.body["phone"] == nil {
		return badRequest("Either email or phone is required to upsert a contact")
	}
	body := c.body
	made, problems := s.store.newContact(body, millis(c.now))
	if len(problems) > 0 {
		return unprocessable(problems...)
	}
	id, _, found := s.store.match(made)
	again, _ := body["createNewIfDuplicateAllowed"].(bool)
	if found && !(again && s.store.location.AllowDuplicateContact) {
		return s.upsertExisting(c, s.store.contacts[id])
	}
	s.store.adopt(c, made)
	return ok(object{"new": true, "succeded": true, "succeeded": true, "contact": s.store.contactView(made)})
}

// upsertExisting updates the contact an upsert matched. Its source stays, and a
// value that another contact has is silently dropped.
func (s *Server) upsertExisting(c *call, old *contact) answer {
	body := object{}
	for name, v := range c.body {
		if name != "source" {
			body[name] = v
		}
	}
	if email, _ := body["email"].(string); s.store.taken(s.store.byEmail, strings.ToLower(email), old.ID) {
		delete(body, "email")
	}
	phone, _ := body["phone"].(string)
	phone, _ = normalPhone(phone, s.store.location.Country)
	if s.store.taken(s.store.byPhone, phone, old.ID) {
		delete(body, "phone")
	}
	updated, refusal, written := s.store.update(c, old, body)
	if !written {
		return refusal
	}
	view := s.store.contactView(updated)
	view["followers"] = orEmpty(updated.Followers)
	return ok(object{"new": false, "succeded": true, "succeeded": true, "contact": view})
}

func (st *store) taken(keys map[string]string, key, id string) bool {
	owner, found := keys[key]
	return found && owner != id
}

// findDuplicate answers from the store itself, not from the search's picture.
func (s *Server) findDuplicate(c *call) answer {
	probe := &contact{Email: c.query.Get("email")}
	probe.Phone, _ = normalPhone(c.query.Get("number"), s.store.location.Country)
	if id, found := s.store.byEmail[probe.emailKey()]; found {
		return ok(object{"contact": s.store.contactView(s.store.contacts[id]), "matchingField": "email"})
	}
	if id, found := s.store.byPhone[probe.Phone]; found {
		return ok(object{"contact": s.store.contactView(s.store.contacts[id]), "matchingField": "phone"})
	}
	return ok(object{"contact": nil})
}
