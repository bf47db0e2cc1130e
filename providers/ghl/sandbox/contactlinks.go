package sandbox

import "slices"

// Contact calls beside the contact's own fields: followers, businesses,
// campaigns, workflows and appointments.

var (
	followersShape = shape{"followers": {kind: texts, need: true}}
	businessShape  = shape{
		"locationId": {kind: text, need: true}, "ids": {kind: texts, need: true},
		"businessId": {kind: text, need: true, null: true},
	}
	workflowShape = shape{"eventStartTime": {kind: text}}
	businessQuery = shape{
		"locationId": {kind: text, need: true}, "limit": {kind: number}, "skip": {kind: number}, "query": {kind: text},
	}
)

// maxBusiness is how many contacts one call may put into a business.
const maxBusiness = 50

func (s *Server) changeFollowers(c *call, add bool) answer {
	old, known := s.store.contact(c.vars["contactId"])
	if !known {
		return noContact(c.vars["contactId"])
	}
	updated, changed := old.clone(), []string{}
	for _, id := range strs(c.body["followers"].([]any)) {
		i := slices.Index(updated.Followers, id)
		switch {
		case add && i < 0:
			updated.Followers = append(updated.Followers, id)
		case !add && i >= 0:
			updated.Followers = slices.Delete(updated.Followers, i, i+1)
		default:
			continue
		}
		changed = append(changed, id)
	}
	if len(changed) > 0 {
		updated.Updated = millis(c.now)
		s.store.saveContact(c.now, updated)
	}
	if add {
		return created(object{"followers": orEmpty(updated.Followers), "followersAdded": changed})
	}
	return ok(object{"followers": orEmpty(updated.Followers), "followersRemoved": changed})
}

func (s *Server) addFollowers(c *call) answer    { return s.changeFollowers(c, true) }
func (s *Server) removeFollowers(c *call) answer { return s.changeFollowers(c, false) }

// bulkBusiness puts contacts into a business; a null business takes them out.
func (s *Server) bulkBusiness(c *call) answer {
	ids := strs(c.body["ids"].([]any))
	if len(ids) > maxBusiness {
		return unprocessable("ids must contain no more than 50 elements")
	}
	business, _ := c.body["businessId"].(string)
	changed := []string{}
	for _, id := range ids {
		old, known := s.store.contact(id)
		if !known {
			continue
		}
		updated := old.clone()
		updated.BusinessID, updated.Updated = business, millis(c.now)
		s.store.saveContact(c.now, updated)
		changed = append(changed, id)
	}
	return ok(object{"success": true, "ids": changed})
}

func (s *Server) businessContacts(c *call) answer {
	limit, skip := intQuery(c, "limit", 25), intQuery(c, "skip", 0)
	if limit < 1 || limit > 100 {
		return badRequest("limit must not be greater than 100")
	}
	s.store.people.settle(c.now)
	found, refusal, valid := s.store.ordered(object{
		"query":   c.query.Get("query"),
		"filters": []any{object{"field": "businessId", "operator": "eq", "value": c.vars["businessId"]}},
	})
	if !valid {
		return refusal
	}
	rows := []object{}
	for _, row := range found.rows[min(skip, len(found.rows)):] {
		if len(rows) < limit {
			rows = append(rows, s.store.contactView(row.contact))
		}
	}
	return ok(object{"contacts": rows, "count": len(found.rows)})
}

// enrol answers a campaign or workflow call. Membership cannot be read, so
// there is nothing to keep.
func (s *Server) enrol(c *call) answer {
	if _, known := s.store.contact(c.vars["contactId"]); !known {
		return noContact(c.vars["contactId"])
	}
	return done()
}

// enrolCreated is enrol for the one call of them that answers 201.
func (s *Server) enrolCreated(c *call) answer {
	a := s.enrol(c)
	if a.status == 200 {
		a.status = 201
	}
	return a
}

// appointment is a calendar event of a contact. The sandbox has no calendars:
// appointments come from a seed document and can only be listed.
type appointment struct {
	ID        string `json:"id"`
	ContactID string `json:"contactId"`
	Title     string `json:"title,omitempty"`
	Calendar  string `json:"calendarId,omitempty"`
	Status    string `json:"appointmentStatus,omitempty"`
	Start     string `json:"startTime"` // local time of the location, without an offset
	End       string `json:"endTime"`
	User      string `json:"assignedUserId,omitempty"`
	Address   string `json:"address,omitempty"`
	Notes     string `json:"notes,omitempty"`
}

// view is the appointment as an answer has it: what was never set is left out.
func (a *appointment) view(location string) object {
	out := object{
		"id": a.ID, "contactId": a.ContactID, "title": a.Title, "calendarId": a.Calendar, "status": "booked",
		"appointmentStatus": a.Status, "startTime": a.Start, "endTime": a.End, "locationId": location, "address": a.Address,
	}
	for name, v := range map[string]string{"assignedUserId": a.User, "notes": a.Notes} {
		if v != "" {
			out[name] = v
		}
	}
	return out
}

func (s *Server) listAppointments(c *call) answer {
	if _, known := s.store.contact(c.vars["contactId"]); !known {
		return noContact(c.vars["contactId"])
	}
	rows := []object{}
	for _, a := range s.store.visits.all(c.vars["contactId"]) {
		rows = append(rows, a.view(s.opts.Location))
	}
	return ok(object{"events": rows})
}
