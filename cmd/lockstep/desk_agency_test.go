package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
)

// deskLocations are paid for by the agency, and no program deletes one: they only
// become more.
func deskLocations() deskKind {
	return deskKind{
		name: "location",
		files: `
resource "ghl_location" "all" {
  provider = ghl.agency
  for_each = { for r in local.desk.location : r.name => r }
  name     = each.key
  city     = each.value.city
  settings = { allowDuplicateContact = tobool(each.value.repeats) }
}
`,
		rows: func(random *rand.Rand, season int) []deskRow {
			return some(2+season, 0, func(i int) deskRow {
				return deskRow{"name": fmt.Sprintf("L%d", i), "city": one(random, "Graz", "Linz"), "repeats": one(random, "true", "false")}
			})
		},
		live: func(t *testing.T, c *crm) []deskRow {
			rows := []deskRow{}
			for _, o := range ofAgency(t, c, "/locations/search?limit=100&companyId="+c.sandbox.Company(), "locations") {
				if text(o["id"]) == c.sandbox.Location() {
					continue
				}
				settings, _ := o["settings"].(map[string]any)
				rows = append(rows, deskRow{"name": text(o["name"]), "city": text(o["city"]), "repeats": fmt.Sprint(settings["allowDuplicateContact"])})
			}
			return rows
		},
		seed: map[string]string{"locations": `[{"id":"LOCone00000000000000","name":"L1","city":"Wels"},{"id":"LOCstrange0000000000","name":"Strange","city":"Wels"}]`},
		had:  []deskRow{{"name": "Strange", "city": "Wels", "repeats": "false"}},
	}
}

// deskUsers are made by the location and by the agency. A user who goes is there for
// some minutes yet.
func deskUsers() deskKind {
	return deskKind{
		name: "user",
		files: `
resource "ghl_user" "staff" {
  for_each   = { for r in local.desk.user : r.email => r if r.places == "1" }
  email      = each.key
  first_name = each.value.first
  last_name  = "Rep"
  password   = "Secret-1-word"
  role       = each.value.role
  lifecycle { on_destroy = "delete" }
}

resource "ghl_user" "rep" {
  provider     = ghl.agency
  for_each     = { for r in local.desk.user : r.email => r if r.places == "2" }
  email        = each.key
  first_name   = each.value.first
  last_name    = "Rep"
  password     = "Secret-1-word"
  role         = each.value.role
  location_ids = ["LOCsandbox0000000000", "LOCone00000000000000"]
  lifecycle { on_destroy = "delete" }
}
`,
		rows: func(random *rand.Rand, season int) []deskRow {
			// One of the location leaves, and one of the agency.
			return some(5-season, 2*season, func(i int) deskRow {
				return deskRow{"email": fmt.Sprintf("rep%d@example.com", i), "first": one(random, "Ada", "Lin"), "role": one(random, "admin", "user"), "places": fmt.Sprint(1 + (i+1)/2%2)}
			})
		},
		live: func(t *testing.T, c *crm) []deskRow {
			rows := []deskRow{}
			for _, o := range ofAgency(t, c, "/users/search?limit=100&companyId="+c.sandbox.Company(), "users") {
				roles, _ := o["roles"].(map[string]any)
				rows = append(rows, deskRow{"email": strings.ToLower(text(o["email"])), "first": text(o["firstName"]), "role": text(roles["role"]), "places": fmt.Sprint(len(texts(roles["locationIds"])))})
			}
			return rows
		},
		seed: map[string]string{"users": `[{"id":"USR1","firstName":"Sam","lastName":"Rep","email":"sam@example.com"},{"id":"USR2","firstName":"Kim","lastName":"Rep","email":"kim@example.com"},
			{"id":"USR3","firstName":"Old","lastName":"Rep","email":"Rep1@example.com","locationIds":["LOCone00000000000000"]}]`},
		had: []deskRow{{"email": "sam@example.com", "first": "Sam", "role": "user", "places": "1"}, {"email": "kim@example.com", "first": "Kim", "role": "user", "places": "1"}},
	}
}

// ofAgency reads a list with the token of the agency.
func ofAgency(t *testing.T, c *crm, path, envelope string) []map[string]any {
	t.Helper()
	status, body := c.send(c.sandbox.AgencyToken(), http.MethodGet, path, "")
	answer := map[string]json.RawMessage{}
	var rows []map[string]any
	if status != http.StatusOK {
		t.Fatalf("%s: %d %s", path, status, strings.TrimSpace(body))
	}
	decode(t, []byte(body), &answer)
	decode(t, answer[envelope], &rows)
	return rows
}
