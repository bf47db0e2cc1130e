# What the front desk of a club keeps in tables: who asked, what they may buy, when they
# come, and who looks after them.
#
# The location is emulated on this machine. For a real one delete the two sandbox lines
# and the state, and set GHL_TOKEN and GHL_LOCATION_ID in the environment.
lockstep {
  required_version = ">= 0.1"
}

provider "ghl" {
  sandbox      = true
  sandbox_seed = "seed.json"
}

locals {
  people = { for row in csvdecode(file("people.csv")) : lower(row.email) => row }
  visits = { for row in csvdecode(file("visits.csv")) : lower(row.email) => row }
}
