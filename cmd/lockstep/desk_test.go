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

// deskRow is one object by what the files say of it. What begins with _ is theirs
// alone: the CRM does not know it.
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

provider "ghl" {
  alias  = "agency"
  agency = true
  token  = var.agency_token
}

variable "agency_token" {
  type      = string
  sensitive = true
}

locals {
  desk = jsondecode(file("desk.json"))
}
`

// deskKinds are the kinds of the front desk. People come first: most others belong
// to them.
func deskKinds() []deskKind {
	return []deskKind{deskPeople(), deskBusinesses(), deskAssociations(), deskRelations(), deskDeals(), deskGroups(), deskPosts(),
		deskPipelines(), deskCalendars(), deskNotifications(), deskRooms(), deskAppointments(), deskVisitNotes(), deskBlocks(),
		deskLocations(), deskUsers(), deskValues()}
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
		if !strings.HasPrefix(name, "_") {
			kind += " " + name + "=" + r[name]
		}
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
	switch {
	case query.Has("location_id"):
		query.Set("location_id", c.sandbox.Location())
	case !strings.HasPrefix(u.Path, "/locations/"):
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
