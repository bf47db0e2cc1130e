package sandbox

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/nyaruka/phonenumbers"
)

// contact is a stored contact. An empty text is an unset field. Times are
// milliseconds since 1970.
type contact struct {
	ID string `json:"id"`
	person
	reach
	address
	consent
	ties
	CompanyName  string      `json:"companyName,omitempty"`
	Source       string      `json:"source,omitempty"`
	Type         string      `json:"type,omitempty"`
	Tags         []string    `json:"tags,omitempty"`
	CustomFields fieldValues `json:"customFields,omitempty"`

	Added   int64 `json:"dateAdded"`
	Updated int64 `json:"dateUpdated"`
	Deleted bool  `json:"deleted,omitempty"`
}

// person is who a contact is.
type person struct {
	FirstName   string `json:"firstName,omitempty"`
	LastName    string `json:"lastName,omitempty"`
	DateOfBirth *int64 `json:"dateOfBirth,omitempty"`
}

// reach is how a contact is reached.
type reach struct {
	Email            string   `json:"email,omitempty"` // as sent
	Phone            string   `json:"phone,omitempty"` // E.164
	Website          string   `json:"website,omitempty"`
	AdditionalEmails []string `json:"additionalEmails,omitempty"`
	AdditionalPhones []string `json:"additionalPhones,omitempty"`
}

// address is where a contact is.
type address struct {
	Address1   string `json:"address1,omitempty"`
	City       string `json:"city,omitempty"`
	State      string `json:"state,omitempty"`
	PostalCode string `json:"postalCode,omitempty"`
	Country    string `json:"country,omitempty"`
	Timezone   string `json:"timezone,omitempty"`
}

// consent is what a contact does not want to get.
type consent struct {
	DND         *bool           `json:"dnd,omitempty"`
	DNDSettings json.RawMessage `json:"dndSettings,omitempty"`
	InboundDND  json.RawMessage `json:"inboundDndSettings,omitempty"`
}

// ties are the ids of the users and the business that a contact belongs to.
type ties struct {
	AssignedTo string   `json:"assignedTo,omitempty"`
	BusinessID string   `json:"businessId,omitempty"`
	Followers  []string `json:"followers,omitempty"`
}

func (c *contact) clone() *contact {
	out := *c
	out.Tags = slices.Clone(c.Tags)
	out.CustomFields = slices.Clone(c.CustomFields)
	out.Followers = slices.Clone(c.Followers)
	return &out
}

func (c *contact) emailKey() string { return strings.ToLower(c.Email) }

func (c *contact) fullName() string { return strings.TrimSpace(c.FirstName + " " + c.LastName) }

// text returns the field that a property of the API names, or nil.
func (c *contact) text(name string) *string {
	switch name {
	case "firstName":
		return &c.FirstName
	case "lastName":
		return &c.LastName
	case "email":
		return &c.Email
	case "phone":
		return &c.Phone
	case "address1":
		return &c.Address1
	case "city":
		return &c.City
	case "state":
		return &c.State
	case "postalCode":
		return &c.PostalCode
	case "country":
		return &c.Country
	case "website":
		return &c.Website
	case "timezone":
		return &c.Timezone
	case "companyName":
		return &c.CompanyName
	case "source":
		return &c.Source
	case "assignedTo":
		return &c.AssignedTo
	case "type":
		return &c.Type
	case "businessId":
		return &c.BusinessID
	}
	return nil
}

// fill writes the properties of a body into c and lists what cannot be written.
// The body's shape has been checked. Null and "" clear.
func (p *contacts) fill(c *contact, body object) []string {
	var problems []string
	for name, v := range body {
		if field := c.text(name); field != nil {
			*field, _ = v.(string)
		}
	}
	fillName(c, body)
	if _, given := body["phone"]; given && c.Phone != "" {
		phone, valid := normalPhone(c.Phone, p.l.settings.Country)
		if !valid {
			problems = append(problems, "phone must be a valid phone number")
		}
		c.Phone = phone
	}
	if v, given := body["dateOfBirth"]; given {
		birth, valid := birthDate(v)
		if !valid {
			problems = append(problems, "dateOfBirth must be a valid date")
		}
		c.DateOfBirth = birth
	}
	if v, given := body["dnd"].(bool); given {
		c.DND = &v
	}
	problems = append(problems, permanent(c.DNDSettings, body["dndSettings"])...)
	c.DNDSettings = mergeObjects(c.DNDSettings, body["dndSettings"])
	c.InboundDND = mergeObjects(c.InboundDND, body["inboundDndSettings"])
	if v, given := body["tags"].([]any); given {
		c.Tags = normalTags(v)
	}
	if v, given := body["customFields"].([]any); given {
		problems = append(problems, p.l.fields.setValues("contact", &c.CustomFields, v)...)
	}
	return problems
}

// fillName splits a full name, which the API does not keep, unless the parts
// were sent as well.
func fillName(c *contact, body object) {
	name, _ := body["name"].(string)
	if name == "" {
		return
	}
	first, last, _ := strings.Cut(strings.TrimSpace(name), " ")
	if _, given := body["firstName"]; !given {
		c.FirstName = first
	}
	if _, given := body["lastName"]; !given {
		c.LastName = strings.TrimSpace(last)
	}
}

// normalPhone writes a phone as E.164; a national number is of the region.
func normalPhone(phone, region string) (string, bool) {
	parsed, err := phonenumbers.Parse(phone, region)
	if err != nil || !phonenumbers.IsPossibleNumber(parsed) {
		return phone, false
	}
	return phonenumbers.Format(parsed, phonenumbers.E164), true
}

// birthForms are the ways to write a date of birth.
var birthForms = []string{
	"2006-01-02", "2006/01/02", "2006.01.02", "2006_01_02",
	"01-02-2006", "01/02/2006", "01.02.2006", "01_02_2006", time.RFC3339Nano,
}

// birthDate reads a date of birth; null and "" give none.
func birthDate(v any) (*int64, bool) {
	if v == nil || v == "" {
		return nil, true
	}
	s, _ := v.(string)
	for _, form := range birthForms {
		if t, err := time.Parse(form, s); err == nil {
			day := millis(t.UTC().Truncate(24 * time.Hour))
			return &day, true
		}
	}
	return nil, false
}

// permanent lists the channels whose permanent setting a body would change.
func permanent(old json.RawMessage, v any) []string {
	var settings map[string]struct{ Status string }
	written, _ := v.(object)
	if old == nil || written == nil || json.Unmarshal(old, &settings) != nil {
		return nil
	}
	var out []string
	for _, channel := range slices.Sorted(maps.Keys(written)) {
		setting, _ := written[channel].(object)
		if settings[channel].Status == "permanent" && setting["status"] != "permanent" {
			out = append(out, "Not authorized to update permanent dnd setting for "+channel)
		}
	}
	return out
}

// mergeObjects writes the members of v over the members of the old object.
func mergeObjects(old json.RawMessage, v any) json.RawMessage {
	members, isObject := v.(object)
	if !isObject {
		return old
	}
	merged := object{}
	if old != nil {
		if err := json.Unmarshal(old, &merged); err != nil {
			merged = object{}
		}
	}
	maps.Copy(merged, members)
	out, err := json.Marshal(merged)
	if err != nil {
		return old
	}
	return out
}
