data "ghl_users" "team" {}

# Sam calls everybody who is hot.
resource "ghl_task" "welcome" {
  for_each = { for email, lead in local.leads : email => lead if lead.hot == "yes" }

  contact_id  = ghl_contact.lead[each.key].id
  title       = "Welcome call: ${each.value.first_name} ${each.value.last_name}"
  body        = "Source: ${each.value.source}. Score: ${each.value.score != "" ? each.value.score : "none"}."
  due_date    = "2027-01-15T09:00:00-05:00"
  assigned_to = one([for user in data.ghl_users.team.users : user.id if user.email == "sam@example.com"])
}

# What the spreadsheet says in its last column.
resource "ghl_note" "remark" {
  for_each = { for email, lead in local.leads : email => lead if lead.note != "" }

  contact_id = ghl_contact.lead[each.key].id
  body       = each.value.note
}

output "leads" {
  description = "How many people the spreadsheet has."
  value       = length(local.leads)
}

output "calls" {
  description = "How many of them get a welcome call."
  value       = length(ghl_task.welcome)
}
