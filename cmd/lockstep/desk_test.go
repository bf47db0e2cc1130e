package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// desk is what a front desk keeps beside people: the rows of each kind, as the files
// want them or as the CRM has them.
type desk map[string][]deskRow

// deskRow is one object by what the files say of it.
type deskRow map[string]string

// deskKind is a kind of the front desk.
type deskKind struct {
	name string
	// files declare an object for each row.
	files string
	// rows invents rows for a season.
	rows func(random *rand.Rand, season int) []deskRow
	// live reads the rows that the CRM has.
	live func(t *testing.T, c *crm) []deskRow
	// seed is what the CRM has before, as members of a seed document, and had
	// are rows that the files do not know and nothing may touch.
	seed map[string]string
	had  []deskRow
}

const deskHead = `
provider "ghl" {}

locals {
  desk = jsondecode(file("desk.json"))
}
`

// deskKinds are the kinds of the front desk. People come first: most others belong
// to them.
func deskKinds() []deskKind {
	return []deskKind{deskPeople(), deskBusinesses(), deskAssociations(), deskRelations(), deskDeals(), deskGroups(), deskPosts()}
}

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
			{"id":"CON2","email":"stranger@example.com","opportunities":[{"id":"OPP2","name":"Deal 0","pipelineId":"PIP1","monetaryValue":7}]}]`},
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
					"value": one(random, "10", "20"), "status": one(random, "open", "won", "lost"), "follower": one(random, "USR1", "USR2")}
			})
		},
		live: func(t *testing.T, c *crm) []deskRow {
			emails := map[string]string{}
			for _, p := range deskContacts(t, c) {
				emails[p.ID] = p.Email
			}
			return rowsOf(t, c, "/opportunities/search?location_id=LOC&limit=100", "opportunities", func(o map[string]any) deskRow {
				return deskRow{"email": emails[text(o["contactId"])], "name": text(o["name"]), "value": fmt.Sprint(o["monetaryValue"]), "status": text(o["status"]),
					"follower": strings.Join(texts(o["followers"]), " ")}
			})
		},
		seed: map[string]string{
			"users":     `[{"id":"USR1","firstName":"Sam","lastName":"Rep","email":"sam@example.com"},{"id":"USR2","firstName":"Kim","lastName":"Rep","email":"kim@example.com"}]`,
			"pipelines": `[{"id":"PIP1","name":"Sales","stages":[{"id":"STG1","name":"New"},{"id":"STG2","name":"Won"}]}]`,
			"location":  `{"allowDuplicateOpportunity":true}`,
		},
		had: []deskRow{{"email": "stranger@example.com", "name": "Deal 0", "value": "7", "status": "open", "follower": ""}},
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

// newDesk invents the front desk of a season.
func newDesk(random *rand.Rand, season int) desk {
	d := desk{}
	for _, k := range deskKinds() {
		d[k.name] = k.rows(random, season)
	}
	return d
}

// write puts the front desk into a folder.
func (d desk) write(t *testing.T, dir string) {
	t.Helper()
	data, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	files := deskHead
	for _, k := range deskKinds() {
		files += k.files
	}
	write(t, filepath.Join(dir, "desk.json"), string(data))
	write(t, filepath.Join(dir, "main.hcl"), files)
}

// managed counts the objects that the files declare.
func (d desk) managed() int {
	n := 0
	for _, rows := range d {
		n += len(rows)
	}
	return n
}

// lines are all rows as sorted texts, the ones that no file knows among them.
func (d desk) lines() []string {
	var out []string
	for _, k := range deskKinds() {
		for _, r := range slices.Concat(d[k.name], k.had) {
			out = append(out, line(k.name, r))
		}
	}
	slices.Sort(out)
	return out
}

func line(kind string, r deskRow) string {
	for _, name := range slices.Sorted(maps.Keys(r)) {
		kind += " " + name + "=" + r[name]
	}
	return kind
}

// lookDesk reads the front desk from the CRM.
func lookDesk(t *testing.T, c *crm) []string {
	t.Helper()
	var out []string
	for _, k := range deskKinds() {
		for _, r := range k.live(t, c) {
			out = append(out, line(k.name, r))
		}
	}
	slices.Sort(out)
	return out
}

// deskSeed is what the CRM has before.
func deskSeed() []byte {
	var members []string
	for _, k := range deskKinds() {
		for name, value := range k.seed {
			members = append(members, fmt.Sprintf("%q:%s", name, value))
		}
	}
	return []byte("{" + strings.Join(members, ",") + "}")
}

// rowsOf reads a list of the location.
func rowsOf(t *testing.T, c *crm, path, envelope string, of func(map[string]any) deskRow) []deskRow {
	t.Helper()
	var answer map[string]any
	u, err := url.Parse(path)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	if query.Has("location_id") {
		query.Set("location_id", c.sandbox.Location())
	} else {
		query.Set("locationId", c.sandbox.Location())
	}
	c.read(t, u.Path+"?"+query.Encode(), &answer)
	list, _ := answer[envelope].([]any)
	rows := []deskRow{}
	for _, o := range list {
		if o, ok := o.(map[string]any); ok && o["deleted"] != true {
			rows = append(rows, of(o))
		}
	}
	return rows
}

// deskContact is a contact of the front desk.
type deskContact struct{ ID, Email, BusinessID string }

// deskContacts reads the contacts, without the invented people that make lists long.
func deskContacts(t *testing.T, c *crm) []deskContact {
	t.Helper()
	var out []deskContact
	for _, raw := range everybody(t, c) {
		var p deskContact
		decode(t, raw, &p)
		if name, _, _ := strings.Cut(p.Email, "@"); !strings.Contains(name, ".") {
			out = append(out, p)
		}
	}
	return out
}

// idsBy reads a list of the location as an attribute by the id.
func idsBy(t *testing.T, c *crm, path, envelope, attribute string) map[string]string {
	t.Helper()
	out := map[string]string{}
	rowsOf(t, c, path, envelope, func(o map[string]any) deskRow {
		out[text(o["id"])] = text(o[attribute])
		return nil
	})
	return out
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

func texts(v any) []string {
	list, _ := v.([]any)
	out := []string{}
	for _, e := range list {
		out = append(out, text(e))
	}
	return out
}
