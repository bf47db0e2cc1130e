package planner

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/planner/state"
	"lockstep/schema"
)

// TestKeys holds that what belongs to a person is named by the person's key, once
// a live object showed it.
func TestKeys(t *testing.T) {
	s := newSealer(t, "hashed")
	key := "ann@example.com"
	sealed := s.Address(address(contactKind, key))
	task := sealed
	task.Kind = taskKind.Name
	shows, hides := object(contactKind, "1", text("email", key)), object(taskKind, "2", text("title", "Call"))
	plain := address(contactKind, "0")
	cases := map[string]struct {
		reason string
		past   Past
		in     []schema.Address
		live   []*schema.Object
		want   []string
	}{
		"Shown":   {"the live object has the key", Past{Sealer: s}, []schema.Address{sealed}, []*schema.Object{&shows}, []string{key}},
		"Hidden":  {"it does not, and nothing else told", Past{Sealer: s}, []schema.Address{task}, []*schema.Object{&hides}, []string{task.Key.Text}},
		"Learnt":  {"the person's own object told before", Past{Sealer: s, Keys: map[string]string{}}, []schema.Address{sealed, task}, []*schema.Object{&shows, &hides}, []string{key, key}},
		"TooLate": {"or comes later", Past{Sealer: s, Keys: map[string]string{}}, []schema.Address{task, sealed}, []*schema.Object{&hides, &shows}, []string{task.Key.Text, key}},
		"Gone":    {"also where the object is gone", Past{Sealer: s, Keys: map[string]string{sealed.Key.Text: key}}, []schema.Address{task}, []*schema.Object{nil}, []string{key}},
		"Files":   {"the files tell before live objects do", Past{Sealer: s, Keys: map[string]string{sealed.Key.Text: "0"}}, []schema.Address{sealed}, []*schema.Object{&shows}, []string{"0"}},
		"Plain":   {"a key that is not sealed is itself", Past{Sealer: s, Keys: map[string]string{"0": "x"}}, []schema.Address{plain}, []*schema.Object{&shows}, []string{"0"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var got []string
			for i, a := range tc.in {
				got = append(got, tc.past.shown(a, tc.live[i]).Key.Text)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestRename(t *testing.T) {
	a, b, c := address(contactKind, "a"), address(contactKind, "b"), address(contactKind, "c")
	r := state.NewRecord(a)
	var p Past
	p.rename(b, r)
	p.rename(c, r)
	if diff := cmp.Diff(map[schema.Address]schema.Address{b: a, c: a}, p.Previous); diff != "" {
		t.Errorf("a record is known by where the state has it: -want +got:\n%s", diff)
	}
	p.rename(a, r)
	if _, moved := p.Previous[a]; moved {
		t.Error("one that comes back has not moved")
	}
}

func TestInSteps(t *testing.T) {
	late := authorOf(mapped("x"))
	late.Apart = true
	cases := map[string]struct {
		reason string
		in     Change
		want   bool
	}{
		"One":     {"one call carries all", changed(Update, "1", []Author{authorOf(mapped("x"))}), false},
		"Joint":   {"also of two authors", changed(Update, "1", []Author{authorOf(mapped("x")), authorOf(mapped("y"))}), false},
		"Apart":   {"one of them goes later", changed(Update, "1", []Author{authorOf(mapped("y")), late}), true},
		"Vacates": {"a key is emptied first", vacating(changed(Update, "1", []Author{authorOf(mapped("y"))}), "email"), true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := tc.in.InSteps(); got != tc.want {
				t.Errorf("%s: InSteps(): %v", tc.reason, got)
			}
		})
	}
}

func TestArrive(t *testing.T) {
	at, rec := mapped("old"), &state.Record{ID: "1"}
	join := &Join{Match: byEmail("ann@example.com"), Base: rec}
	a, other := Author{Address: mapped("new"), Join: join, sealed: &at}, Author{Address: mapped("other"), Join: join}
	if a.Base() != rec || a.StateAddress(newSealer(t, "plain")) != at {
		t.Fatal("before, the state has the record of another instance under another address")
	}
	a.Arrive()
	if a.Base() != nil || a.StateAddress(newSealer(t, "plain")) != a.Address || a.Join.Match == nil {
		t.Errorf("then it has it under its own, and the mapping still knows how it came there: %+v", a)
	}
	if other.Base() != rec {
		t.Error("what others share stays as it is")
	}
	block := Author{Address: address(contactKind, "ann")}
	if block.Arrive(); block.Base() != nil || block.Needs() != nil {
		t.Error("a block needs nothing and has no other record")
	}
}
