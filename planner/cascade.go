package planner

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

	"lockstep/schema"
)

// Along are the objects of one kind that the CRM deletes along with an object that
// they belong to, as their schema.Kind.Parent or its Cascades say. Or they are
// values of objects that stay, under a key that names the object.
type Along struct {
	Kind *schema.Kind
	// Attribute is the map that has the values; empty where objects go.
	Attribute string
	Count     int
	// Again are how many of the values the plan writes again.
	Again int
}

func compareAlong(a, b Along) int {
	return cmp.Or(strings.Compare(a.Kind.Name, b.Kind.Name), strings.Compare(a.Attribute, b.Attribute))
}

// Children are the known objects of a kind that belong to objects of another
// one: those that were read, and those that the state has.
type Children struct {
	Provider string
	Kind     *schema.Kind
	// Of is the name of the kind that they belong to; empty for objects that belong
	// to something else.
	Of string
	// All yields the ids of parents and children. It may yield a child twice.
	All iter.Seq2[string, string]
	// Kept are the children whose blocks have prevent_destroy, by id.
	Kept map[string]*Desired
}

// Kept returns the live objects whose blocks have prevent_destroy, by id.
func (d *Decision) Kept() map[string]*Desired {
	kept := map[string]*Desired{}
	if d.roster == nil {
		return kept // nothing was to be decided
	}
	for _, s := range d.roster.subjects {
		if s.live != nil && s.owner != nil && s.owner.Block.PreventDestroy {
			kept[s.live.ID] = s.owner
		}
	}
	return kept
}

// cascade counts what goes along with what a plan deletes.
type cascade struct {
	*Plan
	// counted are the objects that go, by changes of their own or along.
	counted map[member]bool
	// along has what goes with each change, by its index.
	along map[int]map[*schema.Kind]int
	// problems are the objects that must not go along.
	problems []Problem
}

// member is one object of an account.
type member struct {
	objectsOf
	id string
}

// Cascade notes at the deletes and replacements of a plan which children go along
// with the object. Children that a change of their own deletes are not among them. It
// refuses to delete those along that have prevent_destroy.
func (p *Plan) Cascade(all []Children) []Problem {
	c := cascade{Plan: p, counted: map[member]bool{}, along: map[int]map[*schema.Kind]int{}}
	gone := p.going()
	for m := range gone {
		c.counted[m] = true
	}
	for i := range p.Changes {
		// What is gone already goes along with nothing.
		if g := &p.Changes[i]; g.Gone && g.ID != "" {
			c.counted[member{objectsOf{g.Provider, g.Kind.Name}, g.ID}] = true
		}
	}
	for len(gone) > 0 {
		gone = c.below(gone, all)
	}
	for i, kinds := range c.along {
		for kind, n := range kinds {
			p.Changes[i].Along = append(p.Changes[i].Along, Along{Kind: kind, Count: n})
		}
		slices.SortFunc(p.Changes[i].Along, compareAlong)
	}
	slices.SortFunc(c.problems, func(a, b Problem) int { return a.Address.Compare(b.Address) })
	return c.problems
}

// going are the objects that a plan deletes or replaces, with the indexes of the
// changes.
func (p *Plan) going() map[member]int {
	gone := map[member]int{}
	for i := range p.Changes {
		if c := &p.Changes[i]; c.Goes() {
			gone[member{objectsOf{c.Provider, c.Kind.Name}, c.ID}] = i
		}
	}
	return gone
}

// below counts the children of objects that go, and returns them.
func (c *cascade) below(gone map[member]int, all []Children) map[member]int {
	next := map[member]int{}
	for _, k := range all {
		if k.Of == "" {
			continue
		}
		of := objectsOf{k.Provider, k.Of}
		for parentID, id := range k.All {
			i, goes := gone[member{of, parentID}]
			m := member{objectsOf{k.Provider, cmp.Or(k.Kind.Of, k.Kind.Name)}, id}
			if !goes || c.counted[m] {
				continue
			}
			c.counted[m] = true
			next[m] = i
			if c.along[i] == nil {
				c.along[i] = map[*schema.Kind]int{}
			}
			c.along[i][k.Kind]++
			if kept := k.Kept[id]; kept != nil {
				c.protect(kept, &c.Changes[i])
			}
		}
	}
	return next
}

// protect refuses a change with which an object would go that has prevent_destroy.
func (c *cascade) protect(kept *Desired, with *Change) {
	c.problems = append(c.problems, Problem{
		Address: kept.Address(), Place: kept.Block.Place, Protected: true, Summary: "Protected object would be deleted along",
		Detail: fmt.Sprintf("It has prevent_destroy, and with %s the CRM would delete it: %s is to be %sd%s. Keep %s as it is, or remove prevent_destroy.",
			with.Address, with.Address, with.Action, sinceReason(with.Reason), with.Address),
	})
}

// sinceReason appends a reason to a sentence.
func sinceReason(reason string) string {
	if reason == "" {
		return ""
	}
	return ", because " + reason
}

// Deleting yields the changes with which other objects go along.
func (p *Plan) Deleting() iter.Seq[*Change] {
	return func(yield func(*Change) bool) {
		for i := range p.Changes {
			if len(p.Changes[i].Along) > 0 && !yield(&p.Changes[i]) {
				return
			}
		}
	}
}

// AllAlong sums up what goes along with changes, by the names of kinds and
// attributes.
func AllAlong(changes iter.Seq[*Change]) []Along {
	type what struct {
		kind      *schema.Kind
		attribute string
	}
	at := map[what]int{}
	var all []Along
	for c := range changes {
		for _, a := range c.Along {
			i, known := at[what{a.Kind, a.Attribute}]
			if !known {
				i = len(all)
				at[what{a.Kind, a.Attribute}] = i
				all = append(all, Along{Kind: a.Kind, Attribute: a.Attribute})
			}
			all[i].Count += a.Count
			all[i].Again += a.Again
		}
	}
	slices.SortFunc(all, compareAlong)
	return all
}
