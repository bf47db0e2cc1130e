package sandbox

import (
	"fmt"
	"net/http"
)

// calendarGroup is a group of calendars with a page of its own.
type calendarGroup struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
	Slug        string `json:"slug"`
	Active      bool   `json:"isActive"`
}

// calendarGroups are the groups of a location. A slug that is taken gets a number
// at its end instead of a refusal.
type calendarGroups struct {
	resource[calendarGroup]
	l *location
}

func newCalendarGroups(l *location) *calendarGroups {
	// The description may be empty, and must be there.
	update := shape{"name": {kind: text, need: true}, "description": {kind: text, there: true}, "slug": {kind: text, need: true}}
	place := shape{"locationId": {kind: text, need: true}}
	gs := &calendarGroups{l: l, resource: resource[calendarGroup]{
		collection: newCollection[calendarGroup](l.store, "calendarGroup"),
		path:       "/calendars/groups", scope: "calendars/groups",
		words:  words{one: "group", many: "groups", unknown: "Group not found", deleted: []string{"success"}},
		shapes: shapes{list: place, update: update, create: update.extend(place).extend(shape{"isActive": {kind: flag}})},
		listed: true,
		own:    func(g *calendarGroup, id, _ string) { g.ID = id },
	}}
	gs.fill = gs.write
	gs.view = func(g *calendarGroup) object {
		return object{"id": g.ID, "locationId": l.settings.ID, "name": g.Name, "description": g.Description, "slug": g.Slug, "isActive": g.Active}
	}
	return gs
}

func (gs *calendarGroups) routes() []route {
	_, writes := gs.scopes()
	return append(gs.resource.routes(),
		route{method: http.MethodPut, pattern: gs.object() + "/status", scope: writes, body: shape{"isActive": {kind: flag, need: true}}, serve: gs.setStatus},
		route{method: http.MethodPost, pattern: gs.path + "/validate-slug", scope: writes, serve: gs.validateSlug,
			body: shape{"locationId": {kind: text, need: true}, "slug": {kind: text, need: true}}})
}

func (gs *calendarGroups) write(c *call, g *calendarGroup) *answer {
	if g.ID == "" {
		g.Active = true
		if active, given := c.body["isActive"].(bool); given {
			g.Active = active
		}
	}
	fillTexts(c.body, map[string]*string{"name": &g.Name, "description": &g.Description, "slug": &g.Slug})
	for slug, n := g.Slug, 1; gs.taken(g.Slug, g.ID); n++ {
		g.Slug = fmt.Sprintf("%s-%d", slug, n)
	}
	return nil
}

// taken reports whether another group has a slug.
func (gs *calendarGroups) taken(slug, id string) bool {
	for _, other := range gs.all() {
		if other.Slug == slug && other.ID != id {
			return true
		}
	}
	return false
}

func (gs *calendarGroups) setStatus(c *call) *answer {
	old, refusal := gs.named(c)
	if refusal != nil {
		return refusal
	}
	updated := *old
	updated.Active, _ = c.body["isActive"].(bool)
	gs.put(c.now, updated.ID, &updated)
	return ok(object{"success": true})
}

func (gs *calendarGroups) validateSlug(c *call) *answer {
	slug, _ := c.body["slug"].(string)
	return ok(object{"available": !gs.taken(slug, "")})
}
