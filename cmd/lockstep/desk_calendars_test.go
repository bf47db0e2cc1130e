package main

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

func deskCalendars() deskKind {
	return deskKind{
		name: "calendar",
		files: `
resource "ghl_calendar" "all" {
  for_each    = { for r in local.desk.calendar : r.name => r }
  name        = each.key
  type        = "event"
  description = each.value.description
  slot_buffer = tonumber(each.value.buffer)
  lifecycle { on_destroy = "delete" }
}
`,
		rows: func(random *rand.Rand, season int) []deskRow {
			return some(3, 2*season, func(i int) deskRow {
				return deskRow{"name": fmt.Sprintf("C%d", i), "description": one(random, "An hour", "A run"), "buffer": one(random, "5", "10")}
			})
		},
		live: func(t *testing.T, c *crm) []deskRow {
			return rowsOf(t, c, "/calendars/?showDrafted=true", "calendars", func(o map[string]any) deskRow {
				var single struct{ Calendar struct{ SlotBuffer int } }
				c.read(t, "/calendars/"+text(o["id"]), &single)
				return deskRow{"name": text(o["name"]), "description": text(o["description"]), "buffer": fmt.Sprint(single.Calendar.SlotBuffer)}
			})
		},
		seed: map[string]string{"calendars": `[{"id":"CAL1","name":"C1","calendarType":"event"},{"id":"CAL2","name":"Strange","calendarType":"event"}]`},
		had:  []deskRow{{"name": "Strange", "description": "", "buffer": "0"}},
	}
}

// deskNotifications are several of a calendar, which one call makes.
func deskNotifications() deskKind {
	return deskKind{
		name: "notification",
		files: `
resource "ghl_calendar_notification" "all" {
  for_each    = { for r in local.desk.notification : "${r.calendar} ${r.type}" => r }
  calendar_id = ghl_calendar.all[each.value.calendar].id
  channel     = "email"
  type        = each.value.type
  receiver    = "contact"
  subject     = each.value.subject
  body        = "See you"
  lifecycle { on_destroy = "delete" }
}
`,
		rows: func(random *rand.Rand, season int) []deskRow {
			return some(4, 3*season, func(i int) deskRow {
				return deskRow{"calendar": fmt.Sprintf("C%d", i%2), "type": []string{"booked", "reminder", "cancellation", "followup"}[i], "subject": one(random, "Soon", "Today")}
			})
		},
		live: func(t *testing.T, c *crm) []deskRow {
			var rows []deskRow
			for id, name := range idsBy(t, c, "/calendars/?showDrafted=true", "calendars", "name") {
				var list []map[string]any
				c.read(t, "/calendars/"+id+"/notifications", &list)
				for _, o := range list {
					if o["deleted"] != true {
						rows = append(rows, deskRow{"calendar": name, "type": text(o["notificationType"]), "subject": text(o["subject"])})
					}
				}
			}
			return rows
		},
	}
}

func deskRooms() deskKind {
	return deskKind{
		name: "room",
		files: `
resource "ghl_calendar_resource" "all" {
  for_each = { for r in local.desk.room : r.name => r }
  type     = "rooms"
  name     = each.key
  capacity = tonumber(each.value.capacity)
  active   = tobool(each.value.active)
  lifecycle { on_destroy = "delete" }
}
`,
		rows: func(random *rand.Rand, season int) []deskRow {
			return some(3, 2*season, func(i int) deskRow {
				return deskRow{"name": fmt.Sprintf("R%d", i), "capacity": one(random, "10", "20"), "active": one(random, "true", "false")}
			})
		},
		live: func(t *testing.T, c *crm) []deskRow {
			var list []map[string]any
			c.read(t, "/calendars/resources/rooms?limit=100&skip=0&locationId="+c.sandbox.Location(), &list)
			rows := []deskRow{}
			for _, o := range list {
				rows = append(rows, deskRow{"name": text(o["name"]), "capacity": fmt.Sprint(o["capacity"]), "active": fmt.Sprint(o["isActive"])})
			}
			return rows
		},
	}
}
