package engine_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lockstep/planner/engine"
	"lockstep/providers"
)

// TestMappingConverges edits both sides at random, over and over: two applies
// bring them in step, not counting one that met a fault, a third plan has
// nothing to do, and another apply does not even touch the state.
func TestMappingConverges(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, mapping("missing = \"create\"\n"+bothWays+`
  field "custom.tier" { value = each.value.phone }
  field "tags" { value = each.value.phone == "1" ? ["one"] : excludes(["one"]) }
`)+`
resource "crm_field" "tier" {
  provider = crm.eu
  key      = "tier"
}
`)
		ids := map[string][]string{}
		for _, email := range []string{"a@example.com", "b@example.com"} {
			for _, account := range []string{"main", "eu"} {
				if account == "main" || rapid.Bool().Draw(rt, "both") {
					ids[account] = append(ids[account], w.server.person(account, email, ""))
				}
			}
		}
		value := rapid.SampledFrom([]string{"1", "2", "3"})
		path := rapid.SampledFrom([]string{"first_name", "phone", "manager_id"})
		for range rapid.IntRange(1, 5).Draw(rt, "rounds") {
			for range rapid.IntRange(0, 6).Draw(rt, "edits") {
				all := append(append([]string{}, ids["main"]...), ids["eu"]...)
				w.server.edit(rapid.SampledFrom(all).Draw(rt, "who"), path.Draw(rt, "path"), value.Draw(rt, "value"))
			}
			// The first change of this round meets a fault.
			fault := rapid.SampledFrom([]verdict{obey, refuse, loseBefore, loseAfter}).Draw(rt, "fault")
			w.server.judge = func(providers.Operation, providers.Write) verdict {
				now := fault
				fault = obey
				return now
			}
			// The process dies at one of its writes to the state.
			w.log.Take(rapid.IntRange(-1, 5).Draw(rt, "crash"))
			_, err := w.apply(engine.ApplyOptions{})
			fault = obey
			w.log.Take(-1)
			if err != nil {
				w.applied()
			}
			// What went back may be what other fields are made of.
			w.applied()
			if _, p := w.plan(engine.PlanOptions{}); !p.Empty() {
				rt.Fatalf("there is still something to do: %v\n%s", actions(p), strings.Join(w.server.dump(), "\n"))
			}
			before := strings.Count(string(w.log.Log), `{"object":`)
			w.applied()
			if strings.Count(string(w.log.Log), `{"object":`) != before {
				rt.Fatalf("an apply without changes wrote records to the state:\n%s", w.log.Log)
			}
			assertInStep(rt, w)
		}
	})
}

// assertInStep wants the same on both sides.
func assertInStep(rt *rapid.T, w *world) {
	sides := map[string]map[string]*stored{"main": {}, "eu": {}}
	for _, o := range w.server.objects {
		if o.kind != "crm_contact" {
			continue
		}
		email := o.fields["email"].Text()
		if sides[o.account][email] != nil {
			rt.Fatalf("%s is there twice in %s", email, o.account)
		}
		sides[o.account][email] = o
	}
	for email, source := range sides["main"] {
		target := sides["eu"][email]
		if target == nil {
			rt.Fatalf("%s was not created", email)
		}
		for _, path := range []string{"first_name", "phone", "manager_id"} {
			if !source.fields[path].Equal(target.fields[path]) {
				rt.Fatalf("%s of %s is %s and %s", path, email, source.fields[path], target.fields[path])
			}
		}
		if got := target.fields["custom.tier"]; got.Text() != source.fields["phone"].Text() {
			rt.Fatalf("the tier of %s is %s, want %s", email, got, source.fields["phone"])
		}
	}
}
