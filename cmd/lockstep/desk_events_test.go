package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// deskAppointments are booked where the calendar offers the time.
func deskAppointments() deskKind {
	return deskKind{
		name: "appointment",
		files: `
resource "ghl_appointment" "all" {
  for_each    = { for r in local.desk.appointment : r.email => r }
  calendar_id = ghl_calendar.all["C0"].id
  contact_id  = ghl_contact.person[each.key].id
  start_time  = each.value.start
  title       = each.value.title
  lifecycle { on_destroy = "delete" }
}
`,
		rows: func(random *rand.Rand, season int) []deskRow {
			return some(4, 3*season, func(i int) deskRow {
				return deskRow{"email": fmt.Sprintf("p%d@example.com", []int{0, 1, 3, 5}[i]), "title": one(random, "Run", "Walk"),
					"start": fmt.Sprintf("2027-01-0%dT1%s:00:00-05:00", 4+i, one(random, "0", "1"))}
			})
		},
		live: func(t *testing.T, c *crm) []deskRow {
			emails := map[string]string{}
			for _, p := range deskContacts(t, c) {
				emails[p.ID] = p.Email
			}
			return eventsOf(t, c, "/calendars/events", "C0", func(o map[string]any) deskRow {
				return deskRow{"email": emails[text(o["contactId"])], "title": text(o["title"]), "start": text(o["startTime"])}
			})
		},
	}
}

func deskVisitNotes() deskKind {
	return deskKind{
		name: "note",
		files: `
resource "ghl_appointment_note" "all" {
  for_each       = { for r in local.desk.note : r.email => r }
  appointment_id = ghl_appointment.all[each.key].id
  body           = each.value.body
  lifecycle { on_destroy = "delete" }
}
`,
		rows: func(random *rand.Rand, season int) []deskRow {
			return some(3, 2*season, func(i int) deskRow {
				return deskRow{"email": fmt.Sprintf("p%d@example.com", i*(i+1)/2), "body": one(random, "Came early", "Came late")}
			})
		},
		live: func(t *testing.T, c *crm) []deskRow {
			emails := map[string]string{}
			for _, p := range deskContacts(t, c) {
				emails[p.ID] = p.Email
			}
			rows := []deskRow{}
			eventsOf(t, c, "/calendars/events", "C0", func(event map[string]any) deskRow {
				var answer struct{ Notes []map[string]any }
				c.read(t, "/calendars/appointments/"+text(event["id"])+"/notes?limit=20&offset=0", &answer)
				for _, o := range answer.Notes {
					rows = append(rows, deskRow{"email": emails[text(event["contactId"])], "body": text(o["body"])})
				}
				return nil
			})
			return rows
		},
	}
}

func deskBlocks() deskKind {
	return deskKind{
		name: "block",
		files: `
resource "ghl_block_slot" "all" {
  for_each    = { for r in local.desk.block : r.start => r }
  calendar_id = ghl_calendar.all["C1"].id
  start_time  = each.key
  end_time    = each.value.end
  title       = each.value.title
  lifecycle { on_destroy = "delete" }
}
`,
		rows: func(random *rand.Rand, season int) []deskRow {
			return some(3, 2*season, func(i int) deskRow {
				day := fmt.Sprintf("2027-01-0%dT1", 4+i)
				return deskRow{"start": day + "2:00:00-05:00", "end": day + one(random, "3", "4") + ":00:00-05:00", "title": one(random, "Lunch", "Rest")}
			})
		},
		live: func(t *testing.T, c *crm) []deskRow {
			return eventsOf(t, c, "/calendars/blocked-slots", "C1", func(o map[string]any) deskRow {
				return deskRow{"start": text(o["startTime"]), "end": text(o["endTime"]), "title": text(o["title"])}
			})
		},
	}
}

// eventsOf reads the events in a calendar that the desk has, in January 2027.
func eventsOf(t *testing.T, c *crm, path, calendar string, of func(map[string]any) deskRow) []deskRow {
	t.Helper()
	from := time.Date(2027, time.January, 1, 0, 0, 0, 0, time.UTC)
	rows := []deskRow{}
	for id, name := range idsBy(t, c, "/calendars/?showDrafted=true", "calendars", "name") {
		if !strings.EqualFold(name, calendar) {
			continue
		}
		rows = append(rows, rowsOf(t, c, fmt.Sprintf("%s?calendarId=%s&startTime=%d&endTime=%d", path, id, from.UnixMilli(), from.AddDate(0, 1, 0).UnixMilli()), "events", of)...)
	}
	return rows
}
