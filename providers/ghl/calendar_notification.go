package ghl

import (
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

const kindCalendarNotification = "ghl_calendar_notification"

// notificationsPerCall is how many notifications of one calendar are made by one
// call. The API names no limit.
const notificationsPerCall = 50

// calendarNotificationKind declares the notifications of a calendar (HighLevel
// calendars API, notifications). All new ones of a calendar are made by one call.
// The list is asked for without a limit, which the API answers with an error
// (GoHighLevel/highlevel-api-docs, issue 3). A deleted one stays, with a flag.
func calendarNotificationKind() *kind {
	const path = "/calendars/{parent}/notifications"
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindCalendarNotification, Noun: "calendar notification", Plural: "calendar notifications",
			Scopes: schema.Scopes{Read: []string{"calendars/events.readonly"}, Write: []string{"calendars/events.write"}},
			Doc: "A message that HighLevel sends about the appointments of a calendar. It is matched by its channel, type and receiver among those of its calendar, " +
				"also where HighLevel gave the calendar notifications of its own.",
			Content: []string{"channel", "type", "receiver"},
			Parent:  "calendar_id",
			After:   []string{kindCalendar},
			Listing: schema.Listing{PerParent: true},
		},
		attributes: notificationAttributes(),
		data: []*schema.DataSource{
			{Name: "ghl_calendar_notifications", Kind: kindCalendarNotification, Many: "calendar_notifications", Doc: "Notifications of a calendar.",
				Arguments: []schema.Attribute{{Name: "calendar_id", Type: cty.String, Required: true, Refers: kindCalendar, Doc: "Id of the calendar."}}},
			{Name: "ghl_calendar_notification", Kind: kindCalendarNotification, Doc: "One notification of a calendar, by its id.",
				Arguments: []schema.Attribute{
					{Name: "calendar_id", Type: cty.String, Required: true, Refers: kindCalendar, Doc: "Id of the calendar."},
					{Name: "id", Type: cty.String, Required: true, Doc: "Id of the notification."}}},
		},
		list:    listing{call: call{method: "GET", path: path, envelope: ".", version: calendarsVersion}, parents: 1},
		get:     call{method: "GET", path: path + "/{id}", version: calendarsVersion},
		create:  call{method: "POST", path: path, envelope: ".", version: calendarsVersion, many: notificationsPerCall},
		update:  call{method: "PUT", path: path + "/{id}", version: calendarsVersion},
		remove:  call{method: "DELETE", path: path + "/{id}", version: calendarsVersion},
		answers: answers{id: "_id", gone: []string{"notification not found", "notification does not exist", "calendar not found"}},
	})
}

func notificationAttributes() []attribute {
	word := func(called, wire, doc string, of ...string) attribute {
		a := calendarWord(called, wire, doc, of...)
		a.Optional, a.Required = false, true
		return a
	}
	people := func(called, wire, doc string, f form) attribute {
		return attribute{Attribute: schema.Attribute{Name: called, Type: cty.Set(cty.String), Optional: true, Personal: true, Doc: doc}, wire: wire, form: f}
	}
	sender := func(called, wire, doc string) attribute {
		return attribute{Attribute: schema.Attribute{Name: called, Type: cty.String, Optional: true, WriteOnly: true, Doc: doc + " HighLevel never returns it."}, wire: wire, form: text}
	}
	times := func(called, wire, doc string) attribute {
		return attribute{Attribute: schema.Attribute{Name: called, Type: cty.List(cty.Object(map[string]cty.Type{"offset": cty.Number, "unit": cty.String})), Optional: true,
			Example: `[{ offset = 1, unit = "hours" }]`, Doc: doc + " Objects with offset and unit."}, wire: wire, form: offsets}
	}
	return []attribute{
		{Attribute: schema.Attribute{Name: "calendar_id", Type: cty.String, Required: true, Immutable: true, Refers: kindCalendar, Exists: true, Doc: "Id of the calendar."}},
		word("channel", "channel", "How it is sent.", "email", "inApp", "sms", "whatsapp"),
		word("type", "notificationType", "What it is about.", "booked", "confirmation", "cancellation", "reminder", "followup", "reschedule"),
		word("receiver", "receiverType", "Who gets it.", "contact", "guest", "assignedUser", "emails", "phoneNumbers", "business"),
		calendarFlag("active", "isActive", "Whether it is sent.", true),
		calendarText("template_id", "templateId", "Id of the template.", text),
		calendarText("subject", "subject", "Subject of an e-mail.", text),
		calendarText("body", "body", "The message.", text),
		times("before", "beforeTime", "How long before the appointment reminders are sent."),
		times("after", "afterTime", "How long after the appointment follow-ups are sent."),
		people("emails", "additionalEmailIds", "Further addresses that get it.", lowerSet),
		people("phones", "additionalPhoneNumbers", "Further phone numbers that get it, such as +12025550142.", textSet),
		{Attribute: schema.Attribute{Name: "users", Type: cty.Set(cty.String), Optional: true, Refers: kindUser, Doc: "Ids of users that get it, and sub_account_admin for all administrators."},
			wire: "selectedUsers", form: textSet},
		sender("from_address", "fromAddress", "Address that an e-mail comes from."),
		sender("from_name", "fromName", "Name that it comes from."),
		sender("from_number", "fromNumber", "Phone number that a text message comes from."),
	}
}

// offsets are times before or after an appointment.
var offsets = items(property{name: "offset", wire: "timeOffset", form: number}, property{name: "unit", wire: "unit", form: lower})
