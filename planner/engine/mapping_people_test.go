package engine_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lockstep/planner"
	"lockstep/planner/engine"
	"lockstep/providers"
)

// crowd is a mapping of two people and two resource blocks, all of whose
// addresses change at random, in the files and in the CRM.
type crowd struct {
	rt *rapid.T
	w  *world
	// match has the address that finds each instance of the mapping, and blocks
	// that of each resource block; an empty one is not declared.
	match, blocks map[string]string
	// found is who was found at the last apply, and by which address.
	found  map[pair]bool
	wrote  int
	faults int
	// wrong is the first write to somebody else.
	wrong string
}

type pair struct{ id, email string }

func addresses() *rapid.Generator[string] {
	return rapid.SampledFrom([]string{"a@example.com", "b@example.com", "c@example.com", "d@example.com", ""})
}

// files writes the files anew: every instance has something new to write.
func (p *crowd) files(missing string) {
	p.wrote++
	text := twoAccounts
	var instances []string
	for _, key := range slices.Sorted(maps.Keys(p.match)) {
		if email := p.match[key]; email != "" {
			instances = append(instances, fmt.Sprintf("%s = %q", key, email))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.blocks)) {
		if email := p.blocks[name]; email != "" {
			text += member(name, email, "")
		}
	}
	text += fmt.Sprintf("\nmapping \"club\" {\nfor_each = {\n%s\n}\nprovider = crm.eu\ntarget = \"crm_contact\"\nmatch = { email = each.value }\nmissing = %q\nfield \"first_name\" { value = \"${each.key}-%d\" }\n}\n",
		strings.Join(instances, "\n"), missing, p.wrote)
	p.w.file("main.hcl", text)
}

// allowed says whom an instance may write to: whoever has the address once the
// blocks are applied, and whom the very same address found before.
func (p *crowd) allowed(key, id string) bool {
	email := p.match[key]
	return p.found[pair{id, email}] || p.w.server.objects[id].fields["email"].Text() == email || p.given(id) == email
}

// given is the address that a resource block gives to somebody it manages.
func (p *crowd) given(id string) string {
	for a, r := range p.w.store().Snapshot().Records {
		if r.ID == id && !a.Mapping() {
			return p.blocks[a.Name]
		}
	}
	return ""
}

// judge looks at every write of the mapping, and lets some fail.
func (p *crowd) judge(_ providers.Operation, c providers.Change) verdict {
	rest, mapped := strings.CutPrefix(c.Address, `mapping.club["`)
	if key := strings.TrimSuffix(rest, `"]`); mapped && c.ID != "" && !p.allowed(key, c.ID) {
		p.wrong = fmt.Sprintf("%s (found by %s) writes to %s\n%s", c.Address, p.match[key], c.ID, strings.Join(p.w.server.dump(), "\n"))
	}
	if p.faults > 0 {
		p.faults--
		return []verdict{refuse, loseBefore, loseAfter}[p.faults%3]
	}
	return obey
}

// edit changes the CRM as somebody else would. No address is given twice.
func (p *crowd) edit() {
	s := p.w.server
	ids := slices.Sorted(maps.Keys(s.objects))
	if len(ids) == 0 {
		return
	}
	id := rapid.SampledFrom(ids).Draw(p.rt, "who")
	email := addresses().Draw(p.rt, "address")
	switch {
	case rapid.IntRange(0, 3).Draw(p.rt, "delete") == 0:
		s.remove(id)
	case email != "" && s.find(email) == "":
		s.edit(id, "email", email)
	}
}

// plan makes a plan that must succeed.
func (p *crowd) plan() (*engine.Engine, *planner.Plan) {
	p.w.refresh = rapid.SampledFrom([]engine.Refresh{engine.RefreshAll, engine.RefreshChanged}).Draw(p.rt, "refresh")
	e := p.w.open()
	plan, diags := e.Plan(p.w.t.Context(), engine.PlanOptions{})
	if plan == nil {
		p.rt.Fatalf("the next plan is refused: %v\n%s", told(diags), strings.Join(p.w.server.dump(), "\n"))
	}
	p.rt.Log(p.match, p.blocks, actions(plan), p.w.server.dump())
	return e, plan
}

// join notes who is found now.
func (p *crowd) join() {
	e, _ := p.plan()
	p.found = map[pair]bool{}
	for _, l := range e.Links() {
		p.found[pair{l.TargetID, p.match[l.Mapping.Key.Text]}] = true
	}
}

// TestMappingPeople changes addresses in the files and in the CRM, declares and
// drops people, with faults: a mapping writes to nobody but those its addresses
// are about, nobody is there twice, and it comes to an end.
func TestMappingPeople(t *testing.T) {
	refused, applied := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		p := &crowd{rt: rt, w: newWorld(t, ""), match: map[string]string{"k": "", "l": ""}, blocks: map[string]string{"x": "", "y": ""}}
		p.w.server.judge = p.judge
		missing := rapid.SampledFrom([]string{"skip", "create"}).Draw(rt, "missing")
		for _, email := range []string{"a@example.com", "b@example.com"} {
			if rapid.Bool().Draw(rt, "there") {
				p.w.server.person("eu", email, "")
			}
		}
		for range rapid.IntRange(1, 5).Draw(rt, "rounds") {
			for _, addresses := range []map[string]string{p.match, p.blocks} {
				for _, key := range slices.Sorted(maps.Keys(addresses)) {
					if rapid.Bool().Draw(rt, "change") {
						addresses[key] = rapidAddress(rt)
					}
				}
			}
			for range rapid.IntRange(0, 2).Draw(rt, "edits") {
				p.edit()
			}
			p.files(missing)
			if plan, _ := p.w.open().Plan(t.Context(), engine.PlanOptions{}); plan == nil {
				refused++
				continue
			}
			applied++
			p.settle()
		}
	})
	if applied < refused/4 {
		t.Errorf("%d plans were refused and %d applied: too few to prove much", refused, applied)
	}
}

func rapidAddress(rt *rapid.T) string { return addresses().Draw(rt, "address") }

// settle applies until it is through, with faults, and then wants no more to do.
func (p *crowd) settle() {
	p.faults = rapid.IntRange(0, 4).Draw(p.rt, "faults")
	for n := range 8 {
		e, plan := p.plan()
		// The process may die at one of its first writes to the state.
		if p.w.log.writes, p.w.log.limit = 0, -1; n == 0 {
			p.w.log.limit = rapid.IntRange(-1, 5).Draw(p.rt, "crash")
		}
		if _, _, err := e.Apply(p.w.t.Context(), plan, engine.ApplyOptions{OnConflict: "config"}); err == nil {
			break
		}
	}
	if p.wrong != "" {
		p.rt.Fatal(p.wrong)
	}
	if _, plan := p.plan(); !plan.Empty() {
		p.rt.Fatalf("there is still something to do: %v\n%s", actions(plan), strings.Join(p.w.server.dump(), "\n"))
	}
	seen := map[string]bool{}
	for id, o := range p.w.server.objects {
		email := o.fields["email"].Text()
		if seen[email] {
			p.rt.Fatalf("%s is there twice (%s)\n%s", email, id, strings.Join(p.w.server.dump(), "\n"))
		}
		seen[email] = true
	}
	p.join()
}
