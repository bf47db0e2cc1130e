package sandbox

import (
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"
)

// collection is all objects of one kind, by id and by parent. Objects are
// replaced, never changed in place. It is one of the store's records: what is
// put and dropped is in the log, and the log is replayed into it.
type collection[T any] struct {
	kind  string // the kind's name in the log
	store *store
	byID  map[string]*T
	of    map[string][]string // by parent, the ids of its objects, oldest first

	parent  func(*T) string   // the id an object belongs to; nil: all belong to the location, whose key is ""
	seen    *picture[*T]      // what the searches see; nil: no search answers the kind
	hidden  func(*T) bool     // reports whether the searches lack an object; nil: they have all
	changed func(old, now *T) // keeps an index up to date; old or now is nil
}

// newCollection makes the collection of a kind and registers it with the store.
func newCollection[T any](st *store, kind string) *collection[T] {
	c := &collection[T]{kind: kind, store: st, byID: map[string]*T{}, of: map[string][]string{}}
	st.logged = append(st.logged, c)
	return c
}

// searched gives the kind a picture, which lags behind as the searches do.
func (c *collection[T]) searched() {
	c.seen = newPicture[*T](c.store.lag)
	c.store.pictures = append(c.store.pictures, c.seen)
}

// parentOf is the key of the list an object stands in.
func (c *collection[T]) parentOf(item *T) string {
	if c.parent == nil {
		return ""
	}
	return c.parent(item)
}

// put makes item the current version of its object.
func (c *collection[T]) put(at time.Time, id string, item *T) {
	old := c.byID[id]
	if old != nil && c.parentOf(old) != c.parentOf(item) {
		c.unlist(id, old)
	}
	if old == nil || c.parentOf(old) != c.parentOf(item) {
		parent := c.parentOf(item)
		c.of[parent] = append(c.of[parent], id)
	}
	c.byID[id] = item
	if c.changed != nil {
		c.changed(old, item)
	}
	if c.seen != nil {
		c.seen.see(at, id, item, c.hidden != nil && c.hidden(item))
	}
	c.store.put(c.kind, id, item)
}

// drop forgets an object. One that is not there is nothing.
func (c *collection[T]) drop(at time.Time, id string) {
	old := c.byID[id]
	if old == nil {
		return
	}
	c.unlist(id, old)
	delete(c.byID, id)
	if c.changed != nil {
		c.changed(old, nil)
	}
	if c.seen != nil {
		c.seen.see(at, id, nil, true)
	}
	c.store.drop(c.kind, id)
}

func (c *collection[T]) unlist(id string, item *T) {
	parent := c.parentOf(item)
	left := slices.DeleteFunc(c.of[parent], func(other string) bool { return other == id })
	if c.of[parent] = left; len(left) == 0 {
		delete(c.of, parent)
	}
}

// list returns the objects of a parent, oldest first.
func (c *collection[T]) list(parent string) []*T {
	out := make([]*T, 0, len(c.of[parent]))
	for _, id := range c.of[parent] {
		out = append(out, c.byID[id])
	}
	return out
}

// dropOf forgets the objects of a parent, as when the parent is deleted.
func (c *collection[T]) dropOf(at time.Time, parent string) {
	for _, id := range slices.Clone(c.of[parent]) {
		c.drop(at, id)
	}
}

// all visits every object with its id, by parent, oldest first.
func (c *collection[T]) all() iter.Seq2[string, *T] {
	return func(yield func(string, *T) bool) {
		for _, parent := range slices.Sorted(maps.Keys(c.of)) {
			for _, id := range c.of[parent] {
				if !yield(id, c.byID[id]) {
					return
				}
			}
		}
	}
}

func (c *collection[T]) name() string { return c.kind }

func (c *collection[T]) size() int { return len(c.byID) }

// replay applies one record of the log.
func (c *collection[T]) replay(r record) error {
	if r.Value == nil {
		c.drop(time.Time{}, r.ID)
		return nil
	}
	item := new(T)
	if err := json.Unmarshal(r.Value, item); err != nil {
		return fmt.Errorf("decode %s %s: %w", r.Kind, r.ID, err)
	}
	c.put(time.Time{}, r.ID, item)
	return nil
}

// visit hands on every object for a compacted log.
func (c *collection[T]) visit(do func(id string, value any) error) error {
	for id, item := range c.all() {
		if err := do(id, item); err != nil {
			return err
		}
	}
	return nil
}
