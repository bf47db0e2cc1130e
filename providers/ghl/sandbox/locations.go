package sandbox

import (
	"cmp"
	"encoding/json"
	"net/http"
)

// locations are those of the agency: the emulated one, and others of which nothing
// but the location itself is served.
type locations struct {
	*collection[settings]
	l *location
}

func newLocations(l *location) *locations {
	return &locations{newCollection[settings](l.store, "other location"), l}
}

// defaultLocations is how many locations a page of the search has.
const defaultLocations = 10

func (ls *locations) routes() []route {
	const path, reads, writes = "/locations/{locationId}", "locations.readonly", "locations.write"
	search := shape{
		"companyId": {kind: text}, "skip": {kind: number}, "limit": {kind: number}, "order": {kind: text}, "email": {kind: text},
	}
	update := shape{
		"companyId": {kind: text, need: true}, "name": {kind: text}, "phone": {kind: text}, "address": {kind: text}, "city": {kind: text},
		"state": {kind: text}, "country": {kind: text}, "postalCode": {kind: text}, "website": {kind: text}, "timezone": {kind: text},
		"prospectInfo": {kind: group, each: shape{"firstName": {kind: text, need: true}, "lastName": {kind: text, need: true}, "email": {kind: email, need: true}}},
		"settings": {kind: group, each: shape{"allowDuplicateContact": {kind: flag}, "allowDuplicateOpportunity": {kind: flag},
			"allowFacebookNameMerge": {kind: flag}, "disableContactTimezone": {kind: flag}}},
		"social":   {kind: group},
		"twilio":   {kind: group, each: shape{"sid": {kind: text, need: true}, "authToken": {kind: text, need: true}}},
		"mailgun":  {kind: group, each: shape{"apiKey": {kind: text, need: true}, "domain": {kind: text, need: true}}},
		"snapshot": {kind: group, each: shape{"id": {kind: text, need: true}, "override": {kind: flag}}},
	}
	create := update.extend(shape{"name": {kind: text, need: true}, "snapshotId": {kind: text}})
	delete(create, "snapshot")
	return []route{
		{method: http.MethodGet, pattern: "/locations/search", agency: true, scope: reads, query: search, serve: ls.search},
		{method: http.MethodPost, pattern: "/locations/", agency: true, scope: writes, body: create, serve: ls.create},
		{method: http.MethodPut, pattern: path, agency: true, scope: writes, body: update, serve: ls.update},
		{method: http.MethodDelete, pattern: path, agency: true, scope: "locations.internal-access-only",
			query: shape{"deleteTwilioAccount": {kind: flag, need: true}}, serve: func(*call) *answer { return agencyOnly() }},
		{method: http.MethodGet, pattern: path, both: true, scope: reads, serve: ls.read},
		{method: http.MethodGet, pattern: path + "/timezones", both: true, scope: reads, serve: timezones},
	}
}

// find returns a location of the agency, nil when it has none with the id.
func (ls *locations) find(id string) *settings {
	if id == ls.l.settings.ID {
		return &ls.l.settings
	}
	return ls.byID[id]
}

// search lists the locations of the agency. The answer has no total.
func (ls *locations) search(c *call) *answer {
	if company := c.query.Get("companyId"); company != "" && company != ls.l.settings.CompanyID {
		return agencyOnly()
	}
	var found []*settings
	for _, s := range append([]*settings{&ls.l.settings}, ls.list("")...) {
		if email := c.query.Get("email"); email == "" || email == s.Email {
			found = append(found, s)
		}
	}
	rows := []object{}
	for _, s := range bySkip[settings](defaultLocations)(c, found) {
		rows = append(rows, s.row())
	}
	return ok(object{"locations": rows})
}

func (ls *locations) read(c *call) *answer {
	s := ls.find(c.vars["locationId"])
	if s == nil {
		return badRequest("Location not found")
	}
	return ok(object{"location": s.single()})
}

// create makes a location, which an agency pays for. Names repeat as they like.
func (ls *locations) create(c *call) *answer {
	if c.body["companyId"] != ls.l.settings.CompanyID {
		return agencyOnly()
	}
	made := &settings{
		ID: ls.store.newID(ls.kind), CompanyID: ls.l.settings.CompanyID, Country: "US", Timezone: "America/New_York",
		habits: habits{ContactUniqueIdentifiers: []string{"email", "phone"}},
	}
	made.fill(c.body)
	ls.put(c.now, made.ID, made)
	return ok(made.single())
}

func (ls *locations) update(c *call) *answer {
	old := ls.find(c.vars["locationId"])
	if old == nil || c.body["companyId"] != ls.l.settings.CompanyID {
		return agencyOnly()
	}
	updated := *old
	updated.fill(c.body)
	if updated.ID == ls.l.settings.ID {
		ls.l.settings = updated
		ls.store.put((*settingsRecord)(nil).name(), updated.ID, &updated)
		return ok(updated.single())
	}
	ls.put(c.now, updated.ID, &updated)
	return ok(updated.single())
}

// fill writes a body over a location. What a body has of the settings or of the
// social addresses replaces all of them.
func (s *settings) fill(body object) {
	fillTexts(body, s.texts())
	if given, has := body["settings"].(object); has {
		is := func(name string) bool { v, _ := given[name].(bool); return v }
		s.allowances = allowances{is("allowDuplicateContact"), is("allowDuplicateOpportunity"), is("allowFacebookNameMerge"), is("disableContactTimezone")}
	}
	if given, has := body["social"].(object); has {
		s.Social = map[string]string{}
		for name, v := range given {
			s.Social[name], _ = v.(string)
		}
	}
}

func (ls *locations) member() string { return "locations" }

// plant keeps further locations of the agency.
func (ls *locations) plant(raw json.RawMessage, p *planter) error {
	var all []settings
	if err := json.Unmarshal(raw, &all); err != nil {
		return err
	}
	for i := range all {
		s := &all[i]
		s.ID, s.CompanyID = cmp.Or(s.ID, ls.store.newID(ls.kind)), ls.l.settings.CompanyID
		s.Country, s.Timezone = cmp.Or(s.Country, "US"), cmp.Or(s.Timezone, "America/New_York")
		ls.put(p.now, s.ID, s)
	}
	return nil
}

func timezones(*call) *answer {
	return ok(object{"timeZones": []string{
		"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "Europe/London",
		"Europe/Berlin", "Europe/Zurich", "Asia/Kolkata", "Asia/Tokyo", "Australia/Sydney", "Etc/UTC",
	}})
}
