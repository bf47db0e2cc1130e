package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"lockstep/planner/engine"
	"lockstep/providers"
)

// rows is a mapping of several people that gives them their addresses; it is
// keyed by the numbers of their rows.
func rows(emails ...string) string {
	var instances []string
	for i, email := range emails {
		instances = append(instances, fmt.Sprintf("%q = %q", fmt.Sprint(i), email))
	}
	return twoAccounts + fmt.Sprintf("\nmapping \"club\" {\nfor_each = {\n%s\n}\nprovider = crm.eu\ntarget = \"crm_contact\"\nmatch = { email = each.value }\nmissing = \"create\"\nfield \"email\" { value = each.value }\nfield \"first_name\" { value = upper(each.value) }\n}\n",
		strings.Join(instances, "\n"))
}

// TestMappingRows puts a row before others: nobody is given the address of
// somebody else, and made a second time.
func TestMappingRows(t *testing.T) {
	w := newWorld(t, rows("ada@example.com"))
	w.server.person("eu", "ada@example.com", "phone=1")
	w.applied()
	w.file("main.hcl", rows("new@example.com", "ada@example.com"))
	equal(t, "the state has the digest of what found her", []string{`create mapping.club["0"]`}, w.actions())
	w.applied()
	w.settled("contact@eu ada@example.com ADA@EXAMPLE.COM 1", "contact@eu new@example.com NEW@EXAMPLE.COM")
	w.file("main.hcl", rows("other@example.com", "ada@example.com"))
	equal(t, "nobody else is about the first one, so it is given the new address", []string{`update mapping.club["0"] email first_name`}, w.actions())
}

// TestMappingRowsKeepBase takes a row away, so that everybody after it has
// another key: what the CRM changed since the last apply still is told from what
// it never had, also when the first write fails, or the process dies.
func TestMappingRowsKeepBase(t *testing.T) {
	for _, limit := range []int{-1, 1} {
		t.Run(fmt.Sprint(limit), func(t *testing.T) { keepsBase(t, limit) })
	}
}

// keepsBase lets the state take a number of writes of the first apply.
func keepsBase(t *testing.T, limit int) {
	w := newWorld(t, twoAccounts+`
mapping "club" {
  for_each = { for i, c in data.crm_contacts.all.contacts : i => c }
  provider = crm.eu
  target   = "crm_contact"
  match    = { email = each.value.email }
  field "phone" {
    value     = each.value.phone
    direction = "both"
    conflict  = "source"
  }
  field "first_name" {
    value     = each.value.first_name
    direction = "once"
  }
  field "manager_id" { value = each.value.manager_id }
}
`)
	ada := w.server.person("main", "ada@example.com", "phone=1 first_name=Ada")
	source := w.server.person("main", "lin@example.com", "phone=2 first_name=Lin")
	w.server.person("eu", "ada@example.com", "")
	lin := w.server.person("eu", "lin@example.com", "")
	w.applied()
	w.server.edit(lin, "phone", "22")
	w.server.edit(lin, "first_name", "")
	w.server.remove(ada)
	back := `update mapping.club["0"].source phone`
	equal(t, "back goes what the CRM changed, and once is once", []string{back}, w.actions()[1:])
	w.server.edit(source, "manager_id", "x")
	w.server.judge = func(providers.Operation, providers.Write) verdict { return refuse }
	w.log.Take(limit)
	if _, err := w.apply(engine.ApplyOptions{}); err == nil {
		t.Fatal("the apply met no fault")
	}
	w.server.judge = nil
	w.log.Take(-1)
	equal(t, "also in the next plan", []string{`update mapping.club["0"] manager_id`, back}, w.actions())
	w.applied()
	w.settled("contact lin@example.com Lin of nobody 22", "contact@eu ada@example.com Ada 1", "contact@eu lin@example.com  of nobody 22")
}

// TestMappingMovedToOther moves a mapping that is about somebody else now, who
// has all of it already: nothing of the old address stays behind.
func TestMappingMovedToOther(t *testing.T) {
	phone := `field "phone" { value = "1" }`
	w := newWorld(t, twoAccounts+about("ada@example.com", phone))
	w.server.person("eu", "ada@example.com", "")
	w.server.person("eu", "lin@example.com", "phone=1")
	w.applied()
	w.file("main.hcl", strings.Replace(twoAccounts+about("lin@example.com", phone), `"one"`, `"two"`, 1)+"moved {\nfrom = mapping.one\nto = mapping.two\n}\n")
	equal(t, "it moves", []string{"move mapping.two from mapping.one"}, w.actions())
	w.applied()
	w.settled("contact@eu ada@example.com 1", "contact@eu lin@example.com 1")
}
