package sandbox

import "fmt"

// The shapes of what calendars consist of.
var (
	placeShape = shape{"kind": {kind: text, need: true, one: []string{"custom", "zoom_conference", "google_conference", "inbound_call",
		"outbound_call", "physical", "booker", "ms_teams_conference"}}, "location": {kind: text}}
	hourShape = shape{"openHour": {kind: number, need: true}, "openMinute": {kind: number, need: true},
		"closeHour": {kind: number, need: true}, "closeMinute": {kind: number, need: true}}
	memberShape = shape{"userId": {kind: text, need: true}, "priority": {kind: number}, "isPrimary": {kind: flag},
		"locationConfigurations": {kind: list, each: placeShape}}
	dateShape = shape{"date": {kind: instant, need: true}, "hours": {kind: list, each: hourShape}, "deleted": {kind: flag}}
)

// calendarShapes are what the calls for a calendar take.
func calendarShapes() shapes {
	minutes := rule{kind: text, one: []string{"mins", "hours"}}
	update := shape{
		"isActive": {kind: flag}, "eventType": {kind: text, one: []string{"RoundRobin_OptimizeForAvailability", "RoundRobin_OptimizeForEqualDistribution"}},
		"widgetType": {kind: text, one: []string{"default", "classic"}}, "name": {kind: text},
		"slotDurationUnit": minutes, "slotIntervalUnit": minutes, "preBufferUnit": minutes,
		"allowBookingAfterUnit": {kind: text, one: []string{"hours", "days", "weeks", "months"}},
		"allowBookingForUnit":   {kind: text, one: []string{"days", "weeks", "months"}},
		"guestType":             {kind: text, one: []string{"count_only", "collect_detail"}},
		"formSubmitType":        {kind: text, one: []string{"RedirectURL", "ThankYouMessage"}},
		"teamMembers":           {kind: list, each: memberShape}, "locationConfigurations": {kind: list, each: placeShape},
		"openHours":      {kind: list, each: shape{"daysOfTheWeek": {kind: list, need: true}, "hours": {kind: list, need: true, each: hourShape}}},
		"availabilities": {kind: list, each: dateShape.extend(shape{"id": {kind: text}})},
		"recurring": {kind: group, each: shape{"freq": {kind: text, one: []string{"DAILY", "WEEKLY", "MONTHLY"}}, "count": {kind: number},
			"bookingOption":               {kind: text, one: []string{"skip", "continue", "book_next"}},
			"bookingOverlapDefaultStatus": {kind: text, one: []string{"confirmed", "new"}}}},
		"lookBusyConfig": {kind: group, each: shape{"enabled": {kind: flag, need: true}, "LookBusyPercentage": {kind: number, need: true}}},
	}
	for _, name := range []string{"groupId", "description", "slug", "widgetSlug", "eventTitle", "eventColor", "formId", "alertEmail", "notes", "pixelId",
		"formSubmitRedirectURL", "formSubmitThanksMessage", "consentLabel", "calendarCoverImage"} {
		update[name] = rule{kind: text}
	}
	for _, name := range []string{"slotDuration", "slotInterval", "slotBuffer", "preBuffer", "appoinmentPerSlot", "appoinmentPerDay",
		"allowBookingAfter", "allowBookingFor", "availabilityType"} {
		update[name] = rule{kind: number}
	}
	for _, name := range []string{"enableRecurring", "stickyContact", "isLivePaymentMode", "autoConfirm", "shouldSendAlertEmailsToAssignedMember",
		"googleInvitationEmails", "allowReschedule", "allowCancellation", "shouldAssignContactToTeamMember", "shouldSkipAssigningContactForExisting"} {
		update[name] = rule{kind: flag}
	}
	place := shape{"locationId": {kind: text, need: true}}
	return shapes{
		list:   place.extend(shape{"groupId": {kind: text}, "showDrafted": {kind: flag}}),
		update: update,
		create: update.extend(place).extend(shape{
			"name": {kind: text, need: true}, "slotBufferUnit": minutes, "availabilities": {kind: list, each: dateShape},
			"calendarType": {kind: text, one: []string{"round_robin", "event", "class_booking", "collective", "service_booking", "personal"}},
		}),
	}
}

// badHours lists what is wrong with the hours of a body: an entry has one day, and
// its times are of one day.
func badHours(body object) []string {
	var problems []string
	entries, _ := body["openHours"].([]any)
	for i, e := range entries {
		entry, _ := e.(object)
		days, _ := entry["daysOfTheWeek"].([]any)
		day, isNumber := days[0].(float64)
		if len(days) != 1 || !isNumber || day < 0 || day > 6 {
			problems = append(problems, fmt.Sprintf("openHours.%d.each value in daysOfTheWeek must be a valid day of week", i))
		}
		problems = append(problems, badTimes(fmt.Sprintf("openHours.%d.hours", i), entry["hours"])...)
	}
	dates, _ := body["availabilities"].([]any)
	for i, d := range dates {
		date, _ := d.(object)
		problems = append(problems, badTimes(fmt.Sprintf("availabilities.%d.hours", i), date["hours"])...)
	}
	return problems
}

func badTimes(at string, hours any) []string {
	var problems []string
	all, _ := hours.([]any)
	for i, h := range all {
		hour, _ := h.(object)
		number := func(name string) float64 { n, _ := hour[name].(float64); return n }
		open, closes := number("openHour")*60+number("openMinute"), number("closeHour")*60+number("closeMinute")
		if number("openHour") > 23 || number("closeHour") > 23 || number("openMinute") > 60 || number("closeMinute") > 60 || open < 0 || closes <= open {
			problems = append(problems, fmt.Sprintf("%s.%d must be a time of one day", at, i))
		}
	}
	return problems
}
