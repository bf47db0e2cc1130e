# A running club: its members live in HighLevel, their kilometres in Runkeeper.
#
# Both are emulated on this machine and need no account. For real ones delete the
# sandbox lines and the state, and set GHL_TOKEN and GHL_LOCATION_ID in the
# environment. Exports are what members download from runkeeper.com and send to the
# coach.
provider "ghl" {
  sandbox      = true
  sandbox_seed = "seed.json" # what a new sandbox begins with
}

provider "runkeeper" {
  sandbox = true

  # Three members sent their data exports, of three generations and two units.
  account "ada" {
    export   = "exports/01-runkeeper-data-export-41230001-2026-03-27-081500.zip"
    timezone = "America/New_York"
    name     = "Ada Example"
  }
  account "lin" {
    export   = "exports/runkeeper-data-export-41230002-2016-05-20-1123.zip"
    timezone = "America/New_York"
    name     = "Lin Müller"
  }
  account "kim" {
    export   = "exports/01-runkeeper-data-export-2012-12-20-090000.zip"
    timezone = "America/New_York"
    name     = "Kim Prøve"
  }

  # Two are read and written by the API, which takes their tokens from
  # RUNKEEPER_TOKEN_SAM and RUNKEEPER_TOKEN_ZOE. In the sandbox they are invented.
  account "sam" {}
  account "zoe" {}
}

lockstep {
  # What is mapped is meant to move every week.
  guard {
    max_changes = "100%"
  }
}

locals {
  members  = { for row in csvrows("members.csv") : row.key => row }
  athletes = { for key, member in local.members : key => member if member.runkeeper != "" }
}
