package sandbox

import (
	"net/http"
	"time"
)

// slotted is what of a calendar says which times it offers.
type slotted struct {
	id, kind      string
	length, every time.Duration
	perSlot       int
	open          map[time.Weekday][]openTime
}

// openTime is a time of day at which a calendar is open, in minutes.
type openTime struct{ from, to int }

// slots are the times that calendars offer: what is open, and neither booked nor
// blocked. What is in the past is offered as well, so that what was written down once
// goes on to work.
type slots struct {
	booked  *appointments
	blocked *blockSlots
}

func (s *slots) routes() []route {
	return []route{{method: http.MethodGet, pattern: "/calendars/{id}/free-slots", scope: "calendars.readonly", serve: s.list, query: shape{
		"startDate": {kind: number, need: true}, "endDate": {kind: number, need: true}, "timezone": {kind: text}, "userId": {kind: text}, "userIds": {kind: text},
	}}}
}

// maxSlotDays is how many days one call may ask for.
const maxSlotDays = 31

func (s *slots) list(c *call) *answer {
	l := s.booked.l
	cal, known := l.calendarOf(c.vars["id"])
	if !known {
		return badRequest("The calendar id is invalid.")
	}
	from, to := time.UnixMilli(int64(intQuery(c, "startDate", 0))), time.UnixMilli(int64(intQuery(c, "endDate", 0)))
	if to.Sub(from) > maxSlotDays*24*time.Hour {
		return badRequest("Date range cannot be more than 31 days")
	}
	zone := l.zone()
	if name := c.query.Get("timezone"); name != "" {
		var err error
		if zone, err = time.LoadLocation(name); err != nil {
			return unprocessable("timezone must be a valid IANA time-zone")
		}
	}
	out := object{}
	for _, start := range s.of(cal, from, to) {
		t := time.UnixMilli(start).In(zone)
		day, _ := out[t.Format(time.DateOnly)].(object)
		if day == nil {
			day = object{"slots": []string{}}
			out[t.Format(time.DateOnly)] = day
		}
		all, _ := day["slots"].([]string)
		day["slots"] = append(all, t.Format(time.RFC3339))
	}
	return ok(out)
}

// of are the starts of the free slots of a calendar from one instant to another.
func (s *slots) of(cal slotted, from, to time.Time) []int64 {
	var starts []int64
	zone := s.booked.l.zone()
	first := from.In(zone)
	for day := time.Date(first.Year(), first.Month(), first.Day(), 0, 0, 0, 0, zone); day.Before(to); day = day.AddDate(0, 0, 1) {
		for _, open := range cal.open[day.Weekday()] {
			for minute := open.from; minute+int(cal.length.Minutes()) <= open.to; minute += max(int(cal.every.Minutes()), 1) {
				start := time.Date(day.Year(), day.Month(), day.Day(), 0, minute, 0, 0, zone)
				if !start.Before(from) && start.Before(to) && s.free(cal, millis(start), "") {
					starts = append(starts, millis(start))
				}
			}
		}
	}
	return starts
}

// offered reports whether a calendar offers a slot, beside an appointment that has it.
func (s *slots) offered(cal slotted, start int64, except string) bool {
	t := time.UnixMilli(start).In(s.booked.l.zone())
	minute := t.Hour()*60 + t.Minute()
	for _, open := range cal.open[t.Weekday()] {
		inside := minute >= open.from && minute+int(cal.length.Minutes()) <= open.to
		if inside && (minute-open.from)%max(int(cal.every.Minutes()), 1) == 0 && t.Second() == 0 {
			return s.free(cal, start, except)
		}
	}
	return false
}

// free reports whether a slot is neither booked nor blocked.
func (s *slots) free(cal slotted, start int64, except string) bool {
	end := start + cal.length.Milliseconds()
	n := 0
	for _, a := range s.booked.between(cal.id, start, end) {
		if a.ID != except {
			n++
		}
	}
	if n >= cal.perSlot {
		return false
	}
	for _, b := range s.blocked.all() {
		if b.Calendar == cal.id && b.StartsAt < end && start < b.EndsAt {
			return false
		}
	}
	return true
}
