package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// some invents a row for each of so many numbers, and leaves one out that changes
// with the season.
func some(n, season int, of func(i int) deskRow) []deskRow {
	rows := []deskRow{}
	for i := range n {
		if season > 0 && i == season {
			continue
		}
		rows = append(rows, of(i))
	}
	return rows
}

func one(random *rand.Rand, of ...string) string { return of[random.IntN(len(of))] }

func deskPeople() deskKind {
	return deskKind{
		name: "person",
		files: `
resource "ghl_contact" "person" {
  for_each    = { for r in local.desk.person : r.email => r }
  email       = each.key
  business_id = ghl_business.all[each.value.business].id
  lifecycle { on_destroy = "delete" }
}
`,
		rows: func(random *rand.Rand, season int) []deskRow {
			return some(6, 2*season, func(i int) deskRow {
				return deskRow{"email": fmt.Sprintf("p%d@example.com", i), "business": one(random, "B0", "B1")}
			})
		},
		live: func(t *testing.T, c *crm) []deskRow {
			names := idsBy(t, c, "/businesses/?limit=100", "businesses", "name")
			rows := []deskRow{}
			for _, p := range deskContacts(t, c) {
				rows = append(rows, deskRow{"email": p.Email, "business": names[p.BusinessID]})
			}
			return rows
		},
		seed: map[string]string{"contacts": `[{"id":"CON1","email":"p1@example.com","opportunities":[{"id":"OPP1","name":"Deal 1","pipelineId":"PIP1","monetaryValue":1}]},
			{"id":"CON2","email":"stranger@example.com","opportunities":[{"id":"OPP2","name":"Deal 0","pipelineId":"PIP2","pipelineStageId":"STG3","monetaryValue":7}]}]`},
		had: []deskRow{{"email": "stranger@example.com", "business": ""}},
	}
}

func deskBusinesses() deskKind {
	return deskKind{
		name: "business",
		files: `
resource "ghl_business" "all" {
  for_each = { for r in local.desk.business : r.name => r }
  name     = each.key
  city     = each.value.city
  lifecycle { on_destroy = "delete" }
}
`,
		rows: func(random *rand.Rand, season int) []deskRow {
			return some(4, 3*season, func(i int) deskRow {
				return deskRow{"name": fmt.Sprintf("B%d", i), "city": one(random, "Graz", "Linz")}
			})
		},
		live: func(t *testing.T, c *crm) []deskRow {
			return rowsOf(t, c, "/businesses/?limit=100", "businesses", func(o map[string]any) deskRow {
				return deskRow{"name": text(o["name"]), "city": text(o["city"])}
			})
		},
		seed: map[string]string{"businesses": `[{"name":"B1","city":"Wels"},{"name":"Strange","city":"Wels"}]`},
		had:  []deskRow{{"name": "Strange", "city": "Wels"}},
	}
}

func deskAssociations() deskKind {
	return deskKind{
		name: "association",
		files: `
resource "ghl_association" "all" {
  for_each      = { for r in local.desk.association : r.key => r }
  key           = each.key
  first_object  = "contact"
  first_label   = each.value.label
  second_object = "business"
  second_label  = "Club"
  lifecycle { on_destroy = "delete" }
}
`,
		rows: func(random *rand.Rand, season int) []deskRow {
			return some(3, 2*season, func(i int) deskRow {
				return deskRow{"key": fmt.Sprintf("as_%d", i), "label": one(random, "Coach", "Trainer")}
			})
		},
		live: func(t *testing.T, c *crm) []deskRow {
			return rowsOf(t, c, "/associations/?limit=100&skip=0", "associations", func(o map[string]any) deskRow {
				return deskRow{"key": text(o["key"]), "label": text(o["firstObjectLabel"])}
			})
		},
		seed: map[string]string{"associations": `[{"id":"ASC1","key":"as_1","firstObjectKey":"contact","firstObjectLabel":"Old","secondObjectKey":"business","secondObjectLabel":"Club"}]`},
	}
}

func deskRelations() deskKind {
	return deskKind{
		name: "relation",
		files: `
resource "ghl_relation" "all" {
  for_each       = { for r in local.desk.relation : "${r.key} ${r.email} ${r.business}" => r }
  association_id = ghl_association.all[each.value.key].id
  first_id       = ghl_contact.person[each.value.email].id
  second_id      = ghl_business.all[each.value.business].id
  lifecycle { on_destroy = "delete" }
}
`,
		rows: func(random *rand.Rand, _ int) []deskRow {
			rows := []deskRow{}
			for _, i := range []int{0, 1, 3, 5} {
				rows = append(rows, deskRow{"key": fmt.Sprintf("as_%d", random.IntN(2)), "email": fmt.Sprintf("p%d@example.com", i), "business": one(random, "B0", "B1")})
			}
			return rows
		},
		live: func(t *testing.T, c *crm) []deskRow {
			keys := idsBy(t, c, "/associations/?limit=100&skip=0", "associations", "key")
			names := idsBy(t, c, "/businesses/?limit=100", "businesses", "name")
			var rows []deskRow
			for _, p := range deskContacts(t, c) {
				rows = append(rows, rowsOf(t, c, "/associations/relations/"+p.ID+"?limit=100&skip=0", "relations", func(o map[string]any) deskRow {
					return deskRow{"key": keys[text(o["associationId"])], "email": p.Email, "business": names[text(o["secondRecordId"])]}
				})...)
			}
			return rows
		},
	}
}

func deskDeals() deskKind {
	return deskKind{
		name: "deal",
		files: `
resource "ghl_opportunity" "all" {
  for_each    = { for r in local.desk.deal : "${r.email} ${r.name}" => r }
  contact_id  = ghl_contact.person[each.value.email].id
  pipeline_id = "PIP1"
  stage_id    = each.value.stage
  name        = each.value.name
  value       = tonumber(each.value.value)
  status      = each.value.status
  followers   = [each.value.follower]
  lifecycle { on_destroy = "delete" }
}
`,
		rows: func(random *rand.Rand, season int) []deskRow {
			return some(5, 4*season, func(i int) deskRow {
				return deskRow{"email": fmt.Sprintf("p%d@example.com", []int{0, 1, 1, 3, 5}[i]), "name": fmt.Sprintf("Deal %d", i%3),
					"value": one(random, "10", "20"), "status": one(random, "open", "won", "lost"), "follower": one(random, "USR1", "USR2"), "stage": one(random, "STG1", "STG2")}
			})
		},
		live: func(t *testing.T, c *crm) []deskRow {
			emails := map[string]string{}
			for _, p := range deskContacts(t, c) {
				emails[p.ID] = p.Email
			}
			return rowsOf(t, c, "/opportunities/search?location_id=LOC&limit=100", "opportunities", func(o map[string]any) deskRow {
				return deskRow{"email": emails[text(o["contactId"])], "name": text(o["name"]), "value": fmt.Sprint(o["monetaryValue"]), "status": text(o["status"]),
					"follower": strings.Join(texts(o["followers"]), " "), "stage": text(o["pipelineStageId"])}
			})
		},
		seed: map[string]string{
			"users":    `[{"id":"USR1","firstName":"Sam","lastName":"Rep","email":"sam@example.com"},{"id":"USR2","firstName":"Kim","lastName":"Rep","email":"kim@example.com"}]`,
			"location": `{"allowDuplicateOpportunity":true}`,
		},
		had: []deskRow{{"email": "stranger@example.com", "name": "Deal 0", "value": "7", "status": "open", "follower": "", "stage": "STG3"}},
	}
}

func deskGroups() deskKind {
	return deskKind{
		name: "group",
		files: `
resource "ghl_calendar_group" "all" {
  for_each = { for r in local.desk.group : r.slug => r }
  slug     = each.key
  name     = each.value.name
  active   = tobool(each.value.active)
  lifecycle { on_destroy = "delete" }
}
`,
		rows: func(random *rand.Rand, season int) []deskRow {
			return some(4, 3*season, func(i int) deskRow {
				return deskRow{"slug": fmt.Sprintf("g%d", i), "name": fmt.Sprintf("%s %d", one(random, "Coaching", "Training"), i), "active": one(random, "true", "false")}
			})
		},
		live: func(t *testing.T, c *crm) []deskRow {
			return rowsOf(t, c, "/calendars/groups", "groups", func(o map[string]any) deskRow {
				return deskRow{"slug": text(o["slug"]), "name": text(o["name"]), "active": fmt.Sprint(o["isActive"])}
			})
		},
	}
}

func deskPosts() deskKind {
	return deskKind{
		name: "post",
		files: `
resource "ghl_blog_post" "all" {
  for_each     = { for r in local.desk.post : r.slug => r }
  blog_id      = "BLG1"
  title        = each.value.title
  description  = "How it went"
  slug         = each.key
  status       = each.value.status
  author_id    = "AUT1"
  categories   = ["CAT1"]
  image_url    = "https://example.com/a.png"
  image_alt    = "A start"
  published_at = "2027-01-20T10:00:00Z"
  body         = "<p>It rained.</p>"
}
`,
		rows: func(random *rand.Rand, season int) []deskRow {
			return some(3+season, 0, func(i int) deskRow {
				return deskRow{"slug": fmt.Sprintf("race-%d", i), "title": one(random, "Rain", "Sun"), "status": one(random, "DRAFT", "PUBLISHED", "ARCHIVED")}
			})
		},
		live: func(t *testing.T, c *crm) []deskRow {
			var rows []deskRow
			for _, status := range []string{"DRAFT", "PUBLISHED", "SCHEDULED", "ARCHIVED"} {
				rows = append(rows, rowsOf(t, c, "/blogs/posts/all?blogId=BLG1&limit=100&offset=0&status="+status, "blogs", func(o map[string]any) deskRow {
					return deskRow{"slug": text(o["urlSlug"]), "title": text(o["title"]), "status": text(o["status"])}
				})...)
			}
			return rows
		},
		seed: map[string]string{
			"blogs": `[{"_id":"BLG1","name":"Club"}]`, "blogAuthors": `[{"_id":"AUT1","name":"Ada"}]`,
			"blogCategories": `[{"_id":"CAT1","name":"Races","urlSlug":"races"}]`,
		},
	}
}

func deskValues() deskKind {
	return deskKind{
		name: "value",
		files: `
resource "ghl_custom_value" "all" {
  for_each = { for r in local.desk.value : r.name => r }
  name     = each.key
  value    = each.value.text
  lifecycle { on_destroy = "delete" }
}
`,
		rows: func(random *rand.Rand, season int) []deskRow {
			return some(3, 2*season, func(i int) deskRow {
				return deskRow{"name": fmt.Sprintf("V%d", i), "text": one(random, "help@example.com", "desk@example.com")}
			})
		},
		live: func(t *testing.T, c *crm) []deskRow {
			return rowsOf(t, c, "/locations/"+c.sandbox.Location()+"/customValues", "customValues", func(o map[string]any) deskRow {
				return deskRow{"name": text(o["name"]), "text": text(o["value"])}
			})
		},
		seed: map[string]string{"customValues": `[{"id":"VAL1","name":"V1","value":"old@example.com"},{"id":"VAL2","name":"Strange","value":"x"}]`},
		had:  []deskRow{{"name": "Strange", "text": "x"}},
	}
}
