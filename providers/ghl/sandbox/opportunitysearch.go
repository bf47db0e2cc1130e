package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// opportunitySearchShape is the query of the search. Its names are in snake case,
// as those of no other call.
var opportunitySearchShape = shape{
	"location_id": {kind: text, need: true}, "q": {kind: text}, "pipeline_id": {kind: text}, "pipeline_stage_id": {kind: text},
	"contact_id": {kind: text}, "status": {kind: text, one: []string{"open", "won", "lost", "abandoned", "all"}}, "assigned_to": {kind: text},
	"id": {kind: text}, "campaignId": {kind: text}, "order": {kind: text}, "date": {kind: text}, "endDate": {kind: text}, "country": {kind: text},
	"startAfter": {kind: number}, "startAfterId": {kind: text}, "page": {kind: number}, "limit": {kind: number},
	"getTasks": {kind: flag}, "getNotes": {kind: flag}, "getCalendarEvents": {kind: flag},
}

// maxOpportunities is how many rows one search answers at most.
const maxOpportunities = 100

// search lists opportunities, newest first, as the searches see them.
func (os *opportunities) search(c *call) *answer {
	if c.query.Get("location_id") != os.l.settings.ID {
		return foreignLocation()
	}
	limit := intQuery(c, "limit", 20)
	if limit < 1 || limit > maxOpportunities {
		return badRequest("limit must not be greater than 100")
	}
	os.seen.settle(c.now)
	found := os.matching(c.query)
	start := 0
	if id := c.query.Get("startAfterId"); id != "" {
		start = behind(found, int64(intQuery(c, "startAfter", 0)), id)
	} else if page := intQuery(c, "page", 1); page > 1 {
		start = (page - 1) * limit
	}
	start = min(c.begin(start), len(found))
	page := found[start:min(start+limit, len(found))]
	rows := []object{}
	for _, o := range page {
		rows = append(rows, os.row(o))
	}
	meta := object{"total": len(found), "currentPage": start/limit + 1, "nextPage": nil, "prevPage": nil}
	if start+limit < len(found) {
		last := page[len(page)-1]
		next := url.Values{"location_id": {os.l.settings.ID}, "limit": {strconv.Itoa(limit)},
			"startAfter": {strconv.FormatInt(last.Added, 10)}, "startAfterId": {last.ID}}
		meta["nextPage"], meta["startAfter"], meta["startAfterId"] = start/limit+2, last.Added, last.ID
		meta["nextPageUrl"] = "/opportunities/search?" + next.Encode()
	}
	return ok(object{"opportunities": rows, "meta": meta, "aggregations": object{}})
}

// behind is where opportunities go on after one that was added then.
func behind(found []*opportunity, added int64, id string) int {
	last := &opportunity{ID: id, moments: moments{Added: added}}
	start, there := slices.BinarySearchFunc(found, last, newestFirst)
	if there {
		start++
	}
	return start
}

func newestFirst(a, b *opportunity) int {
	if a.Added != b.Added {
		return int(b.Added - a.Added)
	}
	return strings.Compare(b.ID, a.ID)
}

// matching lists what a query selects, newest first.
func (os *opportunities) matching(query url.Values) []*opportunity {
	all := os.sorted()
	text := strings.ToLower(query.Get("q"))
	status := query.Get("status")
	if status == "all" {
		status = ""
	}
	wanted := map[string]func(*opportunity) string{
		"id": func(o *opportunity) string { return o.ID }, "contact_id": func(o *opportunity) string { return o.ContactID },
		"pipeline_id": func(o *opportunity) string { return o.PipelineID }, "pipeline_stage_id": func(o *opportunity) string { return o.StageID },
		"assigned_to": func(o *opportunity) string { return o.AssignedTo },
	}
	return slices.DeleteFunc(slices.Clone(all), func(o *opportunity) bool {
		for name, value := range wanted {
			if want := query.Get(name); want != "" && value(o) != want {
				return true
			}
		}
		return status != "" && o.Status != status || !strings.Contains(strings.ToLower(o.Name), text)
	})
}

// sorted is all that the searches see, newest first, kept until that changes.
func (os *opportunities) sorted() []*opportunity {
	if os.newest.made == nil || os.newest.gen != os.seen.gen {
		all := make([]*opportunity, 0, len(os.seen.items))
		for _, o := range os.seen.items {
			all = append(all, o)
		}
		slices.SortFunc(all, newestFirst)
		os.newest.gen, os.newest.made = os.seen.gen, all
	}
	return os.newest.made
}

// setStatus sets the status and, of a lost one, the reason.
func (os *opportunities) setStatus(c *call) *answer {
	old, refusal := os.named(c)
	if refusal != nil {
		return refusal
	}
	updated := *old
	fillTexts(c.body, map[string]*string{"status": &updated.Status})
	if reason, given := c.body["lostReasonId"]; given && updated.Status == "lost" {
		updated.LostReasonID, _ = reason.(string)
	}
	os.date(c, &updated, old)
	os.put(c.now, updated.ID, &updated)
	return ok(object{"success": true})
}

func (os *opportunities) follow(c *call) *answer   { return os.changeFollowers(c, true) }
func (os *opportunities) unfollow(c *call) *answer { return os.changeFollowers(c, false) }

func (os *opportunities) changeFollowers(c *call, add bool) *answer {
	old, refusal := os.named(c)
	if refusal != nil {
		return refusal
	}
	updated := *old
	var changed []string
	updated.Followers, changed = following(old.Followers, strs(c.body["followers"].([]any)), add)
	os.put(c.now, updated.ID, &updated)
	if add {
		return &answer{status: http.StatusCreated, body: object{"followers": orEmpty(updated.Followers), "followersAdded": changed}}
	}
	return ok(object{"followers": orEmpty(updated.Followers), "followersRemoved": changed})
}

// following adds ids to followers, or takes them out, and returns which of them
// changed anything.
func following(followers, ids []string, add bool) (all, changed []string) {
	all, changed = slices.Clone(followers), []string{}
	for _, id := range ids {
		i := slices.Index(all, id)
		switch {
		case add && i < 0:
			all = append(all, id)
		case !add && i >= 0:
			all = slices.Delete(all, i, i+1)
		default:
			continue
		}
		changed = append(changed, id)
	}
	return all, changed
}
