resource "ghl_custom_field" "athlete_type" {
  name      = "Athlete type"
  field_key = "athlete_type"
  data_type = "RADIO"
  options   = ["walker", "runner", "triathlete"]
}

resource "ghl_custom_field" "best_10k" {
  name        = "Best 10 km"
  field_key   = "best_10k"
  data_type   = "TEXT"
  placeholder = "48:30"
}

# This field was made by hand, long ago, and its name in the CRM is not the one
# that is wanted. An import block says by id which object it is; what can be
# found by its key, as the tags above, needs none.
resource "ghl_custom_field" "shirt" {
  name      = "Shirt size"
  data_type = "SINGLE_OPTIONS"
  options   = ["XS", "S", "M", "L", "XL"]
}

import {
  to = ghl_custom_field.shirt
  id = "FLDshirt000000000001"
}

# A field that is no longer wanted here, but that stays in the CRM.
removed {
  from = ghl_custom_field.fax
  lifecycle {
    destroy = false
  }
}
