resource "ghl_tag" "member" {
  name = "member"

  # Half the club's automations listen to this tag.
  lifecycle {
    prevent_destroy = true
  }
}

resource "ghl_tag" "lapsed" {
  name = "lapsed"
}

# The block was called "vip" once. The object stays what it is.
resource "ghl_tag" "patron" {
  name = "patron"
}

moved {
  from = ghl_tag.vip
  to   = ghl_tag.patron
}
