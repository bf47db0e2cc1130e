package planner

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"lockstep/schema"
)

// Along are the objects of one kind that the CRM deletes along with an object
// that they belong to, because schema.Kind.Parent refers to it.
type Along struct {
	Kind  *schema.Kind
	Count int
}

// Children are the known objects of a kind that belong to objects of another
// one: those that were read, and those that the state has.
type Children struct {
	Provider string
	Kind     *schema.Kind
	// All yields the ids of parents and children. It may yield a child twice.
	All iter.Seq2[string, string]
}

// cascade counts what goes along with what a plan deletes.
type cascade struct {
	// counted are the objects that go, by changes of their own or along.
	counted map[member]bool
	// along has what goes with each change, by its index.
	along map[int]map[*schema.Kind]int
}

// member is one object of an account.
type member struct {
	objectsOf
	id string
}

// Cascade notes at the deletes and replacements of a plan which children go along
// with the object. Children that a change of their own deletes are not among them.
func (p *Plan) Cascade(all []Children) {
	c := cascade{counted: map[member]bool{}, along: map[int]map[*schema.Kind]int{}}
	gone := map[member]int{}
	for i := range p.Changes {
		if change := &p.Changes[i]; change.Action == Delete || change.Action == Replace {
			m := member{objectsOf{change.Provider, change.Kind.Name}, change.ID}
			gone[m], c.counted[m] = i, true
		}
	}
	for len(gone) > 0 {
		gone = c.below(gone, all)
	}
	for i, kinds := range c.along {
		for kind, n := range kinds {
			p.Changes[i].Along = append(p.Changes[i].Along, Along{kind, n})
		}
		slices.SortFunc(p.Changes[i].Along, func(a, b Along) int { return cmp.Compare(a.Kind.Name, b.Kind.Name) })
	}
}

// below counts the children of objects that go, and returns them.
func (c *cascade) below(gone map[member]int, all []Children) map[member]int {
	next := map[member]int{}
	for _, k := range all {
		parent := k.Kind.Attribute(k.Kind.Parent)
		if parent == nil || parent.Refers == "" {
			continue
		}
		of := objectsOf{k.Provider, parent.Refers}
		for parentID, id := range k.All {
			i, goes := gone[member{of, parentID}]
			m := member{objectsOf{k.Provider, k.Kind.Name}, id}
			if !goes || c.counted[m] {
				continue
			}
			c.counted[m] = true
			next[m] = i
			if c.along[i] == nil {
				c.along[i] = map[*schema.Kind]int{}
			}
			c.along[i][k.Kind]++
		}
	}
	return next
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

// AllAlong sums up what goes along with changes, by the name of the kind.
func AllAlong(changes iter.Seq[*Change]) []Along {
	total := map[*schema.Kind]int{}
	var all []Along
	for c := range changes {
		for _, a := range c.Along {
			if total[a.Kind] == 0 {
				all = append(all, Along{Kind: a.Kind})
			}
			total[a.Kind] += a.Count
		}
	}
	for i := range all {
		all[i].Count = total[all[i].Kind]
	}
	slices.SortFunc(all, func(a, b Along) int { return strings.Compare(a.Kind.Name, b.Kind.Name) })
	return all
}
