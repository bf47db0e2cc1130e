package sandbox

// settings are what a location is and allows.
type settings struct {
	ID                       string   `json:"id"`
	CompanyID                string   `json:"companyId"`
	Name                     string   `json:"name"`
	Country                  string   `json:"country"` // ISO 3166, the default of contacts and phones
	Timezone                 string   `json:"timezone"`
	Email                    string   `json:"email,omitempty"`
	AllowDuplicateContact    bool     `json:"allowDuplicateContact"`
	ContactUniqueIdentifiers []string `json:"contactUniqueIdentifiers"` // in order of preference
}

func defaultSettings(id string) settings {
	return settings{
		ID: id, CompanyID: "CMPsandbox0000000000", Name: "Sandbox", Country: "US", Timezone: "America/New_York",
		ContactUniqueIdentifiers: []string{"email", "phone"},
	}
}

var locationSearchQuery = shape{
	"companyId": {kind: text}, "skip": {kind: number}, "limit": {kind: number}, "order": {kind: text}, "email": {kind: text},
}

// searchLocations lists the agency's locations: the one. It says no total.
func (s *Server) searchLocations(c *call) answer {
	if !c.agency {
		return agencyOnly(s, c)
	}
	rows := []object{}
	if intQuery(c, "skip", 0) == 0 {
		rows = append(rows, s.locationView())
	}
	return ok(object{"locations": rows})
}

func (s *Server) getLocation(*call) answer {
	return ok(object{"location": s.locationView()})
}

func (s *Server) locationView() object {
	l := s.store.location
	out := object{
		"id": l.ID, "companyId": l.CompanyID, "name": l.Name, "country": l.Country, "timezone": l.Timezone,
		"settings": object{
			"allowDuplicateContact": l.AllowDuplicateContact, "allowDuplicateOpportunity": false,
			"allowFacebookNameMerge": false, "disableContactTimezone": false,
			"contactUniqueIdentifiers": orEmpty(l.ContactUniqueIdentifiers),
		},
	}
	if l.Email != "" {
		out["email"] = l.Email
	}
	return out
}

func (s *Server) timezones(*call) answer {
	return ok(object{"timeZones": []string{
		"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "Europe/London",
		"Europe/Berlin", "Europe/Zurich", "Asia/Kolkata", "Asia/Tokyo", "Australia/Sydney", "Etc/UTC",
	}})
}
