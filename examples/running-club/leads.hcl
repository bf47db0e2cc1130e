# People who left their name on the web site.
data "ghl_contacts" "leads" {
  tag = "lead"
}

locals {
  leads = { for lead in data.ghl_contacts.leads.contacts : lead.id => lead }

  # Runkeeper finds nobody by name or e-mail address: a friend is invited by the
  # number of the account. What is no number must not hold everybody else up.
  runkeeper_ids = { for id, lead in local.leads : id => try(regex("^0*([1-9][0-9]*)$", trimspace(lead.custom_fields["runkeeper_user_id"]))[0], null) }
}

# Sam invites a lead whose Runkeeper number is known. This sends a request to a
# real person.
resource "runkeeper_friend" "lead" {
  for_each = toset([for id in values(local.runkeeper_ids) : id if id != null])

  account = "sam"
  user_id = each.key
}

# The others are asked for it.
resource "ghl_task" "ask" {
  for_each = { for id, number in local.runkeeper_ids : id => local.leads[id] if number == null }

  contact_id = each.key
  title      = "Ask for the Runkeeper id"
  due_date   = "2027-01-10T17:00:00-05:00"
}
