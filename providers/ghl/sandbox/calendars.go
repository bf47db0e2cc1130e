package sandbox

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
)

// calendar is a calendar of a location: its properties as the API has them.
type calendar struct {
	ID     string `json:"id"`
	Values object `json:"values"`
}

// calendars are those of a location. One that is made gets a value for most of
// what its create leaves out.
type calendars struct {
	resource[calendar]
	l *location
	// retired are the deleted ones. People can restore them, so they keep their
	// slugs.
	retired *collection[calendar]
}

func newCalendars(l *location) *calendars {
	cs := &calendars{l: l, retired: newCollection[calendar](l.store, "deletedCalendar"), resource: resource[calendar]{
		collection: newCollection[calendar](l.store, "calendar"),
		path:       "/calendars/", scope: "calendars",
		words:  words{one: "calendar", many: "calendars", unknown: "Calendar not found"},
		shapes: calendarShapes(),
		own: func(cal *calendar, id, _ string) {
			cal.ID = id
			if _, given := cal.Values["widgetSlug"]; !given {
				cal.Values["widgetSlug"] = id
			}
		},
	}}
	cs.fill, cs.view, cs.detail = cs.write, cs.row, cs.single
	cs.cut = cs.selected
	return cs
}

func (cs *calendars) routes() []route {
	routes := cs.resource.routes()
	for i := range routes {
		switch routes[i].method {
		case http.MethodPost:
			routes[i].serve = cs.make
		case http.MethodDelete:
			routes[i].serve = cs.retire
		}
	}
	return routes
}

// make answers 200, unlike other creates.
func (cs *calendars) make(c *call) *answer {
	a := cs.create(c)
	if a.status == http.StatusCreated {
		a.status = http.StatusOK
	}
	return a
}

// retire deletes a calendar, and answers it.
func (cs *calendars) retire(c *call) *answer {
	cal, refusal := cs.named(c)
	if refusal != nil {
		return refusal
	}
	cs.drop(c.now, cal.ID)
	cs.retired.put(c.now, cal.ID, cal)
	return ok(object{"message": "Calendar deleted successfully", "calendar": cs.single(cal)})
}

// unlisted are the properties that the rows of a list do not have.
var unlisted = []string{"teamMembers", "slotBuffer", "slotBufferUnit", "preBuffer", "preBufferUnit", "guestType", "availabilities"}

func (cs *calendars) row(cal *calendar) object {
	out := cs.single(cal)
	for _, name := range unlisted {
		delete(out, name)
	}
	return out
}

func (cs *calendars) single(cal *calendar) object {
	out := maps.Clone(cal.Values)
	out["id"], out["locationId"] = cal.ID, cs.l.settings.ID
	if hours, given := out["openHours"].([]any); !given || len(hours) == 0 {
		out["openHours"] = object{}
	}
	out["appointmentPerSlot"] = out["appoinmentPerSlot"]
	return out
}

// selected leaves out drafts, unless they are asked for, and other groups.
func (cs *calendars) selected(c *call, all []*calendar) []*calendar {
	group, drafts := c.query.Get("groupId"), c.query.Get("showDrafted") == "true"
	return slices.DeleteFunc(all, func(cal *calendar) bool {
		return group != "" && cal.Values["groupId"] != group || !drafts && cal.Values["isActive"] == false
	})
}

// filled are the values that the API gives a new calendar.
func filled() object {
	return object{
		"isActive": true, "calendarType": "event", "widgetType": "classic", "eventTitle": "{{contact.name}}", "eventColor": "#039BE5",
		"slotDuration": 30.0, "slotDurationUnit": "mins", "slotInterval": 30.0, "slotIntervalUnit": "mins",
		"slotBuffer": 0.0, "slotBufferUnit": "mins", "preBuffer": 0.0, "preBufferUnit": "mins", "appoinmentPerSlot": 1.0,
		"allowBookingAfter": 0.0, "allowBookingAfterUnit": "days", "allowBookingFor": 30.0, "allowBookingForUnit": "days",
		"enableRecurring": false, "autoConfirm": true, "allowReschedule": true, "allowCancellation": true, "googleInvitationEmails": true,
		"stickyContact": false, "isLivePaymentMode": false, "shouldSendAlertEmailsToAssignedMember": false, "shouldAssignContactToTeamMember": false,
		"shouldSkipAssigningContactForExisting": false, "guestType": "collect_detail", "formSubmitType": "ThankYouMessage",
		"formSubmitThanksMessage": "Thank you for your appointment request.", "notes": "Phone:- {{contact.phone}}", "locationConfigurations": []any{},
		"lookBusyConfig": object{"enabled": false, "LookBusyPercentage": 0.0},
	}
}

// write gives a calendar the properties that a body has.
func (cs *calendars) write(c *call, cal *calendar) *answer {
	made := cal.ID == ""
	if made {
		cal.Values = filled()
	} else {
		cal.Values = maps.Clone(cal.Values)
	}
	for name, value := range c.body {
		if name != "locationId" && name != "availabilities" {
			cal.Values[name] = value
		}
	}
	if problems := append(badHours(c.body), cs.badTeam(c.body, cal, made)...); len(problems) > 0 {
		return unprocessable(problems...)
	}
	if group, given := c.body["groupId"].(string); given && group != "" && cs.l.groups.byID[group] == nil {
		return badRequest("The group id is invalid.")
	}
	cs.place(c, cal)
	cs.dress(cal)
	cs.muster(cal)
	cs.date(c, cal)
	return nil
}

// place gives a slug that is taken a number at its end.
func (cs *calendars) place(c *call, cal *calendar) {
	slug, given := c.body["slug"].(string)
	if !given || slug == "" {
		return
	}
	for n := 1; cs.taken(cal.Values["slug"], cal.ID); n++ {
		cal.Values["slug"] = fmt.Sprintf("%s-%d", slug, n)
	}
}

func (cs *calendars) taken(slug any, id string) bool {
	for _, known := range []*collection[calendar]{cs.collection, cs.retired} {
		for other, cal := range known.all() {
			if cal.Values["slug"] == slug && other != id {
				return true
			}
		}
	}
	return false
}

// dress gives the places of a calendar the ids and positions that the API adds.
func (cs *calendars) dress(cal *calendar) {
	places, given := cal.Values["locationConfigurations"].([]any)
	if !given {
		return
	}
	dressed := make([]any, len(places))
	for i, p := range places {
		place, isObject := p.(object)
		if !isObject {
			continue
		}
		place = maps.Clone(place)
		kind, _ := place["kind"].(string)
		place["meetingId"], place["position"] = fmt.Sprintf("%s_%d", kind, i), float64(i)
		dressed[i] = place
	}
	cal.Values["locationConfigurations"] = dressed
}
