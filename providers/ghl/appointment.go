package ghl

import (
	"strings"

	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

const kindAppointment = "ghl_appointment"

// appointmentKind declares appointments (HighLevel calendars API, events). They are
// listed calendar by calendar, over all of time. A deleted one is still read by its
// id, marked as deleted.
func appointmentKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindAppointment, Noun: "appointment", Plural: "appointments",
			Scopes: schema.Scopes{Read: []string{"calendars/events.readonly"}, Write: []string{"calendars/events.write", "calendars.readonly", "locations.readonly"}},
			Doc: "An appointment of a contact in a calendar. It is matched by its contact and start among those of its calendar; a cancelled one is history and matches nothing. " +
				"HighLevel books the same appointment as often as it is asked to, so a create whose answer was lost is looked up and never repeated blindly. " +
				"A plan refuses a time that the calendar does not offer or that it gives to more than the calendar takes, unless check_slot = false, and nobody is written to unless notify = true. " +
				"lifecycle { on_destroy = \"retire\" } cancels it in place of deleting it. Another contact replaces it.",
			Content:  []string{"contact_id", "start_time"},
			Parent:   "calendar_id",
			Retire:   schema.Fields{{Path: "status", Value: schema.StringValue("cancelled")}},
			After:    []string{kindContact, kindCalendar},
			Personal: true,
			Loss:     schema.Loss{Ends: "end_time"},
			Listing:  schema.Listing{PerParent: true},
		},
		attributes: appointmentAttributes(),
		data:       appointmentData(),
		list: listing{
			call: call{method: "GET", path: "/calendars/events", envelope: "events", located: inQuery, version: calendarsVersion},
			page: paging{window: &window{from: "startTime", to: "endTime"}}, parents: 1, parent: "calendarId",
		},
		lists: map[string][]listing{"ghl_calendar_events": {{
			call: call{method: "GET", path: "/calendars/events", envelope: "events", located: inQuery, version: calendarsVersion},
			page: paging{window: &window{from: "startTime", to: "endTime"}}, parameters: eventParameters,
		}}},
		get:    call{method: "GET", path: "/calendars/events/appointments/{id}", envelope: "appointment|event", version: calendarsVersion},
		create: call{method: "POST", path: "/calendars/events/appointments", located: inBody, version: calendarsVersion, terse: true},
		update: call{method: "PUT", path: "/calendars/events/appointments/{id}", version: calendarsVersion, terse: true},
		remove: call{method: "DELETE", path: "/calendars/events/{id}", version: calendarsVersion, bodied: true},
		answers: answers{version: "dateUpdated", gone: []string{
			"appointment not found", "event not found", "appointment with id", "event with id", "appointment does not exist", "event does not exist"}},
		odd: oddities{series: seriesOf, foresee: foreseeAppointments},
	})
}

// eventParameters are the arguments of which a list of events takes one.
var eventParameters = map[string]string{"calendar_id": "calendarId", "user_id": "userId", "group_id": "groupId"}

func appointmentAttributes() []attribute {
	statuses := []string{"new", "confirmed", "cancelled", "showed", "noshow", "invalid"}
	return []attribute{
		{Attribute: schema.Attribute{Name: "calendar_id", Type: cty.String, Required: true, Refers: kindCalendar, Exists: true, Doc: "Id of the calendar."}, wire: "calendarId", form: text},
		{Attribute: schema.Attribute{Name: "contact_id", Type: cty.String, Required: true, Immutable: true, Personal: true, Refers: kindContact, Doc: "Id of the contact."},
			wire: "contactId", form: text},
		{Attribute: schema.Attribute{Name: "start_time", Type: cty.String, Required: true, Title: true,
			Doc: "When it begins, RFC 3339 with an offset from UTC. It is compared as an instant, whatever the offset."},
			wire: "startTime", form: moment},
		{Attribute: schema.Attribute{Name: "end_time", Type: cty.String, Optional: true, Computed: true, Doc: "When it ends, as start_time; what the calendar says when it is not written. It moves along with start_time."},
			wire: "endTime", form: ending, follows: "start_time"},
		told("title", "title", "Title; the name of the contact when it is not written."),
		{Attribute: schema.Attribute{Name: "status", Type: cty.String, Optional: true, Computed: true, OneOf: statuses, Doc: "new, confirmed, cancelled, showed, noshow or invalid."},
			wire: "appointmentStatus", form: lower},
		{Attribute: schema.Attribute{Name: "assigned_to", Type: cty.String, Optional: true, Computed: true, Refers: kindUser, Doc: "Id of the user in charge. Some calendars insist on one."},
			wire: "assignedUserId", form: text},
		{Attribute: schema.Attribute{Name: "address", Type: cty.String, Optional: true, Personal: true, Doc: "Where it takes place."}, wire: "address", form: text},
		{Attribute: schema.Attribute{Name: "description", Type: cty.String, Optional: true, Personal: true, Doc: "What it is about."},
			wire: "description", read: "description|notes", form: text},
		unread("location_type", "meetingLocationType", "Kind of the place: custom, zoom, gmeet, phone, address, ms_teams or google. HighLevel never returns it."),
		unread("location_id", "meetingLocationId", "Id of one of the calendar's places. HighLevel never returns it."),
		{Attribute: schema.Attribute{Name: "override_location", Type: cty.Bool, Optional: true, WriteOnly: true, Doc: "Whether the place is another than the calendar's. HighLevel never returns it."},
			wire: "overrideLocationConfig", form: boolean},
		{Attribute: schema.Attribute{Name: "rrule", Type: cty.String, Optional: true, Immutable: true, Example: `"FREQ=WEEKLY;COUNT=4"`, Doc: "Repetition, as RFC 5545 has it. It needs check_slot = false. Another one replaces the series."},
			wire: "rrule", form: text},
		manner("notify", "toNotify", "Whether HighLevel runs its automations for a write, which may write to the contact. Only when it is true.", boolean, false),
		manner("check_slot", "ignoreFreeSlotValidation", "Whether the calendar must offer the time. Without it, HighLevel books over anything.", negated, true),
		manner("check_range", "ignoreDateRange", "Whether the calendar's notice and range of days count.", negated, true),
		computed("group_id", "groupId", "Id of the calendar's group.", text),
		{Attribute: schema.Attribute{Name: "users", Type: cty.List(cty.String), Computed: true, Doc: "Ids of further users."}, read: "users", form: names},
		computed("date_added", "dateAdded", "When the appointment was made, RFC 3339.", instant),
		computed("date_updated", "dateUpdated", "When the appointment last changed, RFC 3339.", instant),
	}
}

// told declares a text about a person that the server fills in when none is given.
func told(name, wire, doc string) attribute {
	return attribute{
		Attribute: schema.Attribute{Name: name, Type: cty.String, Optional: true, Computed: true, Personal: true, Doc: doc},
		wire:      wire, form: text,
	}
}

// unread declares a text that is never returned.
func unread(name, wire, doc string) attribute {
	return attribute{Attribute: schema.Attribute{Name: name, Type: cty.String, Optional: true, WriteOnly: true, Doc: doc}, wire: wire, form: text}
}

// manner declares how an object is written. What the API takes otherwise is sent with
// every write.
func manner(name, wire, doc string, f form, otherwise bool) attribute {
	a := attribute{Attribute: schema.Attribute{Name: name, Type: cty.Bool, Optional: true, CreateOnly: true, Resent: true, Default: schema.BoolValue(otherwise), Doc: doc},
		wire: wire, form: f, withUpdate: true}
	if wire != "" {
		a.always = f.sent(a.Default)
	}
	return a
}

// negated is the opposite of what the API calls it.
var negated = form{decode: decodeBool, encode: func(v schema.Value) any { return !v.Truth() }}

// sent is a value as the API takes it.
func (f *form) sent(v schema.Value) any {
	if f.encode != nil {
		return f.encode(v)
	}
	return v.ToJSON()
}

// seriesOf is the id of the series of an instance, which is spelt SERIES_START_SECONDS;
// other ids stay (recorded by live suites, not in the documents).
func seriesOf(id string) string {
	parts := strings.Split(id, "_")
	if len(parts) != 3 || !isDigits(parts[1]) || !isDigits(parts[2]) || parts[0] == "" || parts[1] == "" {
		return id
	}
	return parts[0]
}

func appointmentData() []*schema.DataSource {
	id := []schema.Attribute{{Name: "id", Type: cty.String, Required: true, Doc: "Id of the appointment."}}
	return []*schema.DataSource{
		{Name: kindAppointment, Kind: kindAppointment, Doc: "One appointment, by its id.", Arguments: id},
		{Name: "ghl_calendar_events", Kind: kindAppointment, Many: "events", Either: [][]string{{"calendar_id", "user_id", "group_id"}},
			Doc: "Appointments in a calendar, of a user or in a group of calendars. Blocked time is not among them.", Arguments: eventArguments()},
	}
}

// eventArguments are those of a list of events.
func eventArguments() []schema.Attribute {
	arguments := []schema.Attribute{
		argument("calendar_id", cty.String, "Id of the calendar."),
		argument("user_id", cty.String, "Id of the user."),
		argument("group_id", cty.String, "Id of the group of calendars."),
		argument("from", cty.String, "Instant from which on they count, RFC 3339 with an offset; without it all do."),
		argument("to", cty.String, "Instant up to which they count, as from."),
	}
	arguments[0].Refers, arguments[1].Refers, arguments[2].Refers = kindCalendar, kindUser, kindCalendarGroup
	return arguments
}
