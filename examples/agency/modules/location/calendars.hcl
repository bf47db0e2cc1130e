resource "ghl_calendar_group" "club" {
  name        = "Club"
  slug        = "club"
  description = "What can be booked with ${var.brand}"
}

locals {
  calendars = {
    trial = {
      name  = "Trial run"
      type  = "event"
      hours = { tuesday = ["18:00-20:00"], thursday = ["18:00-20:00"] }
      title = "Trial run with {{contact.name}}"
    }
    gait = {
      name  = "Gait analysis"
      type  = "round_robin"
      hours = { saturday = ["09:00-12:00", "13:00-16:00"] }
      title = "Gait analysis for {{contact.name}}"
    }
    class = {
      name  = "Beginners' class"
      type  = "class_booking"
      hours = { sunday = ["10:00-11:30"] }
      title = "Beginners' class"
    }
  }
}

# Only what is written here is managed: HighLevel fills dozens of other attributes with
# its own values, and a person may change them.
resource "ghl_calendar" "booking" {
  for_each = local.calendars

  name        = each.value.name
  type        = each.value.type
  group_id    = ghl_calendar_group.club.id
  slug        = "riverside-${each.key}"
  event_title = each.value.title
  open_hours  = each.value.hours

  slot_duration = 30
  team_members  = each.value.type == "event" ? null : [{ user_id = data.ghl_user.coach.id }]
}

# The notifications of one calendar are made by one call.
resource "ghl_calendar_notification" "reminder" {
  for_each = local.calendars

  calendar_id = ghl_calendar.booking[each.key].id
  receiver    = "contact"
  channel     = "email"
  type        = "reminder"
  subject     = "See you soon at ${var.brand}"
  body        = "We look forward to it."
  before      = [{ offset = 1, unit = "days" }]
}

resource "ghl_calendar_notification" "booked" {
  for_each = local.calendars

  calendar_id = ghl_calendar.booking[each.key].id
  receiver    = "assignedUser"
  channel     = "inApp"
  type        = "booked"
}

output "calendars" {
  value = { for key, calendar in ghl_calendar.booking : key => calendar.id }
}
