package ghl

import (
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

const kindContactAppointment = "ghl_contact_appointment"

// contactAppointmentKind declares appointments of contacts (HighLevel contacts API,
// appointments), whose times are those of the clock on the wall. There is no bulk
// read: each contact's cost one request.
func contactAppointmentKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindContactAppointment, Noun: "appointment", Plural: "appointments", ReadOnly: true, Personal: true,
			Scopes:  schema.Scopes{Read: []string{"contacts.readonly"}},
			Doc:     "An appointment as it is read by its contact, with times by the clock of the location. It is written as a ghl_appointment.",
			Of:      kindAppointment,
			Parent:  "contact_id",
			Listing: schema.Listing{PerParent: true},
		},
		attributes: []attribute{
			{Attribute: schema.Attribute{Name: "contact_id", Type: cty.String, Computed: true, Refers: kindContact, Doc: "Id of the contact."},
				read: "contactId", form: text},
			about("title", "title", "Title."),
			computed("start_time", "startTime", "Start by the clock of the location, such as 2026-07-20T10:00:00; with an offset from UTC when HighLevel tells one.", clock),
			computed("end_time", "endTime", "End, as start_time.", clock),
			computed("status", "appointmentStatus", "new, confirmed, cancelled, showed, noshow or invalid.", lower),
			computed("calendar_id", "calendarId", "Id of the calendar.", text),
			{Attribute: schema.Attribute{Name: "assigned_to", Type: cty.String, Computed: true, Refers: kindUser, Doc: "Id of the user in charge."},
				read: "assignedUserId", form: text},
			about("address", "address", "Where it takes place."),
			about("notes", "notes", "Notes."),
		},
		data: []*schema.DataSource{
			{Name: "ghl_appointments", Kind: kindContactAppointment, Many: "appointments", Doc: "Appointments of a contact.",
				Arguments: []schema.Attribute{{Name: "contact_id", Type: cty.String, Required: true, Refers: kindContact, Doc: "Id of the contact."}}},
		},
		list:    listing{call: call{method: "GET", path: "/contacts/{parent}/appointments", envelope: "events"}, parents: 1},
		answers: answers{gone: []string{"contact with id", "contact not found"}},
	})
}
