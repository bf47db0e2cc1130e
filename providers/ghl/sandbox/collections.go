package sandbox

import "slices"

// catalogue is a small set of objects by id, in the order they were made.
type catalogue[T any] struct {
	byID  map[string]T
	order []string
}

func newCatalogue[T any]() *catalogue[T] { return &catalogue[T]{byID: map[string]T{}} }

func (c *catalogue[T]) set(id string, item T) {
	if _, known := c.byID[id]; !known {
		c.order = append(c.order, id)
	}
	c.byID[id] = item
}

func (c *catalogue[T]) remove(id string) {
	delete(c.byID, id)
	c.order = slices.DeleteFunc(c.order, func(other string) bool { return other == id })
}

// all lists the objects, oldest first.
func (c *catalogue[T]) all() []T {
	out := make([]T, 0, len(c.order))
	for _, id := range c.order {
		out = append(out, c.byID[id])
	}
	return out
}

// children are objects that belong to a contact.
type children[T any] struct {
	byID map[string]T
	of   map[string][]string // contact id to ids, oldest first
}

func newChildren[T any]() *children[T] {
	return &children[T]{byID: map[string]T{}, of: map[string][]string{}}
}

func (c *children[T]) set(parent, id string, item T) {
	if _, known := c.byID[id]; !known {
		c.of[parent] = append(c.of[parent], id)
	}
	c.byID[id] = item
}

func (c *children[T]) remove(parent, id string) {
	delete(c.byID, id)
	c.of[parent] = slices.DeleteFunc(c.of[parent], func(other string) bool { return other == id })
}

// all lists the objects of a contact, oldest first.
func (c *children[T]) all(parent string) []T {
	out := make([]T, 0, len(c.of[parent]))
	for _, id := range c.of[parent] {
		out = append(out, c.byID[id])
	}
	return out
}
