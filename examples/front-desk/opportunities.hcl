data "ghl_pipeline" "sales" {
  name = "Sales"
}

data "ghl_user" "sam" {
  email = "sam@example.com"
}

# A stage that the pipeline lacks is an error of the plan, and names the one that comes
# near.
resource "ghl_opportunity" "request" {
  for_each = local.people

  contact_id  = ghl_contact.person[each.key].id
  pipeline_id = data.ghl_pipeline.sales.id
  stage_id    = data.ghl_pipeline.sales.stages[each.value.stage]
  name        = "${each.value.asked_for}: ${each.value.first_name} ${each.value.last_name}"
  value       = tonumber(each.value.value)
  status      = each.value.stage == "Won" ? "won" : "open"
  assigned_to = data.ghl_user.sam.id
}
