package sandbox

import (
	"fmt"
	"strings"
	"time"
)

// slotTaken refuses a time that the calendar does not offer.
func slotTaken() *answer {
	return badRequest("The slot you have selected is no longer available. Please choose another time slot.")
}

// single is an appointment as a read by its id has it.
func (as *appointments) single(a *appointment) object {
	out := as.row(a)
	out["appointmentMeta"], out["deleted"] = object{"slotType": "custom"}, a.Deleted
	return out
}

// row is an appointment in a list of events.
func (as *appointments) row(a *appointment) object {
	out := object{
		"id": a.ID, "appointmentStatus": a.Status, "appoinmentStatus": a.Status, "address": a.Address, "calendarId": a.Calendar, "contactId": a.ContactID,
		"groupId": as.l.groupOf(a.Calendar), "assignedUserId": a.User, "users": []string{}, "title": a.Title, "locationId": as.l.settings.ID,
		"dateAdded": stamp(a.Added), "dateUpdated": stamp(a.Updated), "startTime": as.l.offset(a.StartsAt), "endTime": as.l.offset(a.EndsAt),
		"assignedResources": []string{}, "isRecurring": a.Rule != "", "createdBy": object{"source": "third_party", "userId": nil},
	}
	showTexts(out, map[string]string{"notes": a.Notes, "description": a.Description, "rrule": a.Rule})
	if a.Deleted {
		out["deleted"] = true
	}
	return out
}

// partly is an appointment as the answer to a write has it: without its times and its
// user.
func (as *appointments) partly(a *appointment) object {
	return object{
		"id": a.ID, "calendarId": a.Calendar, "locationId": as.l.settings.ID, "contactId": a.ContactID, "title": a.Title, "status": "booked",
		"appointmentStatus": a.Status, "appoinmentStatus": a.Status, "address": a.Address, "dateAdded": stamp(a.Added), "dateUpdated": stamp(a.Updated),
		"isRecurring": a.Rule != "",
	}
}

// rows lists the events of one calendar, user or group, deleted ones among them. Of a
// series there are the instances.
func (as *appointments) rows(c *call) *answer {
	wanted, refusal := as.l.eventsOf(c)
	if refusal != nil {
		return refusal
	}
	rows := []object{}
	for _, a := range as.all() {
		if a.StartsAt != 0 && wanted(a.Calendar, a.User, a.StartsAt) {
			rows = append(rows, as.instances(a)...)
		}
	}
	return ok(object{"events": rows})
}

// eventsOf tells which events a query selects.
func (l *location) eventsOf(c *call) (wanted func(calendar, user string, at int64) bool, refusal *answer) {
	calendar, user, group := c.query.Get("calendarId"), c.query.Get("userId"), c.query.Get("groupId")
	if calendar == "" && user == "" && group == "" {
		return nil, unprocessable("Either of userId, calendarId or groupId is required")
	}
	from, to := int64(intQuery(c, "startTime", 0)), int64(intQuery(c, "endTime", 0))
	return func(of, by string, at int64) bool {
		return at >= from && at <= to && (calendar == "" || of == calendar) && (user == "" || by == user) && (group == "" || of != "" && l.groupOf(of) == group)
	}, nil
}

// maxInstances bounds a series without an end.
const maxInstances = 24

// instances are the rows of an appointment: itself, or those of a series that repeats
// daily or weekly.
func (as *appointments) instances(a *appointment) []object {
	if a.Rule == "" {
		return []object{as.row(a)}
	}
	step, count := 7, maxInstances
	if strings.Contains(strings.ToUpper(a.Rule), "FREQ=DAILY") {
		step = 1
	}
	if _, after, found := strings.Cut(strings.ToUpper(a.Rule), "COUNT="); found {
		if _, err := fmt.Sscanf(after, "%d", &count); err != nil {
			count = maxInstances
		}
	}
	var rows []object
	for i := range min(count, maxInstances) {
		instance := *a
		start := time.UnixMilli(a.StartsAt).In(as.l.zone()).AddDate(0, 0, i*step)
		length := a.EndsAt - a.StartsAt
		instance.StartsAt, instance.EndsAt = millis(start), millis(start)+length
		instance.ID = fmt.Sprintf("%s_%d_%d", a.ID, instance.StartsAt, length/1000)
		row := as.row(&instance)
		row["masterEventId"] = a.ID
		rows = append(rows, row)
	}
	return rows
}

func (as *appointments) named(c *call) (*appointment, *answer) {
	a, known := as.byID[c.vars["id"]]
	if !known {
		return nil, badRequest("Appointment not found")
	}
	return a, nil
}

// read answers a deleted appointment too.
func (as *appointments) read(c *call) *answer {
	a, refusal := as.named(c)
	if refusal != nil {
		return refusal
	}
	return ok(object{"appointment": as.single(a)})
}

// create books an appointment. Without validation of slots equal ones pile up.
func (as *appointments) create(c *call) *answer {
	made := &appointment{booking: booking{Added: millis(c.now)}}
	made.ContactID, _ = c.body["contactId"].(string)
	contact, alive := as.l.people.alive(made.ContactID)
	if !alive {
		return noContact(made.ContactID)
	}
	made.Title, made.Status = contact.fullName(), "confirmed"
	if made.Title == "" {
		made.Title = contact.Email
	}
	if refusal := as.write(c, made); refusal != nil {
		return refusal
	}
	made.ID = as.store.newID(as.kind)
	as.put(c.now, made.ID, made)
	return ok(as.partly(made))
}

func (as *appointments) update(c *call) *answer {
	old, refusal := as.named(c)
	if refusal != nil {
		return refusal
	}
	if old.Deleted {
		return badRequest("Appointment not found")
	}
	updated := *old
	if refusal := as.write(c, &updated); refusal != nil {
		return refusal
	}
	as.put(c.now, updated.ID, &updated)
	return ok(as.partly(&updated))
}

// write gives an appointment what a body has, and holds its time against the calendar.
func (as *appointments) write(c *call, a *appointment) *answer {
	was := *a
	fillTexts(c.body, map[string]*string{
		"title": &a.Title, "calendarId": &a.Calendar, "appointmentStatus": &a.Status, "assignedUserId": &a.User,
		"address": &a.Address, "description": &a.Description, "rrule": &a.Rule,
	})
	cal, known := as.l.calendarOf(a.Calendar)
	if !known {
		return badRequest("The calendar id is invalid.")
	}
	ignore, _ := c.body["ignoreFreeSlotValidation"].(bool)
	if _, given := c.body["rrule"]; given && !ignore {
		return unprocessable("rrule is allowed only with ignoreFreeSlotValidation")
	}
	if refusal := as.times(c, a, cal); refusal != nil {
		return refusal
	}
	if moved := was.Calendar != a.Calendar || was.StartsAt != a.StartsAt; moved && !ignore && !as.offers(c, cal, a) {
		return slotTaken()
	}
	a.Start, a.End = time.UnixMilli(a.StartsAt).In(as.l.zone()).Format(wallClock), time.UnixMilli(a.EndsAt).In(as.l.zone()).Format(wallClock)
	if tell, given := c.body["toNotify"].(bool); tell || !given {
		a.Told++
	}
	a.Updated = millis(c.now)
	return nil
}

// times takes the times of a body. Without an end an appointment takes a slot; an
// update that moves the start alone leaves the end where it is.
func (as *appointments) times(c *call, a *appointment, cal slotted) *answer {
	for name, at := range map[string]*int64{"startTime": &a.StartsAt, "endTime": &a.EndsAt} {
		spelt, given := c.body[name].(string)
		if !given {
			continue
		}
		t, err := time.Parse(time.RFC3339, spelt)
		if err != nil {
			return unprocessable(name + " must be a valid ISO 8601 date string with an offset")
		}
		*at = millis(t)
	}
	if a.EndsAt == 0 {
		a.EndsAt = a.StartsAt + cal.length.Milliseconds()
	}
	if a.EndsAt <= a.StartsAt {
		return badRequest("The end time must be after the start time.")
	}
	return nil
}

// offers reports whether a calendar offers the time of an appointment. A slot is known
// by the spelling in which it was offered.
func (as *appointments) offers(c *call, cal slotted, a *appointment) bool {
	spelt, given := c.body["startTime"].(string)
	if given && spelt != as.l.offset(a.StartsAt) {
		return false
	}
	return as.l.slots.offered(cal, a.StartsAt, a.ID)
}
