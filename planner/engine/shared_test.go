package engine_test

import (
	"strings"
	"testing"

	"lockstep/planner/engine"
	"lockstep/schema"
)

// TestSharedPhone warns of a phone that two people have, which an account may
// refuse, and of nothing that ends well.
func TestSharedPhone(t *testing.T) {
	const advice = " the same phone as crm_contact.ada. An account that allows no duplicates refuses that. Give one of them another phone, unless the account allows it."
	cases := map[string]struct {
		reason, main string
		want         []string
	}{
		"Live": {"somebody with another address has it", `resource "crm_contact" "ada" {
  email = "ada@example.com"
  phone = "1"
}`, []string{"main.hcl:3 Two objects with one phone: The live contact contact-01 has" + advice}},
		"Update": {"who is there already gets it", `resource "crm_contact" "ada" {
  email = "lin@example.com"
  phone = "1"
}`, []string{"main.hcl:3 Two objects with one phone: The live contact contact-01 has" + advice}},
		"Both": {"two are created with it", `resource "crm_contact" "ada" {
  email = "ada@example.com"
  phone = "3"
}
resource "crm_contact" "aaron" {
  email = "aaron@example.com"
  phone = "3"
}`, []string{"main.hcl:3 Two objects with one phone: crm_contact.aaron gets" + advice}},
		"Passed": {"who has it gets another one", `resource "crm_contact" "ada" {
  email = "ada@example.com"
  phone = "1"
}
resource "crm_contact" "bob" {
  email = "bob@example.com"
  phone = "3"
}`, nil},
		"Untouched": {"who shares it from before", `resource "crm_contact" "bob" {
  email = "bob@example.com"
  phone = "1"
  first_name = "Bob"
}`, nil},
		"Adopted": {"nobody else has it", `resource "crm_contact" "ada" {
  email = "ada@example.com"
  phone = "2"
}`, nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "provider \"crm\" {}\n")
			w.server.person("main", "bob@example.com", "phone=1")
			w.server.person("main", "lin@example.com", "")
			w.server.insert("main", "crm_contact", map[string]schema.Value{"phone": schema.StringValue("2")})
			w.file("main.hcl", tc.main)
			w.plan(engine.PlanOptions{})
			equal(t, tc.reason, tc.want, told(w.last))
		})
	}
}

// TestSharedPhoneOfLeaving gives a new person the contact of one who leaves and
// has the same phone: the account would refuse to make a second one, and then the
// first would be gone for nothing.
func TestSharedPhoneOfLeaving(t *testing.T) {
	w := newWorld(t, "resource \"crm_contact\" \"bob\" {\nemail = \"bob@example.com\"\nphone = \"1\"\n}\n")
	w.applied()
	w.file("main.hcl", "resource \"crm_contact\" \"ada\" {\nemail = \"ada@example.com\"\nphone = \"1\"\n}\n")
	equal(t, "who leaves is updated in place", []string{"update crm_contact.ada from crm_contact.bob email"}, w.actions())
	w.applied()
	w.settled("contact ada@example.com 1")
}

// TestSharedPhoneOfForgotten says how to go on when who has the phone was adopted
// and is only forgotten: nothing may be written over her unasked.
func TestSharedPhoneOfForgotten(t *testing.T) {
	w := newWorld(t, "resource \"crm_contact\" \"bob\" {\nemail = \"bob@example.com\"\nphone = \"1\"\n}\n")
	w.server.person("main", "bob@example.com", "phone=1")
	w.applied()
	w.file("main.hcl", "resource \"crm_contact\" \"ada\" {\nemail = \"ada@example.com\"\nphone = \"1\"\n}\n")
	w.plan(engine.PlanOptions{})
	hint := "It is crm_contact.bob until this plan forgets it: if it is the same contact, write a moved block from there."
	equal(t, "the warning names the way", true, strings.Contains(strings.Join(told(w.last), ""), hint))
}
