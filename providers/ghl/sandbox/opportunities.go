package sandbox

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// opportunity is a deal with a contact, at a stage of a pipeline.
type opportunity struct {
	ID           string      `json:"id"`
	ContactID    string      `json:"contactId"`
	PipelineID   string      `json:"pipelineId"`
	StageID      string      `json:"pipelineStageId"`
	Name         string      `json:"name"`
	Status       string      `json:"status"`
	LostReasonID string      `json:"lostReasonId,omitempty"`
	Value        json.Number `json:"monetaryValue"`
	Source       string      `json:"source,omitempty"`
	AssignedTo   string      `json:"assignedTo,omitempty"`
	Followers    []string    `json:"followers,omitempty"`
	CustomFields fieldValues `json:"customFields,omitempty"`
	moments
}

// moments are when an opportunity was made and changed, in milliseconds.
type moments struct {
	Added   int64 `json:"createdAt"`
	Updated int64 `json:"updatedAt"`
	Staged  int64 `json:"lastStageChangeAt"`
	Stated  int64 `json:"lastStatusChangeAt"`
}

// opportunities are those of all contacts. Unless the settings allow more, a
// contact has one in a pipeline.
type opportunities struct {
	resource[opportunity]
	l      *location
	newest newest
}

// newest is the sorted list of all opportunities of one generation of the picture.
type newest struct {
	gen  uint64
	made []*opportunity
}

func newOpportunities(l *location) *opportunities {
	os := &opportunities{l: l, resource: resource[opportunity]{
		collection: newCollection[opportunity](l.store, "opportunity"),
		path:       "/opportunities/", scope: "opportunities",
		words:  words{one: "opportunity", unknown: "Opportunity not found", deleted: []string{"success"}},
		shapes: opportunityShapes(),
		own:    func(o *opportunity, id, _ string) { o.ID = id },
	}}
	os.fill, os.view, os.parent = os.write, os.row, func(o *opportunity) string { return o.ContactID }
	os.detail = os.single
	os.searched()
	l.people.owns(belonging{member: "opportunities", plant: os.plantOf, drop: os.dropOf})
	return os
}

// opportunityShapes are what the calls for one opportunity take. The source is
// taken although no document has it.
func opportunityShapes() shapes {
	status := rule{kind: text, one: []string{"open", "won", "lost", "abandoned"}}
	update := shape{
		"pipelineId": {kind: text}, "pipelineStageId": {kind: text}, "name": {kind: text}, "status": status, "monetaryValue": {kind: number},
		"assignedTo": {kind: text}, "source": {kind: text}, "customFields": {kind: list, each: fieldInput},
	}
	need := rule{kind: text, need: true}
	created := status
	created.need = true
	return shapes{update: update, create: update.extend(shape{
		"locationId": need, "contactId": need, "pipelineId": need, "name": need, "status": created})}
}

// write fills an opportunity from a body.
func (os *opportunities) write(c *call, o *opportunity) *answer {
	old, made := *o, o.ID == ""
	if made {
		contact, _ := c.body["contactId"].(string)
		if _, known := os.l.people.alive(contact); !known {
			return noContact(contact)
		}
		o.ContactID, o.Value, o.Added = contact, "0", millis(c.now)
	}
	fillTexts(c.body, map[string]*string{"pipelineId": &o.PipelineID, "pipelineStageId": &o.StageID, "name": &o.Name,
		"status": &o.Status, "assignedTo": &o.AssignedTo, "source": &o.Source})
	if v, given := c.body["monetaryValue"].(float64); given {
		o.Value = json.Number(strconv.FormatFloat(v, 'f', -1, 64))
	}
	if refusal := os.place(o, old.PipelineID); refusal != nil {
		return refusal
	}
	if made {
		if refusal := os.refuseSecond(o); refusal != nil {
			return refusal
		}
	}
	o.CustomFields = slices.Clone(o.CustomFields)
	if values, given := c.body["customFields"].([]any); given {
		if problems := os.l.fields.setValues("opportunity", &o.CustomFields, values); len(problems) > 0 {
			return unprocessable(problems...)
		}
	}
	os.date(c, o, &old)
	if o.AssignedTo != old.AssignedTo {
		os.l.people.assign(c.now, o.ContactID, o.AssignedTo)
	}
	return nil
}

// assign makes a user the owner of the opportunities of a contact that has a new owner,
// unless the settings keep owners apart.
func (os *opportunities) assign(at time.Time, contact, user string) {
	if os.l.settings.SeparateOwners || user == "" {
		return
	}
	for _, o := range os.list(contact) {
		if o.AssignedTo != user {
			updated := *o
			updated.AssignedTo, updated.Updated = user, millis(at)
			os.put(at, updated.ID, &updated)
		}
	}
}

// place holds an opportunity to the stages of its pipeline. One that names none,
// or comes to another pipeline without one, goes to the first.
func (os *opportunities) place(o *opportunity, before string) *answer {
	pipeline, known := os.l.pipelines.byID[o.PipelineID]
	if !known || len(pipeline.Stages) == 0 {
		return badRequest("The pipeline id is invalid.")
	}
	if o.StageID == "" || o.PipelineID != before && before != "" && !pipeline.has(o.StageID) {
		o.StageID = pipeline.Stages[0].ID
	}
	if !pipeline.has(o.StageID) {
		return badRequest("The pipeline stage id is invalid.")
	}
	return nil
}

// refuseSecond refuses a second opportunity of a contact in a pipeline.
func (os *opportunities) refuseSecond(o *opportunity) *answer {
	for _, other := range os.list(o.ContactID) {
		if other.PipelineID == o.PipelineID && !os.l.settings.AllowDuplicateOpportunity {
			a := badRequest("Can not create duplicate opportunity for the contact.")
			a.body["code"], a.body["meta"] = "OPPORTUNITY_NO_DUPLICATE", object{"existingId": other.ID}
			return a
		}
	}
	return nil
}

// in returns the opportunities of a pipeline.
func (os *opportunities) in(pipeline string) []*opportunity {
	var found []*opportunity
	for _, o := range os.all() {
		if o.PipelineID == pipeline {
			found = append(found, o)
		}
	}
	return found
}

// date notes what changed when.
func (os *opportunities) date(c *call, o, old *opportunity) {
	o.Updated = millis(c.now)
	if o.StageID != old.StageID {
		o.Staged = o.Updated
	}
	if o.Status != old.Status {
		o.Stated = o.Updated
		if o.Status != "lost" {
			o.LostReasonID = ""
		}
	}
}

// row is an opportunity as the search answers it.
func (os *opportunities) row(o *opportunity) object {
	out := os.single(o)
	for _, name := range []string{"assignedTo", "source", "lostReasonId"} {
		if _, given := out[name]; !given {
			out[name] = nil
		}
	}
	out["effectiveProbability"] = 14.29
	return out
}

// single is an opportunity as a read by id answers it: what is not set is left
// out.
func (os *opportunities) single(o *opportunity) object {
	values := []object{}
	for _, v := range os.l.fields.defined(o.CustomFields) {
		values = append(values, object{"id": v.ID, "fieldValue": v.Value})
	}
	out := object{
		"id": o.ID, "name": o.Name, "monetaryValue": o.Value, "pipelineId": o.PipelineID, "pipelineStageId": o.StageID, "status": o.Status,
		"lastStatusChangeAt": stamp(o.Stated), "lastStageChangeAt": stamp(o.Staged), "createdAt": stamp(o.Added), "updatedAt": stamp(o.Updated),
		"contactId": o.ContactID, "locationId": os.l.settings.ID, "followers": orEmpty(o.Followers), "customFields": values, "isAttribute": false,
	}
	showTexts(out, map[string]string{"assignedTo": o.AssignedTo, "source": o.Source, "lostReasonId": o.LostReasonID})
	if c, known := os.l.people.alive(o.ContactID); known {
		out["contact"] = object{"id": c.ID, "name": c.fullName(), "email": c.Email, "phone": c.Phone, "tags": orEmpty(c.Tags)}
	}
	return out
}

// plantOf makes the opportunities of a contact, which are open unless they say
// otherwise.
func (os *opportunities) plantOf(contact string, raw json.RawMessage, p *planter) error {
	var bodies []object
	if err := json.Unmarshal(raw, &bodies); err != nil {
		return err
	}
	for _, body := range bodies {
		if body["contactId"] = contact; body["status"] == nil {
			body["status"] = "open"
		}
		if _, err := p.post(os.kind, os.path, body); err != nil {
			return err
		}
	}
	return nil
}

func (os *opportunities) routes() []route {
	reads, writes := os.scopes()
	followers := shape{"followers": {kind: texts, need: true}}
	return append(os.resource.routes(), []route{
		os.upsertRoute(writes),
		{method: http.MethodPut, pattern: os.object() + "/status", scope: writes, serve: os.setStatus, body: shape{
			"status": {kind: text, need: true, one: []string{"open", "won", "lost", "abandoned"}}, "lostReasonId": {kind: text, null: true}}},
		{method: http.MethodPost, pattern: os.object() + "/followers", scope: writes, body: followers, serve: os.follow},
		{method: http.MethodDelete, pattern: os.object() + "/followers", scope: writes, body: followers, serve: os.unfollow},
		{method: http.MethodGet, pattern: "/opportunities/search", scope: reads, query: opportunitySearchShape, search: true, serve: os.search},
		{method: http.MethodPost, pattern: "/opportunities/search", scope: reads, body: opportunityFilterShape, search: true, serve: os.filter},
	}...)
}
