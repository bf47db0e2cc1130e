# What every lead can have besides name and address. The key is the word by
# which contacts name the field; it cannot change later.
resource "ghl_custom_field" "tier" {
  name      = "Tier"
  field_key = "tier"
  data_type = "SINGLE_OPTIONS"
  options   = ["bronze", "silver", "gold"]
}

resource "ghl_custom_field" "score" {
  name      = "Lead score"
  field_key = "lead_score"
  data_type = "NUMERICAL"
}

# The tags of this list are offered in the CRM. One tag for each source, and
# two more.
resource "ghl_tag" "offered" {
  for_each = toset(concat(["lead", "hot"], [for row in local.rows : "from ${row.source}"]))
  name     = each.key
}
