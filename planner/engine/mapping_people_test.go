package engine_test

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lockstep/planner"
	"lockstep/planner/engine"
	"lockstep/providers"
)

// crowd is two mappings of three people and two resource blocks, all of whose
// keys change at random, in the files and in the CRM.
type crowd struct {
	rt *rapid.T
	w  *world
	// by is the path that people are found by.
	by string
	// missing and lifecycle are of the mappings and of the blocks.
	missing, lifecycle string
	// match has what finds each instance, and blocks what each resource block
	// gives; what is empty is not declared.
	match, blocks map[string]string
	// name is that of the first mapping, and was what it moved from.
	name, was string
	// found is who was found at the last apply, and by what.
	found map[pair]bool
	// before are older states and who was found then.
	before []memories
	wrote  int
	faults int
	// wrong is the first write to somebody else.
	wrong string
}

type pair struct{ id, text string }

type memories struct {
	log   []byte
	found map[pair]bool
}

// pals is the instance of the second mapping.
const pals = "m"

func rapidAddress(rt *rapid.T) string {
	return rapid.SampledFrom([]string{"a@example.com", "b@example.com", "c@example.com", "d@example.com", ""}).Draw(rt, "address")
}

func oneOf(rt *rapid.T, what string, words ...string) string {
	return rapid.SampledFrom(words).Draw(rt, what)
}

func newCrowd(t *testing.T, rt *rapid.T) *crowd {
	p := &crowd{rt: rt, w: newWorld(t, ""), match: map[string]string{"k": "", "l": "", pals: ""}, blocks: map[string]string{"x": "", "y": ""}, name: "club"}
	p.w.server.judge = p.judge
	p.by = oneOf(rt, "by", "email", "email", "phone", "custom.tier")
	if p.missing = oneOf(rt, "missing", "skip", "create"); p.by == "custom.tier" {
		p.missing = "skip" // nobody can be made by that alone
	}
	p.lifecycle = oneOf(rt, "lifecycle", "", "", "prevent_destroy = true", `on_destroy = "forget"`, `on_exists = "error"`)
	for _, text := range []string{"a@example.com", "b@example.com"} {
		if rapid.Bool().Draw(rt, "there") {
			id := p.w.server.person("eu", strings.Replace(text, "@", ".live@", 1), "")
			p.w.server.edit(id, p.by, text)
		}
	}
	return p
}

// mapping is the text of a mapping of some instances.
func (p *crowd) mapping(name string, keys []string, fields string) string {
	var instances []string
	for _, key := range keys {
		if text := p.match[key]; text != "" {
			instances = append(instances, fmt.Sprintf("%s = %q", key, text))
		}
	}
	return fmt.Sprintf("\nmapping %q {\nfor_each = {\n%s\n}\nprovider = crm.eu\ntarget = \"crm_contact\"\nmatch = { %q = each.value }\nmissing = %q\n%s\n}\n",
		name, strings.Join(instances, "\n"), p.by, p.missing, fields)
}

// block is the text of a resource block.
func (p *crowd) block(name, text string) string {
	email, more := text, ""
	if p.by != "email" {
		email = name + "@block.example.com"
	}
	switch p.by {
	case "phone":
		more = fmt.Sprintf("phone = %q\n", text)
	case "custom.tier":
		more = fmt.Sprintf("custom = { tier = %q }\n", text)
	}
	return member(name, email, fmt.Sprintf("%stags = [\"block\"]\nlifecycle {\n%s\n}", more, p.lifecycle))
}

// files writes the files anew: every instance has something new to write.
func (p *crowd) files() {
	p.wrote++
	text := twoAccounts + "\nresource \"crm_field\" \"tier\" {\nprovider = crm.eu\nkey = \"tier\"\n}\n"
	for _, name := range slices.Sorted(maps.Keys(p.blocks)) {
		if given := p.blocks[name]; given != "" {
			text += p.block(name, given)
		}
	}
	if p.was != "" {
		text += fmt.Sprintf("\nmoved {\nfrom = mapping.%s\nto = mapping.%s\n}\n", p.was, p.name)
	}
	text += p.mapping(p.name, []string{"k", "l"}, fmt.Sprintf("field \"first_name\" { value = \"${each.key}-%d\" }\nfield \"tags\" { value = %s }", p.wrote,
		oneOf(p.rt, "tags", `[each.key]`, `["block", "both"]`, `excludes(["k", "l"])`, `[]`)))
	text += p.mapping("pals", []string{pals}, fmt.Sprintf("field \"manager_id\" { value = \"%d\" }", p.wrote))
	p.w.file("main.hcl", text)
}

// instance is the address of what a mapping writes to a target.
var instance = regexp.MustCompile(`^mapping\.\w+\["(\w)"\]$`)

// judge looks at every write of a mapping, and lets some fail.
func (p *crowd) judge(_ providers.Operation, c providers.Write) verdict {
	if of := instance.FindStringSubmatch(c.Address); of != nil && p.wrong == "" {
		has := func(o *stored) bool { return o.fields[p.by].Text() == p.match[of[1]] }
		switch {
		case c.Action == providers.Create && slices.ContainsFunc(slices.Collect(maps.Values(p.w.server.objects)), has):
			p.wrong = "makes somebody again"
		case c.Action != providers.Create && !has(p.w.server.objects[c.ID]) && !(p.found[pair{c.ID, p.match[of[1]]}] && p.given(c.ID) == ""):
			p.wrong = "writes to " + c.ID
		}
		if p.wrong != "" {
			p.wrong = fmt.Sprintf("%s (found by %s) %s\n%s", c.Address, p.match[of[1]], p.wrong, strings.Join(p.w.server.dump(), "\n"))
		}
	}
	if p.faults > 0 {
		p.faults--
		return []verdict{refuse, loseBefore, loseAfter}[p.faults%3]
	}
	return obey
}

// given is what the resource block of somebody gives; empty when nobody has one.
func (p *crowd) given(id string) string {
	for a, r := range p.w.store().Snapshot().Records.All() {
		if r.ID == id && !a.Mapping() {
			return p.blocks[a.Name]
		}
	}
	return ""
}

// edit changes the CRM as somebody else would. Nothing is given twice.
func (p *crowd) edit() {
	s := p.w.server
	ids := slices.DeleteFunc(slices.Sorted(maps.Keys(s.objects)), func(id string) bool { return s.objects[id].kind != "crm_contact" })
	if len(ids) == 0 {
		return
	}
	id := rapid.SampledFrom(ids).Draw(p.rt, "who")
	text := rapidAddress(p.rt)
	switch {
	case rapid.IntRange(0, 3).Draw(p.rt, "delete") == 0:
		s.remove(id)
	case text != "" && s.find(text) == "":
		s.edit(id, p.by, text)
	}
}

// forget loses the state, or puts an older one in its place.
func (p *crowd) forget() {
	switch n := rapid.IntRange(0, 20).Draw(p.rt, "state"); {
	case n == 0:
		p.w.log.Log, p.found = nil, nil
	case n == 1 && len(p.before) > 0:
		m := rapid.SampledFrom(p.before).Draw(p.rt, "older")
		p.w.log.Log, p.found = bytes.Clone(m.log), m.found
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
	p.before = append(p.before, memories{bytes.Clone(p.w.log.Log), p.found})
}

// TestMappingPeople changes what people are found by in the files and in the
// CRM, declares and drops people, moves mappings and loses states, with faults: a
// mapping writes to nobody but those it is about, nobody is there twice, and it
// comes to an end.
func TestMappingPeople(t *testing.T) {
	refused, applied := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		p := newCrowd(t, rt)
		for range rapid.IntRange(1, 5).Draw(rt, "rounds") {
			for _, texts := range []map[string]string{p.match, p.blocks} {
				for _, key := range slices.Sorted(maps.Keys(texts)) {
					if rapid.Bool().Draw(rt, "change") {
						texts[key] = rapidAddress(rt)
					}
				}
			}
			if p.was = ""; rapid.IntRange(0, 4).Draw(rt, "move") == 0 {
				p.was, p.name = p.name, oneOf(rt, "name", "club", "crew")
			}
			if p.was == p.name {
				p.was = ""
			}
			for range rapid.IntRange(0, 2).Draw(rt, "edits") {
				p.edit()
			}
			p.forget()
			p.files()
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

// keep applies with faults, and lets the CRM win its conflicts. Whom it keeps may
// be who two instances are about, so it says whether there still is a plan.
func (p *crowd) keep() bool {
	e, plan := p.plan()
	_, _, _ = e.Apply(p.w.t.Context(), plan, engine.ApplyOptions{OnConflict: "live"})
	plan, _ = p.w.open().Plan(p.w.t.Context(), engine.PlanOptions{})
	return plan != nil
}

// settle applies until it is through, with faults, and then wants no more to do.
func (p *crowd) settle() {
	p.faults = rapid.IntRange(0, 4).Draw(p.rt, "faults")
	if rapid.IntRange(0, 3).Draw(p.rt, "keep") == 0 && !p.keep() {
		p.right()
		return
	}
	for n := range 8 {
		e, plan := p.plan()
		// The process may die at one of its first writes to the state.
		p.w.log.Take(-1)
		if n == 0 {
			p.w.log.Take(rapid.IntRange(-1, 5).Draw(p.rt, "crash"))
		}
		if _, _, err := e.Apply(p.w.t.Context(), plan, engine.ApplyOptions{OnConflict: "config"}); err == nil {
			break
		}
	}
	p.right()
	if _, plan := p.plan(); !plan.Empty() {
		p.rt.Fatalf("there is still something to do: %v\n%s", actions(plan), strings.Join(p.w.server.dump(), "\n"))
	}
	p.join()
}

// right wants that nothing was written to somebody else, and nobody to be there
// twice. Blocks may give one phone to two people, as families share it.
func (p *crowd) right() {
	if p.wrong != "" {
		p.rt.Fatal(p.wrong)
	}
	seen := map[string]bool{}
	for id, o := range p.w.server.objects {
		email := o.fields["email"].Text()
		if o.kind == "crm_contact" && email != "" && seen[email] {
			p.rt.Fatalf("%s is there twice (%s)\n%s", email, id, strings.Join(p.w.server.dump(), "\n"))
		}
		seen[email] = true
	}
}
