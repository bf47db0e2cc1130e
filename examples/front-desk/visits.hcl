data "ghl_calendar" "desk" {
  name = "Desk"
}

# A visit that is not within the free slots of the calendar is an error of the plan.
# Nobody is written to unless notify = true, and the plan then says who.
resource "ghl_appointment" "visit" {
  for_each = local.visits

  calendar_id = data.ghl_calendar.desk.id
  contact_id  = ghl_contact.person[each.key].id
  start_time  = each.value.starts
  title       = "Visit of ${local.people[each.key].first_name}"
}

# Who has no visit yet is called.
resource "ghl_task" "call" {
  for_each = { for email, person in local.people : email => person if !contains(keys(local.visits), email) }

  contact_id  = ghl_contact.person[each.key].id
  title       = "Find a time with ${each.value.first_name}"
  due_date    = "2027-05-03T09:00:00-04:00"
  assigned_to = data.ghl_user.sam.id
}
