package engine_test

import (
	"errors"
	"fmt"
	"testing"

	"lockstep/planner"
	"lockstep/planner/engine"
	"lockstep/providers"
)

// clubOf are two members whose data are read, Ada and Lin, and blocks about them in
// another account.
const clubOf = twoAccounts + `
locals { club = toset(["ada@example.com", "lin@example.com"]) }
data "crm_contact" "club" {
  for_each = local.club
  email    = each.key
}
resource "crm_contact" "member" {
  for_each = local.club
  provider = crm.eu
  email    = each.key
}
`

// skipping lets nobody read Lin's data, and the plan go on without.
func (w *world) skipping() {
	w.server.unread = map[string]error{"lin@example.com": &providers.AccountError{Account: "lin", Err: errors.New("no ZIP file"), Skip: true}}
}

const (
	unread  = `main.hcl:12 Cannot read data.crm_contact.club["lin@example.com"]: account "lin": no ZIP file.`
	depends = "depends on an account that could not be read."
)

// skipCase is a block about both members, once all was applied.
type skipCase struct {
	reason, more string
	told         []string
	want         []string
}

// test plans without an account that is to be skipped.
func (tc *skipCase) test(t *testing.T) {
	w := newWorld(t, clubOf+tc.more)
	ada := w.server.person("main", "ada@example.com", "first_name=Ada")
	w.server.person("main", "lin@example.com", "first_name=Lin")
	w.applied()
	before := w.server.dump()
	w.skipping()
	equal(t, tc.reason+": in step", []string(nil), w.actions())
	equal(t, tc.reason+": told", append([]string{unread}, tc.told...), told(w.last))
	w.applied()
	equal(t, tc.reason+": nothing of hers is touched", before, w.server.dump())
	w.server.edit(ada, "first_name", "Countess")
	equal(t, tc.reason, tc.want, w.actions())
	w.applied()
	w.server.unread = nil
	w.applied()
	equal(t, tc.reason+": caught up with", []string(nil), w.actions())
}

// TestSkip goes on with the instances that are known all the same.
func TestSkip(t *testing.T) {
	for name, tc := range map[string]skipCase{
		"Nothing": {"nothing depends on it", "", nil, nil},
		"Instances": {
			"the others go on", `
resource "crm_task" "call" {
  for_each   = local.club
  provider   = crm.eu
  contact_id = crm_contact.member[each.key].id
  title      = "Call ${data.crm_contact.club[each.key].first_name}"
}`,
			[]string{"main.hcl:22 crm_task.call: 1 of 2 stay as they are: What they are about " + depends},
			[]string{`update crm_task.call["ada@example.com"] title`},
		},
		"Mapping": {
			"also of a mapping, with its record", `
mapping "club" {
  for_each = data.crm_contact.club
  provider = crm.eu
  target   = "crm_contact"
  match    = { email = each.key }
  field "first_name" { value = each.value.first_name }
  field "tags" { value = [each.value.first_name] }
}`,
			[]string{"main.hcl:22 mapping.club: 1 of 2 stay as they are: What they are about " + depends},
			[]string{`update mapping.club["ada@example.com"] first_name tags+Countess-Ada`},
		},
	} {
		t.Run(name, tc.test)
	}
}

// TestSkipAll leaves blocks as they are of which it is not known what they have.
func TestSkipAll(t *testing.T) {
	for name, tc := range map[string]skipCase{
		"Keys": {
			"if it is not known which there are, all stay", `
resource "crm_task" "call" {
  for_each   = { for key, c in data.crm_contact.club : key => c if c.first_name != "Nobody" }
  provider   = crm.eu
  contact_id = crm_contact.member[each.key].id
  title      = "Call ${each.value.first_name}"
}`,
			[]string{"main.hcl:22 crm_task.call stays as it is: What it is about " + depends}, nil,
		},
		"Behind": {
			"what needs a block that lacks instances stays as well", `
resource "crm_task" "call" {
  for_each   = local.club
  provider   = crm.eu
  contact_id = crm_contact.member[each.key].id
  title      = "Call ${data.crm_contact.club[each.key].first_name}"
}
resource "crm_tag" "sum" {
  provider = crm.eu
  name     = "${length(crm_task.call)} calls"
}`,
			[]string{"main.hcl:22 crm_task.call: 1 of 2 stay as they are: What they are about " + depends, "main.hcl:28 crm_tag.sum stays as it is: What it is about " + depends},
			[]string{`update crm_task.call["ada@example.com"] title`},
		},
	} {
		t.Run(name, tc.test)
	}
}

// TestSkipCounts counts who stays as it is as managed, and as in step.
func TestSkipCounts(t *testing.T) {
	w := newWorld(t, clubOf+`
resource "crm_tag" "of" {
  for_each = local.club
  provider = crm.eu
  name     = "of ${data.crm_contact.club[each.key].first_name}"
}
`)
	w.server.person("main", "ada@example.com", "first_name=Ada")
	w.server.person("main", "lin@example.com", "first_name=Lin")
	w.applied()
	w.server.add("crm_tag", nil)
	w.skipping()
	_, p := w.plan(engine.PlanOptions{})
	equal(t, "counts", []string{"crm_contact 2 managed, 0 unmanaged, 2 in step", "crm_tag 2 managed, 0 unmanaged, 2 in step"}, counts(p))
}

// counts are what a plan tells of each kind.
func counts(p *planner.Plan) []string {
	var all []string
	for _, k := range p.Kinds {
		all = append(all, fmt.Sprintf("%s %d managed, %d unmanaged, %d in step", k.Kind, k.Managed, k.Unmanaged, k.InStep))
	}
	return all
}

// TestSkipInWaves reads each instance of a data block once its own argument is known:
// one that is skipped does not keep the next one from being read.
func TestSkipInWaves(t *testing.T) {
	w := newWorld(t, `
provider "crm" {}
resource "crm_contact" "one" {
  email      = "lin@example.com"
  first_name = "Lin"
}
resource "crm_contact" "two" {
  email      = "ada@example.com"
  first_name = "Ada"
  manager_id = crm_contact.one.id
}
data "crm_contact" "club" {
  for_each = { one = crm_contact.one.added != "" ? crm_contact.one.email : "", two = crm_contact.two.added != "" ? crm_contact.two.email : "" }
  email    = each.value
}
resource "crm_tag" "of" {
  for_each = toset(["one", "two"])
  name     = "of ${data.crm_contact.club[each.key].first_name}"
}
`)
	w.skipping()
	var partial *engine.PartialError
	if r, err := w.apply(engine.ApplyOptions{}); !errors.As(err, &partial) || r.Skipped != 2 || r.Failed > 0 {
		t.Errorf("Apply(...): %+v, %v, want one read and one tag that are not tried", r, err)
	}
	equal(t, "told", []string{`main.hcl:12 Cannot read data.crm_contact.club["one"]: account "lin": no ZIP file.`}, told(w.last))
	equal(t, "live", []string{"contact ada@example.com Ada of lin@example.com", "contact lin@example.com Lin", "tag of Ada"}, w.server.dump())
}

// TestSkipAtApply reads a data block only once what it depends on was written: what
// could be read goes on, and what could not is told.
func TestSkipAtApply(t *testing.T) {
	w := newWorld(t, `
provider "crm" {}
provider "crm" {
  alias   = "eu"
  account = "eu"
}
resource "crm_tag" "first" { name = "first" }
data "crm_contact" "club" {
  for_each   = toset(["ada@example.com", "lin@example.com"])
  email      = each.key
  depends_on = [crm_tag.first]
}
resource "crm_tag" "of" {
  for_each = toset(["ada@example.com", "lin@example.com"])
  provider = crm.eu
  name     = "of ${data.crm_contact.club[each.key].first_name}"
}
`)
	w.server.person("main", "ada@example.com", "first_name=Ada")
	w.server.person("main", "lin@example.com", "first_name=Lin")
	w.skipping()
	r, err := w.apply(engine.ApplyOptions{})
	var partial *engine.PartialError
	if !errors.As(err, &partial) {
		t.Errorf("Apply(...): %+v, %v, want a part", r, err)
	}
	equal(t, "told", []string{`main.hcl:8 Cannot read data.crm_contact.club["lin@example.com"]: account "lin": no ZIP file.`}, told(w.last))
	equal(t, "live", []string{"contact ada@example.com Ada", "contact lin@example.com Lin", "tag first", "tag@eu of Ada"}, w.server.dump())
	equal(t, "then nothing is left", []string(nil), w.actions())
	w.applied()
	w.server.unread = nil
	w.applied()
	equal(t, "live in the end", []string{"contact ada@example.com Ada", "contact lin@example.com Lin", "tag first", "tag@eu of Ada", "tag@eu of Lin"}, w.server.dump())
}
