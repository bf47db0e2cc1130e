package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lockstep/planner/engine"
	"lockstep/providers"
)

// wyverns are people who have a module each: their names are keys of modules, of a
// tag and of a mapping, and members of a set.
func wyverns(call string, names []string, sensitive bool) string {
	tag := "each.key"
	if sensitive {
		tag = "sensitive(each.key)"
	}
	return fmt.Sprintf(`
module %[1]q {
  source   = "./person"
  for_each = toset(%[2]s)
  who      = each.key
}
resource "crm_tag" "of" {
  for_each = toset(%[2]s)
  name     = "tag of ${each.key}"
  color    = %[3]s
}
mapping "m" {
  for_each = toset(%[2]s)
  target   = "crm_contact"
  match    = { email = "${each.key}@example.com" }
  missing  = "create"
  field "first_name" { value = each.key }
}
moved {
  from = module.%[4]s
  to   = module.%[1]s
}
`, call, strings.ReplaceAll(fmt.Sprintf("%q", names), " ", ", "), tag, map[string]string{"one": "two", "two": "one"}[call])
}

const wyvernModule = `
variable "who" { type = string }
resource "crm_contact" "own" {
  email = "${var.who}@example.com"
  tags  = ["member", var.who]
}
resource "crm_tag" "own" {
  for_each = toset([var.who])
  name     = "own tag of ${each.key}"
}
`

// TestSealedConverges lets people come and go, renames their modules and makes values
// sensitive at random, with faults and crashes: then a plan has nothing to do, each
// object is there once, and no name was ever in the state.
func TestSealedConverges(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, "")
		w.file("person/main.hcl", wyvernModule)
		for range rapid.IntRange(1, 4).Draw(rt, "rounds") {
			names := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"wyvern-ann", "wyvern-bob", "wyvern-cid"}), 0, 3, rapid.ID).Draw(rt, "names")
			call := rapid.SampledFrom([]string{"one", "two"}).Draw(rt, "call")
			w.file("main.hcl", wyverns(call, names, rapid.Bool().Draw(rt, "sensitive")))
			fault := rapid.SampledFrom([]verdict{obey, refuse, loseBefore, loseAfter}).Draw(rt, "fault")
			w.server.judge = func(providers.Operation, providers.Write) verdict {
				now := fault
				fault = obey
				return now
			}
			w.log.Take(rapid.IntRange(-1, 6).Draw(rt, "crash"))
			_, err := w.apply(engine.ApplyOptions{AcceptDeletes: 100})
			fault = obey
			w.log.Take(-1)
			if err != nil {
				w.applied()
			}
			if _, p := w.plan(engine.PlanOptions{}); !p.Empty() {
				rt.Fatalf("there is still something to do: %v\n%s", actions(p), w.log.Log)
			}
			if strings.Contains(string(w.log.Log), "wyvern") {
				rt.Fatalf("a name is in the state:\n%s", w.log.Log)
			}
			if live := w.server.dump(); len(live) != 3*len(names) {
				rt.Fatalf("%d people, and live are:\n%s", len(names), strings.Join(live, "\n"))
			}
		}
	})
}
