package sandbox

import "net/http"

// association is a type of link between two kinds of record.
type association struct {
	ID           string `json:"id"`
	Key          string `json:"key"`
	FirstObject  string `json:"firstObjectKey"`
	FirstLabel   string `json:"firstObjectLabel"`
	SecondObject string `json:"secondObjectKey"`
	SecondLabel  string `json:"secondObjectLabel"`
}

// associations are those of a location. With one all its relations go.
type associations struct {
	resource[association]
	l         *location
	relations *relations
}

func newAssociations(l *location) *associations {
	labels := shape{"firstObjectLabel": {kind: text, need: true}, "secondObjectLabel": {kind: text, need: true}}
	need := rule{kind: text, need: true}
	as := &associations{l: l, resource: resource[association]{
		collection: newCollection[association](l.store, "association"),
		path:       "/associations/", scope: "associations",
		words: words{many: "associations", unknown: "Association not found"},
		shapes: shapes{
			list:   shape{"locationId": need, "skip": {kind: number, need: true}, "limit": {kind: number, need: true}},
			update: labels,
			create: labels.extend(shape{"locationId": need, "key": need, "firstObjectKey": need, "secondObjectKey": need}),
		},
		own: func(a *association, id, _ string) { a.ID = id },
		cut: bySkip[association](100),
	}}
	as.fill = as.write
	as.view = func(a *association) object {
		return object{"id": a.ID, "locationId": l.settings.ID, "key": a.Key, "firstObjectKey": a.FirstObject, "firstObjectLabel": a.FirstLabel,
			"secondObjectKey": a.SecondObject, "secondObjectLabel": a.SecondLabel, "associationType": "USER_DEFINED"}
	}
	as.relations = newRelations(as)
	return as
}

func (as *associations) routes() []route {
	reads, _ := as.scopes()
	place := shape{"locationId": {kind: text, need: true}}
	routes := append(as.resource.routes(),
		route{method: http.MethodGet, pattern: as.path + "key/{key}", scope: reads, query: place, serve: as.byKey},
		route{method: http.MethodGet, pattern: as.path + "objectKey/{objectKey}", scope: reads, query: place, serve: as.ofObject})
	for i := range routes {
		if routes[i].method == http.MethodDelete {
			routes[i].serve = as.removeAll
		}
	}
	return append(routes, as.relations.routes()...)
}

func (as *associations) write(c *call, a *association) *answer {
	fillTexts(c.body, map[string]*string{"key": &a.Key, "firstObjectKey": &a.FirstObject, "firstObjectLabel": &a.FirstLabel,
		"secondObjectKey": &a.SecondObject, "secondObjectLabel": &a.SecondLabel})
	for _, other := range as.all() {
		if a.ID == "" && other.Key == a.Key {
			return badRequest("association with key " + a.Key + " already exists")
		}
	}
	return nil
}

func (as *associations) byKey(c *call) *answer {
	for _, a := range as.all() {
		if a.Key == c.vars["key"] {
			return ok(as.view(a))
		}
	}
	return badRequest(as.words.unknown)
}

func (as *associations) ofObject(c *call) *answer {
	rows := []object{}
	for _, a := range as.all() {
		if key := c.vars["objectKey"]; a.FirstObject == key || a.SecondObject == key {
			rows = append(rows, as.view(a))
		}
	}
	return ok(object{"associations": rows})
}

// removeAll deletes an association with its relations.
func (as *associations) removeAll(c *call) *answer {
	a, refusal := as.named(c)
	if refusal != nil {
		return refusal
	}
	var with []string
	for id, r := range as.relations.all() {
		if r.AssociationID == a.ID {
			with = append(with, id)
		}
	}
	for _, id := range with {
		as.relations.drop(c.now, id)
	}
	as.drop(c.now, a.ID)
	return ok(object{"deleted": true, "id": a.ID, "message": "Association deleted successfully"})
}
