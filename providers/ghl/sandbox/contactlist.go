package sandbox

import (
	"net/url"
	"strconv"
	"strings"
)

// list is the deprecated list. It needs both cursors to go on: with
// startAfter alone it gives the same page again.
func (s *contactSearch) list(c *call) *answer {
	if c.v3 {
		return cannot(c)
	}
	limit := intQuery(c, "limit", 20)
	if limit < 1 || limit > 100 {
		return badRequest("limit must not be greater than 100")
	}
	s.people.seen.settle(c.now)
	found, refusal := s.ordered(object{"query": c.query.Get("query")})
	if refusal != nil {
		return refusal
	}
	start := 0
	if id := c.query.Get("startAfterId"); id != "" && c.query.Get("startAfter") != "" {
		start = found.after([]any{float64(intQuery(c, "startAfter", 0)), id})
	}
	page := found.rows[start:min(start+limit, len(found.rows))]
	rows := []object{}
	for _, row := range page {
		rows = append(rows, s.listRow(row.contact))
	}
	meta := object{"total": len(found.rows), "currentPage": start/limit + 1, "nextPage": nil, "prevPage": nil}
	if start+limit < len(found.rows) {
		last := page[len(page)-1].contact
		next := url.Values{"locationId": {s.people.l.settings.ID}, "limit": {strconv.Itoa(limit)},
			"startAfter": {strconv.FormatInt(last.Added, 10)}, "startAfterId": {last.ID}}
		meta["nextPage"] = start/limit + 2
		meta["startAfter"], meta["startAfterId"] = last.Added, last.ID
		meta["nextPageUrl"] = "/contacts/?" + next.Encode()
	}
	return ok(object{"contacts": rows, "count": len(found.rows), "meta": meta})
}

// listRow is a contact as the deprecated list answers it, with names in lower
// case.
func (s *contactSearch) listRow(c *contact) object {
	row := s.people.view(c)
	row["contactName"] = strings.ToLower(c.fullName())
	for _, name := range []string{"firstName", "lastName"} {
		if v := *c.text(name); v != "" {
			row[name], row[name+"Raw"] = strings.ToLower(v), v
		}
	}
	return row
}

// intQuery reads a number of the query, which has been checked to be one.
func intQuery(c *call, name string, unset int) int {
	n, err := strconv.ParseFloat(c.query.Get(name), 64)
	if err != nil {
		return unset
	}
	return max(0, int(n))
}
