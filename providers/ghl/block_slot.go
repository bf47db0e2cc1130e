package ghl

import (
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

const kindBlockSlot = "ghl_block_slot"

// blockSlotKind declares blocked time (HighLevel calendars API, block slots): in one
// calendar, or of one user in every calendar. It is listed apart from appointments, and
// no call reads one alone.
func blockSlotKind() *kind {
	list := call{method: "GET", path: "/calendars/blocked-slots", envelope: "events", located: inQuery, version: calendarsVersion}
	calendar := blocked("calendar_id", "calendarId", kindCalendar, "Id of the calendar, whose type must be event.")
	calendar.Exists = true
	between := paging{window: &window{from: "startTime", to: "endTime"}}
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindBlockSlot, Noun: "block slot", Plural: "block slots",
			Scopes: schema.Scopes{Read: []string{"calendars/events.readonly"}, Write: []string{"calendars/events.write", "calendars.readonly", "locations.readonly"}},
			Doc: "Time that cannot be booked: in one calendar of type event, or of one user in every calendar. It is matched by start and end among those of its calendar or user. " +
				"HighLevel cancels appointments under it without a word, so a plan with any is refused unless overlap = \"allow\". Another calendar or user replaces it.",
			Content: []string{"start_time", "end_time"},
			Parent:  "calendar_id",
			Within:  "assigned_to",
			Either:  [][]string{{"calendar_id", "assigned_to"}},
			After:   []string{kindCalendar},
			Loss:    schema.Loss{Ends: "end_time"},
			Listing: schema.Listing{PerParent: true},
		},
		attributes: []attribute{
			calendar,
			blocked("assigned_to", "assignedUserId", kindUser, "Id of the user whose time it is."),
			{Attribute: schema.Attribute{Name: "start_time", Type: cty.String, Required: true, Title: true, Doc: "When it begins, RFC 3339 with an offset from UTC. It is compared as an instant."},
				wire: "startTime", form: moment, withUpdate: true},
			{Attribute: schema.Attribute{Name: "end_time", Type: cty.String, Required: true, Doc: "When it ends, as start_time."}, wire: "endTime", form: ending, withUpdate: true},
			{Attribute: schema.Attribute{Name: "title", Type: cty.String, Optional: true, Computed: true, Doc: "Title."}, wire: "title", form: text},
			{Attribute: schema.Attribute{Name: "overlap", Type: cty.String, Optional: true, CreateOnly: true, Resent: true, OneOf: []string{"refuse", "allow"}, Default: schema.StringValue("refuse"),
				Doc: "What a plan does about appointments in that time: refuse, or allow HighLevel to cancel them."}, form: text},
		},
		data: []*schema.DataSource{
			{Name: "ghl_block_slots", Kind: kindBlockSlot, Many: "block_slots", Either: [][]string{{"calendar_id", "user_id", "group_id"}},
				Doc: "Blocked time in a calendar, of a user or in a group of calendars.", Arguments: eventArguments()},
		},
		list:    listing{call: list, page: between, parents: 1, parent: "calendarId|userId"},
		lists:   map[string][]listing{"ghl_block_slots": {{call: list, page: between, parameters: eventParameters}}},
		create:  call{method: "POST", path: "/calendars/events/block-slots", located: inBody, version: calendarsVersion},
		update:  call{method: "PUT", path: "/calendars/events/block-slots/{id}", located: inBody, version: calendarsVersion},
		remove:  call{method: "DELETE", path: "/calendars/events/{id}", version: calendarsVersion, bodied: true},
		answers: answers{gone: []string{"block slot not found", "event not found", "event with id", "event does not exist"}},
		odd:     oddities{foresee: foreseeBlocks},
	})
}

// blocked declares what has the time that is blocked. Every update says it again.
func blocked(name, wire, refers, doc string) attribute {
	return attribute{
		Attribute: schema.Attribute{Name: name, Type: cty.String, Optional: true, Immutable: true, Refers: refers, Doc: doc},
		wire:      wire, form: text, withUpdate: true,
	}
}
