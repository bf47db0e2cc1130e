package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// seedDocument is what a new store may start from. Its objects have the
// properties of the API's create calls, and appointments those that a contact's
// list of them has. An object may bring its own id; other objects get the next
// one.
type seedDocument struct {
	Location     json.RawMessage `json:"location"` // the flat fields of settings
	Users        []user          `json:"users"`
	Tags         []string        `json:"tags"`
	CustomFields []object        `json:"customFields"`
	CustomValues []object        `json:"customValues"`
	Contacts     []seedContact   `json:"contacts"`
}

// seedContact is a contact with its children and with the fields that the API
// only reads.
type seedContact struct {
	fields object // what the create call takes

	ID               string        `json:"id"`
	Type             string        `json:"type"`
	BusinessID       string        `json:"businessId"`
	Followers        []string      `json:"followers"`
	AdditionalEmails []string      `json:"additionalEmails"`
	AdditionalPhones []string      `json:"additionalPhones"`
	DateAdded        *time.Time    `json:"dateAdded"`
	DateUpdated      *time.Time    `json:"dateUpdated"`
	Deleted          bool          `json:"deleted"`
	Tasks            []object      `json:"tasks"`
	Notes            []object      `json:"notes"`
	Appointments     []appointment `json:"appointments"`
}

// seededOnly are the properties of a seedContact that the create call lacks.
var seededOnly = []string{
	"id", "type", "businessId", "followers", "additionalEmails", "additionalPhones", "dateAdded", "dateUpdated",
	"deleted", "tasks", "notes", "appointments",
}

// UnmarshalJSON keeps the properties of the create call as they were written.
func (sc *seedContact) UnmarshalJSON(raw []byte) error {
	type plain seedContact
	if err := json.Unmarshal(raw, (*plain)(sc)); err != nil {
		return err
	}
	if err := json.Unmarshal(raw, &sc.fields); err != nil {
		return err
	}
	for _, name := range seededOnly {
		delete(sc.fields, name)
	}
	return nil
}

// SeedError says why a new sandbox cannot contain what its seed says.
type SeedError struct{ Err error }

// Error is the reason.
func (e *SeedError) Error() string { return fmt.Sprintf("seed sandbox: %s", e.Err) }

// Unwrap is the reason.
func (e *SeedError) Unwrap() error { return e.Err }

// seed fills a new store from the seed document and with invented people, and
// shows all of it to the searches at once. The log gets the whole seed or, if
// the process dies, nothing.
func (s *Server) seed() error {
	log := s.store.log
	s.store.log = nil
	defer func() { s.store.log = log }()
	if len(s.opts.Seed) > 0 {
		var doc seedDocument
		if err := json.Unmarshal(s.opts.Seed, &doc); err != nil {
			return fmt.Errorf("the seed is not the JSON of a location: %w", err)
		}
		if err := s.plant(doc); err != nil {
			return err
		}
	}
	s.store.invent(s.opts.Contacts)
	s.store.people.develop()
	s.store.todo.develop()
	if log == nil {
		return nil
	}
	s.store.log = log
	return s.store.rewrite()
}

func (s *Server) plant(doc seedDocument) error {
	if doc.Location != nil {
		if err := json.Unmarshal(doc.Location, &s.store.location); err != nil {
			return fmt.Errorf("read seed location: %w", err)
		}
		s.store.location.ID = s.opts.Location
	}
	for _, u := range doc.Users {
		if u.ID == "" {
			u.ID = s.store.newID(kindUser)
		}
		s.store.saveUser(&u)
	}
	s.store.defineTags(doc.Tags)
	location := "/locations/" + s.opts.Location
	for _, f := range doc.CustomFields {
		if _, err := s.post(kindField, location+"/customFields", f); err != nil {
			return err
		}
	}
	for _, v := range doc.CustomValues {
		if _, err := s.post(kindValue, location+"/customValues", v); err != nil {
			return err
		}
	}
	for i, sc := range doc.Contacts {
		if err := s.plantContact(sc); err != nil {
			return fmt.Errorf("seed contact %d: %w", i+1, err)
		}
	}
	return nil
}

// post makes an object through the API's own create call, so that a seed is
// held to the same rules as a request.
func (s *Server) post(kind, path string, body object) (object, error) {
	if id, given := body["id"].(string); given {
		s.store.reserved[kind] = id
		delete(body, "id")
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", kind, err)
	}
	a := s.dispatch(&call{method: http.MethodPost, path: path, rawBody: raw, now: s.opts.Now()})
	if a.status >= 300 {
		return nil, fmt.Errorf("%s %s: %v", kind, raw, a.body["message"])
	}
	made, _ := a.body[kind].(object)
	return made, nil
}

func (s *Server) plantContact(sc seedContact) error {
	sc.fields["locationId"] = s.opts.Location
	if sc.ID != "" {
		sc.fields["id"] = sc.ID
	}
	made, err := s.post(kindContact, "/contacts/", sc.fields)
	if err != nil {
		return err
	}
	id, _ := made["id"].(string)
	for _, t := range sc.Tasks {
		if _, given := t["completed"]; !given {
			t["completed"] = false
		}
		if _, err := s.post(kindTask, "/contacts/"+id+"/tasks", t); err != nil {
			return err
		}
	}
	for _, n := range sc.Notes {
		if _, err := s.post(kindNote, "/contacts/"+id+"/notes", n); err != nil {
			return err
		}
	}
	for _, a := range sc.Appointments {
		if a.ID == "" {
			a.ID = s.store.newID(kindAppointment)
		}
		a.ContactID = id
		s.store.visits.set(id, a.ID, &a)
		s.store.log.put(s.store.seq, kindAppointment, a.ID, &a)
	}
	s.store.finish(s.opts.Now(), id, sc)
	return nil
}

// finish writes the fields of a seeded contact that no call can write.
func (st *store) finish(now time.Time, id string, sc seedContact) {
	c := st.contacts[id].clone()
	c.Followers, c.BusinessID, c.Deleted = sc.Followers, sc.BusinessID, sc.Deleted
	c.AdditionalEmails, c.AdditionalPhones = sc.AdditionalEmails, sc.AdditionalPhones
	if sc.Type != "" {
		c.Type = sc.Type
	}
	if sc.DateAdded != nil {
		c.Added = millis(*sc.DateAdded)
		c.Updated = c.Added
	}
	if sc.DateUpdated != nil {
		c.Updated = millis(*sc.DateUpdated)
	}
	st.saveContact(now, c)
}
