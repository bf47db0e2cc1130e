package providertest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/providers"
	"lockstep/schema"
)

// testGroup checks that Group is pure and deterministic and that each change
// is in exactly one operation.
func testGroup(t *testing.T, h Harness) {
	p := h.Open(t)
	if c, ok := p.(providers.Closer); ok {
		defer c.Close()
	}
	var changes []providers.Change
	for _, s := range h.Samples {
		changes = append(changes, groupChanges(p.Schema().Kind(s.Kind), s)...)
	}
	before := slices.Clone(changes)
	first, second := p.Group(changes), p.Group(changes)
	equal := cmp.Comparer(func(a, b schema.Value) bool { return a.String() == b.String() })
	if diff := cmp.Diff(first, second, equal); diff != "" {
		t.Errorf("Group is not deterministic (-first +second):\n%s", diff)
	}
	if diff := cmp.Diff(before, changes, equal); diff != "" {
		t.Errorf("Group changes its arguments (-before +after):\n%s", diff)
	}
	want, got := map[string]int{}, map[string]int{}
	for _, c := range changes {
		want[name(c)]++
	}
	for _, o := range first {
		if o.Name == "" || o.Method == "" || o.Path == "" {
			t.Errorf("an operation lacks name, method or path: %+v", o)
		}
		if len(o.Changes) > 1 && !o.Bulk && !sameObject(o.Changes) {
			t.Errorf("%s carries several objects and is not marked as bulk", o.Name)
		}
		for _, c := range o.Changes {
			got[name(c)]++
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("each change must be in exactly one operation (-want +got):\n%s", diff)
	}
}

func name(c providers.Change) string {
	return fmt.Sprintf("%s %s %s %s +%v -%v", c.Kind, c.Address, c.Action, c.Channel, c.Add, c.Remove)
}

func sameObject(changes []providers.Change) bool {
	return !slices.ContainsFunc(changes, func(c providers.Change) bool { return c.Address != changes[0].Address })
}

// groupChanges makes changes of every action and channel of a kind.
func groupChanges(k *schema.Kind, s Sample) []providers.Change {
	var out []providers.Change
	for n := range 30 {
		base := providers.Change{Address: fmt.Sprintf("%s.many[%d]", s.Kind, n), Kind: s.Kind, ID: fmt.Sprintf("id-%d", n), Parent: "parent"}
		own := base
		own.Action = []providers.Action{providers.Create, providers.Update, providers.Delete}[n%3]
		own.Fields = s.Create
		out = append(out, own)
		for _, a := range k.Attributes {
			if a.Channel == "" || own.Action != providers.Update {
				continue
			}
			separate := base
			separate.Action, separate.Channel = providers.Update, a.Channel
			if a.Own != schema.OwnMembers {
				separate.Fields = schema.Fields{{Path: a.Name, Value: schema.StringValue("x")}}
				out = append(out, separate)
				continue
			}
			for m := range n%4 + 1 {
				member := separate
				if m%2 == 0 {
					member.Add = []string{fmt.Sprintf("member-%d", m)}
				} else {
					member.Remove = []string{fmt.Sprintf("member-%d", m)}
				}
				out = append(out, member)
			}
		}
	}
	return out
}
