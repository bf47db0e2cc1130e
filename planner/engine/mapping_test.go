package engine_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"lockstep/planner/engine"
	"lockstep/providers"
	"lockstep/schema"
)

// twoAccounts are the people of one account, mapped to those of another.
const twoAccounts = `
provider "crm" {}

provider "crm" {
  alias   = "eu"
  account = "eu"
}

data "crm_contacts" "all" {}
`

// mapping is a mapping of all people with more arguments and fields.
func mapping(more string) string {
	return twoAccounts + `
mapping "club" {
  for_each = { for c in data.crm_contacts.all.contacts : c.email => c }
  provider = crm.eu
  target   = "crm_contact"
  match    = { email = upper(each.key) }
` + more + "\n}\n"
}

const bothWays = `
  field "first_name" {
    value     = each.value.first_name
    direction = "both"
    conflict  = "newest"
  }
  field "phone" {
    value     = each.value.phone
    direction = "both"
    conflict  = "source"
  }
  field "manager_id" {
    value     = each.value.manager_id
    direction = "both"
    conflict  = "target"
  }
`

// person makes a contact in an account from "first_name=Ada phone=1".
func (s *server) person(account, email, rest string) string {
	values := map[string]schema.Value{"email": schema.StringValue(email)}
	for _, pair := range strings.Fields(rest) {
		path, text, _ := strings.Cut(pair, "=")
		values[path] = schema.StringValue(text)
		if path == "tags" {
			values[path] = schema.SetOf(strings.Split(text, ","))
		}
	}
	return s.insert(account, "crm_contact", values)
}

// mappingCase is what a mapping does about Ada.
type mappingCase struct {
	reason string
	main   string
	// ada and other are Ada in the source's and in the target's account.
	ada, other string
	want       []string
	live       []string
}

func runMappings(t *testing.T, cases map[string]mappingCase) {
	t.Helper()
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, tc.main)
			w.server.person("main", "ada@example.com", tc.ada)
			if tc.other != "" {
				w.server.person("eu", "ada@example.com", tc.other)
			}
			equal(t, tc.reason, tc.want, w.actions())
			w.applied()
			w.settled(tc.live...)
		})
	}
}

func TestMappingActions(t *testing.T) {
	runMappings(t, map[string]mappingCase{
		"ToTarget": {
			reason: "fields go to the person that the match finds, in whatever spelling", main: mapping(`field "first_name" { value = each.value.first_name }`),
			ada: "first_name=Ada", other: "first_name=A.",
			want: []string{`update mapping.club["ada@example.com"] first_name`},
			live: []string{"contact ada@example.com Ada", "contact@eu ada@example.com Ada"},
		},
		"InStep": {
			reason: "what fits already only needs a record", main: mapping(`field "first_name" { value = each.value.first_name }`),
			ada: "first_name=Ada", other: "first_name=Ada",
			live: []string{"contact ada@example.com Ada", "contact@eu ada@example.com Ada"},
		},
		"Skip": {
			reason: "who is not there is skipped", main: mapping(`field "first_name" { value = each.value.first_name }`), ada: "first_name=Ada",
			live: []string{"contact ada@example.com Ada"},
		},
		"Create": {
			reason: "or created, with what it is found by", main: mapping("missing = \"create\"\n" + `field "first_name" { value = each.value.first_name }`), ada: "first_name=Ada",
			want: []string{`create mapping.club["ada@example.com"]`},
			live: []string{"contact ada@example.com Ada", "contact@eu ada@example.com Ada"},
		},
		"ToSource": {
			reason: "the way back", main: mapping("field \"first_name\" {\ndirection = \"to_source\"\nsource = \"first_name\"\n}"), ada: "first_name=A.", other: "first_name=Ada",
			want: []string{`update mapping.club["ada@example.com"].source first_name`},
			live: []string{"contact ada@example.com Ada", "contact@eu ada@example.com Ada"},
		},
		"EmptyTarget": {
			reason: "an empty value does not travel, but is filled", main: mapping(bothWays), ada: "first_name=Ada", other: "phone=7",
			want: []string{`update mapping.club["ada@example.com"] first_name`, `update mapping.club["ada@example.com"].source phone`},
			live: []string{"contact ada@example.com Ada 7", "contact@eu ada@example.com Ada 7"},
		},
		"FirstConflict": {
			reason: "two values that were never in step are a conflict that the rules decide; the target is newer", main: mapping(bothWays),
			ada: "first_name=A phone=1 manager_id=x", other: "first_name=B phone=2 manager_id=y",
			want: []string{`update mapping.club["ada@example.com"] phone`, `update mapping.club["ada@example.com"].source first_name manager_id`},
			live: []string{"contact ada@example.com B of nobody 1", "contact@eu ada@example.com B of nobody 1"},
		},
	})
}

// TestMappingLeaves shares a person with other authors.
func TestMappingLeaves(t *testing.T) {
	runMappings(t, map[string]mappingCase{
		"Once": {
			reason: "a name that is there is left alone", main: mapping("field \"first_name\" {\nvalue = each.value.first_name\ndirection = \"once\"\n}\nfield \"phone\" {\nvalue = each.value.phone\ndirection = \"once\"\n}"),
			ada: "first_name=Ada phone=7", other: "first_name=Countess",
			want: []string{`update mapping.club["ada@example.com"] phone`},
			live: []string{"contact ada@example.com Ada 7", "contact@eu ada@example.com Countess 7"},
		},
		"Tags": {
			reason: "sets are added to", main: mapping(`field "tags" { value = concat(tolist(each.value.tags), excludes(["lapsed"])) }`),
			ada: "tags=vip", other: "tags=lapsed,member",
			want: []string{`update mapping.club["ada@example.com"] tags+vip-lapsed`},
			live: []string{"contact ada@example.com [vip]", "contact@eu ada@example.com [member vip]"},
		},
		"Made": {
			reason: "the target is created by a resource block in the same apply", ada: "first_name=Ada",
			main: mapping(`field "first_name" { value = each.value.first_name }`) + `
resource "crm_contact" "new" {
  provider = crm.eu
  email    = "ADA@example.com"
  phone    = "7"
}`,
			want: []string{`create crm_contact.new [mapping.club["ada@example.com"] first_name]`},
			live: []string{"contact ada@example.com Ada", "contact@eu ada@example.com Ada 7"},
		},
		"TwoAuthors": {
			reason: "members of a set may have two authors, each its own; what the other names is not taken away", ada: "tags=vip", other: "tags=vip",
			main: mapping(`field "tags" { value = each.value.tags }`) + `
resource "crm_contact" "ada" {
  provider = crm.eu
  email    = "ada@example.com"
  tags     = ["member"]
}`,
			want: []string{"adopt crm_contact.ada tags+member"},
			live: []string{"contact ada@example.com [vip]", "contact@eu ada@example.com [member vip]"},
		},
	})
}

func TestMappingRefuses(t *testing.T) {
	field := `field "first_name" { value = each.value.first_name }`
	cases := map[string]struct {
		reason, main string
		others       []string
		want         string
	}{
		"TwoPeople": {"two people of one address are named, and nobody is written to", mapping(field), []string{"first_name=A", "first_name=B"},
			`main.hcl:15 More than one live object fits: 2 live contacts have email "ada@example.com": contact-02, contact-03. Merge them in the CRM, or match by something that only one of them has.`},
		"Missing": {"who must be there is not", mapping("missing = \"error\"\n" + field), nil,
			`main.hcl:11 Nothing to map to: There is no live contact with email "ada@example.com", and missing = "error" wants one. Create it, or write missing = "skip" or "create".`},
		"Claimed": {"a resource block writes the field", mapping(field) + "resource \"crm_contact\" \"ada\" {\nprovider = crm.eu\nemail = \"ada@example.com\"\nfirst_name = \"Ada\"\n}", []string{"phone=1"},
			`main.hcl:16 Two authors of one field: mapping.club["ada@example.com"] and crm_contact.ada both write first_name of one contact. crm_contact.ada is declared at main.hcl:18. Let one of them do it.`},
		"TwoMappings": {"two mappings write the field", mapping(field) + strings.Replace(strings.TrimPrefix(mapping(field), twoAccounts), `"club"`, `"other"`, 1), []string{"phone=1"},
			`main.hcl:24 Two authors of one field: mapping.other["ada@example.com"] and mapping.club["ada@example.com"] both write first_name of one contact. mapping.club["ada@example.com"] is declared at main.hcl:11. Let one of them do it.`},
		"Exactly": {"a resource block claims the whole set", mapping(`field "tags" { value = ["vip"] }`) + "resource \"crm_contact\" \"ada\" {\nprovider = crm.eu\nemail = \"ada@example.com\"\ntags = exactly([\"member\"])\n}", []string{"phone=1"},
			`main.hcl:16 Two authors of one field: mapping.club["ada@example.com"] and crm_contact.ada both write tags of one contact, and one of them claims all of it with exactly(). crm_contact.ada is declared at main.hcl:18. Let one of them do it.`},
		"InAndOut": {"one wants a tag in, the other out", mapping(`field "tags" { value = excludes(["member"]) }`) + "resource \"crm_contact\" \"ada\" {\nprovider = crm.eu\nemail = \"ada@example.com\"\ntags = [\"member\"]\n}", []string{"phone=1"},
			`main.hcl:16 Two authors of one field: mapping.club["ada@example.com"] and crm_contact.ada both write tags of one contact, one to have "member" in it and one to have it out. crm_contact.ada is declared at main.hcl:18. Let one of them do it.`},
		"Immutable": {"nothing is replaced for a mapping", mapping(`field "source" { value = "web" }`), []string{"source=walk-in"},
			"main.hcl:16 A mapping replaces nothing: source cannot be changed in place, so it cannot be mapped to an object that has another value."},
		"Address": {"a value that finds nobody because it is wrong", strings.Replace(mapping(field), "upper(each.key)", `"ada"`, 1), []string{"phone=1"},
			`main.hcl:15 Invalid match: "ada" is no e-mail address.`},
		"Back": {"the source cannot have the value", mapping("field \"first_name\" {\ndirection = \"to_source\"\nsource = \"email\"\ninvalid = \"error\"\n}"), []string{"first_name=Ada"},
			`main.hcl:16 A value that the source cannot have: first_name of mapping.club["ada@example.com"] cannot be written back to email: "ada" is no e-mail address. Correct the value in the CRM.`},
		"WholeMap": {"a key that there is not, in a whole map", mapping(`field "custom" { value = { tear = "gold" } }`), []string{"phone=1"},
			`main.hcl:16 Unknown key in custom: crm.eu has no field with the key "tear". Declare it with a crm_field block.`},
		"MatchKey": {"a key that there is not finds nobody", strings.Replace(mapping(field), "email = upper(each.key)", `"custom.tear" = "7"`, 1), []string{"phone=1"},
			`main.hcl:15 Unknown key in custom: crm.eu has no field with the key "tear". Declare it with a crm_field block.`},
		"UnknownKey": {"a custom field that there is not", mapping(`field "custom.tear" { value = "gold" }`), []string{"phone=1"},
			`main.hcl:16 Unknown key in custom: crm.eu has no field with the key "tear". Declare it with a crm_field block.`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, tc.main)
			w.server.person("main", "ada@example.com", "first_name=Ada")
			for _, o := range tc.others {
				w.server.person("eu", "ada@example.com", o)
			}
			before := len(w.server.calls)
			got := w.refused()
			if len(got) != 1 || got[0] != tc.want {
				t.Errorf("%s:\n got %q\nwant %q", tc.reason, got, tc.want)
			}
			for _, call := range w.server.calls[before:] {
				if !strings.HasPrefix(call, "list") && !strings.HasPrefix(call, "get") {
					t.Errorf("it wrote: %s", call)
				}
			}
		})
	}
}

// TestMappingSides moves one side at a time after both were in step.
func TestMappingSides(t *testing.T) {
	w := newWorld(t, mapping(bothWays))
	source := w.server.person("main", "ada@example.com", "first_name=Ada phone=1 manager_id=x")
	target := w.server.person("eu", "ada@example.com", "")
	w.applied()

	w.server.edit(source, "first_name", "Ada Source")
	w.server.edit(target, "phone", "2")
	equal(t, "each side gives what moved there", []string{
		`update mapping.club["ada@example.com"] first_name`, `update mapping.club["ada@example.com"].source phone`}, w.actions())
	w.applied()
	w.settled("contact ada@example.com Ada Source of nobody 2", "contact@eu ada@example.com Ada Source of nobody 2")

	w.server.edit(target, "first_name", "Ada Target")
	w.server.edit(source, "first_name", "Ada Newest")
	w.server.edit(source, "phone", "3")
	w.server.edit(target, "phone", "4")
	w.server.edit(source, "manager_id", "s")
	w.server.edit(target, "manager_id", "t")
	_, p := w.plan(engine.PlanOptions{})
	equal(t, "the rules decide, and the plan says so", []string{
		"first_name: both sides moved; the target is newer and wins", "manager_id: both sides moved; the target wins", "phone: both sides moved; the source wins"}, notes(w))
	equal(t, "nothing is open", 0, len(p.Conflicts()))
	w.applied()
	w.settled("contact ada@example.com Ada Target of nobody 3", "contact@eu ada@example.com Ada Target of nobody 3")
}

// notes are what a plan says of conflicts.
func notes(w *world) []string {
	_, p := w.plan(engine.PlanOptions{})
	var all []string
	for i := range p.Changes {
		for _, f := range p.Changes[i].Fields {
			if f.Note != "" {
				all = append(all, f.Path+": "+f.Note)
			}
		}
	}
	return sorted(all)
}

// TestMappingNeverInStep does not take what is new to each other for moved.
func TestMappingNeverInStep(t *testing.T) {
	w := newWorld(t, mapping(bothWays))
	w.server.person("main", "ada@example.com", "first_name=A phone=1 manager_id=x")
	w.server.person("eu", "ada@example.com", "first_name=B phone=2 manager_id=y")
	const never = ": the two differ and were never in step; "
	equal(t, "the rules decide, and the plan says so", []string{"first_name" + never + "the target is newer and wins", "manager_id" + never + "the target wins", "phone" + never + "the source wins"}, notes(w))
}

// TestMappingConflict leaves a conflict to people.
func TestMappingConflict(t *testing.T) {
	files := mapping("field \"phone\" {\nvalue = each.value.phone\ndirection = \"both\"\n}")
	w := newWorld(t, files)
	source := w.server.person("main", "ada@example.com", "phone=1")
	target := w.server.person("eu", "ada@example.com", "phone=1")
	w.applied()
	w.server.edit(source, "phone", "2")
	w.server.edit(target, "phone", "3")
	equal(t, "it is marked", []string{`update mapping.club["ada@example.com"] phone!`}, w.actions())
	var refused *engine.RefusedError
	if _, err := w.apply(engine.ApplyOptions{}); !errors.As(err, &refused) || !strings.Contains(refused.Reasons[0], "changed on both sides") {
		t.Fatalf("Apply(...): %v, want a refusal", err)
	}
	if _, err := w.apply(engine.ApplyOptions{OnConflict: "live"}); err != nil {
		t.Fatal(err)
	}
	equal(t, "each side keeps its own, and the conflict stays", []string{`update mapping.club["ada@example.com"] phone!`}, w.actions())
	if _, err := w.apply(engine.ApplyOptions{OnConflict: "config"}); err != nil {
		t.Fatal(err)
	}
	w.settled("contact ada@example.com 2", "contact@eu ada@example.com 2")
}

// TestMappingLostAnswers loses each kind of write once: nothing is taken for
// done that is not, and nobody is made twice.
func TestMappingLostAnswers(t *testing.T) {
	for name, v := range map[string]verdict{"Refused": refuse, "Before": loseBefore, "After": loseAfter} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, mapping("missing = \"create\"\n"+bothWays))
			source := w.server.person("main", "ada@example.com", "first_name=Ada")
			target := w.server.person("eu", "ada@example.com", "first_name=Ada")
			w.applied()
			w.server.person("main", "lin@example.com", "first_name=Lin phone=7")
			w.server.edit(source, "phone", "1")
			w.server.edit(target, "first_name", "Countess")
			hit := map[string]bool{}
			w.server.judge = func(op providers.Operation, c providers.Write) verdict {
				if key := c.Address + c.ID; !hit[key] {
					hit[key] = true
					return v
				}
				return obey
			}
			for range 4 {
				if _, err := w.apply(engine.ApplyOptions{}); err == nil {
					break
				}
			}
			w.settled("contact ada@example.com Countess 1", "contact lin@example.com Lin 7",
				"contact@eu ada@example.com Countess 1", "contact@eu lin@example.com Lin 7")
		})
	}
}

// TestMappingSharesObject lets a resource block and two mappings write to one
// contact in one apply.
func TestMappingSharesObject(t *testing.T) {
	w := newWorld(t, mapping(`field "first_name" { value = each.value.first_name }`)+`
resource "crm_field" "tier" {
  provider = crm.eu
  key      = "tier"
}

resource "crm_contact" "ada" {
  provider = crm.eu
  email    = "ada@example.com"
  phone    = "7"
}

mapping "tier" {
  provider = crm.eu
  target   = "crm_contact"
  match    = { email = "ada@example.com" }
  field "custom.tier" { value = crm_field.tier.id }
  field "manager_id" { value = crm_contact.ada.id }
}
`)
	w.server.person("main", "ada@example.com", "first_name=Ada")
	w.applied()
	id := w.server.find("tier")
	w.settled("contact ada@example.com Ada", "contact@eu tier="+id+" ada@example.com Ada of ada@example.com 7", "field@eu tier")
	// A mapping that goes away takes nothing with it.
	w.file("main.hcl", twoAccounts)
	equal(t, "what the mappings knew is forgotten, and what the block made is deleted",
		[]string{"delete crm_contact.ada", "delete crm_field.tier", `forget mapping.club["ada@example.com"]`, "forget mapping.tier"}, w.actions())
}

// TestMappingMoves corrects what a source is found by: the right person gets
// the fields, and the wrong one nothing more.
func TestMappingMoves(t *testing.T) {
	files := func(email string) string {
		return twoAccounts + fmt.Sprintf("mapping \"one\" {\nprovider = crm.eu\ntarget = \"crm_contact\"\nmatch = { email = %q }\nfield \"phone\" { value = \"1\" }\n}\n", email)
	}
	w := newWorld(t, files("ada@example.com"))
	ada, lin := w.server.person("eu", "ada@example.com", ""), w.server.person("eu", "lin@example.com", "")
	w.applied()
	w.file("main.hcl", files("lin@example.com"))
	w.server.edit(ada, "phone", "2")
	w.applied()
	w.settled("contact@eu ada@example.com 2", "contact@eu lin@example.com 1")
	// Whoever changes the address in the CRM is still known.
	w.server.edit(lin, "email", "lin@new.example.com")
	w.server.edit(lin, "phone", "3")
	w.applied()
	w.settled("contact@eu ada@example.com 2", "contact@eu lin@new.example.com 1")
}
