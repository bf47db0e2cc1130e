package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"lockstep/planner/engine"
	"lockstep/providers"
)

// needed is a mapping that creates, and writes by two calls.
const needed = create + one + "\nfield \"tags\" { value = [\"runner\"] }"

// needsCase is a write of a block that a mapping relies on.
type needsCase struct {
	reason, before, after string
	failed, then          []string
}

// TestMappingNeeds lets the writes fail that make a person match: the mapping then
// does not write to them, and the next apply makes up for it.
func TestMappingNeeds(t *testing.T) {
	ada := member("ada", "ada@example.com", "")
	cases := map[string]needsCase{
		"Given": {
			reason: "she still has another address",
			before: ada, after: member("ada", "new@example.com", "") + about("new@example.com", needed),
			failed: []string{"contact@eu ada@example.com"}, then: []string{"contact@eu new@example.com 1 [runner]"},
		},
		"Passed": {
			reason: "the address still belongs to another person",
			before: ada + member("lin", "lin@example.com", ""),
			after:  member("ada", "new@example.com", "") + member("lin", "ada@example.com", "") + about("ada@example.com", needed),
			failed: []string{"contact@eu ada@example.com", "contact@eu lin@example.com"},
			then:   []string{"contact@eu ada@example.com 1 [runner]", "contact@eu new@example.com"},
		},
		"Created": {
			reason: "a person who is still there is not made again",
			before: ada, after: member("ada", "new@example.com", "") + about("ada@example.com", needed),
			failed: []string{"contact@eu ada@example.com"},
			then:   []string{"contact@eu ada@example.com 1 [runner]", "contact@eu new@example.com"},
		},
		"Key": {
			reason: "also when another person still has the phone",
			before: member("ada", "ada@example.com", `phone = "1"`), after: member("ada", "ada@example.com", `phone = "2"`) + about("new@example.com", needed),
			failed: []string{"contact@eu ada@example.com 1"},
			then:   []string{"contact@eu ada@example.com 2", "contact@eu new@example.com 1 [runner]"},
		},
		"Back": {
			reason: "and nothing goes back from another person",
			before: ada, after: member("ada", "ADA2@example.com", "") + strings.Replace(mapping("field \"phone\" {\nvalue = each.value.phone\ndirection = \"both\"\n}"), twoAccounts, "", 1),
			failed: []string{"contact ada2@example.com", "contact@eu ada@example.com 7"},
			then:   []string{"contact ada2@example.com 7", "contact@eu ada2@example.com 7"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) { tc.run(t, name == "Back") })
	}
}

// run refuses what blocks write, once. With back, the source has another person
// of that address, and Ada a phone.
func (tc needsCase) run(t *testing.T, back bool) {
	w := newWorld(t, twoAccounts+tc.before)
	w.applied()
	if back {
		w.server.person("main", "ada2@example.com", "")
		w.server.edit(w.server.find("ada@example.com"), "phone", "7")
	}
	w.file("main.hcl", twoAccounts+tc.after)
	w.server.judge = func(_ providers.Operation, c providers.Write) verdict {
		if strings.HasPrefix(c.Address, "crm_contact") {
			return refuse
		}
		return obey
	}
	if _, err := w.apply(engine.ApplyOptions{}); err == nil {
		t.Fatal("the apply met no fault")
	}
	equal(t, tc.reason, tc.failed, w.server.dump())
	w.server.judge = nil
	w.applied()
	w.settled(tc.then...)
}

// TestMappingNeedsItself lets the write fail by which a mapping itself makes
// somebody who it is about: no other call of it is made.
func TestMappingNeedsItself(t *testing.T) {
	more := "field \"email\" { value = \"%s\" }\nfield \"tags\" { value = [\"%s\"] }"
	w := newWorld(t, twoAccounts+about("ada@example.com", fmt.Sprintf(more, "ada@example.com", "old")))
	w.server.person("eu", "ada@example.com", "")
	w.applied()
	w.file("main.hcl", twoAccounts+about("new@example.com", fmt.Sprintf(more, "new@example.com", "new")))
	equal(t, "planned", []string{"update mapping.one email tags+new-old"}, w.actions())
	w.server.judge = func(_ providers.Operation, c providers.Write) verdict {
		if c.Channel == "" {
			return refuse
		}
		return obey
	}
	if _, err := w.apply(engine.ApplyOptions{}); err == nil {
		t.Fatal("the apply met no fault")
	}
	equal(t, "she still has her address, and her tags", []string{"contact@eu ada@example.com [old]"}, w.server.dump())
	w.server.judge = nil
	w.applied()
	w.settled("contact@eu new@example.com [new]")
}

// conflictCase is a conflict about Ada, in one field that both the files and the
// CRM change.
type conflictCase struct {
	reason, before, after string
	path, live            string
	planned, then         []string
}

func runConflicts(t *testing.T, cases map[string]conflictCase) {
	t.Helper()
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, twoAccounts+tc.before)
			w.applied()
			w.server.edit(w.server.find("ada@example.com"), tc.path, tc.live)
			w.file("main.hcl", twoAccounts+tc.after)
			equal(t, "planned", tc.planned, w.actions())
			if _, err := w.apply(engine.ApplyOptions{OnConflict: "live"}); err != nil {
				t.Fatal(err)
			}
			equal(t, tc.reason, tc.then, w.server.dump())
		})
	}
}

// TestMappingConflictKept keeps what the CRM has, in a conflict that decides which
// person a mapping is about: a person who does not become what the plan expected
// is not written to.
func TestMappingConflictKept(t *testing.T) {
	runConflicts(t, map[string]conflictCase{
		"Taken": {
			reason: "who keeps the address is not made a second time",
			before: member("ada", "ada@example.com", ""), after: member("ada", "file@example.com", "") + about("crm@example.com", create+one),
			path: "email", live: "crm@example.com",
			planned: []string{"update crm_contact.ada email!", "create mapping.one"},
			then:    []string{"contact@eu crm@example.com"},
		},
		"Given": {
			reason: "who is not given the address is not written to",
			before: member("ada", "ada@example.com", ""), after: member("ada", "file@example.com", "") + about("file@example.com", create+one),
			path: "email", live: "crm@example.com",
			planned: []string{"update crm_contact.ada email! [mapping.one phone]"},
			then:    []string{"contact@eu crm@example.com"},
		},
		"Key": {
			reason: "also when the phone stays with another person",
			before: member("ada", "ada@example.com", `phone = "0"`),
			after:  member("ada", "ada@example.com", `phone = "2"`) + about("new@example.com", create+one),
			path:   "phone", live: "1",
			planned: []string{"update crm_contact.ada phone!", "create mapping.one"},
			then:    []string{"contact@eu ada@example.com 1"},
		},
	})
}

// TestMappingConflictKeptFurther does so for other authors and other conflicts.
func TestMappingConflictKeptFurther(t *testing.T) {
	runConflicts(t, map[string]conflictCase{
		"Of": {
			reason: "nor does another mapping write to the person that the first one would make",
			before: member("ada", "ada@example.com", ""),
			after: member("ada", "file@example.com", "") + about("crm@example.com", create+one) +
				strings.Replace(about("crm@example.com", `field "first_name" { value = "Ada" }`), `"one"`, `"two"`, 1),
			path: "email", live: "crm@example.com",
			planned: []string{"update crm_contact.ada email!", "create mapping.one [mapping.two first_name]"},
			then:    []string{"contact@eu crm@example.com"},
		},
		"Itself": {
			reason: "also when the mapping itself would give it",
			before: about("ada@example.com", create+one+"\nfield \"email\" { value = \"ada@example.com\" }"),
			after:  about("file@example.com", "field \"email\" { value = \"file@example.com\" }\nfield \"phone\" { value = \"2\" }"),
			path:   "email", live: "crm@example.com",
			planned: []string{"update mapping.one email! phone"},
			then:    []string{"contact@eu crm@example.com 1"},
		},
		"Other": {
			reason: "a conflict about another person does not matter",
			before: member("ada", "ada@example.com", "") + member("lin", "lin@example.com", ""),
			after:  member("ada", "file@example.com", "") + member("lin", "lin@example.com", "") + about("lin@example.com", one),
			path:   "email", live: "crm@example.com",
			planned: []string{"update crm_contact.ada email!", "update mapping.one phone"},
			then:    []string{"contact@eu crm@example.com", "contact@eu lin@example.com 1"},
		},
		"Replaced": {
			reason: "who is not replaced was not compared with what is there",
			before: member("ada", "ada@example.com", `source = "web"`) + about("ada@example.com", create+one),
			after:  member("ada", "ada@example.com", `source = "shop"`) + about("ada@example.com", create+two),
			path:   "source", live: "fair",
			planned: []string{"replace crm_contact.ada [mapping.one phone]"},
			then:    []string{"contact@eu ada@example.com 1 fair"},
		},
	})
}
