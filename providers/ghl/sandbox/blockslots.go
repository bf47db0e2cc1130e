package sandbox

import (
	"net/http"
	"time"
)

// blockSlot is time that cannot be booked: in a calendar, or of a user.
type blockSlot struct {
	ID       string `json:"id"`
	Calendar string `json:"calendarId,omitempty"`
	User     string `json:"assignedUserId,omitempty"`
	Title    string `json:"title"`
	StartsAt int64  `json:"startTime"`
	EndsAt   int64  `json:"endTime"`
	Added    int64  `json:"dateAdded"`
	Updated  int64  `json:"dateUpdated"`
}

// blockSlots are those of a location. One that is made or moved cancels the appointments
// under it, and its answer says nothing of them.
type blockSlots struct {
	*collection[blockSlot]
	of *appointments
}

func newBlockSlots(of *appointments) *blockSlots {
	return &blockSlots{newCollection[blockSlot](of.l.store, "blockSlot"), of}
}

func (bs *blockSlots) routes() []route {
	const path = "/calendars/events/block-slots"
	reads, writes := eventScopes()
	body := shape{
		"locationId": {kind: text, need: true}, "calendarId": {kind: text}, "assignedUserId": {kind: text}, "title": {kind: text},
		"startTime": {kind: instant, need: true}, "endTime": {kind: instant, need: true},
	}
	return []route{
		{method: http.MethodGet, pattern: "/calendars/blocked-slots", scope: reads, query: eventsQuery(), serve: bs.rows},
		{method: http.MethodPost, pattern: path, scope: writes, body: body, serve: bs.create},
		{method: http.MethodPut, pattern: path + "/{id}", scope: writes, body: body, serve: bs.update},
		{method: http.MethodDelete, pattern: "/calendars/events/{id}", scope: writes, serve: bs.remove},
	}
}

func (bs *blockSlots) view(b *blockSlot) object {
	out := object{"id": b.ID, "locationId": bs.of.l.settings.ID, "title": b.Title, "startTime": bs.of.l.offset(b.StartsAt), "endTime": bs.of.l.offset(b.EndsAt)}
	showTexts(out, map[string]string{"calendarId": b.Calendar, "assignedUserId": b.User})
	return out
}

// rows lists blocked time. A row has the properties of an event.
func (bs *blockSlots) rows(c *call) *answer {
	wanted, refusal := bs.of.l.eventsOf(c)
	if refusal != nil {
		return refusal
	}
	rows := []object{}
	for _, b := range bs.all() {
		if !wanted(b.Calendar, b.User, b.StartsAt) {
			continue
		}
		row := bs.view(b)
		for _, name := range []string{"calendarId", "assignedUserId", "contactId", "groupId", "appointmentStatus"} {
			if row[name] == nil {
				row[name] = ""
			}
		}
		row["users"], row["dateAdded"], row["dateUpdated"] = []string{}, stamp(b.Added), stamp(b.Updated)
		rows = append(rows, row)
	}
	return ok(object{"events": rows})
}

func (bs *blockSlots) create(c *call) *answer {
	made := &blockSlot{Title: "Blocked", Added: millis(c.now)}
	if refusal := bs.write(c, made); refusal != nil {
		return refusal
	}
	made.ID = bs.store.newID(bs.kind)
	bs.put(c.now, made.ID, made)
	return created(bs.view(made))
}

func (bs *blockSlots) update(c *call) *answer {
	old, known := bs.byID[c.vars["id"]]
	if !known {
		return badRequest("Block slot not found")
	}
	updated := *old
	updated.Calendar, updated.User = "", ""
	if refusal := bs.write(c, &updated); refusal != nil {
		return refusal
	}
	bs.put(c.now, updated.ID, &updated)
	return created(bs.view(&updated))
}

func (bs *blockSlots) write(c *call, b *blockSlot) *answer {
	fillTexts(c.body, map[string]*string{"calendarId": &b.Calendar, "assignedUserId": &b.User, "title": &b.Title})
	if (b.Calendar == "") == (b.User == "") {
		return unprocessable("Either calendarId or assignedUserId can be set, not both")
	}
	if b.Calendar != "" {
		cal, known := bs.of.l.calendarOf(b.Calendar)
		switch {
		case !known:
			return badRequest("The calendar id is invalid.")
		case cal.kind != "event":
			return badRequest("The calendar is not an event calendar.")
		}
	}
	for name, at := range map[string]*int64{"startTime": &b.StartsAt, "endTime": &b.EndsAt} {
		spelt, _ := c.body[name].(string)
		t, err := time.Parse(time.RFC3339, spelt)
		if err != nil {
			return unprocessable(name + " must be a valid ISO 8601 date string with an offset")
		}
		*at = millis(t)
	}
	if b.EndsAt <= b.StartsAt {
		return badRequest("The end time must be after the start time.")
	}
	b.Updated = millis(c.now)
	bs.cancel(c.now, b)
	return nil
}

// cancel cancels the appointments under blocked time.
func (bs *blockSlots) cancel(now time.Time, b *blockSlot) {
	for id, a := range bs.of.all() {
		theirs := b.Calendar != "" && a.Calendar == b.Calendar || b.User != "" && a.User == b.User
		if theirs && a.takesPlace() && a.StartsAt < b.EndsAt && b.StartsAt < a.EndsAt {
			cancelled := *a
			cancelled.Status, cancelled.Updated = "cancelled", millis(now)
			bs.of.put(now, id, &cancelled)
		}
	}
}

// remove deletes an appointment, which stays marked as deleted, or blocked time.
func (bs *blockSlots) remove(c *call) *answer {
	id := c.vars["id"]
	if _, blocked := bs.byID[id]; blocked {
		bs.drop(c.now, id)
		return ok(object{"succeeded": true})
	}
	a, known := bs.of.byID[id]
	if !known {
		return badRequest("Event not found")
	}
	deleted := *a
	deleted.Deleted, deleted.Updated = true, millis(c.now)
	bs.of.put(c.now, id, &deleted)
	return ok(object{"succeeded": true})
}
