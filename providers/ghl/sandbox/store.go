package sandbox

import (
	"crypto/sha256"
	"fmt"
	"time"
)

// The kinds of record in the store and its log.
const (
	kindContact     = "contact"
	kindTask        = "task"
	kindNote        = "note"
	kindTag         = "tag"
	kindField       = "customField"
	kindValue       = "customValue"
	kindUser        = "user"
	kindAppointment = "appointment"
	kindLocation    = "location"
	kindToken       = "token"
)

// store holds the objects of a location. Objects are replaced, never changed in
// place. The caller holds the server's lock.
type store struct {
	location settings
	contacts map[string]*contact // deleted ones stay, marked
	byEmail  map[string]string   // lower-cased e-mail to contact id
	byPhone  map[string]string   // E.164 phone to contact id

	tasks  *children[*task]
	notes  *children[*note]
	visits *children[*appointment]

	tags     *catalogue[*tag]
	tagNames map[string]string // name to id
	fields   *catalogue[*field]
	values   *catalogue[*value]
	users    *catalogue[*user]
	tokens   *catalogue[*issued] // OAuth tokens, by their digest

	people *picture[*contact] // what contact search sees
	todo   *picture[*task]    // what task search sees
	orders orderCache

	agenda agenda

	reserved map[string]string // by kind, the id the next object must get
	seq      uint64            // ids given so far
	fresh    bool              // nothing was loaded
	log      *journal
}

func newStore(opts Options) *store {
	return &store{
		location: defaultSettings(opts.Location),
		contacts: map[string]*contact{},
		byEmail:  map[string]string{},
		byPhone:  map[string]string{},
		tasks:    newChildren[*task](),
		notes:    newChildren[*note](),
		visits:   newChildren[*appointment](),
		tags:     newCatalogue[*tag](),
		tagNames: map[string]string{},
		fields:   newCatalogue[*field](),
		values:   newCatalogue[*value](),
		users:    newCatalogue[*user](),
		tokens:   newCatalogue[*issued](),
		people:   newPicture[*contact](opts.SearchLag),
		todo:     newPicture[*task](opts.SearchLag),
		reserved: map[string]string{},
		fresh:    true,
	}
}

// letters of an id.
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// newID gives the next id: 20 letters and digits that follow from how many were
// given before, so that equal requests give equal ids and no id comes twice.
func (st *store) newID(kind string) string {
	if id, given := st.reserved[kind]; given {
		delete(st.reserved, kind)
		return id
	}
	st.seq++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s/%s/%d", st.location.ID, kind, st.seq))
	id := make([]byte, 20)
	for i := range id {
		id[i] = letters[int(sum[i])%len(letters)]
	}
	// The last six letters spell the number itself, so no two ids are equal.
	for i, n := len(id)-1, st.seq; i >= len(id)-6; i-- {
		id[i] = letters[n%uint64(len(letters))]
		n /= uint64(len(letters))
	}
	return string(id)
}

// saveContact makes c the current version of its contact.
func (st *store) saveContact(at time.Time, c *contact) {
	if old := st.contacts[c.ID]; old != nil {
		st.unindex(old)
	}
	st.contacts[c.ID] = c
	if !c.Deleted {
		index(st.byEmail, c.emailKey(), c.ID)
		index(st.byPhone, c.Phone, c.ID)
	}
	if c.Deleted {
		for _, t := range st.tasks.all(c.ID) {
			st.todo.see(at, t.ID, nil, true)
		}
	}
	st.people.see(at, c.ID, c, c.Deleted)
	st.log.put(st.seq, kindContact, c.ID, c)
}

func index(keys map[string]string, key, id string) {
	if _, taken := keys[key]; key != "" && !taken {
		keys[key] = id
	}
}

// unindex frees the e-mail and phone of a contact. Where duplicates are allowed
// another contact may have them too, and takes over.
func (st *store) unindex(c *contact) {
	email, phone := c.emailKey(), c.Phone
	freed := st.byEmail[email] == c.ID || st.byPhone[phone] == c.ID
	if st.byEmail[email] == c.ID {
		delete(st.byEmail, email)
	}
	if st.byPhone[phone] == c.ID {
		delete(st.byPhone, phone)
	}
	if !freed || !st.location.AllowDuplicateContact {
		return
	}
	for _, other := range st.contacts {
		if other.Deleted || other.ID == c.ID {
			continue
		}
		if other.emailKey() == email {
			index(st.byEmail, email, other.ID)
		}
		if other.Phone == phone {
			index(st.byPhone, phone, other.ID)
		}
	}
}

// contact gives a contact that is there and not deleted.
func (st *store) contact(id string) (*contact, bool) {
	c, known := st.contacts[id]
	if !known || c.Deleted {
		return nil, false
	}
	return c, true
}

// millis is the API's resolution of time.
func millis(t time.Time) int64 { return t.UnixMilli() }

// stamp writes a time as the API does: UTC with milliseconds.
func stamp(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z") }
