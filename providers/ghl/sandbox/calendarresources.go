package sandbox

import (
	"maps"
	"net/http"
)

// equipment is a room or a piece of equipment: its properties as the API has them.
type equipment struct {
	ID     string `json:"_id"`
	Type   string `json:"resourceType"`
	Values object `json:"values"`
}

// equipments are those of a location, by their type.
type equipments struct {
	*collection[equipment]
	l *location
}

func newEquipments(l *location) *equipments {
	es := &equipments{l: l, collection: newCollection[equipment](l.store, "calendarResource")}
	es.parent = func(e *equipment) string { return e.Type }
	return es
}

func (es *equipments) routes() []route {
	const all, reads, writes = "/calendars/resources/{type}", "calendars/resources.readonly", "calendars/resources.write"
	need, count := rule{kind: text, need: true}, rule{kind: number, need: true}
	create := shape{"locationId": need, "name": need, "description": {kind: text, there: true}, "quantity": count, "outOfService": count, "capacity": count,
		"calendarIds": {kind: texts, there: true}}
	update := shape{"locationId": {kind: text}, "name": {kind: text}, "description": {kind: text}, "quantity": {kind: number}, "outOfService": {kind: number},
		"capacity": {kind: number}, "calendarIds": {kind: texts}, "isActive": {kind: flag}}
	return []route{
		{method: http.MethodGet, pattern: all, scope: reads, serve: es.ofType(es.rows), query: shape{"locationId": need, "limit": count, "skip": count}},
		{method: http.MethodPost, pattern: all, scope: writes, serve: es.ofType(es.create), body: create},
		{method: http.MethodGet, pattern: all + "/{id}", scope: reads, serve: es.ofType(es.read)},
		{method: http.MethodPut, pattern: all + "/{id}", scope: writes, serve: es.ofType(es.update), body: update},
		{method: http.MethodDelete, pattern: all + "/{id}", scope: writes, serve: es.ofType(es.remove)},
	}
}

// ofType refuses a path of another type.
func (es *equipments) ofType(serve handler) handler {
	return func(c *call) *answer {
		if t := c.vars["type"]; t != "equipments" && t != "rooms" {
			return unprocessable("resourceType must be one of the following values: equipments, rooms")
		}
		return serve(c)
	}
}

func (es *equipments) view(e *equipment) object {
	out := maps.Clone(e.Values)
	out["_id"], out["resourceType"], out["locationId"] = e.ID, e.Type, es.l.settings.ID
	return out
}

func (es *equipments) rows(c *call) *answer {
	rows := []object{}
	for _, e := range bySkip[equipment](100)(c, es.list(c.vars["type"])) {
		rows = append(rows, es.view(e))
	}
	return array(http.StatusOK, rows)
}

// create answers the resource without its id, which no document names.
func (es *equipments) create(c *call) *answer {
	e := &equipment{ID: es.store.newID(es.kind), Type: c.vars["type"], Values: maps.Clone(c.body)}
	delete(e.Values, "locationId")
	e.Values["isActive"] = true
	es.put(c.now, e.ID, e)
	out := es.view(e)
	delete(out, "_id")
	return created(out)
}

// named returns the resource that a path names.
func (es *equipments) named(c *call) (*equipment, *answer) {
	e := es.byID[c.vars["id"]]
	if e == nil || e.Type != c.vars["type"] {
		return nil, badRequest("Resource not found")
	}
	return e, nil
}

func (es *equipments) read(c *call) *answer {
	e, refusal := es.named(c)
	if refusal != nil {
		return refusal
	}
	return ok(es.view(e))
}

// update answers the resource without its calendars.
func (es *equipments) update(c *call) *answer {
	old, refusal := es.named(c)
	if refusal != nil {
		return refusal
	}
	updated := *old
	updated.Values = maps.Clone(old.Values)
	maps.Copy(updated.Values, c.body)
	es.put(c.now, updated.ID, &updated)
	out := es.view(&updated)
	delete(out, "calendarIds")
	return ok(out)
}

func (es *equipments) remove(c *call) *answer {
	e, refusal := es.named(c)
	if refusal != nil {
		return refusal
	}
	es.drop(c.now, e.ID)
	return ok(object{"success": true})
}
