package sandbox

import "time"

// calendarOf is what of a calendar says which times it offers; false when there is no
// such calendar. One without hours is open on working days.
func (l *location) calendarOf(id string) (slotted, bool) {
	cal, known := l.calendars.byID[id]
	if !known {
		return slotted{}, false
	}
	kind, _ := cal.Values["calendarType"].(string)
	out := slotted{
		id: id, kind: kind, perSlot: max(1, int(numberOf(cal.Values["appoinmentPerSlot"]))),
		length: lengthOf(cal.Values, "slotDuration"), every: lengthOf(cal.Values, "slotInterval"), open: map[time.Weekday][]openTime{},
	}
	entries, _ := cal.Values["openHours"].([]any)
	for _, entry := range entries {
		out.opens(entry)
	}
	if len(entries) == 0 {
		for day := time.Monday; day <= time.Friday; day++ {
			out.open[day] = []openTime{{9 * 60, 17 * 60}}
		}
	}
	return out, true
}

// opens adds an entry of the hours of a calendar. Its days count from Sunday, 0 or 7.
func (s *slotted) opens(entry any) {
	fields, _ := entry.(object)
	days, _ := fields["daysOfTheWeek"].([]any)
	hours, _ := fields["hours"].([]any)
	for _, day := range days {
		at := time.Weekday(int(numberOf(day)) % 7)
		for _, hour := range hours {
			h, _ := hour.(object)
			s.open[at] = append(s.open[at], openTime{
				int(numberOf(h["openHour"])*60 + numberOf(h["openMinute"])), int(numberOf(h["closeHour"])*60 + numberOf(h["closeMinute"])),
			})
		}
	}
}

// lengthOf is a time of a calendar, in minutes unless its unit is hours.
func lengthOf(values object, name string) time.Duration {
	n := max(numberOf(values[name]), 1)
	if values[name+"Unit"] == "hours" {
		return time.Duration(n * float64(time.Hour))
	}
	return time.Duration(n * float64(time.Minute))
}

func numberOf(v any) float64 {
	n, _ := v.(float64)
	return n
}

// groupOf is the group of a calendar; empty when it has none.
func (l *location) groupOf(id string) string {
	cal, known := l.calendars.byID[id]
	if !known {
		return ""
	}
	group, _ := cal.Values["groupId"].(string)
	return group
}
