# `lockstep test` runs this against an emulated location of its own, which begins
# with what seed.json has and is thrown away. No real location is reached.
run "hot_leads_are_tagged" {
  command = plan

  assert {
    condition     = alltrue([for email, row in local.leads : contains(ghl_contact.lead[email].tags, "hot") if row.hot == "yes"])
    error_message = "Somebody is hot in leads.csv and not tagged so."
  }

  # leads.csv has one person twice, which the check tells.
  expect_failures = [check.one_row_per_person]
}

run "everybody_is_there" {
  assert {
    condition     = length(ghl_contact.lead) == length(local.leads) && alltrue([for c in ghl_contact.lead : c.id != ""])
    error_message = "Not everybody was created or adopted."
  }

  expect_failures = [check.one_row_per_person]
}
