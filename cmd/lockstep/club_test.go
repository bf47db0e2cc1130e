package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// clubFiles want what people.json says.
const clubFiles = `
provider "ghl" {}

locals {
  club   = jsondecode(file("people.json"))
  people = { for p in local.club.people : p.email => p }
  tasks = { for t in flatten([for p in local.club.people : [
    for i, title in p.tasks : { key = "${p.email} ${i}", email = p.email, title = title }]]) : t.key => t }
  notes = { for n in flatten([for p in local.club.people : [
    for i, text in p.notes : { key = "${p.email} ${i}", email = p.email, text = text }]]) : n.key => n }
}

resource "ghl_tag" "offered" {
  for_each = toset(local.club.tags)
  name     = each.key
  lifecycle { on_destroy = "delete" }
}

resource "ghl_custom_field" "tier" {
  name      = "Tier"
  field_key = "tier"
  data_type = "TEXT"
}

resource "ghl_custom_field" "score" {
  name      = "Score"
  field_key = "score"
  data_type = "NUMERICAL"
}

resource "ghl_contact" "member" {
  for_each      = local.people
  email         = each.key
  first_name    = each.value.first_name
  phone         = each.value.phone
  tags          = each.value.tags
  custom_fields = { tier = each.value.tier }
  lifecycle { on_destroy = "delete" }
}

mapping "score" {
  for_each = local.people
  target   = "ghl_contact"
  match    = { email = each.key }
  field "custom_fields.score" { value = each.value.score }
}

resource "ghl_task" "call" {
  for_each   = local.tasks
  contact_id = ghl_contact.member[each.value.email].id
  title      = each.value.title
  body       = "About ${length(ghl_tag.offered)} tags."
  due_date   = "2027-01-15T09:00:00Z"
  lifecycle { on_destroy = "delete" }
}

resource "ghl_note" "remark" {
  for_each   = local.notes
  contact_id = ghl_contact.member[each.value.email].id
  body       = each.value.text
  lifecycle { on_destroy = "delete" }
}
`

// club is what people.json says, and what the CRM must have in the end.
type club struct {
	Tags   []string `json:"tags"`
	People []member `json:"people"`
}

// member is a person, as the files want one or as the CRM has one.
type member struct {
	Email     string   `json:"email"`
	FirstName string   `json:"first_name"`
	Phone     string   `json:"phone"`
	Tags      []string `json:"tags"`
	Tier      string   `json:"tier"`
	Score     int      `json:"score"`
	Tasks     []string `json:"tasks"`
	Notes     []string `json:"notes"`
}

// newClub invents a club of so many people. Some of its tasks and notes are
// equal to others of the same person.
func newClub(random *rand.Rand, people int) *club {
	c := &club{Tags: []string{"lead", "vip", "lapsed", "member"}}
	for i := range people {
		m := member{
			Email: fmt.Sprintf("person%02d@example.com", i), FirstName: fmt.Sprintf("Person %d", i),
			Phone: fmt.Sprintf("+19075550%03d", 100+i), Tier: []string{"gold", "silver"}[i%2], Score: i,
			Tags: pick(random, c.Tags), Tasks: []string{}, Notes: []string{},
		}
		for range random.IntN(3) {
			m.Tasks = append(m.Tasks, fmt.Sprintf("Call %d", random.IntN(2)))
		}
		for range random.IntN(3) {
			m.Notes = append(m.Notes, fmt.Sprintf("Ran %d km.", random.IntN(2)))
		}
		c.People = append(c.People, m)
	}
	return c
}

// pick takes some of the tags, in their order.
func pick(random *rand.Rand, from []string) []string {
	some := []string{}
	for _, s := range from {
		if random.IntN(2) == 0 {
			some = append(some, s)
		}
	}
	return some
}

// next is the club a season later: a few people have left or joined, others
// have moved on, and tasks and notes come and go. So little is deleted that no
// guard objects.
func (c *club) next(random *rand.Rand) *club {
	later := newClub(random, len(c.People)+1)
	later.Tags = []string{"lead", "vip", "lapsed", "runner"}
	later.People = slices.Delete(later.People, 7, 8)
	for i := range later.People {
		m := &later.People[i]
		m.Tags = pick(random, later.Tags)
		at := slices.IndexFunc(c.People, func(o member) bool { return o.Email == m.Email })
		if at < 0 {
			continue
		}
		m.Tasks, m.Notes = slices.Clone(c.People[at].Tasks), slices.Clone(c.People[at].Notes)
		switch i % 5 {
		case 0:
			m.FirstName, m.Score = m.FirstName+" II", m.Score+1
			m.Tasks = append(m.Tasks, "Renew")
		case 1:
			m.Tier = "bronze"
			m.Notes = append(m.Notes, "Renewed.")
		case 2:
			m.Tasks = m.Tasks[:max(0, len(m.Tasks)-i%2)]
		}
	}
	return later
}

// managed counts the objects that the files declare.
func (c *club) managed() int {
	n := len(c.Tags) + 2 + len(c.People)
	for i := range c.People {
		n += len(c.People[i].Tasks) + len(c.People[i].Notes)
	}
	return n
}

// write puts the club into a folder.
func (c *club) write(t *testing.T, dir string) {
	t.Helper()
	data, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "people.json"), string(data))
	write(t, filepath.Join(dir, "main.hcl"), clubFiles)
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// clubSeed is what the CRM has before: every fourth member, with other values
// and unmanaged tags, and people that the files do not know.
func clubSeed(t *testing.T, c *club) []byte {
	t.Helper()
	var contacts []map[string]any
	for i := 0; i < len(c.People); i += 4 {
		p := map[string]any{"email": c.People[i].Email, "firstName": "Somebody", "tags": []string{"newsletter", "vip"}}
		if i%8 == 0 && len(c.People[i].Tasks) > 0 {
			p["tasks"] = []map[string]any{{"title": c.People[i].Tasks[0], "dueDate": "2026-06-01T09:00:00Z"}}
		}
		contacts = append(contacts, p)
	}
	for i := range 3 {
		contacts = append(contacts, map[string]any{
			"email": fmt.Sprintf("stranger%d@example.com", i), "firstName": "Stranger", "phone": fmt.Sprintf("+19075550%03d", 150+i),
			"tags": []string{"vip"}, "notes": []map[string]any{{"body": "Not ours."}},
			"tasks": []map[string]any{{"title": "Call 0", "dueDate": "2026-06-01T09:00:00Z"}},
		})
	}
	seed, err := json.Marshal(map[string]any{
		"location": map[string]any{"country": "US", "contactUniqueIdentifiers": []string{"email", "phone"}},
		"tags":     []string{"newsletter", "vip"}, "contacts": contacts,
		"customFields": []map[string]any{{"name": "Tier", "dataType": "TEXT", "model": "contact", "fieldKey": "tier"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return seed
}

// seen is what the CRM has: everything by its content, twice what is there
// twice, and the ids of what belongs to members.
type seen struct {
	Club      club
	Fields    []string
	Strangers []string // contacts, as they are answered
	ids       []string
}

// look reads the whole CRM.
func look(t *testing.T, c *crm) seen {
	t.Helper()
	var s seen
	location := c.sandbox.Location()
	var tags struct{ Tags []struct{ ID, Name string } }
	c.read(t, "/locations/"+location+"/tags", &tags)
	tagIDs := map[string]string{}
	for _, tag := range tags.Tags {
		s.Club.Tags = append(s.Club.Tags, tag.Name)
		tagIDs[tag.Name] = tag.ID
		s.ids = append(s.ids, tag.ID)
	}
	slices.Sort(s.Club.Tags)
	var fields struct {
		CustomFields []struct{ ID, FieldKey string }
	}
	c.read(t, "/locations/"+location+"/customFields?model=contact", &fields)
	keys := map[string]string{}
	for _, f := range fields.CustomFields {
		s.Fields = append(s.Fields, f.FieldKey)
		keys[f.ID] = strings.TrimPrefix(f.FieldKey, "contact.")
		s.ids = append(s.ids, f.ID)
	}
	slices.Sort(s.Fields)
	for _, raw := range everybody(t, c) {
		s.person(t, c, raw, keys)
	}
	slices.SortFunc(s.Club.People, func(a, b member) int { return cmp.Compare(a.Email, b.Email) })
	slices.Sort(s.Strangers)
	return s
}

// person reads one contact with its tasks and notes.
func (s *seen) person(t *testing.T, c *crm, raw json.RawMessage, keys map[string]string) {
	t.Helper()
	var p struct {
		ID, Email, FirstName, Phone string
		Deleted                     bool
		Tags                        []string
		CustomFields                []struct {
			ID    string
			Value any
		}
	}
	decode(t, raw, &p)
	if p.Deleted {
		return
	}
	var tasks struct {
		Tasks []struct{ ID, Title, Body, DueDate string }
	}
	var notes struct{ Notes []struct{ ID, Body string } }
	if p.Email == "" || strings.HasPrefix(p.Email, "person") || strings.HasPrefix(p.Email, "stranger") {
		c.read(t, "/contacts/"+p.ID+"/tasks", &tasks)
		c.read(t, "/contacts/"+p.ID+"/notes", &notes)
	}
	if !strings.HasPrefix(p.Email, "person") {
		s.Strangers = append(s.Strangers, fmt.Sprintf("%s %v %v", withoutCursor(t, raw), tasks, notes))
		return
	}
	m := member{Email: p.Email, FirstName: p.FirstName, Phone: p.Phone, Tags: append([]string{}, p.Tags...), Tasks: []string{}, Notes: []string{}}
	for _, f := range p.CustomFields {
		switch value := fmt.Sprint(f.Value); keys[f.ID] {
		case "tier":
			m.Tier = value
		case "score":
			_, _ = fmt.Sscan(value, &m.Score)
		}
	}
	for _, x := range tasks.Tasks {
		m.Tasks = append(m.Tasks, strings.Join([]string{x.Title, x.Body, x.DueDate}, "|"))
		s.ids = append(s.ids, x.ID)
	}
	for _, x := range notes.Notes {
		m.Notes = append(m.Notes, x.Body)
		s.ids = append(s.ids, x.ID)
	}
	s.ids = append(s.ids, p.ID)
	slices.Sort(m.Tags)
	slices.Sort(m.Tasks)
	slices.Sort(m.Notes)
	s.Club.People = append(s.Club.People, m)
}

// everybody reads all contacts.
func everybody(t *testing.T, c *crm) []json.RawMessage {
	t.Helper()
	var all []json.RawMessage
	after := ""
	for {
		_, answer := c.request("POST", "/contacts/search", fmt.Sprintf(`{"locationId":%q,"pageLimit":500%s}`, c.sandbox.Location(), after))
		var page struct{ Contacts []json.RawMessage }
		decode(t, []byte(answer), &page)
		all = append(all, page.Contacts...)
		if len(page.Contacts) < 500 {
			return all
		}
		var last struct{ SearchAfter json.RawMessage }
		decode(t, page.Contacts[499], &last)
		after = `,"searchAfter":` + string(last.SearchAfter)
	}
}

func withoutCursor(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	var all map[string]any
	decode(t, raw, &all)
	delete(all, "searchAfter")
	return fmt.Sprint(all)
}

// read asks the sandbox, past all faults.
func (c *crm) read(t *testing.T, path string, into any) {
	t.Helper()
	status, answer := c.request("GET", path, "")
	if status != 200 {
		t.Fatalf("GET %s: %d %s", path, status, answer)
	}
	decode(t, []byte(answer), into)
}

// accounts are the variables by which files reach the location and its agency.
func (c *crm) accounts() []string {
	return []string{
		"GHL_BASE_URL=" + c.server.URL, "GHL_TOKEN=" + c.sandbox.Token(), "GHL_LOCATION_ID=" + c.sandbox.Location(),
		"GHL_COMPANY_ID=" + c.sandbox.Company(), "LOCKSTEP_VAR_agency_token=" + c.sandbox.AgencyToken(),
	}
}

func decode(t *testing.T, data []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%v in %.300s", err, data)
	}
}
