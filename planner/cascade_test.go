package planner

import (
	"fmt"
	"iter"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

// pairs yields parents and children.
func pairs(ids ...string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for i := 0; i < len(ids); i += 2 {
			if !yield(ids[i], ids[i+1]) {
				return
			}
		}
	}
}

// child declares a kind of objects that belong to those of another one.
func child(name, of string) *schema.Kind {
	return &schema.Kind{Name: name, Parent: "of", Attributes: []schema.Attribute{{Name: "of", Type: cty.String, Refers: of}}}
}

// below are the objects of a kind that child declares.
func below(provider string, kind *schema.Kind, all iter.Seq2[string, string]) Children {
	return Children{Provider: provider, Kind: kind, Of: kind.Attribute(kind.Parent).Refers, All: all}
}

func TestCascade(t *testing.T) {
	person := &schema.Kind{Name: "person"}
	task, note := child("task", "person"), child("note", "person")
	remark := child("remark", "note")
	change := func(kind *schema.Kind, action Action, id string) Change {
		return Change{Kind: kind, Provider: "crm", Action: action, ID: id}
	}
	tests := map[string]struct {
		reason   string
		changes  []Change
		children []Children
		want     []string
	}{
		"Delete": {
			reason: "Children go with their parent, by kind.", changes: []Change{change(person, Delete, "ann")},
			children: []Children{below("crm", task, pairs("ann", "t1", "ann", "t2", "bob", "t3")), below("crm", note, pairs("ann", "n1"))},
			want:     []string{"ann note 1", "ann task 2"},
		},
		"Replace": {
			reason: "So they do when it is replaced.", changes: []Change{change(person, Replace, "ann")},
			children: []Children{below("crm", task, pairs("ann", "t1"))}, want: []string{"ann task 1"},
		},
		"Twice": {
			reason: "One that is live and in the state counts once.", changes: []Change{change(person, Delete, "ann")},
			children: []Children{below("crm", task, pairs("ann", "t1", "ann", "t1"))}, want: []string{"ann task 1"},
		},
		"Own": {
			reason: "One with a change of its own is counted there.", changes: []Change{change(person, Delete, "ann"), change(task, Delete, "t1")},
			children: []Children{below("crm", task, pairs("ann", "t1", "ann", "t2"))}, want: []string{"ann task 1"},
		},
		"Grandchildren": {
			reason: "What belongs to what goes along goes along.", changes: []Change{change(person, Delete, "ann")},
			children: []Children{below("crm", remark, pairs("n1", "r1", "n2", "r2")), below("crm", note, pairs("ann", "n1"))},
			want:     []string{"ann note 1", "ann remark 1"},
		},
		"Forget": {
			reason: "Nothing goes with an object that stays.", changes: []Change{change(person, Forget, "ann"), change(person, Update, "bob")},
			children: []Children{below("crm", task, pairs("ann", "t1", "bob", "t2"))},
		},
		"OtherAccount": {
			reason: "Another account has the same ids.", changes: []Change{change(person, Delete, "ann")},
			children: []Children{below("crm.eu", task, pairs("ann", "t1"))},
		},
		"NoObject": {
			reason: "A parent that is no object is not deleted.", changes: []Change{change(person, Delete, "ann")},
			children: []Children{below("crm", child("run", ""), pairs("ann", "r1"))},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			p := &Plan{Changes: tc.changes}
			p.Cascade(tc.children)
			if diff := cmp.Diff(tc.want, wentAlong(p)); diff != "" {
				t.Errorf("%s\n-want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// wentAlong renders what goes with the changes of a plan.
func wentAlong(p *Plan) []string {
	var lines []string
	for i := range p.Changes {
		for _, a := range p.Changes[i].Along {
			lines = append(lines, fmt.Sprintf("%s %s %d", p.Changes[i].ID, a.Kind.Name, a.Count))
		}
	}
	return lines
}
