package sandbox

import "net/http"

// appointmentNote is a note on an appointment.
type appointmentNote struct {
	ID          string `json:"id"`
	Appointment string `json:"appointmentId"`
	ContactID   string `json:"contactId"`
	Body        string `json:"body"`
	UserID      string `json:"userId,omitempty"`
	Added       int64  `json:"dateAdded"`
}

// appointmentNotes are the notes on all appointments. None can be read alone.
type appointmentNotes struct {
	resource[appointmentNote]
	of *appointments
}

func newAppointmentNotes(of *appointments) *appointmentNotes {
	body := shape{"body": {kind: text, need: true}, "userId": {kind: text}}
	ns := &appointmentNotes{of: of, resource: resource[appointmentNote]{
		collection: newCollection[appointmentNote](of.l.store, "appointmentNote"),
		path:       "/calendars/appointments/{appointmentId}/notes", scope: "calendars/events",
		words: words{one: "note", many: "notes", unknown: "Note not found", deleted: []string{"success"}},
		shapes: shapes{create: body, update: body,
			list: shape{"limit": {kind: number, need: true}, "offset": {kind: number, there: true}}},
		listed: true,
		own:    func(n *appointmentNote, id, appointment string) { n.ID, n.Appointment = id, appointment },
	}}
	ns.parent = func(n *appointmentNote) string { return n.Appointment }
	ns.owner, ns.fill, ns.view = ns.inPath, ns.write, ns.row
	return ns
}

// maxNotes is how many notes one answer has at most, and maxNoteText how many
// characters a note.
const (
	maxNotes    = 20
	maxNoteText = 5000
)

func (ns *appointmentNotes) routes() []route {
	routes := ns.resource.routes()
	for i := range routes {
		if routes[i].method == http.MethodGet {
			routes[i].serve = ns.page
		}
	}
	return routes
}

func (ns *appointmentNotes) inPath(c *call) (string, *answer) {
	a, known := ns.of.byID[c.vars["appointmentId"]]
	if !known || a.Deleted {
		return "", badRequest("Appointment not found")
	}
	return a.ID, nil
}

func (ns *appointmentNotes) write(c *call, n *appointmentNote) *answer {
	fillTexts(c.body, map[string]*string{"body": &n.Body, "userId": &n.UserID})
	if len([]rune(n.Body)) > maxNoteText {
		return unprocessable("body must be shorter than or equal to 5000 characters")
	}
	if n.ID == "" {
		n.Added = millis(c.now)
		n.ContactID = ns.of.byID[c.vars["appointmentId"]].ContactID
	}
	return nil
}

func (ns *appointmentNotes) row(n *appointmentNote) object {
	out := object{"id": n.ID, "body": n.Body, "dateAdded": stamp(n.Added), "contactId": n.ContactID, "createdBy": object{"id": "USRapi00000000000000", "name": "API"}}
	showTexts(out, map[string]string{"userId": n.UserID})
	return out
}

// page lists the notes on an appointment, and tells whether there are more.
func (ns *appointmentNotes) page(c *call) *answer {
	appointment, refusal := ns.inPath(c)
	if refusal != nil {
		return refusal
	}
	limit, offset := intQuery(c, "limit", maxNotes), intQuery(c, "offset", 0)
	if limit > maxNotes {
		return unprocessable("limit must not be greater than 20")
	}
	all := ns.list(appointment)
	rows := []object{}
	for _, n := range all[min(offset, len(all)):min(offset+limit, len(all))] {
		rows = append(rows, ns.row(n))
	}
	return ok(object{"notes": rows, "hasMore": offset+limit < len(all)})
}
