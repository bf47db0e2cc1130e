package sandbox

import (
	"maps"
	"net/http"
	"strings"
)

// notification is a message about the appointments of a calendar: its properties as
// the API has them. One that is deleted stays.
type notification struct {
	ID         string `json:"_id"`
	CalendarID string `json:"calendarId"`
	Values     object `json:"values"`
	Deleted    bool   `json:"deleted"`
}

// notifications are those of all calendars.
type notifications struct {
	*collection[notification]
	calendars *calendars
}

func newNotifications(l *location) *notifications {
	ns := &notifications{calendars: l.calendars, collection: newCollection[notification](l.store, "calendarNotification")}
	ns.parent = func(n *notification) string { return n.CalendarID }
	return ns
}

func (ns *notifications) routes() []route {
	const all, reads, writes = "/calendars/{calendar}/notifications", "calendars/events.readonly", "calendars/events.write"
	update := shape{
		"receiverType":     {kind: text, one: []string{"contact", "guest", "assignedUser", "emails", "phoneNumbers", "business"}},
		"channel":          {kind: text, one: []string{"email", "inApp", "sms", "whatsapp"}},
		"notificationType": {kind: text, one: []string{"booked", "confirmation", "cancellation", "reminder", "followup", "reschedule"}},
		"isActive":         {kind: flag}, "additionalEmailIds": {kind: texts}, "additionalPhoneNumbers": {kind: texts}, "selectedUsers": {kind: texts},
	}
	for _, name := range []string{"templateId", "body", "subject", "fromAddress", "fromName", "fromNumber"} {
		update[name] = rule{kind: text}
	}
	for _, name := range []string{"beforeTime", "afterTime"} {
		update[name] = rule{kind: list, each: shape{"timeOffset": {kind: number}, "unit": {kind: text}}}
	}
	create := shape{}
	for name, r := range update {
		r.need = name == "receiverType" || name == "channel" || name == "notificationType"
		create[name] = r
	}
	return []route{
		{method: http.MethodGet, pattern: all, scope: reads, serve: ns.rows, query: shape{"isActive": {kind: flag}, "deleted": {kind: flag}, "limit": {kind: number}, "skip": {kind: number}}},
		{method: http.MethodPost, pattern: all, scope: writes, serve: ns.create, body: create, list: true},
		{method: http.MethodGet, pattern: all + "/{id}", scope: reads, serve: ns.read},
		{method: http.MethodPut, pattern: all + "/{id}", scope: writes, serve: ns.update, body: update.extend(shape{"deleted": {kind: flag}})},
		{method: http.MethodDelete, pattern: all + "/{id}", scope: writes, serve: ns.remove},
	}
}

// view leaves out the sender, which the API never returns.
func (ns *notifications) view(n *notification) object {
	out := object{"_id": n.ID, "deleted": n.Deleted}
	for name, value := range n.Values {
		if !strings.HasPrefix(name, "from") {
			out[name] = value
		}
	}
	return out
}

// ofCalendar returns the id of the calendar that a path names.
func (ns *notifications) ofCalendar(c *call) (string, *answer) {
	id := c.vars["calendar"]
	if ns.calendars.byID[id] == nil {
		return "", badRequest("Calendar not found")
	}
	return id, nil
}

// rows lists the notifications of a calendar. A limit is answered with an error of
// the database.
func (ns *notifications) rows(c *call) *answer {
	id, refusal := ns.ofCalendar(c)
	switch {
	case refusal != nil:
		return refusal
	case c.query.Has("limit"):
		return badRequest("MongoError: limit must be specified as a number")
	}
	rows := []object{}
	for _, n := range ns.list(id) {
		if n.Deleted == (c.query.Get("deleted") == "true") {
			rows = append(rows, ns.view(n))
		}
	}
	return array(http.StatusOK, rows)
}

// create makes notifications, and answers them with the last one first: their order
// promises nothing.
func (ns *notifications) create(c *call) *answer {
	id, refusal := ns.ofCalendar(c)
	if refusal != nil {
		return refusal
	}
	rows := make([]object, len(c.rows))
	for i, body := range c.rows {
		n := &notification{ID: ns.store.newID(ns.kind), CalendarID: id, Values: maps.Clone(body)}
		if _, given := n.Values["isActive"]; !given {
			n.Values["isActive"] = true
		}
		ns.put(c.now, n.ID, n)
		rows[len(rows)-1-i] = ns.view(n)
	}
	return array(http.StatusOK, rows)
}

// named returns the notification that a path names, of those that are not deleted.
func (ns *notifications) named(c *call) (*notification, *answer) {
	id, refusal := ns.ofCalendar(c)
	if refusal != nil {
		return nil, refusal
	}
	n := ns.byID[c.vars["id"]]
	if n == nil || n.CalendarID != id || n.Deleted {
		return nil, badRequest("Notification not found")
	}
	return n, nil
}

// read answers deleted notifications as well, with their flag.
func (ns *notifications) read(c *call) *answer {
	id, refusal := ns.ofCalendar(c)
	if refusal != nil {
		return refusal
	}
	n := ns.byID[c.vars["id"]]
	if n == nil || n.CalendarID != id {
		return badRequest("Notification not found")
	}
	return ok(ns.view(n))
}

func (ns *notifications) update(c *call) *answer {
	old, refusal := ns.named(c)
	if refusal != nil {
		return refusal
	}
	updated := *old
	updated.Values = maps.Clone(old.Values)
	maps.Copy(updated.Values, c.body)
	updated.Deleted, _ = updated.Values["deleted"].(bool)
	delete(updated.Values, "deleted")
	ns.put(c.now, updated.ID, &updated)
	return ok(object{"message": "Notification updated successfully"})
}

func (ns *notifications) remove(c *call) *answer {
	old, refusal := ns.named(c)
	if refusal != nil {
		return refusal
	}
	gone := *old
	gone.Deleted = true
	ns.put(c.now, gone.ID, &gone)
	return ok(object{"message": "Notification deleted successfully"})
}
