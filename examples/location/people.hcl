# A person who exists already: only what is written here is managed, and
# exactly() claims the whole set of tags.
resource "ghl_contact" "ada" {
  email      = "ada@example.com"
  first_name = "Ada"
  phone      = "(202) 555-0199"
  tags       = exactly([ghl_tag.member.name, ghl_tag.patron.name])
  custom_fields = {
    athlete_type = "triathlete"
    best_10k     = "48:30"
  }

  lifecycle {
    # For a new contact only. Ada changes her number in the app.
    ignore_changes = [phone]
  }
}

resource "ghl_contact" "lin" {
  email      = "lin@example.com"
  first_name = "Lin"
  last_name  = "Østergaard"
  phone      = "(202) 555-0142"
  tags       = concat([ghl_tag.member.name], excludes([ghl_tag.lapsed.name]))
  custom_fields = {
    athlete_type = "runner"
  }

  lifecycle {
    # What lockstep adopts it forgets on destroy. What it creates, it deletes,
    # unless the block says otherwise.
    on_destroy = "forget"

    postcondition {
      condition     = self.country == "US"
      error_message = "Lin's country is not that of the club."
    }
  }
}

resource "ghl_task" "hand_over_key" {
  contact_id  = ghl_contact.lin.id
  title       = "Hand over the key of the club house"
  due_date    = "2027-02-01"
  assigned_to = local.team[var.coach]

  lifecycle {
    precondition {
      condition     = contains(keys(local.team), var.coach)
      error_message = "${var.coach} is no user of the location."
    }
  }
}

resource "ghl_note" "key" {
  contact_id = ghl_contact.lin.id
  body       = "Has the second key, number 7."
}
