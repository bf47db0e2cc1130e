package sandbox

import (
	"net/http"
	"slices"
	"strings"
)

// relation is a link between two records.
type relation struct {
	ID            string `json:"id"`
	AssociationID string `json:"associationId"`
	First         string `json:"firstRecordId"`
	Second        string `json:"secondRecordId"`
}

// relations are the links of a location. They are listed by either record, but not
// from the side of an opportunity.
type relations struct {
	*collection[relation]
	of *associations
}

func newRelations(of *associations) *relations {
	return &relations{collection: newCollection[relation](of.l.store, "relation"), of: of}
}

func (rs *relations) routes() []route {
	const path = "/associations/relations"
	need := rule{kind: text, need: true}
	return []route{
		{method: http.MethodPost, pattern: path, scope: "associations/relation.write", serve: rs.create,
			body: shape{"locationId": need, "associationId": need, "firstRecordId": need, "secondRecordId": need}},
		{method: http.MethodGet, pattern: path + "/{recordId}", scope: "associations/relation.readonly", serve: rs.ofRecord,
			query: shape{"locationId": need, "skip": {kind: number, need: true}, "limit": {kind: number, need: true}, "associationIds": {kind: text}}},
		{method: http.MethodDelete, pattern: path + "/{id}", scope: "associations/relation.write", serve: rs.remove, query: shape{"locationId": need}},
	}
}

func (rs *relations) view(r *relation) object {
	return object{"id": r.ID, "locationId": rs.of.l.settings.ID, "associationId": r.AssociationID, "firstRecordId": r.First, "secondRecordId": r.Second}
}

func (rs *relations) create(c *call) *answer {
	made := relation{}
	fillTexts(c.body, map[string]*string{"associationId": &made.AssociationID, "firstRecordId": &made.First, "secondRecordId": &made.Second})
	if _, known := rs.of.byID[made.AssociationID]; !known {
		return badRequest(rs.of.words.unknown)
	}
	for _, other := range rs.all() {
		if other.AssociationID == made.AssociationID && other.First == made.First && other.Second == made.Second {
			return badRequest("duplicate relation of object Ids for given association " + made.AssociationID)
		}
	}
	made.ID = rs.store.newID(rs.kind)
	rs.put(c.now, made.ID, &made)
	return created(rs.view(&made))
}

// ofRecord lists the relations of a record.
func (rs *relations) ofRecord(c *call) *answer {
	record := c.vars["recordId"]
	_, opportunity := rs.of.l.opportunities.byID[record]
	only := strings.FieldsFunc(c.query.Get("associationIds"), func(r rune) bool { return r == ',' })
	var found []*relation
	for _, r := range rs.all() {
		if !opportunity && (r.First == record || r.Second == record) && (len(only) == 0 || slices.Contains(only, r.AssociationID)) {
			found = append(found, r)
		}
	}
	rows := []object{}
	for _, r := range bySkip[relation](100)(c, found) {
		rows = append(rows, rs.view(r))
	}
	return ok(object{"relations": rows, "total": len(found)})
}

func (rs *relations) remove(c *call) *answer {
	r, known := rs.byID[c.vars["id"]]
	if !known {
		return badRequest("Relation not found")
	}
	rs.drop(c.now, r.ID)
	return ok(rs.view(r))
}
