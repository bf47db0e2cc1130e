package render

import "lockstep/cmd/internal/report"

// list is one of the lists of people at the top of a page.
type list struct {
	ID, Head string
	// Rows are shown at once, More on request.
	Rows, More []row
	// None stands in place of rows.
	None string
}

// row is a person in a list.
type row struct {
	Person, Name string
	// What stands below the name, When beside it, and Note after it.
	What, When, Note string
	// Late rows stand out.
	Late bool
}

// lists are what a coach has to look after, without those that have no rows and
// say nothing.
func (u units) lists(c *report.Club) []list {
	all := []list{
		listOf("loads", "Building up too fast", "", c.Loads, func(l report.Loaded) row {
			return row{Person: l.Person, Name: l.Name, When: hours(l.Acute) + " h in 7 days, " + signed(l.Excess), Late: true}
		}),
		listOf("races", "Races ahead", "", c.Races, func(r report.RaceAhead) row {
			return row{Person: r.Person, Name: r.Name, What: raceDay(&r.Race), When: raceWait(&r.Race)}
		}),
		listOf("due", "Tasks to look after", "Nothing is overdue, and nothing is due within a week.", c.Tasks, func(t report.DueTask) row {
			return row{Person: t.Person, Name: t.Name, What: t.Title, When: due(&t.Task), Late: t.State == "overdue"}
		}),
	}
	if trains(c) {
		all = append(all, quiet(c))
	}
	if c.Training != nil {
		all = append(all, listOf("outdated", "Exports to renew", "", c.Training.Outdated, func(o report.Outdated) row {
			return row{Person: o.Person, Name: o.Name, When: dayYear(o.Exported)}
		}))
	}
	var told []list
	for _, l := range all {
		if len(l.Rows) > 0 || l.None != "" {
			told = append(told, l)
		}
	}
	return told
}

func quiet(c *report.Club) list {
	none := "Everybody was active within the last week."
	if c.Unread > 0 {
		none = "Nobody, as far as could be read."
	}
	return listOf("idle", "Quiet for a week or longer", none, c.Idle, func(i report.Idle) row {
		r := row{Person: i.Person, Name: i.Name, When: idle(i.Days)}
		if i.Days != nil && i.Exported != "" {
			r.When, r.Note = count(*i.Days, "day", "days")+" up to the export", dayYear(i.Exported)
		}
		return r
	})
}

func listOf[T any](id, head, none string, all []T, told func(T) row) list {
	l := list{ID: id, Head: head, None: none}
	rows := make([]row, len(all))
	for i := range all {
		rows[i] = told(all[i])
	}
	l.Rows, l.More = split(rows, shownRows)
	return l
}

// race tells a race, and how long it is until then.
func race(r *report.Race) string {
	if wait := raceWait(r); wait != "" {
		return raceDay(r) + ", " + wait
	}
	return raceDay(r)
}

// raceDay tells a race with its day.
func raceDay(r *report.Race) string {
	text := cut(r.Name, lineLength)
	if r.Date != "" {
		text += ", " + day(r.Date)
	}
	return text
}

// raceWait is how long it is until a race, or how long ago it was; empty when that
// is not known.
func raceWait(r *report.Race) string {
	if r.Days == nil {
		return ""
	}
	switch n := *r.Days; {
	case n == 0:
		return "today"
	case n == 1:
		return "tomorrow"
	case n > 0:
		return "in " + whole(n) + " days"
	default:
		ago := -n
		return idle(&ago)
	}
}
