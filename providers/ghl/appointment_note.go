package ghl

import (
	"fmt"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/schema"
)

const kindAppointmentNote = "ghl_appointment_note"

// appointmentNoteKind declares notes on appointments (HighLevel calendars API,
// appointment notes). No call reads one alone.
func appointmentNoteKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindAppointmentNote, Noun: "appointment note", Plural: "appointment notes",
			Scopes:   schema.Scopes{Read: []string{"calendars/events.readonly"}, Write: []string{"calendars/events.write"}},
			Doc:      "A note on an appointment. It is matched by its text among the notes of its appointment. Another appointment replaces it.",
			Content:  []string{"body"},
			Parent:   "appointment_id",
			After:    []string{kindAppointment},
			Personal: true,
			Listing:  schema.Listing{Page: 20, PerParent: true},
		},
		attributes: []attribute{
			{Attribute: schema.Attribute{Name: "appointment_id", Type: cty.String, Required: true, Immutable: true, Refers: kindAppointment, Doc: "Id of the appointment."},
				read: "appointmentId", form: text},
			{Attribute: schema.Attribute{Name: "body", Type: cty.String, Required: true, Personal: true, Doc: "The text, up to 5,000 characters. Formatting is not compared."},
				wire: "body", form: noteText, withUpdate: true},
			{Attribute: schema.Attribute{Name: "user_id", Type: cty.String, Optional: true, Refers: kindUser, Doc: "Id of the user that wrote the note."}, wire: "userId", form: text},
			{Attribute: schema.Attribute{Name: "contact_id", Type: cty.String, Computed: true, Personal: true, Refers: kindContact, Doc: "Id of the contact."}, read: "contactId", form: text},
			{Attribute: schema.Attribute{Name: "created_by", Type: cty.String, Computed: true, Refers: kindUser, Doc: "Id of the user that made it."}, read: "createdBy.id", form: text},
			computed("date_added", "dateAdded", "When the note was made, RFC 3339.", instant),
		},
		data: []*schema.DataSource{
			{Name: "ghl_appointment_notes", Kind: kindAppointmentNote, Many: "notes", Doc: "Notes on an appointment.",
				Arguments: []schema.Attribute{{Name: "appointment_id", Type: cty.String, Required: true, Refers: kindAppointment, Doc: "Id of the appointment."}}},
		},
		list: listing{
			call: call{method: "GET", path: "/calendars/appointments/{parent}/notes", envelope: "notes", version: calendarsVersion},
			page: paging{limit: "limit", skip: "offset", begin: true, more: "hasMore"}, parents: 1,
		},
		create:  call{method: "POST", path: "/calendars/appointments/{parent}/notes", envelope: "note", version: calendarsVersion},
		update:  call{method: "PUT", path: "/calendars/appointments/{parent}/notes/{id}", envelope: "note", version: calendarsVersion},
		remove:  call{method: "DELETE", path: "/calendars/appointments/{parent}/notes/{id}", version: calendarsVersion},
		answers: answers{gone: []string{"note not found", "note with id", "note does not exist", "appointment not found", "event not found"}},
	})
}

// maxNote is how many characters a note on an appointment may have.
const maxNote = 5000

// noteText is text whose formatting does not count, of limited length.
var noteText = form{decode: richText.decode, normalize: normalNoteText}

func normalNoteText(s *speller, path string, v schema.Value) (schema.Value, error) {
	if n := utf8.RuneCountInString(v.Written()); n > maxNote {
		return v, &providers.FieldError{Path: path, Problem: fmt.Sprintf("the note has %s characters, and HighLevel takes %s", schema.Thousands(n), schema.Thousands(maxNote)),
			Advice: "Shorten it, or make two notes of it."}
	}
	return richText.normalize(s, path, v)
}
