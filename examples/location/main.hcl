# One location, written by hand: what an agency sets up for a club.
#
# The location is emulated on this machine. For a real one delete the two
# sandbox lines and the state, and set GHL_TOKEN and GHL_LOCATION_ID in the
# environment.
lockstep {
  required_version = ">= 0.1"

  # More deletes or changes than this are refused until you name their number.
  guard {
    max_deletes = "5%"
    max_changes = "50%"
  }
}

provider "ghl" {
  sandbox      = true
  sandbox_seed = "seed.json"
}

data "ghl_location" "here" {}

data "ghl_users" "team" {}

locals {
  # The ids of the team's members, by e-mail address.
  team = { for user in data.ghl_users.team.users : user.email => user.id }
}

check "this_is_the_club" {
  assert {
    condition     = data.ghl_location.here.name == var.club
    error_message = "The location is called ${data.ghl_location.here.name}, not ${var.club}. Is this the right GHL_LOCATION_ID?"
  }
}
