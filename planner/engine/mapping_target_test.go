package engine_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"lockstep/planner"
	"lockstep/planner/engine"
)

// about is a mapping of one person, found by an address, with more arguments
// and fields.
func about(email, more string) string {
	return fmt.Sprintf("\nmapping \"one\" {\nprovider = crm.eu\ntarget = \"crm_contact\"\nmatch = { email = %q }\n%s\n}\n", email, more)
}

// member is a resource block of one person in the account that mappings write
// to.
func member(name, email, more string) string {
	return fmt.Sprintf("\nresource \"crm_contact\" %q {\nprovider = crm.eu\nemail = %q\n%s\n}\n", name, email, more)
}

// What the mappings of the following tests write.
const (
	one, two = "\nfield \"phone\" { value = \"1\" }", "\nfield \"phone\" { value = \"2\" }"
	create   = "missing = \"create\""
	address  = "\nfield \"email\" { value = \"new@example.com\" }"
)

// targetCase is a mapping, and what becomes of it with other files.
type targetCase struct {
	reason        string
	before, after string
	// live is done in the CRM between the two, to Ada.
	live func(s *server, id string)
	// there is true when Ada is in the CRM before anything is applied.
	there bool
	want  []string
	then  []string
}

func runTargets(t *testing.T, cases map[string]targetCase) {
	t.Helper()
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, twoAccounts+tc.before)
			if tc.there {
				w.server.person("eu", "ada@example.com", "")
			}
			w.applied()
			w.settled(w.server.dump()...)
			w.file("main.hcl", twoAccounts+tc.after)
			if tc.live != nil {
				tc.live(w.server, w.server.find("ada@example.com"))
			}
			equal(t, tc.reason, tc.want, w.actions())
			w.applied()
			w.settled(tc.then...)
		})
	}
}

// TestMappingTarget changes what a target is found by after the two were joined:
// only the person that is meant is ever written to, and no person is made twice.
func TestMappingTarget(t *testing.T) {
	runTargets(t, map[string]targetCase{
		"Nobody": {
			reason: "an unknown address is about no person, and the person before stays as she is",
			before: about("ada@example.com", one), after: about("new@example.com", two),
			want: []string{"forget mapping.one"}, then: []string{"contact@eu ada@example.com 1"}, there: true,
		},
		"Created": {
			reason: "or about a new person",
			before: about("ada@example.com", create+one), after: about("new@example.com", create+two),
			want: []string{"create mapping.one"}, then: []string{"contact@eu ada@example.com 1", "contact@eu new@example.com 2"},
		},
		"Both": {
			reason: "also when the CRM changed the address of the person before to a third one",
			before: about("ada@example.com", create+one), after: about("new@example.com", create+two),
			live: func(s *server, id string) { s.edit(id, "email", "third@example.com") },
			want: []string{"create mapping.one"}, then: []string{"contact@eu new@example.com 2", "contact@eu third@example.com 1"},
		},
		"Edited": {
			reason: "whoever changes the address in the CRM is still known",
			before: about("ada@example.com", create+one), after: about("ada@example.com", create+two),
			live: func(s *server, id string) { s.edit(id, "email", "third@example.com") },
			want: []string{"update mapping.one phone"}, then: []string{"contact@eu third@example.com 2"},
		},
		"EditedAndOther": {
			reason: "also by another mapping with the same match",
			before: about("ada@example.com", create+one),
			after:  about("ada@example.com", create+one) + strings.Replace(about("ada@example.com", create+"\nfield \"first_name\" { value = \"Ada\" }"), `"one"`, `"two"`, 1),
			live:   func(s *server, id string) { s.edit(id, "email", "third@example.com") },
			want:   []string{"update mapping.two first_name"}, then: []string{"contact@eu third@example.com Ada 1"},
		},
		"EditedAndRenamed": {
			reason: "also by a mapping of another name",
			before: about("ada@example.com", create+one),
			after:  strings.Replace(about("ada@example.com", create+two), `"one"`, `"two"`, 1),
			live:   func(s *server, id string) { s.edit(id, "email", "third@example.com") },
			want:   []string{"forget mapping.one", "update mapping.two phone"}, then: []string{"contact@eu third@example.com 2"},
		},
		"Deleted": {
			reason: "who is deleted in the CRM is made again",
			before: about("ada@example.com", create+one), after: about("ada@example.com", create+one),
			live: func(s *server, id string) { s.remove(id) },
			want: []string{"create mapping.one"}, then: []string{"contact@eu ada@example.com 1"},
		},
	})
}

// TestMappingTargetRenamed changes the address in the files as well.
func TestMappingTargetRenamed(t *testing.T) {
	runTargets(t, map[string]targetCase{
		"Renamed": {
			reason: "a mapping that writes the new address gives it to the person before",
			before: about("ada@example.com", create+one), after: about("new@example.com", create+one+address),
			want: []string{"update mapping.one email"}, then: []string{"contact@eu new@example.com 1"},
		},
		"RenamedByBlock": {
			reason: "so does a resource block",
			before: member("ada", "ada@example.com", "") + about("ada@example.com", create+one),
			after:  member("ada", "new@example.com", "") + about("new@example.com", create+two),
			want:   []string{"update crm_contact.ada email [mapping.one phone]"}, then: []string{"contact@eu new@example.com 2"},
		},
		"NewMapping": {
			reason: "also for a mapping that was not there before",
			before: member("ada", "ada@example.com", `phone = "1"`),
			after:  member("ada", "new@example.com", `phone = "1"`) + about("new@example.com", create+"\nfield \"first_name\" { value = \"Ada\" }"),
			want:   []string{"update crm_contact.ada email [mapping.one first_name]"}, then: []string{"contact@eu new@example.com Ada 1"},
		},
		"Swapped": {
			reason: "an address that passes from one person to another belongs to the second",
			before: member("ada", "ada@example.com", "") + member("lin", "lin@example.com", "") + about("ada@example.com", one),
			after:  member("ada", "new@example.com", "") + member("lin", "ada@example.com", "") + about("ada@example.com", two),
			want:   []string{"update crm_contact.ada email", "update crm_contact.lin email [mapping.one phone]"},
			then:   []string{"contact@eu ada@example.com 2", "contact@eu new@example.com 1"},
		},
		"Left": {
			reason: "who is given another address by a block is not who has the old one",
			before: member("ada", "ada@example.com", "") + about("ada@example.com", create+one),
			after:  member("ada", "new@example.com", "") + about("ada@example.com", create+two),
			want:   []string{"update crm_contact.ada email", "create mapping.one"},
			then:   []string{"contact@eu ada@example.com 2", "contact@eu new@example.com 1"},
		},
		"Accepted": {
			reason: "nor when the CRM gave it first",
			before: member("ada", "ada@example.com", "") + about("ada@example.com", one),
			after:  member("ada", "new@example.com", "") + about("ada@example.com", two),
			live:   func(s *server, id string) { s.edit(id, "email", "new@example.com") },
			want:   []string{"forget mapping.one"}, then: []string{"contact@eu new@example.com 1"},
		},
		"Ignored": {
			reason: "but a block that leaves the address to the CRM says nothing",
			before: member("ada", "ada@example.com", "lifecycle { ignore_changes = [email] }") + about("ada@example.com", one),
			after:  member("ada", "ada@example.com", "lifecycle { ignore_changes = [email] }") + about("ada@example.com", two),
			live:   func(s *server, id string) { s.edit(id, "email", "new@example.com") },
			want:   []string{"update mapping.one phone"}, then: []string{"contact@eu new@example.com 2"},
		},
	})
}

// TestMappingTargetGone replaces, destroys or forgets the person by a block.
func TestMappingTargetGone(t *testing.T) {
	runTargets(t, map[string]targetCase{
		"Replaced": {
			reason: "a person who is replaced is written to as who replaces her",
			before: member("ada", "ada@example.com", `source = "web"`) + about("ada@example.com", create+one),
			after:  member("ada", "ada@example.com", `source = "shop"`) + about("ada@example.com", create+two),
			want:   []string{"replace crm_contact.ada [mapping.one phone]"}, then: []string{"contact@eu ada@example.com 2 shop"},
		},
		"EditedAndReplaced": {
			reason: "also when the CRM changed the address",
			before: member("ada", "ada@example.com", "source = \"web\"\nlifecycle { ignore_changes = [email] }") + about("ada@example.com", create+one),
			after:  member("ada", "ada@example.com", "source = \"shop\"\nlifecycle { ignore_changes = [email] }") + about("ada@example.com", create+two),
			live:   func(s *server, id string) { s.edit(id, "email", "third@example.com") },
			want:   []string{"replace crm_contact.ada [mapping.one phone]"}, then: []string{"contact@eu ada@example.com 2 shop"},
		},
		"Destroyed": {
			reason: "nothing is written to who is destroyed",
			before: member("ada", "ada@example.com", "") + about("ada@example.com", one), after: about("ada@example.com", two),
			want: []string{"delete crm_contact.ada", "forget mapping.one"},
		},
		"Kept": {
			reason: "a person that is only forgotten by its block is still there for the mapping",
			before: member("ada", "ada@example.com", "") + about("ada@example.com", create+one),
			after:  about("ada@example.com", create+two) + "removed {\nfrom = crm_contact.ada\nlifecycle { destroy = false }\n}\n",
			want:   []string{"forget crm_contact.ada", "update mapping.one phone"}, then: []string{"contact@eu ada@example.com 2"},
		},
	})
}

// TestMappingAddressBothWays lets the very address that joins two people travel.
func TestMappingAddressBothWays(t *testing.T) {
	w := newWorld(t, twoAccounts+`
mapping "club" {
  for_each = { for c in data.crm_contacts.all.contacts : c.first_name => c }
  provider = crm.eu
  target   = "crm_contact"
  match    = { email = each.value.email }
  missing  = "create"
  field "email" {
    value     = each.value.email
    direction = "both"
    conflict  = "target"
  }
}
`)
	source := w.server.person("main", "ada@example.com", "first_name=Ada")
	target := w.server.person("eu", "ada@example.com", "")
	w.applied()
	w.server.edit(target, "email", "target@example.com")
	equal(t, "back to the source", []string{`update mapping.club["Ada"].source email`}, w.actions())
	w.applied()
	w.settled("contact target@example.com Ada", "contact@eu target@example.com")
	w.server.edit(source, "email", "source@example.com")
	equal(t, "to the target", []string{`update mapping.club["Ada"] email`}, w.actions())
	w.applied()
	w.settled("contact source@example.com Ada", "contact@eu source@example.com")
	w.server.edit(source, "email", "one@example.com")
	w.server.edit(target, "email", "two@example.com")
	equal(t, "the rule decides", []string{`update mapping.club["Ada"].source email`}, w.actions())
	w.applied()
	w.settled("contact two@example.com Ada", "contact@eu two@example.com")
}

// TestMappingTold says in the plan how a mapping came to a person that match
// does not find.
func TestMappingTold(t *testing.T) {
	const phone = "\nfield \"phone\" { value = \"%s\" }"
	w := newWorld(t, twoAccounts+about("ada@example.com", fmt.Sprintf(phone, "1")))
	ada := w.server.person("eu", "ada@example.com", "")
	w.applied()
	reasons := func() []string {
		_, p := w.plan(engine.PlanOptions{})
		var all []string
		for i := range p.Changes {
			all = append(all, p.Changes[i].Reason)
		}
		for _, u := range p.Unmatched {
			all = append(all, fmt.Sprint(u.Addresses))
		}
		return all
	}
	w.server.edit(ada, "email", "third@example.com")
	w.file("main.hcl", twoAccounts+about("ada@example.com", fmt.Sprintf(phone, "2")))
	equal(t, "edited in the CRM", []string{`contact "` + ada + `", which match found before and finds no longer`}, reasons())
	w.file("main.hcl", twoAccounts+about("new@example.com", fmt.Sprintf(phone, "2")))
	equal(t, "edited in the files", []string{"nothing is mapped to it any more; what was written stays", "[mapping.one]"}, reasons())
	w.file("main.hcl", twoAccounts+about("new@example.com", fmt.Sprintf(phone, "2")+"\nfield \"email\" { value = \"new@example.com\" }"))
	equal(t, "written by the mapping itself", []string{`contact "` + ada + `", which is given what match looks for`}, reasons())
}

// TestMappingLeftOver names an instance that lost its target by its key, which
// the state has as a hash only.
func TestMappingLeftOver(t *testing.T) {
	club := mapping(`field "first_name" { value = each.value.first_name }`)
	w := newWorld(t, club)
	w.server.person("main", "ada@example.com", "first_name=Ada")
	w.server.person("eu", "ada@example.com", "")
	w.applied()
	w.file("main.hcl", strings.Replace(club, "upper(each.key)", `"new@example.com"`, 1))
	equal(t, "it is still in the files", []string{`forget mapping.club["ada@example.com"]`}, w.actions())
}

// TestMappingOfDeleted deletes the target of a mapping that wants one: what
// belongs to it would be lost when it is made again.
func TestMappingOfDeleted(t *testing.T) {
	for missing, would := range map[string]string{"create": "would create it again, without what belongs to it", "error": "wants it"} {
		rest := about("ada@example.com", "missing = \""+missing+"\"\nfield \"phone\" { value = \"1\" }")
		w := newWorld(t, twoAccounts+member("ada", "ada@example.com", "")+about("ada@example.com", `field "phone" { value = "1" }`))
		w.applied()
		w.file("main.hcl", twoAccounts+rest)
		equal(t, "it is not deleted", []string{
			`main.hcl:11 The target would be destroyed: crm_contact.ada would be destroyed (it is no longer in the files), and mapping.one, which has missing = "` + missing + `", ` + would + `. Put the block back, or write a removed block with destroy = false.`,
		}, w.refused())
	}
}

// TestMappingOfDeletedGivesNothingBack leaves a source alone whose target is
// deleted.
func TestMappingOfDeletedGivesNothingBack(t *testing.T) {
	club := mapping("field \"phone\" {\nvalue = each.value.phone\ndirection = \"both\"\n}")
	w := newWorld(t, club+member("ada", "ada@example.com", ""))
	w.server.person("main", "ada@example.com", "phone=1")
	w.applied()
	w.settled("contact ada@example.com 1", "contact@eu ada@example.com 1")
	for id, o := range w.server.objects {
		if o.account == "eu" {
			w.server.edit(id, "phone", "2")
		}
	}
	w.file("main.hcl", club)
	equal(t, "nothing goes back from who is deleted", []string{"delete crm_contact.ada", `forget mapping.club["ada@example.com"]`}, w.actions())
	if _, err := w.apply(engine.ApplyOptions{}); err != nil {
		t.Fatal(err)
	}
	w.settled("contact ada@example.com 1")
}

// TestMappingWithoutDigest reads a state in which it does not say by what a
// target was found.
func TestMappingWithoutDigest(t *testing.T) {
	for _, email := range []string{"ada@example.com", "new@example.com"} {
		w := newWorld(t, twoAccounts+about("ada@example.com", `field "phone" { value = "1" }`))
		w.server.person("eu", "ada@example.com", "")
		w.applied()
		digest := regexp.MustCompile(`,"flags":{"match":"[^"]{22}"}`)
		if !digest.Match(w.log.Log) {
			t.Fatalf("there is no digest in the state:\n%s", w.log.Log)
		}
		w.log.Log = digest.ReplaceAll(w.log.Log, nil)
		w.file("main.hcl", twoAccounts+about(email, `field "phone" { value = "2" }`))
		want := "update"
		if email != "ada@example.com" {
			want = "forget"
		}
		_, p := w.plan(engine.PlanOptions{})
		equal(t, "who is found is written to, and nobody else", []string{want}, each(p, func(c *planner.Change) string { return c.Action.String() }))
		w.file("main.hcl", twoAccounts+about("ada@example.com", `field "phone" { value = "1" }`))
		w.applied()
		if !digest.Match(w.log.Log) {
			t.Errorf("the state was not made to say what finds the target:\n%s", w.log.Log)
		}
		w.settled("contact@eu ada@example.com 1")
	}
}

// each tells something of every change.
func each(p *planner.Plan, what func(*planner.Change) string) []string {
	var all []string
	for i := range p.Changes {
		all = append(all, what(&p.Changes[i]))
	}
	return all
}
