package planner

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/planner/state"
	"lockstep/providers"
	"lockstep/schema"
)

// visitKind retires its objects by a status.
func visitKind() *schema.Kind {
	k := *taskKind
	k.Retire = fields(text("due", "never"))
	return &k
}

func TestRetire(t *testing.T) {
	due := func(when string) []schema.Object {
		return []schema.Object{object(taskKind, "t1", text("contact_id", "1"), text("title", "call"), text("due", when))}
	}
	cases := map[string]struct {
		reason string
		kind   *schema.Kind
		live   []schema.Object
		flag   string
		want   Action
		wrote  string
	}{
		"Retire":  {"its values are written in place of a delete", visitKind(), due("today"), "retire", Delete, "never"},
		"Already": {"what is retired already is forgotten", visitKind(), due("never"), "retire", Forget, ""},
		"Delete":  {"without the word it is deleted", visitKind(), due("today"), "", Delete, ""},
		"Unknown": {"a kind that cannot retire deletes", taskKind, due("today"), "retire", Delete, ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := newSealer(t, "plain")
			r := record(t, s, tc.kind, "call", "t1", text("contact_id", "1"), text("title", "call"))
			r.Parent = "1"
			r.SetFlags(state.Flags{OnDestroy: tc.flag})
			d := all(roster(s, tc.kind, tc.live, r))
			if len(d.Changes) != 1 || d.Changes[0].Action != tc.want {
				t.Fatalf("%s: got %+v", tc.reason, d.Changes)
			}
			waves := batches{}
			if tc.want != Forget {
				split(&d.Changes[0], 0, waves)
			}
			wrote := ""
			for _, kinds := range waves {
				for _, b := range kinds {
					for _, w := range b.changes {
						if w.Action != providers.Delete {
							t.Errorf("%s: %s", tc.reason, w.Action)
						}
						wrote += w.Fields.Value("due").Text()
					}
				}
			}
			if wrote != tc.wrote {
				t.Errorf("%s: wrote %q, want %q", tc.reason, wrote, tc.wrote)
			}
		})
	}
}

// TestRetiredContent tells by what content an object is found that was retired.
func TestRetiredContent(t *testing.T) {
	live := []schema.Object{object(taskKind, "old", text("contact_id", "1"), text("title", "call"), text("due", "never"))}
	wish := func(due ...schema.Field) func(*state.Sealer) []Desired {
		return func(s *state.Sealer) []Desired {
			return []Desired{want(s, taskKind, block(1), "call", append([]schema.Field{text("contact_id", "1"), text("title", "call")}, due...)...)}
		}
	}
	cases := map[string]struct {
		reason string
		want   func(*state.Sealer) []Desired
		action []string
	}{
		"History": {"a new block makes another", wish(), []string{"create"}},
		"Wanted":  {"one that wants it so takes it over", wish(text("due", "never")), []string{"adopt"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := newSealer(t, "plain")
			m := roster(s, visitKind(), live)
			m.Pair(tc.want(s))
			var got []string
			for _, c := range all(m).Changes {
				got = append(got, c.Action.String())
			}
			if diff := cmp.Diff(tc.action, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestCascadeSeen counts an object once that is read as two kinds.
func TestCascadeSeen(t *testing.T) {
	person, task, seen := &schema.Kind{Name: "person"}, child("task", "person"), child("seen", "person")
	seen.Of = "task"
	p := Plan{Changes: []Change{{Kind: person, Provider: "crm", Action: Delete, ID: "ann"}, {Kind: task, Provider: "crm", Action: Delete, ID: "t1"}}}
	p.Cascade([]Children{{Provider: "crm", Kind: seen, Of: "person", All: pairs("ann", "t1", "ann", "t2")}})
	if got := p.Changes[0].Along; len(got) != 1 || got[0].Count != 1 {
		t.Errorf("one with a change of its own is counted there: got %+v", got)
	}
}
