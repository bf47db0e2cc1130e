# The objects of one campaign: its tags, the field that says when somebody
# signed up, and the text of its offer for messages.
variable "name" {
  type = string
}

variable "starts" {
  type        = string
  description = "First day, YYYY-MM-DD."

  validation {
    condition     = can(formatdate("YYYY", "${var.starts}T00:00:00Z"))
    error_message = "The first day is written as 2027-03-01."
  }
}

variable "discount" {
  type    = number
  default = 0
}

variable "tags" {
  type    = list(string)
  default = []
}

locals {
  day   = formatdate("D MMMM YYYY", "${var.starts}T00:00:00Z")
  offer = var.discount > 0 ? "${var.discount} % off until ${local.day}" : "starts on ${local.day}"
}

resource "ghl_tag" "of" {
  for_each = toset(var.tags)
  name     = each.key
}

resource "ghl_custom_field" "signed_up" {
  name      = "${title(var.name)} sign-up"
  field_key = "${var.name}_signed_up"
  data_type = "DATE"
}

resource "ghl_custom_value" "offer" {
  name  = "${title(var.name)} offer"
  value = local.offer
}

output "placeholder" {
  value = ghl_custom_value.offer.field_key
}

output "tags" {
  value = [for tag in ghl_tag.of : tag.name]
}
