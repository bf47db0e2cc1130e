package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// company is the agency that the location belongs to. It comes from a seed.
type company struct {
	*collection[companyRecord]
	l *location
}

// companyRecord is what a company is.
type companyRecord struct {
	Name     string `json:"name"`
	Email    string `json:"email,omitempty"`
	Phone    string `json:"phone,omitempty"`
	Website  string `json:"website,omitempty"`
	Country  string `json:"country"`
	Timezone string `json:"timezone"`
}

func newCompany(l *location) *company {
	return &company{newCollection[companyRecord](l.store, "company"), l}
}

// is what the company is, or one that nobody has described.
func (co *company) is() companyRecord {
	if r := co.byID[co.l.settings.CompanyID]; r != nil {
		return *r
	}
	return companyRecord{Name: "Sandbox agency", Country: "US", Timezone: "America/New_York"}
}

func (co *company) member() string { return "company" }

func (co *company) plant(raw json.RawMessage, p *planter) error {
	r := co.is()
	if err := json.Unmarshal(raw, &r); err != nil {
		return fmt.Errorf("decode the company: %w", err)
	}
	co.put(p.now, co.l.settings.CompanyID, &r)
	return nil
}

func (co *company) routes() []route {
	return []route{{method: http.MethodGet, pattern: "/companies/{companyId}", agency: true, scope: "companies.readonly", serve: co.read}}
}

func (co *company) read(c *call) *answer {
	if c.vars["companyId"] != co.l.settings.CompanyID {
		return agencyOnly()
	}
	is := co.is()
	out := object{"id": co.l.settings.CompanyID, "name": is.Name, "country": is.Country, "timezone": is.Timezone, "status": "active", "locationCount": 1}
	showTexts(out, map[string]string{"email": is.Email, "phone": is.Phone, "website": is.Website})
	return ok(object{"company": out})
}

// snapshot is a copy of a location's settings that others can be made from.
type snapshot struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"` // own or imported
}

// snapshots come from a seed.
type snapshots struct {
	resource[snapshot]
	l *location
}

func newSnapshots(l *location) *snapshots {
	return &snapshots{l: l, resource: resource[snapshot]{
		collection: newCollection[snapshot](l.store, "snapshot"),
		path:       "/snapshots/", scope: "snapshots",
		words:  words{many: "snapshots"},
		shapes: shapes{list: shape{"companyId": {kind: text, need: true}}},
		view:   func(s *snapshot) object { return object{"id": s.ID, "name": s.Name, "type": s.Type} },
		listed: true,
	}}
}

func (ss *snapshots) routes() []route {
	routes := ss.resource.routes()
	for i := range routes {
		routes[i].agency, routes[i].serve = true, ss.ofCompany
	}
	return routes
}

func (ss *snapshots) ofCompany(c *call) *answer {
	if c.query.Get("companyId") != ss.l.settings.CompanyID {
		return agencyOnly()
	}
	return ss.rows(c)
}

func (ss *snapshots) member() string { return ss.words.many }

func (ss *snapshots) plant(raw json.RawMessage, p *planter) error {
	return ss.keep(raw, p, func(s *snapshot) *string {
		if s.Type == "" {
			s.Type = "own"
		}
		return &s.ID
	})
}
