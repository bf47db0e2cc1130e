# One contact for each lead. Who exists in the CRM already, by e-mail or phone,
# is adopted; the others are created. What is not written here, such as the tags
# that somebody gave by hand, is left alone.
resource "ghl_contact" "lead" {
  for_each = local.leads

  email        = each.value.email
  first_name   = each.value.first_name
  last_name    = each.value.last_name
  phone        = each.value.phone != "" ? each.value.phone : null
  company_name = each.value.company != "" ? each.value.company : null
  city         = each.value.city != "" ? each.value.city : null
  source       = each.value.source

  tags = concat(
    ["lead", "from ${each.value.source}"],
    each.value.hot == "yes" ? ["hot"] : excludes(["hot"]),
  )

  # An empty cell is null, which is the same as not written.
  custom_fields = {
    tier       = each.value.tier != "" ? each.value.tier : null
    lead_score = each.value.score != "" ? tonumber(each.value.score) : null
  }
}
