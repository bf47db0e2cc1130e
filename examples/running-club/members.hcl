# The list of members is a file under version control. Who exists in the CRM is
# adopted; the others are created.
resource "ghl_contact" "member" {
  for_each = local.members

  email      = each.value.email
  first_name = each.value.first_name
  last_name  = each.value.last_name
  phone      = each.value.phone != "" ? each.value.phone : null
  tags       = ["member"]
}

resource "ghl_tag" "offered" {
  for_each = toset(["member", "runner", "lapsed"])
  name     = each.key
}

resource "ghl_custom_field" "athlete" {
  for_each = {
    runkeeper_user_id = { name = "Runkeeper user id", type = "TEXT" }
    total_km          = { name = "Kilometres in all", type = "NUMERICAL" }
    km_30_days        = { name = "Kilometres in 30 days", type = "NUMERICAL" }
    last_run          = { name = "Last activity", type = "DATE" }
    athlete_type      = { name = "Type of athlete", type = "TEXT" }
  }

  name      = each.value.name
  field_key = each.key
  data_type = each.value.type
}
