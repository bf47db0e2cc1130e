package sandbox

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// appointment is an event in a calendar. One that was deleted stays, marked so.
type appointment struct {
	ID          string `json:"id"`
	ContactID   string `json:"contactId"`
	Title       string `json:"title,omitempty"`
	Calendar    string `json:"calendarId,omitempty"`
	Status      string `json:"appointmentStatus,omitempty"`
	Start       string `json:"startTime"` // by the clock of the location, without an offset
	End         string `json:"endTime"`
	User        string `json:"assignedUserId,omitempty"`
	Address     string `json:"address,omitempty"`
	Notes       string `json:"notes,omitempty"`
	Description string `json:"description,omitempty"`
	Rule        string `json:"rrule,omitempty"`
	booking
}

// booking is what the API keeps of an event, in milliseconds since 1970.
type booking struct {
	StartsAt int64 `json:"startsAt,omitempty"` // 0: its start names no instant
	EndsAt   int64 `json:"endsAt,omitempty"`
	Added    int64 `json:"dateAdded,omitempty"`
	Updated  int64 `json:"dateUpdated,omitempty"`
	Deleted  bool  `json:"deleted,omitempty"`
	Told     int   `json:"told,omitempty"` // how often automations ran for it
}

// takesPlace reports whether the appointment takes its time.
func (a *appointment) takesPlace() bool {
	switch strings.ToLower(a.Status) {
	case "cancelled", "noshow", "invalid":
		return false
	}
	return !a.Deleted && a.StartsAt != 0
}

// ofContact is the appointment as the list of its contact has it: what was never set is
// left out.
func (a *appointment) ofContact(location string) object {
	out := object{
		"id": a.ID, "contactId": a.ContactID, "title": a.Title, "calendarId": a.Calendar, "status": "booked",
		"appointmentStatus": a.Status, "startTime": a.Start, "endTime": a.End, "locationId": location, "address": a.Address,
	}
	showTexts(out, map[string]string{"assignedUserId": a.User, "notes": a.Notes})
	return out
}

// appointments are those of all contacts and calendars.
type appointments struct {
	*collection[appointment]
	l *location
}

func newAppointments(l *location) *appointments {
	as := &appointments{newCollection[appointment](l.store, "appointment"), l}
	as.parent = func(a *appointment) string { return a.ContactID }
	l.people.owns(belonging{member: "appointments", plant: as.plantOf, drop: as.dropOf})
	return as
}

func (as *appointments) routes() []route {
	const path = "/calendars/events/appointments"
	reads, writes := eventScopes()
	create, update := appointmentShapes()
	return []route{
		{method: http.MethodGet, pattern: "/contacts/{contactId}/appointments", scope: contactsRead, serve: as.listOfContact},
		{method: http.MethodGet, pattern: "/calendars/events", scope: reads, query: eventsQuery(), serve: as.rows},
		{method: http.MethodGet, pattern: path + "/{id}", scope: reads, serve: as.read},
		{method: http.MethodPost, pattern: path, scope: writes, body: create, serve: as.create},
		{method: http.MethodPut, pattern: path + "/{id}", scope: writes, body: update, serve: as.update},
	}
}

func eventScopes() (reads, writes string) {
	return "calendars/events.readonly", "calendars/events.write"
}

// eventsQuery is the query of a list of events.
func eventsQuery() shape {
	return shape{
		"locationId": {kind: text, need: true}, "startTime": {kind: number, there: true}, "endTime": {kind: number, need: true},
		"calendarId": {kind: text}, "userId": {kind: text}, "groupId": {kind: text},
	}
}

func appointmentShapes() (create, update shape) {
	update = shape{
		"title": {kind: text}, "meetingLocationType": {kind: text, one: []string{"custom", "zoom", "gmeet", "phone", "address", "ms_teams", "google"}},
		"meetingLocationId": {kind: text}, "overrideLocationConfig": {kind: flag},
		"appointmentStatus": {kind: text, one: []string{"new", "confirmed", "cancelled", "showed", "noshow", "invalid"}},
		"assignedUserId":    {kind: text}, "description": {kind: text}, "address": {kind: text},
		"ignoreDateRange": {kind: flag}, "toNotify": {kind: flag}, "ignoreFreeSlotValidation": {kind: flag}, "rrule": {kind: text},
		"calendarId": {kind: text}, "startTime": {kind: instant}, "endTime": {kind: instant},
	}
	need := rule{kind: text, need: true}
	return update.extend(shape{"calendarId": need, "locationId": need, "contactId": need, "startTime": {kind: instant, need: true}}), update
}

func (as *appointments) listOfContact(c *call) *answer {
	contact, refusal := as.l.people.inPath(c)
	if refusal != nil {
		return refusal
	}
	rows := []object{}
	for _, a := range as.list(contact) {
		if !a.Deleted {
			rows = append(rows, a.ofContact(as.l.settings.ID))
		}
	}
	return ok(object{"events": rows})
}

// plantOf keeps the appointments of a contact, with whatever times a seed gives them.
func (as *appointments) plantOf(contact string, raw json.RawMessage, p *planter) error {
	var all []appointment
	if err := json.Unmarshal(raw, &all); err != nil {
		return err
	}
	for _, a := range all {
		if a.ID == "" {
			a.ID = as.store.newID(as.kind)
		}
		a.ContactID, a.Added, a.Updated = contact, millis(p.now), millis(p.now)
		a.StartsAt, a.EndsAt = as.l.clockTime(a.Start), as.l.clockTime(a.End)
		as.put(p.now, a.ID, &a)
	}
	return nil
}

// between returns the appointments that take place in a calendar in some time.
func (as *appointments) between(calendar string, start, end int64) []*appointment {
	var found []*appointment
	for _, a := range as.all() {
		if a.Calendar == calendar && a.takesPlace() && a.StartsAt < end && start < a.EndsAt {
			found = append(found, a)
		}
	}
	return found
}

// zone is the time zone of the location.
func (l *location) zone() *time.Location {
	if zone, err := time.LoadLocation(l.settings.Timezone); err == nil {
		return zone
	}
	return time.UTC
}

const wallClock = "2006-01-02 15:04:05"

// clockTime is the instant of a time with an offset, or by the clock of the location; 0
// when it is no time.
func (l *location) clockTime(s string) int64 {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return millis(t)
	}
	if t, err := time.ParseInLocation(wallClock, strings.Replace(s, "T", " ", 1), l.zone()); err == nil {
		return millis(t)
	}
	return 0
}

// offset spells an instant with the offset of the location.
func (l *location) offset(ms int64) string {
	return time.UnixMilli(ms).In(l.zone()).Format(time.RFC3339)
}
