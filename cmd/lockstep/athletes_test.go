package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lockstep/cmd/internal/command"
)

// athletesFiles map what the exports of many people tell to their contacts.
const athletesFiles = `
provider "ghl" {}

locals {
  members = { for row in csvrows("members.csv") : row.key => row }
}

resource "ghl_contact" "member" {
  for_each = local.members
  email    = each.value.email
}

resource "ghl_custom_field" "athlete" {
  for_each  = { total_km = "NUMERICAL", last_run = "TEXT" }
  name      = each.key
  field_key = each.key
  data_type = each.value
}

data "runkeeper_athlete" "club" {
  for_each = local.members
  account  = each.key
}

mapping "club" {
  for_each = data.runkeeper_athlete.club
  target   = "ghl_contact"
  match    = { email = local.members[each.key].email }

  field "custom_fields.total_km" { value = each.value.total_distance_km }
  field "custom_fields.last_run" { value = each.value.last_activity_date }
  field "tags" { value = each.value.days_idle > 30 ? ["lapsed"] : excludes(["lapsed"]) }
}
`

// newAthletes invents so many people with so many activities each.
func newAthletes(t testing.TB, people, activities int) *project {
	t.Helper()
	p := newProject(t, nil)
	var members, accounts strings.Builder
	members.WriteString("key,email\n")
	accounts.WriteString("provider \"runkeeper\" {\n")
	for i := range people {
		key := fmt.Sprintf("p%04d", i)
		fmt.Fprintf(&members, "%s,%s@example.com\n", key, key)
		fmt.Fprintf(&accounts, "  account %q { export = %q }\n", key, "exports/"+key)
		p.file(t, filepath.Join("exports", key, "cardioActivities.csv"), export(i, activities))
	}
	p.file(t, "members.csv", members.String())
	p.file(t, "accounts.hcl", accounts.String()+"}\n")
	p.file(t, "main.hcl", athletesFiles)
	return p
}

// export is what one person ran, a day apart each.
func export(person, activities int) string {
	var b strings.Builder
	b.WriteString("Activity Id,Date,Type,Route Name,Distance (km),Duration,Average Pace,Average Speed (km/h),Calories Burned,Climb (m),Average Heart Rate (bpm),Friend's Tagged,Notes,GPX File\r\n")
	day := time.Date(2026, 3, 26, 7, 30, 0, 0, time.UTC)
	for n := range activities {
		km := float64(5+(person+n)%10) + float64(person%100)/100
		pace := int(50 * 60 / km)
		fmt.Fprintf(&b, "%08x-0000-4000-8000-%012d,%s,Running,,%.2f,50:00,%d:%02d,%.2f,600.0,10,,\"\",\"\",\r\n",
			person, n, day.AddDate(0, 0, -n).Format(time.DateTime), km, pace/60, pace%60, km*60/50)
	}
	return b.String()
}

// TestAthletesCalls holds that mapping many people takes few calls to find them.
func TestAthletesCalls(t *testing.T) {
	people := 1000
	if testing.Short() || raced {
		people = 200
	}
	a := newAthletes(t, people, 1)
	a.run(t, command.ExitOK, "apply", "-auto-approve")
	if calls := len(a.run(t, command.ExitOK, "plan", "-detailed-exitcode")); calls > 10 {
		t.Errorf("a plan with nothing to do makes %d calls for %d people, want at most 10", calls, people)
	}
}

// BenchmarkAthletes plans with nothing to do for 2,000 people of 50 activities.
func BenchmarkAthletes(b *testing.B) {
	a := newAthletes(b, 2000, 50)
	a.run(b, command.ExitOK, "apply", "-auto-approve")
	b.ReportAllocs()
	calls := 0
	for b.Loop() {
		calls += len(a.run(b, command.ExitOK, "plan", "-detailed-exitcode"))
	}
	b.ReportMetric(float64(calls)/float64(b.N), "calls/op")
}
