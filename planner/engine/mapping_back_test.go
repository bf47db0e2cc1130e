package engine_test

import (
	"strings"
	"testing"
)

// giving is a mapping of all people of one account, which are given back what
// somebody of the other account has.
func giving(name, email, direction string) string {
	return `
mapping "` + name + `" {
  for_each = { for c in data.crm_contacts.all.contacts : c.email => c }
  provider = crm.eu
  target   = "crm_contact"
  match    = { email = "` + email + `" }
  field "first_name" {
    source    = "phone"
    value     = each.value.phone
    direction = "` + direction + `"
  }
}
`
}

// TestMappingBackAuthors refuses a field of a source that two give: each apply
// would undo what the other wrote.
func TestMappingBackAuthors(t *testing.T) {
	here := func(more string) string {
		return strings.Replace(member("ada", "ada@example.com", more), "provider = crm.eu\n", "", 1)
	}
	cases := map[string]struct {
		reason, main string
		want         string
	}{
		"Mappings": {"two people give her a phone", twoAccounts + giving("a", "a@example.com", "to_source") + giving("b", "b@example.com", "to_source"),
			`main.hcl:28 Two authors of one field: mapping.b["ada@example.com"].source and mapping.a["ada@example.com"].source both write phone of one contact. mapping.a["ada@example.com"].source is declared at main.hcl:11. Let one of them do it.`},
		"InStep": {"also when one of them is the same", twoAccounts + giving("a", "one@example.com", "to_source") + giving("b", "b@example.com", "to_source"),
			`main.hcl:28 Two authors of one field: mapping.b["ada@example.com"].source and mapping.a["ada@example.com"].source both write phone of one contact. mapping.a["ada@example.com"].source is declared at main.hcl:11. Let one of them do it.`},
		"Both": {"two people changed what goes both ways", twoAccounts + giving("a", "a@example.com", "both\"\nconflict = \"target") + giving("b", "b@example.com", "both\"\nconflict = \"target"),
			`main.hcl:29 Two authors of one field: mapping.b["ada@example.com"].source and mapping.a["ada@example.com"].source both write phone of one contact. mapping.a["ada@example.com"].source is declared at main.hcl:11. Let one of them do it.`},
		"Block": {"a block writes the phone", twoAccounts + here(`phone = "1"`) + giving("a", "a@example.com", "to_source"),
			`main.hcl:21 Two authors of one field: mapping.a["ada@example.com"].source and crm_contact.ada both write phone of one contact. crm_contact.ada is declared at main.hcl:11. Let one of them do it.`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, tc.main)
			w.server.person("main", "ada@example.com", "phone=1")
			w.server.person("eu", "one@example.com", "first_name=1")
			w.server.person("eu", "a@example.com", "first_name=2")
			w.server.person("eu", "b@example.com", "first_name=3")
			equal(t, tc.reason, []string{tc.want}, w.refused())
		})
	}
}

// TestMappingBackToGoing writes nothing to a source that the plan destroys or
// replaces.
func TestMappingBackToGoing(t *testing.T) {
	here := func(more string) string {
		return strings.Replace(member("ada", "ada@example.com", more), "provider = crm.eu\n", "", 1)
	}
	w := newWorld(t, twoAccounts+here(`source = "web"`))
	w.applied()
	w.server.person("eu", "a@example.com", "first_name=2")
	w.file("main.hcl", twoAccounts+giving("a", "a@example.com", "to_source"))
	equal(t, "destroyed", []string{"delete crm_contact.ada"}, w.actions())
	w.file("main.hcl", twoAccounts+here(`source = "shop"`)+giving("a", "a@example.com", "to_source"))
	equal(t, "replaced", []string{"replace crm_contact.ada"}, w.actions())
	w.applied()
	w.applied()
	w.settled("contact ada@example.com 2 shop", "contact@eu a@example.com 2")
}
