package sandbox

import (
	"encoding/json"
	"fmt"
)

// location is the emulated location: what it is and allows, with the kinds that
// other kinds lean on.
type location struct {
	*store
	settings settings

	users  *users
	tags   *tags
	fields *fields
	people *contacts

	workflows, campaigns *automations
	enrolments           *enrolments
	pipelines            *pipelines
	opportunities        *opportunities
	groups               *calendarGroups
	calendars            *calendars
	slots                *slots
}

// settings are what a location is and allows.
type settings struct {
	ID         string `json:"id"`
	CompanyID  string `json:"companyId"`
	Name       string `json:"name"`
	Phone      string `json:"phone,omitempty"`
	Address    string `json:"address,omitempty"`
	City       string `json:"city,omitempty"`
	State      string `json:"state,omitempty"`
	PostalCode string `json:"postalCode,omitempty"`
	Website    string `json:"website,omitempty"`
	Country    string `json:"country"` // ISO 3166, the default of contacts and phones
	Timezone   string `json:"timezone"`
	Email      string `json:"email,omitempty"`
	allowances
	habits
	Social map[string]string `json:"social,omitempty"`
}

// habits are the settings that only people in the app can write.
type habits struct {
	ContactUniqueIdentifiers []string `json:"contactUniqueIdentifiers"` // in order of preference
	// SeparateOwners keeps who owns a contact and its opportunities apart.
	SeparateOwners bool `json:"separateOwners,omitempty"`
}

// allowances are the settings that an agency can write.
type allowances struct {
	AllowDuplicateContact     bool `json:"allowDuplicateContact"`
	AllowDuplicateOpportunity bool `json:"allowDuplicateOpportunity"`
	AllowFacebookNameMerge    bool `json:"allowFacebookNameMerge,omitempty"`
	DisableContactTimezone    bool `json:"disableContactTimezone,omitempty"`
}

func newLocation(st *store) *location {
	l := &location{store: st, settings: settings{
		ID: st.locationID, CompanyID: "CMPsandbox0000000000", Name: "Sandbox", Country: "US", Timezone: "America/New_York",
		habits: habits{ContactUniqueIdentifiers: []string{"email", "phone"}},
	}}
	st.logged = append(st.logged, (*settingsRecord)(&l.settings))
	return l
}

// settingsRecord is the one record of a location's settings.
type settingsRecord settings

func (s *settingsRecord) name() string { return "location" }

func (s *settingsRecord) size() int { return 1 }

func (s *settingsRecord) visit(do func(id string, value any) error) error { return do(s.ID, s) }

// replay keeps the id: the data may have been another location's.
func (s *settingsRecord) replay(r record) error { return s.read(r.Value) }

func (s *settingsRecord) read(raw []byte) error {
	id := s.ID
	if err := json.Unmarshal(raw, s); err != nil {
		return fmt.Errorf("decode the settings of the location: %w", err)
	}
	s.ID = id
	return nil
}

func (l *location) member() string { return "location" }

// plant reads the flat fields of the settings.
func (l *location) plant(raw json.RawMessage, _ *planter) error {
	return (*settingsRecord)(&l.settings).read(raw)
}

func (l *location) routes() []route { return nil }

// texts are the properties of a location that are plain texts.
func (s *settings) texts() map[string]*string {
	return map[string]*string{
		"name": &s.Name, "phone": &s.Phone, "address": &s.Address, "city": &s.City, "state": &s.State, "postalCode": &s.PostalCode,
		"website": &s.Website, "country": &s.Country, "timezone": &s.Timezone, "email": &s.Email,
	}
}

// row is a location as a list has it.
func (s *settings) row() object {
	out := object{
		"id": s.ID, "name": s.Name, "country": s.Country, "timezone": s.Timezone,
		"settings": object{
			"allowDuplicateContact": s.AllowDuplicateContact, "allowDuplicateOpportunity": s.AllowDuplicateOpportunity,
			"allowFacebookNameMerge": s.AllowFacebookNameMerge, "disableContactTimezone": s.DisableContactTimezone,
			"contactUniqueIdentifiers": orEmpty(s.ContactUniqueIdentifiers),
		},
	}
	set := map[string]string{}
	for name, at := range s.texts() {
		set[name] = *at
	}
	showTexts(out, set)
	if len(s.Social) > 0 {
		out["social"] = s.Social
	}
	return out
}

// single is a location as a read by id has it.
func (s *settings) single() object {
	out := s.row()
	out["companyId"] = s.CompanyID
	return out
}
