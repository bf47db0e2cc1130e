package engine_test

import (
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"lockstep/planner"
	"lockstep/planner/engine"
)

// oddClub is people of two accounts, whose fields are edited on both sides at random;
// some have values that cannot be used.
type oddClub struct {
	w                *world
	clear            string
	sources, targets []string
}

// newOddClub maps n people, by a rule for what goes both ways.
func newOddClub(t *testing.T, n int, conflict, clear string) *oddClub {
	c := &oddClub{clear: clear}
	c.w = newWorld(t, byPhone(fmt.Sprintf(`
  field "first_name" { value = each.value.first_name == "odd" ? tonumber("odd") : each.value.first_name }
  field "custom.tier" {
    value     = each.value.custom.tier
    direction = "both"
    source    = "custom.tier"
    conflict  = %q
    %s
  }
  field "manager_id" {
    value = each.value.manager_id != "" ? each.value.manager_id : null
    %s
  }
  field "tags" { value = each.value.first_name == "odd" ? tolist(tonumber("odd")) : [each.value.first_name] }`, conflict, clear, clear))+
		"\nlockstep {\nguard {\nmax_changes = \"100%\"\n}\n}\nresource \"crm_field\" \"tier\" {\nprovider = crm.eu\nkey = \"tier\"\n}\nresource \"crm_field\" \"here\" {\nkey = \"tier\"\n}\n")
	for i := range n {
		c.sources = append(c.sources, c.w.server.person("main", fmt.Sprintf("m%d@example.com", i), fmt.Sprintf("phone=%d first_name=A custom.tier=t manager_id=x", i)))
		c.targets = append(c.targets, c.w.server.person("eu", fmt.Sprintf("t%d@example.com", i), fmt.Sprintf("phone=%d", i)))
	}
	return c
}

// field is the text of a field that is live.
func (c *oddClub) field(id, path string) string {
	o := c.w.server.object(id)
	return o.Value(path).Text()
}

// tags are those that a live object has.
func (c *oddClub) tags(id string) string {
	o := c.w.server.object(id)
	return o.Value("tags").String()
}

// odd is how many people have a name that cannot be used.
func (c *oddClub) odd() int {
	n := 0
	for _, id := range c.sources {
		if c.field(id, "first_name") == "odd" {
			n++
		}
	}
	return n
}

// settle applies, and holds that the next plan has nothing to do, that nobody is
// there twice, and that each field is as its rule wants it.
func (c *oddClub) settle(fail func(string, ...any)) {
	before := map[string]string{}
	for _, id := range c.targets {
		before[id] = c.field(id, "first_name") + c.tags(id)
	}
	r, err := c.w.apply(engine.ApplyOptions{OnConflict: "config"})
	var partial *engine.PartialError
	if err != nil && !errors.As(err, &partial) || (err != nil) != (c.odd() > 0) || r.Invalid != c.odd() || r.Failed > 0 {
		fail("Apply(...): %+v, %v, with %d odd ones", r, err, c.odd())
	}
	if left := c.w.actions(); len(left) > 0 {
		fail("the next plan has %v", left)
	}
	if n := len(c.w.server.objects); n != len(c.sources)+len(c.targets)+2 {
		fail("there are %d objects", n)
	}
	for i, from := range c.sources {
		to := c.targets[i]
		now := c.field(to, "first_name") + c.tags(to)
		switch name := c.field(from, "first_name"); {
		case name == "odd" && now != before[to]:
			fail("%s: %s became %s", to, before[to], now)
		case name != "odd" && c.field(to, "first_name") != name:
			fail("%s is called %s, want %s", to, c.field(to, "first_name"), name)
		}
		if a, b := c.field(from, "custom.tier"), c.field(to, "custom.tier"); a != b {
			fail("the tier is %q and %q", a, b)
		}
		if a, b := c.field(from, "manager_id"), c.field(to, "manager_id"); a != "" && a != b {
			fail("the manager is %q and %q", a, b)
		}
	}
}

// TestMappingOdd edits both sides of a club at random, again and again.
func TestMappingOdd(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		c := newOddClub(t, 4, oneOf(rt, "conflict", "source", "target", "newest", "error"), oneOf(rt, "clear", "", "clear = true", "clear = false"))
		c.settle(rt.Fatalf)
		for range rapid.IntRange(1, 4).Draw(rt, "rounds") {
			for range rapid.IntRange(1, 6).Draw(rt, "edits") {
				i := rapid.IntRange(1, 3).Draw(rt, "who") // the first one stays as she is
				side := rapid.SampledFrom([][]string{c.sources, c.targets}).Draw(rt, "side")
				path := oneOf(rt, "path", "custom.tier", "manager_id", "first_name")
				words := []string{"", "y", "z"}
				if path == "first_name" {
					words = []string{"A", "B", "odd"}
				}
				c.w.server.edit(side[i], path, oneOf(rt, "text", words...))
			}
			c.settle(rt.Fatalf)
		}
	})
}

// TestMappingOddCrowd has one odd name among five hundred people: the others go on in
// one apply, and nobody is written twice.
func TestMappingOddCrowd(t *testing.T) {
	t.Parallel()
	c := newOddClub(t, 500, "source", "clear = true")
	c.settle(t.Fatalf)
	for i, id := range c.sources {
		c.w.server.edit(id, "first_name", "B")
		if i%7 == 0 {
			c.w.server.edit(id, "manager_id", "")
			c.w.server.edit(c.targets[i], "custom.tier", "")
			c.w.server.edit(id, "custom.tier", "z")
		}
	}
	c.w.server.edit(c.sources[250], "first_name", "odd")
	_, p := c.w.plan(engine.PlanOptions{})
	changes := map[string]int{}
	for i := range p.Changes {
		changes[p.Changes[i].ID]++
		if p.Changes[i].Action != planner.Update || changes[p.Changes[i].ID] > 1 {
			t.Errorf("%s %s: %d changes", p.Changes[i].Action, p.Changes[i].ID, changes[p.Changes[i].ID])
		}
	}
	if len(changes) != 499 {
		t.Errorf("%d people change, want 499", len(changes))
	}
	if n := len(told(c.w.last)); n != 2 {
		t.Errorf("%d warnings, want one for each of the two fields: %v", n, told(c.w.last))
	}
	c.settle(t.Fatalf)
}
