package sandbox

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// The limits of contact search.
const (
	maxPage   = 500    // rows in one answer
	maxPaged  = 10_000 // rows that page numbers can reach; searchAfter has no such limit
	maxNeedle = 75     // characters of a query or of a contains value
)

// contactSearch answers from what the searches see of contacts.
type contactSearch struct {
	people *contacts
	fields *fields
	orders orderCache
}

func (s *contactSearch) routes() []route {
	search := shape{
		"locationId": {kind: text, need: true}, "pageLimit": {kind: number, need: true},
		"page": {kind: number}, "searchAfter": {kind: list, null: true}, "query": {kind: text, null: true},
		"filters": {kind: list},
		"sort": {kind: list, each: shape{
			"field":     {kind: text, need: true},
			"direction": {kind: text, one: []string{"asc", "desc"}},
		}},
	}
	list := shape{
		"locationId": {kind: text, need: true}, "startAfterId": {kind: text}, "startAfter": {kind: number},
		"query": {kind: text}, "limit": {kind: number},
	}
	return []route{
		{method: http.MethodPost, pattern: "/contacts/search", scope: contactsRead, body: search, search: true, serve: s.search},
		{method: http.MethodGet, pattern: "/contacts/", scope: contactsRead, query: list, search: true, serve: s.list},
	}
}

// search answers a page of the contacts that pass the filters. The
// order is worked out once and kept until the picture changes, so that reading
// all pages costs one sort.
func (s *contactSearch) search(c *call) *answer {
	limit := int(c.body["pageLimit"].(float64))
	if limit < 1 || limit > maxPage {
		return badRequest("pageLimit must be between 1 and 500")
	}
	s.people.seen.settle(c.now)
	found, refusal := s.ordered(c.body)
	if refusal != nil {
		return refusal
	}
	start := 0
	if after, given := c.body["searchAfter"].([]any); given && len(after) > 0 {
		if len(after) != len(found.by)+1 {
			return badRequest("Invalid searchAfter")
		}
		start = found.after(after)
	} else if page, given := c.body["page"].(float64); given {
		if page < 1 || int(page)*limit > maxPaged {
			return badRequest("page * pageLimit must not exceed 10000; use searchAfter")
		}
		start = min(c.begin((int(page)-1)*limit), len(found.rows))
		return s.page(found, found.rows[start:min(start+limit, len(found.rows))])
	}
	return s.page(found, pageAfter(c, found.rows, min(start, len(found.rows)), limit))
}

// page encodes rows of an order. It is written out by hand because a reader of
// 100,000 contacts asks for all of them.
func (s *contactSearch) page(found *order, rows []orderRow) *answer {
	out := make([]byte, 0, 1024*(len(rows)+1))
	out = append(out, `{"contacts":[`...)
	for i, row := range rows {
		if i > 0 {
			out = append(out, ',')
		}
		out = s.appendRow(out, row)
	}
	out = append(out, `],"total":`...)
	out = strconv.AppendInt(out, int64(len(found.rows)), 10)
	return &answer{status: 200, raw: out}
}

// rowTexts are the text fields of a search row, by their name in the row and in
// the contact. Unset ones are null.
var rowTexts = [][2]string{
	{"country", "country"}, {"address", "address1"}, {"source", "source"}, {"type", "type"},
	{"website", "website"}, {"state", "state"}, {"phone", "phone"}, {"companyName", "companyName"},
	{"city", "city"}, {"firstName", "firstName"}, {"lastName", "lastName"}, {"email", "email"},
	{"assignedTo", "assignedTo"}, {"postalCode", "postalCode"}, {"businessId", "businessId"},
	{"timezone", "timezone"},
}

func (s *contactSearch) appendRow(out []byte, row orderRow) []byte {
	c := row.contact
	out = append(out, `{"id":`...)
	out = appendString(out, c.ID)
	out = append(out, `,"locationId":`...)
	out = appendString(out, s.people.l.settings.ID)
	for _, name := range rowTexts {
		out = append(append(append(out, `,"`...), name[0]...), `":`...)
		out = appendText(out, *c.text(name[1]))
	}
	for name, v := range [...]string{strings.ToLower(c.FirstName), strings.ToLower(c.LastName), strings.ToLower(c.fullName())} {
		out = append(out, [...]string{`,"firstNameLowerCase":`, `,"lastNameLowerCase":`, `,"contactName":`}[name]...)
		out = appendText(out, v)
	}
	out = append(out, `,"dnd":`...)
	out = strconv.AppendBool(out, c.DND != nil && *c.DND)
	out = append(append(out, `,"dateAdded":"`...), stamp(c.Added)...)
	out = append(append(out, `","dateUpdated":"`...), stamp(c.Updated)...)
	out = append(out, `","dateOfBirth":`...)
	if c.DateOfBirth == nil {
		out = append(out, "null"...)
	} else {
		out = strconv.AppendInt(out, *c.DateOfBirth, 10)
	}
	out = append(out, `,"tags":`...)
	out = appendStrings(out, c.Tags, "", "")
	out = append(out, `,"followers":`...)
	out = appendStrings(out, c.Followers, "", "")
	out = append(out, `,"additionalEmails":`...)
	out = appendStrings(out, c.AdditionalEmails, "", "")
	out = append(out, `,"additionalPhones":`...)
	out = appendStrings(out, c.AdditionalPhones, `{"phone":`, "}")
	out = s.appendCustom(append(out, `,"customFields":[`...), c)
	out = appendObject(append(out, `],"dndSettings":`...), c.DNDSettings)
	out = appendObject(append(out, `,"inboundDndSettings":`...), c.InboundDND)
	out = append(out, `,"phoneLabel":null,"businessName":null,"validEmail":null,"opportunities":[],`+
		`"attributionSource":{},"lastAttributionSource":{},"searchAfter":`...)
	return append(row.appendCursor(out), '}')
}

func (s *contactSearch) appendCustom(out []byte, c *contact) []byte {
	first := true
	for _, v := range c.CustomFields {
		if _, defined := s.fields.byID[v.ID]; !defined {
			continue
		}
		if !first {
			out = append(out, ',')
		}
		first = false
		out = appendString(append(out, `{"id":`...), v.ID)
		out = append(append(append(out, `,"value":`...), v.Value...), '}')
	}
	return out
}

func appendText(out []byte, s string) []byte {
	if s == "" {
		return append(out, "null"...)
	}
	return appendString(out, s)
}

func appendObject(out []byte, raw json.RawMessage) []byte {
	if raw == nil {
		return append(out, "{}"...)
	}
	return append(out, raw...)
}

func appendStrings(out []byte, list []string, before, after string) []byte {
	out = append(out, '[')
	for i, s := range list {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(appendString(append(out, before...), s), after...)
	}
	return append(out, ']')
}

// appendString writes a JSON string; plain ASCII needs no escaping.
func appendString(out []byte, s string) []byte {
	for i := range len(s) {
		if b := s[i]; b < ' ' || b >= 0x7f || b == '"' || b == '\\' {
			quoted, err := json.Marshal(s)
			if err != nil { // a string always encodes
				return append(out, `""`...)
			}
			return append(out, quoted...)
		}
	}
	return append(append(append(out, '"'), s...), '"')
}

// ordered returns the contacts that a search asks for, in its order.
func (s *contactSearch) ordered(body object) (*order, *answer) {
	key, err := json.Marshal([]any{body["sort"], body["filters"], body["query"]})
	if err != nil {
		return nil, badRequest("Invalid search")
	}
	if kept, known := s.orders.get(s.people.seen.gen, string(key)); known {
		return kept, nil
	}
	by, bad := sortFields(body["sort"])
	if bad != "" {
		return nil, badRequest("Invalid field " + bad)
	}
	passes, refusal := s.filters(body["filters"])
	if refusal != nil {
		return nil, refusal
	}
	query, _ := body["query"].(string)
	if len(query) > maxNeedle {
		return nil, badRequest("query must be shorter than or equal to 75 characters")
	}
	made := &order{by: by}
	var keys []sortKey
	needle := strings.ToLower(strings.TrimSpace(query))
	for _, c := range s.people.seen.items {
		if passes(c) && c.mentions(needle) {
			keys = keysOf(keys, c, by)
			made.rows = append(made.rows, orderRow{contact: c, keys: keys[len(keys)-len(by):]})
		}
	}
	slices.SortFunc(made.rows, made.compare)
	s.orders.keep(s.people.seen.gen, string(key), made)
	return made, nil
}

// mentions reports whether a free-text search finds the contact.
func (c *contact) mentions(needle string) bool {
	if needle == "" {
		return true
	}
	for _, s := range [...]string{c.fullName(), c.Email, c.Phone, c.CompanyName} {
		if strings.Contains(strings.ToLower(s), needle) {
			return true
		}
	}
	return slices.ContainsFunc(c.Tags, func(t string) bool { return strings.Contains(t, needle) })
}
