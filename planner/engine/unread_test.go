package engine_test

import (
	"errors"
	"testing"

	"lockstep/providers"
)

// half is a club of two, one of whom cannot be read, with blocks that can do
// without and blocks that cannot.
const half = twoAccounts + `
locals { club = toset(["ada@example.com", "lin@example.com"]) }
data "crm_contact" "club" {
  for_each = local.club
  email    = each.key
}
mapping "all" {
  for_each = data.crm_contact.club
  provider = crm.eu
  target   = "crm_contact"
  match    = { email = each.key }
  missing  = "error"
  field "manager_id" { value = each.value.first_name }
  field "tags"       { value = each.value.first_name == "Ada" ? ["runner"] : excludes(["runner"]) }
}
mapping "adas" {
  for_each = { for key, c in data.crm_contact.club : key => c if c.first_name == "Ada" }
  provider = crm.eu
  target   = "crm_contact"
  match    = { email = each.key }
  field "phone" { value = "1" }
}
resource "crm_contact" "indexed" {
  provider   = crm.eu
  email      = "lin@example.com"
  first_name = data.crm_contact.club["lin@example.com"].first_name
}
resource "crm_contact" "filtered" {
  for_each = { for key, c in data.crm_contact.club : key => c if c.first_name != "Lin" }
  provider = crm.eu
  email    = each.key
}
resource "crm_contact" "counted" {
  count    = data.crm_contact.club["lin@example.com"].first_name == "Lin" ? 1 : 0
  provider = crm.eu
  email    = "may@example.com"
}
resource "crm_task" "behind" {
  for_each   = { for key, c in crm_contact.counted : key => c }
  provider   = crm.eu
  contact_id = each.value.id
  title      = "Call"
}
`

// TestLook looks at what there is without an account that cannot be read.
func TestLook(t *testing.T) {
	w := newWorld(t, half)
	w.server.person("main", "ada@example.com", "first_name=Ada")
	lin := w.server.person("main", "lin@example.com", "first_name=Lin")
	w.server.person("eu", "ada@example.com", "")
	w.server.person("eu", "lin@example.com", "")
	w.server.person("eu", "may@example.com", "")
	cases := map[string]struct {
		reason         string
		err            error
		told           []string
		links, managed []string
	}{
		"Account": {
			reason: "the others are joined, and so is whom the files can tell", err: &providers.AccountError{Account: "lin", ID: lin, Err: errors.New("no ZIP file")},
			told: []string{`main.hcl:12 Cannot read data.crm_contact.club["lin@example.com"]: account "lin": no ZIP file.`,
				`main.hcl:42 crm_contact.counted is left out: What it is about depends on an account that could not be read.`},
			links: []string{`mapping.adas["ada@example.com"] contact-01 contact-03`, `mapping.all["ada@example.com"] contact-01 contact-03`,
				`mapping.all["lin@example.com"] contact-02 contact-04`},
			managed: []string{`crm_contact.filtered["ada@example.com"]`, `crm_contact.indexed`},
		},
		"Server": {
			reason: "what is no matter of one account is one of all", err: errors.New("out of order"),
			told: []string{`main.hcl:12 Cannot read data.crm_contact.club["lin@example.com"]: out of order.`},
		},
		"Value": {
			reason: "nor is what a file says wrongly", err: &providers.AccountError{Account: "lin", Err: &providers.FieldError{Path: "email", Problem: "no address"}},
			told: []string{`main.hcl:14 Cannot read data.crm_contact.club["lin@example.com"]: no address.`},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			w.server.unread = map[string]error{"lin@example.com": tc.err}
			e := w.open()
			equal(t, tc.reason+": told", tc.told, told(e.Look(t.Context())))
			var links, managed []string
			for _, l := range e.Links() {
				links = append(links, l.Mapping.String()+" "+l.SourceID+" "+l.TargetID)
			}
			found, _ := e.Managed("crm_contact")
			for _, m := range found {
				managed = append(managed, m.Address.String())
			}
			equal(t, tc.reason+": joined", tc.links, links)
			equal(t, tc.reason+": managed", tc.managed, managed)
			// A plan wants all of it.
			equal(t, tc.reason+": a plan", tc.told[:1], w.refused())
		})
	}
	w.server.unread = nil
	e := w.open()
	if diags := e.Look(t.Context()); len(diags) > 0 || len(e.Links()) != 3 {
		t.Errorf("with all that there is, a look joins %v and tells %v", e.Links(), told(diags))
	}
}
