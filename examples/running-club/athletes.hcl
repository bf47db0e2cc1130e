data "runkeeper_athlete" "club" {
  for_each = local.athletes
  account  = each.key
}

# What Runkeeper knows of a member becomes fields and tags of the contact. The
# member is found by the address in the list: Runkeeper tells none.
mapping "club" {
  for_each = data.runkeeper_athlete.club
  target   = "ghl_contact"
  match    = { email = local.members[each.key].email }

  field "custom_fields.runkeeper_user_id" { value = each.value.user_id }
  field "custom_fields.total_km" { value = floor(each.value.total_distance_km) }
  field "custom_fields.km_30_days" { value = floor(each.value.totals["days_30"].distance_km) }
  field "custom_fields.last_run" {
    value = each.value.last_activity_date
    clear = true # when an activity was deleted in Runkeeper, and none is left
  }

  # Who has not run for 30 days has lapsed, until the next run. Of who never ran,
  # days_idle is null: that one gets neither tag.
  field "tags" {
    value = each.value.days_idle == null ? [] : each.value.days_idle > 30 ? concat(["lapsed"], excludes(["runner"])) : concat(["runner"], excludes(["lapsed"]))
  }
}

# Both ways, for those whose account can be written. Whoever changes the type of
# athlete, in the app or in the CRM, changes it in both. If both did, the member's
# own word in Runkeeper wins.
mapping "profile" {
  for_each = { for key, athlete in data.runkeeper_athlete.club : key => athlete if athlete.source == "api" }
  target   = "ghl_contact"
  match    = { email = local.members[each.key].email }

  field "custom_fields.athlete_type" {
    value     = each.value.athlete_type
    direction = "both"
    conflict  = "source"
  }
}
