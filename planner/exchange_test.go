package planner

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"lockstep/planner/state"
	"lockstep/providers"
	"lockstep/schema"
)

// TestExchange gives people each other's addresses and phones, also to new ones,
// in an account that has each of them once only: no write may be refused on the
// way, and all must end with what the files say.
func TestExchange(t *testing.T) {
	circles := 0
	rapid.Check(t, func(rt *rapid.T) {
		s := newSealer(t, "plain")
		n, made := rapid.IntRange(2, 6).Draw(rt, "people"), rapid.IntRange(0, 2).Draw(rt, "new")
		emails, phones := drawKeys(rt, "email", n+made), drawKeys(rt, "phone", n+made)
		var live []schema.Object
		var records []*state.Record
		var desired []Desired
		b := block(1)
		for i := range n + made {
			name, id := fmt.Sprint("p", i), fmt.Sprint("id", i)
			has := []schema.Field{text("email", fmt.Sprint("email", i)), text("phone", fmt.Sprint("phone", i))}
			if i < n {
				live = append(live, object(contactKind, id, has...))
				records = append(records, record(t, s, contactKind, name, id, has...))
			}
			desired = append(desired, want(s, contactKind, b, name, text("email", emails[i]), text("phone", phones[i])))
		}
		r := roster(s, contactKind, live, records...)
		r.Pair(shuffled(rt, desired))
		p := &Plan{Changes: all(r).Changes}
		if len(r.Problems) > 0 {
			rt.Fatalf("refused: %v", r.Problems)
		}
		p.Arrange(map[string]Grouper{"crm": fakeGrouper{}}, nil)
		for i := range p.Changes {
			if len(p.Changes[i].Vacates) > 0 {
				circles++
			}
		}
		have := map[string]bool{}
		for _, o := range exchange(rt, live, p) {
			have[keysOf(&o)] = true
		}
		for i := range emails {
			if want := emails[i] + " " + phones[i]; !have[want] || len(have) != n+made {
				rt.Fatalf("no one of %d has %s in the end: %v", n+made, want, have)
			}
		}
	})
	if circles == 0 {
		t.Error("no exchange went round in a circle: the generator shows nothing")
	}
}

// drawKeys are the keys of people after an exchange: some keep theirs, some get a
// new one, and the others change places.
func drawKeys(rt *rapid.T, name string, n int) []string {
	keys := make([]string, n)
	var moved []int
	for i := range keys {
		switch rapid.IntRange(0, 3).Draw(rt, name) {
		case 0:
			keys[i] = fmt.Sprint(name, i)
		case 1:
			keys[i] = fmt.Sprint("new ", name, i)
		default:
			moved = append(moved, i)
		}
	}
	for n, i := range shuffled(rt, append([]int(nil), moved...)) {
		keys[moved[n]] = fmt.Sprint(name, i)
	}
	return keys
}

func keysOf(o *schema.Object) string { return o.Value("email").Text() + " " + o.Value("phone").Text() }

// exchange writes to live objects as an account does that refuses a key which
// another object has.
func exchange(rt *rapid.T, live []schema.Object, p *Plan) []schema.Object {
	for _, wave := range p.Waves {
		for _, op := range wave.Operations {
			for i := range op.Writes {
				w := &op.Writes[i]
				for _, f := range w.Fields {
					if n := slices.IndexFunc(live, func(o schema.Object) bool { return f.Value.Text() != "" && o.Value(f.Path).Equal(f.Value) }); n >= 0 && live[n].ID != w.ID {
						rt.Fatalf("%s is refused: %s has %s %s", w.Address, live[n].ID, f.Path, f.Value.Text())
					}
				}
				if w.Action == providers.Create {
					live = append(live, schema.Object{Kind: w.Kind, ID: w.Address, Fields: slices.Clone(w.Fields)})
					continue
				}
				to := &live[slices.IndexFunc(live, func(o schema.Object) bool { return o.ID == w.ID })]
				for _, f := range w.Fields {
					to.Fields[slices.IndexFunc(to.Fields, func(g schema.Field) bool { return g.Path == f.Path })].Value = f.Value
				}
			}
		}
	}
	return live
}
