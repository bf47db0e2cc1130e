resource "ghl_business" "company" {
  for_each = toset([for person in local.people : person.company if person.company != ""])
  name     = each.key
}

# The people of a business are put into it by one call for fifty of them.
resource "ghl_contact" "person" {
  for_each = local.people

  email       = each.key
  first_name  = each.value.first_name
  last_name   = each.value.last_name
  business_id = each.value.company != "" ? ghl_business.company[each.value.company].id : null
}

# Who sent whom is a relation of two contacts.
resource "ghl_association" "referral" {
  key           = "referral"
  first_object  = "contact"
  first_label   = "Sent"
  second_object = "contact"
  second_label  = "Sent by"
}

resource "ghl_relation" "abel_sent_chen" {
  association_id = ghl_association.referral.id
  first_id       = ghl_contact.person["abel@example.com"].id
  second_id      = ghl_contact.person["chen@example.com"].id
}
