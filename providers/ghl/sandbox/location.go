package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
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
}

// settings are what a location is and allows.
type settings struct {
	ID                        string   `json:"id"`
	CompanyID                 string   `json:"companyId"`
	Name                      string   `json:"name"`
	Country                   string   `json:"country"` // ISO 3166, the default of contacts and phones
	Timezone                  string   `json:"timezone"`
	Email                     string   `json:"email,omitempty"`
	AllowDuplicateContact     bool     `json:"allowDuplicateContact"`
	AllowDuplicateOpportunity bool     `json:"allowDuplicateOpportunity"`
	ContactUniqueIdentifiers  []string `json:"contactUniqueIdentifiers"` // in order of preference
}

func newLocation(st *store) *location {
	l := &location{store: st, settings: settings{
		ID: st.locationID, CompanyID: "CMPsandbox0000000000", Name: "Sandbox", Country: "US", Timezone: "America/New_York",
		ContactUniqueIdentifiers: []string{"email", "phone"},
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

func (l *location) routes() []route {
	const path, reads = "/locations/{locationId}", "locations.readonly"
	search := shape{
		"companyId": {kind: text}, "skip": {kind: number}, "limit": {kind: number}, "order": {kind: text}, "email": {kind: text},
	}
	return []route{
		{method: http.MethodGet, pattern: "/locations/search", both: true, scope: reads, query: search, serve: l.search},
		{method: http.MethodPost, pattern: "/locations/", serve: agencyOnly},
		{method: http.MethodPut, pattern: path, serve: agencyOnly},
		{method: http.MethodDelete, pattern: path, serve: agencyOnly},
		{method: http.MethodGet, pattern: path, both: true, scope: reads, serve: l.read},
		{method: http.MethodGet, pattern: path + "/timezones", scope: reads, serve: timezones},
	}
}

// search lists the agency's locations: the one. The answer has no total.
func (l *location) search(c *call) *answer {
	if !c.agency {
		return agencyOnly(c)
	}
	rows := []object{}
	if intQuery(c, "skip", 0) == 0 {
		rows = append(rows, l.view())
	}
	return ok(object{"locations": rows})
}

func (l *location) read(*call) *answer { return ok(object{"location": l.view()}) }

func (l *location) view() object {
	s := l.settings
	out := object{
		"id": s.ID, "companyId": s.CompanyID, "name": s.Name, "country": s.Country, "timezone": s.Timezone,
		"settings": object{
			"allowDuplicateContact": s.AllowDuplicateContact, "allowDuplicateOpportunity": false,
			"allowFacebookNameMerge": false, "disableContactTimezone": false,
			"contactUniqueIdentifiers": orEmpty(s.ContactUniqueIdentifiers),
		},
	}
	if s.Email != "" {
		out["email"] = s.Email
	}
	return out
}

func timezones(*call) *answer {
	return ok(object{"timeZones": []string{
		"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "Europe/London",
		"Europe/Berlin", "Europe/Zurich", "Asia/Kolkata", "Asia/Tokyo", "Australia/Sydney", "Etc/UTC",
	}})
}
