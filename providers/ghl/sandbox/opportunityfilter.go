package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

// opportunityFilterShape is the body of the search that takes filters. The document
// requires all but the filters, which it does not declare; but page and searchAfter are
// refused together.
var opportunityFilterShape = shape{
	"locationId": {kind: text, need: true}, "query": {kind: text, there: true}, "limit": {kind: number, need: true}, "page": {kind: number},
	"searchAfter": {kind: texts, there: true}, "additionalDetails": {kind: group, need: true, each: shape{
		"notes": {kind: flag, need: true}, "tasks": {kind: flag, need: true}, "calendarEvents": {kind: flag, need: true}, "unReadConversations": {kind: flag, need: true}}},
	"filters": {kind: list},
}

// filterable are the fields that filters compare, as the other search names them.
var filterable = []string{"id", "contact_id", "pipeline_id", "pipeline_stage_id", "assigned_to", "status"}

// filter lists the opportunities that meet all filters, newest first, as the searches
// see them. It takes a page or the end of the page before, and not both. A filter that
// it does not know is answered with success and without rows.
func (os *opportunities) filter(c *call) *answer {
	if c.body["locationId"] != os.l.settings.ID {
		return foreignLocation()
	}
	limit, page, after := wholeOf(c.body["limit"]), wholeOf(c.body["page"]), strs(c.body["searchAfter"].([]any))
	switch {
	case limit < 1 || limit > maxOpportunities:
		return badRequest("limit must not be greater than 100")
	case page > 0 && len(after) > 0:
		return badRequest("page and searchAfter cannot be used together")
	}
	os.seen.settle(c.now)
	var found []*opportunity
	if query, known := filterQuery(c.body); known {
		found = os.matching(query)
	}
	start := (max(page, 1) - 1) * limit
	if len(after) == 2 {
		added, err := strconv.ParseInt(after[0], 10, 64)
		if err != nil {
			return badRequest("Invalid searchAfter")
		}
		start = behind(found, added, after[1])
	}
	start = min(c.begin(start), len(found))
	rows := []object{}
	for _, o := range found[start:min(start+limit, len(found))] {
		row := os.row(o)
		row["sort"] = []string{strconv.FormatInt(o.Added, 10), o.ID}
		rows = append(rows, row)
	}
	return &answer{status: http.StatusCreated, body: object{"opportunities": rows, "total": len(found), "aggregations": object{}}}
}

// filterQuery is a body as the query of the other search; false when a filter is not
// known.
func filterQuery(body object) (url.Values, bool) {
	query := url.Values{}
	words, _ := body["query"].(string)
	query.Set("q", words)
	filters, _ := body["filters"].([]any)
	for _, f := range filters {
		leaf, _ := f.(object)
		field, _ := leaf["field"].(string)
		value, isText := leaf["value"].(string)
		if leaf["operator"] != "eq" || !isText || !slices.Contains(filterable, field) {
			return nil, false
		}
		query.Set(field, value)
	}
	return query, true
}

func wholeOf(v any) int {
	n, _ := v.(float64)
	return int(n)
}
