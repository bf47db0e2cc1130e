package sandbox

import (
	"net/http"
)

// contactLinks are the calls that tie contacts to users and businesses.
type contactLinks struct {
	people *contacts
	search *contactSearch
}

// maxBusiness is how many contacts one call may put into a business.
const maxBusiness = 50

func (l contactLinks) routes() []route {
	const contact = "/contacts/{contactId}"
	followers := shape{"followers": {kind: texts, need: true}}
	ofBusiness := shape{
		"locationId": {kind: text, need: true}, "limit": {kind: number}, "skip": {kind: number}, "query": {kind: text},
	}
	routes := []route{
		{method: http.MethodPost, pattern: contact + "/followers", body: followers, serve: l.follow},
		{method: http.MethodDelete, pattern: contact + "/followers", body: followers, serve: l.unfollow},
		{method: http.MethodPost, pattern: "/contacts/bulk/business", serve: l.bulkBusiness, body: shape{
			"locationId": {kind: text, need: true}, "ids": {kind: texts, need: true},
			"businessId": {kind: text, need: true, null: true},
		}},
	}
	for i := range routes {
		routes[i].scope = contactsWrite
	}
	return append(routes, route{method: http.MethodGet, pattern: "/contacts/business/{businessId}", scope: contactsRead,
		query: ofBusiness, serve: l.ofBusiness})
}

func (l contactLinks) changeFollowers(c *call, add bool) *answer {
	old, refusal := l.people.named(c)
	if refusal != nil {
		return refusal
	}
	updated := old.clone()
	var changed []string
	updated.Followers, changed = following(old.Followers, strs(c.body["followers"].([]any)), add)
	if len(changed) > 0 {
		l.people.save(c, updated)
	}
	if add {
		return created(object{"followers": orEmpty(updated.Followers), "followersAdded": changed})
	}
	return ok(object{"followers": orEmpty(updated.Followers), "followersRemoved": changed})
}

func (l contactLinks) follow(c *call) *answer   { return l.changeFollowers(c, true) }
func (l contactLinks) unfollow(c *call) *answer { return l.changeFollowers(c, false) }

// bulkBusiness puts contacts into a business; a null business takes them out.
func (l contactLinks) bulkBusiness(c *call) *answer {
	ids := strs(c.body["ids"].([]any))
	if len(ids) > maxBusiness {
		return unprocessable("ids must contain no more than 50 elements")
	}
	business, _ := c.body["businessId"].(string)
	changed := []string{}
	for _, id := range ids {
		old, known := l.people.alive(id)
		if !known {
			continue
		}
		updated := old.clone()
		updated.BusinessID = business
		l.people.save(c, updated)
		changed = append(changed, id)
	}
	return ok(object{"success": true, "ids": changed})
}

// ofBusiness lists the contacts of a business, as the searches see them.
func (l contactLinks) ofBusiness(c *call) *answer {
	limit, skip := intQuery(c, "limit", 25), intQuery(c, "skip", 0)
	if limit < 1 || limit > 100 {
		return badRequest("limit must not be greater than 100")
	}
	l.people.seen.settle(c.now)
	found, refusal := l.search.ordered(object{
		"query":   c.query.Get("query"),
		"filters": []any{object{"field": "businessId", "operator": "eq", "value": c.vars["businessId"]}},
	})
	if refusal != nil {
		return refusal
	}
	rows := []object{}
	for _, row := range found.rows[min(skip, len(found.rows)):] {
		if len(rows) < limit {
			rows = append(rows, l.people.view(row.contact))
		}
	}
	return ok(object{"contacts": rows, "count": len(found.rows)})
}
