package ghl

import (
	"context"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/schema"
)

const kindCalendar = "ghl_calendar"

// calendarKind declares calendars (HighLevel calendars API). Lists leave some
// attributes out, and have drafts only when they are asked for. An update changes
// what it names. HighLevel fills in what a create leaves out.
func calendarKind() *kind {
	return declared(&kind{
		Kind: schema.Kind{
			Name: kindCalendar, Noun: "calendar", Plural: "calendars",
			Scopes: schema.Scopes{Read: []string{"calendars.readonly"}, Write: []string{"calendars.write"}},
			Doc: "A calendar in which contacts book appointments. It is matched by its slug, then by its name. Only what is written is managed: HighLevel fills in the rest. " +
				"A calendar is never replaced, as its appointments go with it: a plan that deletes one counts those that are still to come. A deleted one can be restored in HighLevel. " +
				"team_members, the buffers and guest_type cost a call for each calendar that writes them.",
			Keys:  []schema.NaturalKey{{"slug"}, {"name"}},
			After: []string{kindCalendarGroup},
			Loss:  schema.Loss{Lasting: schema.Irreplaceable},
		},
		attributes: calendarAttributes(),
		data: []*schema.DataSource{
			{Name: "ghl_calendar", Kind: kindCalendar, OneOf: true, Doc: "One calendar, by its id, its slug or its name.",
				Arguments: []schema.Attribute{argument("id", cty.String, "Id of the calendar."), argument("slug", cty.String, "Slug of the calendar."),
					argument("name", cty.String, "Name of the calendar.")}},
			{Name: "ghl_calendars", Kind: kindCalendar, Many: "calendars", Doc: "Calendars of the location, drafts among them. Buffers, team members and the type of guests are only in ghl_calendar.",
				Arguments: []schema.Attribute{argument("group_id", cty.String, "Calendars of this group only.")}},
		},
		list: listing{
			call:       call{method: "GET", path: "/calendars/", envelope: "calendars", located: inQuery, version: calendarsVersion},
			parameters: map[string]string{"group_id": "groupId"}, query: calendarQuery,
		},
		get:     call{method: "GET", path: "/calendars/{id}", envelope: "calendar", version: calendarsVersion},
		create:  call{method: "POST", path: "/calendars/", envelope: "calendar", located: inBody, version: calendarsVersion},
		update:  call{method: "PUT", path: "/calendars/{id}", envelope: "calendar", version: calendarsVersion},
		remove:  call{method: "DELETE", path: "/calendars/{id}", version: calendarsVersion},
		answers: answers{gone: []string{"calendar not found", "calendar with id", "calendar does not exist"}},
	})
}

// calendarQuery asks for drafts too: a draft that was missing would be made again.
func calendarQuery(_ context.Context, _ *account, _ providers.Query, r *request) (keep, error) {
	r.setQuery("showDrafted", "true")
	return nil, nil
}

// calendarTypes are the types of calendars.
var calendarTypes = []string{"round_robin", "event", "class_booking", "collective", "service_booking", "personal"}

// calendarAttributes are those of a calendar, in the order in which people read
// them. HighLevel spells two of them without a t.
func calendarAttributes() []attribute {
	return slices.Concat(
		calendarIdentity(),
		calendarTeam(),
		calendarSlots(),
		calendarHours(),
		calendarBooking(),
		calendarForm(),
	)
}

// calendarText declares a text of a calendar.
func calendarText(called, wire, doc string, f form) attribute {
	return attribute{Attribute: schema.Attribute{Name: called, Type: cty.String, Optional: true, Doc: doc}, wire: wire, form: f}
}

// calendarWord declares a text that is one of a few.
func calendarWord(called, wire, doc string, of ...string) attribute {
	a := calendarText(called, wire, doc, text)
	a.OneOf = of
	return a
}

// calendarNumber declares a number of a calendar.
func calendarNumber(called, wire, doc, byDefault string) attribute {
	a := attribute{Attribute: schema.Attribute{Name: called, Type: cty.Number, Optional: true, Doc: doc}, wire: wire, form: number}
	if byDefault != "" {
		a.Default = schema.NumberValue(byDefault)
	}
	return a
}

// calendarFlag declares a switch of a calendar.
func calendarFlag(called, wire, doc string, byDefault bool) attribute {
	return attribute{Attribute: schema.Attribute{Name: called, Type: cty.Bool, Optional: true, Default: schema.BoolValue(byDefault), Doc: doc}, wire: wire, form: boolean}
}

// unlisted marks attributes that lists leave out.
func unlisted(attributes ...attribute) []attribute {
	for i := range attributes {
		attributes[i].Unlisted = true
	}
	return attributes
}

func calendarIdentity() []attribute {
	called := attribute{Attribute: schema.Attribute{Name: "name", Type: cty.String, Required: true, Common: true, Doc: "Name of the calendar."}, wire: "name", form: name}
	ofType := calendarWord("type", "calendarType", "Type of the calendar. It is fixed: HighLevel has no way to change it.", calendarTypes...)
	ofType.Optional, ofType.Required, ofType.Immutable = false, true, true
	group := calendarText("group_id", "groupId", "Id of the group that the calendar belongs to.", text)
	group.Refers, group.Exists = kindCalendarGroup, true
	slug := calendarText("slug", "slug", "End of the address of the calendar's page.", lower)
	slug.Interim, slug.verify = true, true
	return []attribute{
		called, ofType, group, slug,
		calendarText("description", "description", "What the calendar is for.", text),
		calendarFlag("active", "isActive", "Whether it can be booked; else it is a draft.", true),
		calendarText("widget_slug", "widgetSlug", "End of the address of the widget.", text),
		calendarWord("widget_type", "widgetType", "Look of the widget: default, the new one, or classic.", "default", "classic"),
		calendarWord("event_type", "eventType", "How a round robin chooses.", "RoundRobin_OptimizeForAvailability", "RoundRobin_OptimizeForEqualDistribution"),
		calendarText("event_title", "eventTitle", "Title of the appointments, such as {{contact.name}}.", text),
		calendarText("event_color", "eventColor", "Colour of the appointments, such as #039be5.", lower),
		{Attribute: schema.Attribute{Name: "locations", Type: cty.List(cty.Map(cty.String)), Optional: true, Doc: "Where appointments take place: objects with kind and, where the kind has one, location. The kinds are " + strings.Join(meetingKinds, ", ") + "."},
			wire: "locationConfigurations", form: meetingPlaces},
	}
}

// calendarTeam are who takes the appointments, and when beside the open hours.
func calendarTeam() []attribute {
	return unlisted(
		attribute{Attribute: schema.Attribute{Name: "team_members", Optional: true, Own: schema.OwnItems, Items: &schema.Items{Key: "user_id"},
			Needed: &schema.Needed{By: "type", Of: slices.DeleteFunc(slices.Clone(calendarTypes), func(of string) bool { return of == "event" })},
			Type:   cty.List(cty.Object(map[string]cty.Type{"user_id": cty.String, "priority": cty.Number, "primary": cty.Bool, "locations": cty.List(cty.Map(cty.String))})),
			Doc: "Users who take the appointments. priority is 0, 0.5 or 1. A personal calendar has one member, and one of a collective calendar is primary. " +
				"Members that no file names are kept."},
			wire: "teamMembers", form: team(idOf(kindUser)), verify: true},
		attribute{Attribute: schema.Attribute{Name: "availabilities", Optional: true, Own: schema.OwnItems, Items: &schema.Items{Key: "date"},
			Type:    cty.List(cty.Object(map[string]cty.Type{"date": cty.String, "hours": cty.List(cty.String)})),
			Example: `[{ date = "2027-12-24", hours = ["09:00-12:00"] }]`, Doc: "Hours of single dates. Dates that no file names are kept."},
			wire: "availabilities", form: items(property{name: "date", wire: "date", form: calendarDay}, property{name: "hours", wire: "hours", form: dayHours}),
			verify: true, bury: true},
	)
}

func calendarSlots() []attribute {
	minutes := []string{"mins", "hours"}
	bufferUnit := calendarWord("slot_buffer_unit", "slotBufferUnit", "Unit of slot_buffer. It is fixed: HighLevel takes it at creation only.", minutes...)
	bufferUnit.Immutable = true
	return slices.Concat([]attribute{
		calendarNumber("slot_duration", "slotDuration", "How long an appointment takes.", "30"),
		calendarWord("slot_duration_unit", "slotDurationUnit", "Unit of slot_duration.", minutes...),
		calendarNumber("slot_interval", "slotInterval", "How far the starts of appointments are apart.", "30"),
		calendarWord("slot_interval_unit", "slotIntervalUnit", "Unit of slot_interval.", minutes...),
	}, unlisted(
		calendarNumber("slot_buffer", "slotBuffer", "Time that stays free after an appointment.", "0"),
		bufferUnit,
		calendarNumber("pre_buffer", "preBuffer", "Time that stays free before an appointment.", "0"),
		calendarWord("pre_buffer_unit", "preBufferUnit", "Unit of pre_buffer.", minutes...),
	), []attribute{
		calendarNumber("per_slot", "appoinmentPerSlot", "How many appointments begin at one time.", "1"),
		calendarNumber("per_day", "appoinmentPerDay", "How many appointments a day has.", ""),
	})
}

func calendarHours() []attribute {
	return []attribute{
		{Attribute: schema.Attribute{Name: "open_hours", Type: cty.Map(cty.List(cty.String)), Optional: true,
			Doc: "When appointments can be booked: by day of the week, in the location's time, such as { monday = [\"09:00-12:00\", \"13:00-17:00\"] }. Days that are not named are closed."},
			wire: "openHours", form: openHours},
		{Attribute: schema.Attribute{Name: "availability", Type: cty.String, Optional: true, OneOf: availabilityTypes,
			Doc: "What counts: open_hours or the dates of availabilities. Without it HighLevel uses both."},
			wire: "availabilityType", form: availabilityType},
		calendarFlag("recurring", "enableRecurring", "Whether an appointment can be booked as a series. The calendar must have one team member only.", false),
		{Attribute: schema.Attribute{Name: "recurrence", Type: cty.Map(cty.DynamicPseudoType), Optional: true, Own: schema.OwnKeys,
			Doc: "The series of a recurring calendar: freq (DAILY, WEEKLY or MONTHLY), count (up to 24), booking_option (skip, continue or book_next) and overlap_status (confirmed or new)."},
			wire: "recurring", form: recurrence, together: true},
	}
}

func calendarBooking() []attribute {
	return slices.Concat([]attribute{
		calendarNumber("book_after", "allowBookingAfter", "How long before it begins an appointment must be booked.", ""),
		calendarWord("book_after_unit", "allowBookingAfterUnit", "Unit of book_after.", "hours", "days", "weeks", "months"),
		calendarNumber("book_within", "allowBookingFor", "How far ahead an appointment can be booked.", ""),
		calendarWord("book_within_unit", "allowBookingForUnit", "Unit of book_within.", "days", "weeks", "months"),
		calendarFlag("auto_confirm", "autoConfirm", "Whether appointments are confirmed at once.", true),
		calendarFlag("allow_reschedule", "allowReschedule", "Whether contacts may move their appointments.", true),
		calendarFlag("allow_cancellation", "allowCancellation", "Whether contacts may cancel their appointments.", true),
		{Attribute: schema.Attribute{Name: "google_invites", Type: cty.Bool, Optional: true, Doc: "Whether Google sends invitations."}, wire: "googleInvitationEmails", form: boolean},
		{Attribute: schema.Attribute{Name: "look_busy", Type: cty.Number, Optional: true, Default: schema.NumberValue("0"), Doc: "Per cent of the free slots that are hidden, 0 to 100."},
			wire: "lookBusyConfig", form: lookBusy},
		calendarFlag("assign_contact", "shouldAssignContactToTeamMember", "Whether a contact is assigned to the team member of the appointment.", false),
		calendarFlag("skip_assign_existing", "shouldSkipAssigningContactForExisting", "Whether contacts that are assigned already stay so.", false),
		calendarFlag("alert_assigned", "shouldSendAlertEmailsToAssignedMember", "Whether the team member gets an e-mail.", false),
		{Attribute: schema.Attribute{Name: "alert_email", Type: cty.String, Optional: true, Personal: true, Doc: "Address that gets an e-mail for each appointment."}, wire: "alertEmail", form: email},
		calendarText("notes", "notes", "Notes that appointments begin with.", text),
	}, unlisted(calendarWord("guest_type", "guestType", "What is asked about guests.", "count_only", "collect_detail")))
}

func calendarForm() []attribute {
	return []attribute{
		calendarText("form_id", "formId", "Id of the form that is filled in.", text),
		calendarWord("form_submit_type", "formSubmitType", "What follows the form.", "RedirectURL", "ThankYouMessage"),
		calendarText("form_redirect", "formSubmitRedirectURL", "Address that follows the form.", text),
		calendarText("form_thanks", "formSubmitThanksMessage", "Message that follows the form.", text),
		calendarText("consent_label", "consentLabel", "Text beside the box of consent.", text),
		calendarText("pixel_id", "pixelId", "Id of the Facebook pixel.", text),
		calendarText("cover_image", "calendarCoverImage", "Address of the picture.", text),
		calendarFlag("sticky_contact", "stickyContact", "Whether the form remembers who filled it in.", false),
		calendarFlag("live_payment", "isLivePaymentMode", "Whether payments are real.", false),
	}
}
