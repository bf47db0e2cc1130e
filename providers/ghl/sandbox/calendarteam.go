package sandbox

import (
	"fmt"
	"maps"
	"slices"
)

// badTeam lists what is wrong with the team of a calendar for its type.
func (cs *calendars) badTeam(body object, cal *calendar, made bool) []string {
	members, given := body["teamMembers"].([]any)
	if !made && !given {
		return nil
	}
	primary := 0
	for _, m := range members {
		if member, _ := m.(object); member["isPrimary"] == true {
			primary++
		}
		if p, named := m.(object)["priority"]; named && p != 0.0 && p != 0.5 && p != 1.0 {
			return []string{"teamMembers.priority must be one of the following values: 0, 0.5, 1"}
		}
	}
	switch t := cal.Values["calendarType"]; {
	case primary > 1:
		return []string{"teamMembers must have one primary member"}
	case t == "personal" && len(members) != 1:
		return []string{"teamMembers must have exactly one member"}
	case t == "collective" && primary != 1:
		return []string{"teamMembers must have one primary member"}
	case t != "event" && t != "personal" && len(members) == 0:
		return []string{"teamMembers should not be empty"}
	}
	return nil
}

// muster completes the members of a team. One who is no user is dropped without a
// word.
func (cs *calendars) muster(cal *calendar) {
	members, given := cal.Values["teamMembers"].([]any)
	if !given {
		return
	}
	var kept []any
	for _, m := range members {
		member, _ := m.(object)
		id, _ := member["userId"].(string)
		if cs.l.users.byID[id] == nil {
			continue
		}
		full := object{"priority": 0.5, "isPrimary": false, "selected": true}
		maps.Copy(full, member)
		kept = append(kept, full)
	}
	cal.Values["teamMembers"] = append([]any{}, kept...)
}

// date changes the dates that a body names by their ids, adds those without, and
// keeps all others.
func (cs *calendars) date(c *call, cal *calendar) {
	changes, given := c.body["availabilities"].([]any)
	if !given {
		return
	}
	old, _ := cal.Values["availabilities"].([]any)
	dates := slices.Clone(old)
	for i, d := range changes {
		change, _ := d.(object)
		id, named := change["id"].(string)
		at := slices.IndexFunc(dates, func(d any) bool { return named && d.(object)["id"] == id })
		switch {
		case named && at < 0:
		case named && change["deleted"] == true:
			dates = slices.Delete(dates, at, at+1)
		case named:
			dates[at] = change
		default:
			made := maps.Clone(change)
			made["id"] = fmt.Sprintf("%s-%d", cs.store.newID("availability"), i)
			dates = append(dates, made)
		}
	}
	cal.Values["availabilities"] = dates
}
