# Contacts and a field, with rules for a plan in policy/. The location is emulated on
# this machine and needs no account.
provider "ghl" {
  sandbox = true
}

locals {
  # A contact that leaves this list is deleted, because this project made it.
  tags = {
    "ann@example.com"  = ["vip"]
    "bob@example.com"  = ["lead"]
    "cleo@example.com" = []
  }
}

resource "ghl_contact" "customer" {
  for_each = local.tags
  email    = each.key
  tags     = each.value
}

resource "ghl_custom_field" "tier" {
  name      = "Tier"
  field_key = "tier"
  data_type = "TEXT"
}
