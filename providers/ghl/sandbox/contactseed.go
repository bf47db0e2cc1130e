package sandbox

import (
	"encoding/json"
	"fmt"
	"time"
)

// seedContact is a contact of a seed document: what the create call takes, its
// belongings, and the fields that the API only reads.
type seedContact struct {
	fields  object                     // what the create call takes
	members map[string]json.RawMessage // all, as they were written

	ID               string     `json:"id"`
	Type             string     `json:"type"`
	BusinessID       string     `json:"businessId"`
	Followers        []string   `json:"followers"`
	AdditionalEmails []string   `json:"additionalEmails"`
	AdditionalPhones []string   `json:"additionalPhones"`
	DateAdded        *time.Time `json:"dateAdded"`
	DateUpdated      *time.Time `json:"dateUpdated"`
	Deleted          bool       `json:"deleted"`
}

// seededOnly are the properties of a seedContact that the create call lacks.
var seededOnly = []string{
	"type", "businessId", "followers", "additionalEmails", "additionalPhones", "dateAdded", "dateUpdated", "deleted",
}

// UnmarshalJSON keeps the properties of the create call as they were written.
func (sc *seedContact) UnmarshalJSON(raw []byte) error {
	type plain seedContact
	if err := json.Unmarshal(raw, (*plain)(sc)); err != nil {
		return err
	}
	if err := json.Unmarshal(raw, &sc.members); err != nil {
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

func (p *contacts) member() string { return "contacts" }

// plant makes the contacts of a list, each with its belongings.
func (p *contacts) plant(raw json.RawMessage, to *planter) error {
	var all []seedContact
	if err := json.Unmarshal(raw, &all); err != nil {
		return err
	}
	for i, sc := range all {
		if err := p.plantOne(sc, to); err != nil {
			return fmt.Errorf("contact %d: %w", i+1, err)
		}
	}
	return nil
}

func (p *contacts) plantOne(sc seedContact, to *planter) error {
	for _, b := range p.belongings {
		delete(sc.fields, b.member)
	}
	made, err := to.post(p.kind, "/contacts/", sc.fields)
	if err != nil {
		return err
	}
	id, _ := made["id"].(string)
	for _, b := range p.belongings {
		raw, given := sc.members[b.member]
		if !given || b.plant == nil {
			continue
		}
		if err := b.plant(id, raw, to); err != nil {
			return fmt.Errorf("%s: %w", b.member, err)
		}
	}
	p.finish(to.now, id, sc)
	return nil
}

// finish writes the fields of a seeded contact that no call can write.
func (p *contacts) finish(now time.Time, id string, sc seedContact) {
	c := p.byID[id].clone()
	c.Followers, c.BusinessID = sc.Followers, sc.BusinessID
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
	p.put(now, id, c)
	if sc.Deleted {
		p.bury(now, c, c.Updated)
	}
}
