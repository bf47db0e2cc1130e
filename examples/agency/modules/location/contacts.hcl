resource "ghl_custom_field" "goal" {
  name      = "Goal"
  field_key = "goal"
  data_type = "SINGLE_OPTIONS"
  options   = ["5 km", "10 km", "Half marathon", "Marathon"]
}

resource "ghl_custom_field" "best_10k" {
  name        = "Best 10 km"
  field_key   = "best_10k"
  data_type   = "TEXT"
  placeholder = "48:30"
}

resource "ghl_tag" "stage" {
  for_each = toset(["asked", "trial", "member"])
  name     = each.key
}

resource "ghl_custom_value" "brand" {
  name  = "Brand"
  value = var.brand
}
