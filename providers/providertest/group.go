package providertest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/providers"
	"lockstep/schema"
)

// testGroup checks that Group is pure and deterministic and that each write
// is in exactly one operation.
func testGroup(t *testing.T, h Harness) {
	p := h.Open(t)
	if c, ok := p.(providers.Closer); ok {
		defer c.Close()
	}
	var writes []providers.Write
	for _, s := range h.Samples {
		writes = append(writes, groupWrites(p.Schema().Kind(s.Kind), s)...)
	}
	before := slices.Clone(writes)
	first, second := p.Group(writes), p.Group(writes)
	equal := cmp.Comparer(func(a, b schema.Value) bool { return a.String() == b.String() })
	if diff := cmp.Diff(first, second, equal); diff != "" {
		t.Errorf("Group is not deterministic (-first +second):\n%s", diff)
	}
	if diff := cmp.Diff(before, writes, equal); diff != "" {
		t.Errorf("Group changes its arguments (-before +after):\n%s", diff)
	}
	want, got := map[string]int{}, map[string]int{}
	for _, c := range writes {
		want[name(c)]++
	}
	for _, o := range first {
		if o.Name == "" || o.Method == "" || o.Path == "" {
			t.Errorf("an operation lacks name, method or path: %+v", o)
		}
		if len(o.Writes) > 1 && !o.Bulk && !sameObject(o.Writes) {
			t.Errorf("%s carries several objects and is not marked as bulk", o.Name)
		}
		for _, c := range o.Writes {
			got[name(c)]++
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("each write must be in exactly one operation (-want +got):\n%s", diff)
	}
}

func name(c providers.Write) string {
	return fmt.Sprintf("%s %s %s %s +%v -%v", c.Kind, c.Address, c.Action, c.Channel, c.Add, c.Remove)
}

func sameObject(writes []providers.Write) bool {
	return !slices.ContainsFunc(writes, func(c providers.Write) bool { return c.Address != writes[0].Address })
}

// changes reports whether objects of a kind can be updated.
func changes(k *schema.Kind) bool {
	return slices.ContainsFunc(k.Attributes, func(a schema.Attribute) bool { return a.Writable() && !a.Immutable && a.Channel == "" })
}

// groupWrites makes writes of every action and channel of a kind.
func groupWrites(k *schema.Kind, s Sample) []providers.Write {
	var out []providers.Write
	for n := range 30 {
		base := providers.Write{Address: fmt.Sprintf("%s.many[%d]", s.Kind, n), Kind: s.Kind, ID: fmt.Sprintf("id-%d", n), Parent: "parent"}
		own := base
		own.Action = []providers.Action{providers.Create, providers.Update, providers.Delete}[n%3]
		own.Fields = s.Create
		if own.Action == providers.Create || own.Action == providers.Update && changes(k) || own.Action == providers.Delete && k.Lasting != schema.Permanent {
			out = append(out, own)
		}
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
