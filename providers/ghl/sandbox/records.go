package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

// apply replays one record of the log.
func (st *store) apply(r record) error {
	gone := r.Value == nil
	switch r.Kind {
	case kindLocation:
		return decode(r, &st.location)
	case kindContact:
		return restore(r, func(c *contact) { st.saveContact(time.Time{}, c) })
	case kindTag:
		if gone {
			if old := st.tags.byID[r.ID]; old != nil {
				delete(st.tagNames, old.Name)
			}
			st.tags.remove(r.ID)
			return nil
		}
		return restore(r, st.saveTag)
	case kindField:
		return restoreInto(r, st.fields)
	case kindValue:
		return restoreInto(r, st.values)
	case kindUser:
		return restoreInto(r, st.users)
	case kindToken:
		return restoreInto(r, st.tokens)
	case kindTask:
		if gone {
			st.dropTask(time.Time{}, r.ID)
			return nil
		}
		return restore(r, func(t *task) { st.saveTask(time.Time{}, t) })
	case kindNote:
		if old := st.notes.byID[r.ID]; gone && old != nil {
			st.notes.remove(old.ContactID, r.ID)
			return nil
		}
		return restore(r, func(n *note) { st.notes.set(n.ContactID, n.ID, n) })
	case kindAppointment:
		return restore(r, func(a *appointment) { st.visits.set(a.ContactID, a.ID, a) })
	}
	return fmt.Errorf("unknown kind %q", r.Kind)
}

func decode(r record, into any) error {
	if err := json.Unmarshal(r.Value, into); err != nil {
		return fmt.Errorf("decode %s %s: %w", r.Kind, r.ID, err)
	}
	return nil
}

// restore decodes a record's value and hands it on; a deletion of what is not
// there is nothing.
func restore[T any](r record, save func(*T)) error {
	if r.Value == nil {
		return nil
	}
	item := new(T)
	if err := decode(r, item); err != nil {
		return err
	}
	save(item)
	return nil
}

func restoreInto[T any](r record, into *catalogue[*T]) error {
	if r.Value == nil {
		into.remove(r.ID)
		return nil
	}
	return restore(r, func(item *T) { into.set(r.ID, item) })
}

// size counts the objects that a compacted log has.
func (st *store) size() int {
	return 1 + len(st.contacts) + len(st.tasks.byID) + len(st.notes.byID) + len(st.visits.byID) +
		len(st.tags.byID) + len(st.fields.byID) + len(st.values.byID) + len(st.users.byID) + len(st.tokens.byID)
}

// each visits every object, in an order that replay can follow.
func (st *store) each(visit func(kind, id string, value any) error) error {
	if err := visit(kindLocation, st.location.ID, &st.location); err != nil {
		return err
	}
	for _, step := range []func() error{
		func() error { return visitAll(kindTag, st.tags, visit) },
		func() error { return visitAll(kindField, st.fields, visit) },
		func() error { return visitAll(kindValue, st.values, visit) },
		func() error { return visitAll(kindUser, st.users, visit) },
		func() error { return visitAll(kindToken, st.tokens, visit) },
		func() error { return visitContacts(st, visit) },
		func() error { return visitChildren(kindTask, st.tasks, visit) },
		func() error { return visitChildren(kindNote, st.notes, visit) },
		func() error { return visitChildren(kindAppointment, st.visits, visit) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func visitAll[T any](kind string, all *catalogue[T], visit func(kind, id string, value any) error) error {
	for _, id := range all.order {
		if err := visit(kind, id, all.byID[id]); err != nil {
			return err
		}
	}
	return nil
}

func visitChildren[T any](kind string, all *children[T], visit func(kind, id string, value any) error) error {
	for _, parent := range slices.Sorted(maps.Keys(all.of)) {
		for _, id := range all.of[parent] {
			if err := visit(kind, id, all.byID[id]); err != nil {
				return err
			}
		}
	}
	return nil
}

func visitContacts(st *store, visit func(kind, id string, value any) error) error {
	for _, id := range slices.Sorted(maps.Keys(st.contacts)) {
		if err := visit(kindContact, id, st.contacts[id]); err != nil {
			return err
		}
	}
	return nil
}
