package sandbox

import (
	"encoding/json"
	"net/http"
)

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
	showTexts(out, map[string]string{"assignedUserId": a.User, "notes": a.Notes})
	return out
}

// appointments are the calendar events of all contacts.
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
	return []route{{
		method: http.MethodGet, pattern: "/contacts/{contactId}/appointments", scope: contactsRead, serve: as.ofContact}}
}

func (as *appointments) ofContact(c *call) *answer {
	contact, refusal := as.l.people.inPath(c)
	if refusal != nil {
		return refusal
	}
	rows := []object{}
	for _, a := range as.list(contact) {
		rows = append(rows, a.view(as.l.settings.ID))
	}
	return ok(object{"events": rows})
}

// plantOf keeps the appointments of a contact, which no call of the sandbox can
// make.
func (as *appointments) plantOf(contact string, raw json.RawMessage, p *planter) error {
	var all []appointment
	if err := json.Unmarshal(raw, &all); err != nil {
		return err
	}
	for _, a := range all {
		if a.ID == "" {
			a.ID = as.store.newID(as.kind)
		}
		a.ContactID = contact
		as.put(p.now, a.ID, &a)
	}
	return nil
}
