club  = "Riverside Running Club"
coach = "kim@example.com"

campaigns = {
  spring = {
    starts   = "2027-03-01"
    discount = 20
    tags     = ["spring runner", "spring waitlist"]
  }
  marathon = {
    starts = "2027-09-12"
    tags   = ["marathon runner"]
  }
}
