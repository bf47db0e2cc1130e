package planner

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"lockstep/schema"
)

// handover is a natural key, by its rank, that one change gives up and another
// one waits for. The changes are indexes in the decision.
type handover struct{ from, rank int }

// succession is who gets natural keys of whom among the changes of a decision.
type succession struct{ *decider }

// order sets the turns of changes that hand natural keys on: who gets a key waits
// until it is given up. Where keys go round in a circle, one object is emptied of its
// key first, or gets an interim one, because the account would refuse whichever is
// written first. A key that no object can be without is refused.
func (d succession) order() {
	waits := d.handovers()
	order := d.byAddress(maps.Keys(waits))
	for i, w := range waits {
		for _, h := range w {
			d.Changes[i].Awaits = append(d.Changes[i].Awaits, d.Changes[h.from].Address)
		}
		d.Changes[i].Awaits = slices.Compact(d.Changes[i].Awaits) // they are sorted
	}
	for len(waits) > 0 {
		t := &turns{waits: waits, of: map[int]int{}}
		circle := t.first(order)
		if circle == nil {
			for i, turn := range t.of {
				d.Changes[i].Turn = turn
			}
			return
		}
		if !d.vacate(circle, waits) {
			d.refuseCircle(circle, waits)
			return
		}
	}
}

// handovers finds for each change which others it has to wait for.
func (d succession) handovers() map[int][]handover {
	waits := map[int][]handover{}
	for _, i := range d.writers {
		for rank, key := range d.Kind.Keys {
			text := d.Changes[i].writesKey(key)
			if shareable(d.Kind, key) {
				continue
			}
			for _, holder := range d.Live.key(rank, text) {
				if j, writes := d.writers[holder]; writes && j != i && keyText(key, holder.becomes) != text {
					waits[i] = append(waits[i], handover{j, rank})
				}
			}
		}
	}
	for _, w := range waits {
		slices.SortFunc(w, func(a, b handover) int {
			return cmp.Or(d.Changes[a.from].Address.Compare(d.Changes[b.from].Address), cmp.Compare(a.rank, b.rank))
		})
	}
	return waits
}

// shareable reports whether several objects may have a natural key.
func shareable(kind *schema.Kind, key schema.NaturalKey) bool {
	return slices.ContainsFunc(key, func(path string) bool {
		a := kind.Attribute(schema.PathAttribute(path))
		return a != nil && a.Common
	})
}

// byAddress sorts changes, so that the plan does not depend on the order in which
// they were made.
func (d succession) byAddress(changes iter.Seq[int]) []int {
	return slices.SortedFunc(changes, func(a, b int) int { return d.Changes[a].Address.Compare(d.Changes[b].Address) })
}

// vacate lets one object of a circle give its keys up before anything else is
// written, so that no change has to wait for it. It reports whether there is one
// that can.
func (d succession) vacate(circle []int, waits map[int][]handover) bool {
	for _, i := range d.byAddress(slices.Values(circle)) {
		var paths []string
		for _, w := range waits {
			for _, h := range w {
				if h.from == i {
					paths = append(paths, d.Kind.Keys[h.rank]...)
				}
			}
		}
		if slices.ContainsFunc(paths, d.indispensable) {
			continue
		}
		slices.Sort(paths)
		c := &d.Changes[i]
		c.Vacates = slices.Compact(paths)
		c.Reason = strings.Join(c.Vacates, " and ") + " " + d.way(c.Vacates) + " first, because another object takes it over"
		for j := range waits {
			waits[j] = slices.DeleteFunc(waits[j], func(h handover) bool { return h.from == i })
		}
		return true
	}
	return false
}

// way tells what becomes of keys that give way.
func (d succession) way(paths []string) string {
	if slices.ContainsFunc(paths, func(path string) bool { return d.Kind.Attribute(schema.PathAttribute(path)).Interim }) {
		return "gets another value"
	}
	return "is emptied"
}

// indispensable reports whether no object can be without an attribute, or have
// another value for a moment.
func (d succession) indispensable(path string) bool {
	a := d.Kind.Attribute(schema.PathAttribute(path))
	return a == nil || a.Required && !a.Interim || a.Immutable || a.Channel != ""
}

// interim is what stands in for the value of a key that gives way: nothing, or the
// live value with the id of the object behind it, which no other object has.
func interim(c *Change, path string) schema.Value {
	if a := c.Kind.Attribute(schema.PathAttribute(path)); !a.Interim || c.Live == nil {
		return schema.Value{}
	}
	return schema.StringValue(c.Live.Value(path).Text() + "-" + strings.ToLower(c.ID))
}

// turns works out how many changes each one has to wait for, one after the
// other. open are those that wait for the one that is looked at.
type turns struct {
	waits map[int][]handover
	of    map[int]int
	open  []int
}

// first finds the turns of changes that wait. It returns the first circle of
// changes that wait for each other, nil when there is none.
func (t *turns) first(order []int) (circle []int) {
	for _, i := range order {
		if circle := t.take(i); circle != nil {
			return circle
		}
	}
	return nil
}

func (t *turns) take(i int) (circle []int) {
	if at := slices.Index(t.open, i); at >= 0 {
		return t.open[at:]
	}
	if _, done := t.of[i]; done {
		return nil
	}
	t.open = append(t.open, i)
	turn := 0
	for _, h := range t.waits[i] {
		if circle := t.take(h.from); circle != nil {
			return circle
		}
		turn = max(turn, t.of[h.from]+1)
	}
	t.open = t.open[:len(t.open)-1]
	t.of[i] = turn
	return nil
}

func (d succession) refuseCircle(circle []int, waits map[int][]handover) {
	circle = d.byAddress(slices.Values(circle))
	names, paths := make([]string, len(circle)), exchanged(d.Changes, circle, waits)
	for n, i := range circle {
		names[n] = d.Changes[i].Address.String()
	}
	c := &d.Changes[circle[0]]
	key := strings.Join(paths, " and ")
	d.Problems = append(d.Problems, Problem{
		Address: c.Address, Place: c.Place, Path: paths[0], Summary: "A natural key goes round in a circle", Detail: fmt.Sprintf(
			"%s exchange their %s. An account has each %s once only, and no %s can be without one, so none of them can be written first. Give one of them another %s and apply, then write what you want and apply again.",
			strings.Join(names, " and "), key, key, d.Kind.Noun, key),
	})
}

// exchanged are the paths of the natural keys that the changes of a circle hand
// on, as far as they write them.
func exchanged(changes []Change, circle []int, waits map[int][]handover) []string {
	var paths []string
	for _, i := range circle {
		for _, h := range waits[i] {
			if !slices.Contains(circle, h.from) {
				continue
			}
			for _, path := range changes[i].Kind.Keys[h.rank] {
				if slices.ContainsFunc(changes[i].Fields, func(f FieldChange) bool { return f.Path == path }) {
					paths = append(paths, path)
				}
			}
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}
