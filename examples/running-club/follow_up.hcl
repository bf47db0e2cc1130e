# Sam calls everybody who has lapsed. Once a member runs again, the task goes. Who
# never ran is not called.
resource "ghl_task" "call" {
  for_each = { for key, athlete in data.runkeeper_athlete.club : key => athlete if coalesce(athlete.days_idle, 0) > 30 }

  contact_id = ghl_contact.member[each.key].id
  title      = "Call ${local.members[each.key].first_name}: no activity since ${each.value.last_activity_date}"
  due_date   = "2027-01-15T17:00:00-05:00"
}

data "runkeeper_activities" "week" {
  for_each = local.athletes
  account  = each.key
  since    = formatdate("YYYY-MM-DD", timeadd(timestamp(), "-168h"))
}

locals {
  week = flatten([
    for key, found in data.runkeeper_activities.week : [
      for activity in found.activities : merge(activity, { member = key })
    ]
  ])
}

# A note for each activity of the last seven days. Runkeeper's id of the activity is
# in its key and in its text, so that it is never written twice, whatever the account
# and the member are called; an older note stays when the week is over.
resource "ghl_note" "activity" {
  for_each = { for activity in local.week : "${activity.member} ${activity.activity_id}" => activity }

  contact_id = ghl_contact.member[each.value.member].id
  body = join(" ", [
    "${each.value.type} on ${each.value.date}:", format("%.1f km in %d min.", each.value.distance_km, floor(each.value.duration_s / 60)),
    "(Runkeeper ${each.value.activity_id})",
  ])

  lifecycle {
    on_destroy = "forget"
  }
}

output "lapsed" {
  description = "How many members are called."
  value       = length(ghl_task.call)
}
