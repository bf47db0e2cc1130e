package engine_test

import (
	"strings"
	"testing"

	"lockstep/schema"
)

// finding is a mapping of one person found by an address; field and more are its
// arguments.
func finding(name, more string) string {
	return "\nmapping \"" + name + "\" {\nprovider = crm.eu\ntarget = \"crm_contact\"\nmatch = { email = \"ada@example.com\" }\n" + more + "\n}\n"
}

// TestMappingSharesCreate lets mappings write to what another one creates in the
// same apply, in whatever order they stand.
func TestMappingSharesCreate(t *testing.T) {
	create := "missing = \"create\"\n"
	cases := map[string]struct {
		reason, main string
		want         []string
	}{
		"Before": {"one that only finds comes after the one that creates",
			finding("a", `field "phone" { value = "1" }`) + finding("b", create+`field "first_name" { value = "Ada" }`),
			[]string{"create mapping.b [mapping.a phone]"}},
		"After": {"in whatever order they are written",
			finding("a", create+`field "first_name" { value = "Ada" }`) + finding("b", `field "phone" { value = "1" }`),
			[]string{"create mapping.a [mapping.b phone]"}},
		"Both": {"of two that may create, the first one does",
			finding("a", create+`field "first_name" { value = "Ada" }`) + finding("b", create+`field "phone" { value = "1" }`),
			[]string{"create mapping.a [mapping.b phone]"}},
		"Address": {"what it is found by belongs to nobody, so another may write it",
			finding("a", create+`field "first_name" { value = "Ada" }`) + finding("b", "field \"email\" { value = \"ada@example.com\" }\nfield \"phone\" { value = \"1\" }"),
			[]string{"create mapping.a [mapping.b email phone]"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, twoAccounts+tc.main)
			equal(t, tc.reason, tc.want, w.actions())
			w.applied()
			w.settled("contact@eu ada@example.com Ada 1")
		})
	}
}

// TestMappingCreatesNobodyTwice refuses to create whom the account has, or whom
// another instance creates.
func TestMappingCreatesNobodyTwice(t *testing.T) {
	byTier := func(forEach string) string {
		return twoAccounts + `
resource "crm_field" "tier" {
  provider = crm.eu
  key      = "tier"
}

mapping "club" {
  for_each = ` + forEach + `
  provider = crm.eu
  target   = "crm_contact"
  match    = { "custom.tier" = each.value }
  missing  = "create"
  field "email" { value = each.key }
}
`
	}
	cases := map[string]struct {
		reason, main, want string
	}{
		"Exists": {"somebody has the address, but not what finds him", byTier(`{ "ada@example.com" = "7" }`),
			`main.hcl:22 The natural key is taken: No live contact has custom.tier "7", so one would be created, but another live contact (id contact-01) has email "ada@example.com" already. Match by email, or give that one custom.tier "7".`},
		"Instances": {"two instances are about one person", byTier(`{ "bob@example.com" = "7", "lin@example.com" = "7" }`),
			`main.hcl:20 Two instances with one target: mapping.club["bob@example.com"] is about to create a contact with custom.tier "7", and mapping.club["lin@example.com"] would find it. Let one instance be about it.`},
		"Given": {"a block gives somebody the phone", strings.Replace(byTier(`{ "5" = "7" }`), `"email"`, `"phone"`, 1) + member("ada", "ada@example.com", `phone = "5"`),
			`main.hcl:22 The natural key is taken: No live contact has custom.tier "7", so one would be created, but another live contact (id contact-01) gets phone "5". Match by phone, or give that one custom.tier "7".`},
		"Phone": {"somebody without address has the phone", twoAccounts + finding("club", "missing = \"create\"\nfield \"phone\" { value = \"1\" }"),
			`main.hcl:16 The natural key is taken: No live contact has email "ada@example.com", so one would be created, but another live contact (id contact-02) has phone "1" already. Match by phone, or give that one email "ada@example.com".`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, tc.main)
			if name != "Phone" {
				w.server.person("eu", "ada@example.com", "")
			} else {
				w.server.person("eu", "other@example.com", "")
				w.server.insert("eu", "crm_contact", map[string]schema.Value{"phone": schema.StringValue("1")})
			}
			equal(t, tc.reason, []string{tc.want}, w.refused())
		})
	}
}

// TestMappingOfTwo refuses to choose between somebody who is there and somebody
// who is about to be made with the same phone.
func TestMappingOfTwo(t *testing.T) {
	w := newWorld(t, twoAccounts+member("lin", "lin@example.com", `phone = "1"`)+"\nmapping \"one\" {\nprovider = crm.eu\ntarget = \"crm_contact\"\nmatch = { phone = \"1\" }\nfield \"first_name\" { value = \"Ada\" }\n}\n")
	w.server.person("eu", "ada@example.com", "phone=1")
	equal(t, "the two share a phone once lin is there", []string{
		`main.hcl:20 More than one object fits: crm_contact.lin is to be created with phone "1", which live contacts have too: contact-01. Match by something that only one of them has.`,
	}, w.refused())
}
