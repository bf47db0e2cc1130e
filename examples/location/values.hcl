resource "ghl_custom_value" "office_hours" {
  name  = "Office hours"
  value = "Mon to Thu, 8 to 16"
}

resource "ghl_custom_value" "club_name" {
  name  = "Club name"
  value = data.ghl_location.here.name
}
