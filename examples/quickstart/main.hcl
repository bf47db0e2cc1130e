# Leads from a spreadsheet, kept in a HighLevel location.
#
# The location is emulated on this machine and needs no account. For a real one
# delete the two sandbox lines and the state, and set GHL_TOKEN and
# GHL_LOCATION_ID in the environment.
provider "ghl" {
  sandbox      = true
  sandbox_seed = "seed.json" # what a new sandbox begins with
}

locals {
  # csvrows reads a CSV file as csvdecode does, and adds to each row the number
  # of its line.
  rows = csvrows("leads.csv")

  # People write one address in many ways. A key in lower case brings the rows
  # of one person together.
  rows_by_email = { for row in local.rows : lower(trimspace(row.email)) => row... }

  # The first row of a person counts.
  leads = { for email, rows in local.rows_by_email : email => rows[0] }
  twice = { for email, rows in local.rows_by_email : email => rows if length(rows) > 1 }
}

# A failed check is a warning: it is told at each plan and stops nothing.
check "one_row_per_person" {
  assert {
    condition = length(local.twice) == 0
    error_message = join("\n", [
      for email, rows in local.twice :
      "leads.csv lines ${join(" and ", rows[*].line)} are the same person, ${email}. Line ${rows[0].line} is used; delete the other."
    ])
  }
}
