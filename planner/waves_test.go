package planner

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/providers"
	"lockstep/schema"
)

// fakeGrouper makes one operation of all that shares action, channel and
// member, and one for each other change, as a CRM with bulk tags does.
type fakeGrouper struct{}

func (fakeGrouper) Group(changes []providers.Write) []providers.Operation {
	var ops []providers.Operation
	at := map[string]int{}
	for _, c := range changes {
		key := fmt.Sprintf("%s %s %v %v", c.Action, c.Channel, c.Add, c.Remove)
		if i, ok := at[key]; ok && c.Channel == "tags" {
			ops[i].Writes = append(ops[i].Writes, c)
			ops[i].Bulk = true
			continue
		}
		at[key] = len(ops)
		ops = append(ops, providers.Operation{Kind: c.Kind, Action: c.Action, Channel: c.Channel, Name: strings.TrimSpace(key), Writes: []providers.Write{c}})
	}
	return ops
}

func draw(p *Plan) []string {
	var lines []string
	for i, w := range p.Waves {
		lines = append(lines, fmt.Sprintf("%d %s level=%d step=%d deletes=%t after=%v", i, w.Provider, w.Level, w.Step, w.Deletes, w.After))
		for _, op := range w.Operations {
			line := fmt.Sprintf("  #%s %s %s %s", op.ID, op.Action, op.Kind, op.Channel)
			for j, ref := range op.Refs {
				c := &p.Changes[ref]
				line += " " + c.Address.Key.Text
				if c.Address.String() != op.Writes[j].Address {
					line += " WRONG REF"
				}
			}
			lines = append(lines, line)
		}
	}
	return lines
}

func change(provider string, kind *schema.Kind, action Action, level int, name string, list ...FieldChange) Change {
	c := Change{Author: Author{Address: address(kind, name), Level: level}, Kind: kind, Provider: provider, Action: action, Fields: list}
	if action != Create {
		o := object(kind, "id-"+name, text("contact_id", "p-"+name))
		c.ID, c.Live = o.ID, &o
	}
	return c
}

func arranged(shuffle uint64) *Plan {
	city := FieldChange{Path: "city", Desired: str("B")}
	tags := FieldChange{Path: "tags", Claim: schema.ClaimIncludes, Add: []string{"vip", "new"}, Remove: []string{"old"}}
	vip := FieldChange{Path: "tags", Claim: schema.ClaimIncludes, Add: []string{"vip"}}
	title := FieldChange{Path: "title", Desired: str("call")}
	secret := FieldChange{Path: "secret", Desired: str("s"), Sensitive: true}
	p := &Plan{Changes: []Change{
		change("crm", contactKind, Create, 0, "create", city, vip),
		change("crm", contactKind, Update, 0, "update", city, secret, tags),
		change("crm", contactKind, Update, 0, "tagonly", vip),
		change("crm", contactKind, Replace, 0, "replace", FieldChange{Path: "origin", Desired: str("B"), Replaces: true}),
		change("crm", contactKind, Adopt, 0, "adopt"),
		change("crm", contactKind, Adopt, 0, "adoptwrite", city),
		change("crm", contactKind, Forget, 0, "forget", city),
		change("crm", contactKind, Move, 0, "move"),
		change("crm", taskKind, Create, 1, "task", title),
		change("crm", contactKind, Delete, 0, "gone"),
		change("crm", taskKind, Delete, 1, "gonetask"),
		change("crm.eu", contactKind, Update, 0, "eu", city),
		change("crm.eu", contactKind, Update, 2, "eulate", city),
	}, Kinds: []KindSummary{{Provider: "crm", Kind: "crm_task"}, {Provider: "crm", Kind: "crm_contact"}}}
	rand.New(rand.NewPCG(shuffle, 1)).Shuffle(len(p.Changes), func(i, j int) { p.Changes[i], p.Changes[j] = p.Changes[j], p.Changes[i] })
	p.Arrange(map[string]Grouper{"crm": fakeGrouper{}, "crm.eu": fakeGrouper{}}, func(provider string, level int) map[string]int {
		if provider == "crm.eu" && level == 2 {
			return map[string]int{"crm": 0, "crm.eu": 0}
		}
		return nil
	})
	return p
}

func TestArrange(t *testing.T) {
	want := []string{
		"0 crm level=0 step=0 deletes=false after=[]",
		"  #1 delete crm_contact  replace",
		"1 crm level=0 step=1 deletes=false after=[0]",
		"  #2 update crm_contact  adoptwrite",
		"  #3 create crm_contact  create",
		"  #4 create crm_contact  replace",
		"  #5 update crm_contact  update",
		"2 crm level=0 step=2 deletes=false after=[1]",
		"  #6 update crm_contact tags create tagonly update",
		"  #7 update crm_contact details update",
		"  #8 update crm_contact tags update",
		"  #9 update crm_contact tags update",
		"3 crm level=1 step=1 deletes=false after=[2]",
		"  #10 create crm_task  task",
		"4 crm level=-1 step=0 deletes=true after=[3]",
		"  #11 delete crm_task  gonetask",
		"5 crm level=0 step=0 deletes=true after=[4]",
		"  #12 delete crm_contact  gone",
		"6 crm.eu level=0 step=1 deletes=false after=[]",
		"  #13 update crm_contact  eu",
		"7 crm.eu level=2 step=1 deletes=false after=[0 1 2 6]",
		"  #14 update crm_contact  eulate",
	}
	for shuffle := range uint64(20) {
		if diff := cmp.Diff(want, draw(arranged(shuffle))); diff != "" {
			t.Fatalf("the input's order must not matter (shuffle %d): -want +got:\n%s", shuffle, diff)
		}
	}
	if k := arranged(0).Kinds; k[0].Kind != "crm_contact" {
		t.Errorf("the kinds are not sorted: %+v", k)
	}
}

// What is sent: a create has no id and no live object, a delete knows the
// parent that the object had, and a replaced object's creation is a new one.
func TestArrangeChanges(t *testing.T) {
	cases := map[string]struct {
		reason string
		in     Change
		want   []providers.Write
	}{
		"Create": {"the parent comes from the file", withDesired(change("crm", taskKind, Create, 0, "a", FieldChange{Path: "title", Desired: str("call")}), task("c1", "call")),
			[]providers.Write{{Action: providers.Create, Parent: "c1", Fields: fields(text("title", "call"))}}},
		"UnknownParent": {"the parent is created by an earlier wave", withDesired(change("crm", taskKind, Create, 0, "a"), fields(schema.Field{Path: "contact_id", Value: schema.UnknownValue()})),
			[]providers.Write{{Action: providers.Create}}},
		"Delete": {"the parent is that of the live object", change("crm", taskKind, Delete, 0, "a"), []providers.Write{{Action: providers.Delete, ID: "id-a", Parent: "p-a"}}},
		"Replace": {"the old object of the old parent goes, a new one is made", withDesired(change("crm", taskKind, Replace, 0, "a", FieldChange{Path: "contact_id", Desired: str("c2")}), task("c2", "call")),
			[]providers.Write{{Action: providers.Delete, ID: "id-a", Parent: "p-a"}, {Action: providers.Create, Parent: "c2", Fields: fields(text("contact_id", "c2"))}}},
		"Clear": {"an empty value is written", change("crm", contactKind, Update, 0, "a", FieldChange{Path: "city", Live: str("B"), Desired: str("")}),
			[]providers.Write{{Action: providers.Update, ID: "id-a", Fields: fields(text("city", ""))}}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := &Plan{Changes: []Change{tc.in}}
			p.Arrange(map[string]Grouper{"crm": fakeGrouper{}}, nil)
			var got []providers.Write
			for _, w := range p.Waves {
				for _, op := range w.Operations {
					for _, c := range op.Writes {
						if (c.Live == nil) != (c.Action == providers.Create) {
							t.Errorf("only a create has no live object: %+v", c)
						}
						c.Address, c.Kind, c.Live = "", "", nil
						got = append(got, c)
					}
				}
			}
			if diff := cmp.Diff(tc.want, got, values); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func withDesired(c Change, f schema.Fields) Change {
	c.Desired = f
	return c
}

func TestPrice(t *testing.T) {
	p := arranged(0)
	p.Cost.ParentReads = 3
	p.Waves[0].Operations[0].Reads = 2
	usage := map[string]providers.Usage{
		"crm":    {Max: 5, IntervalSeconds: 10, DailyLimit: 1000, DailyRemaining: 900},
		"crm.eu": {Max: 100, IntervalSeconds: 10, DailyLimit: 1000, DailyRemaining: 20},
	}
	p.Price(func(name string) (providers.Usage, bool) { u, ok := usage[name]; return u, ok })
	want := Cost{Calls: 16, Bulk: 1, Seconds: 18, DailyLimit: 1000, DailyRemaining: 20, ParentReads: 3}
	if diff := cmp.Diff(want, p.Cost); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	p.Price(func(string) (providers.Usage, bool) { return providers.Usage{}, false })
	if diff := cmp.Diff(Cost{Calls: 16, Bulk: 1, DailyRemaining: -1, ParentReads: 3}, p.Cost); diff != "" {
		t.Errorf("without limits: -want +got:\n%s", diff)
	}
}
