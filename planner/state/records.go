package state

import (
	"iter"
	"slices"

	"lockstep/planner/index"
	"lockstep/schema"
)

// Records are records by sealed address. They have numbers, from 0, in the order in
// which their addresses came; what was dropped leaves its number unused.
// Nil is empty, and takes none.
type Records struct {
	entries []entry
	index   index.Index
	dropped int
}

// entry is a record, nil once it is dropped, and the address that it has now where
// that is not its own.
type entry struct {
	record *Record
	now    *schema.Address
}

func (e *entry) address() schema.Address {
	if e.now != nil {
		return *e.now
	}
	return e.record.Address()
}

// NewRecords makes room for a number of records.
func NewRecords(n int) *Records {
	r := &Records{entries: make([]entry, 0, n)}
	r.index.Grow(n)
	return r
}

// Len returns how many records there are.
func (r *Records) Len() int {
	if r == nil {
		return 0
	}
	return len(r.entries) - r.dropped
}

// Numbers returns how many numbers are in use or were.
func (r *Records) Numbers() int {
	if r == nil {
		return 0
	}
	return len(r.entries)
}

// Number returns the number of an address, -1 when it has no record.
func (r *Records) Number(a schema.Address) int {
	if r == nil {
		return -1
	}
	for n := range r.index.Find(r.hash(a)) {
		if e := &r.entries[n]; e.record != nil && e.has(a) {
			return n
		}
	}
	return -1
}

// has reports whether an entry has an address. Keys tell most addresses apart.
func (e *entry) has(a schema.Address) bool {
	if e.now != nil {
		return *e.now == a
	}
	return e.record.key == a.Key && e.record.Address() == a
}

// At returns the record with a number and the address that it has now. The record is
// nil when it was dropped.
func (r *Records) At(n int) (schema.Address, *Record) {
	if e := &r.entries[n]; e.record != nil {
		return e.address(), e.record
	}
	return schema.Address{}, nil
}

// Record returns the record with a number, nil when it was dropped.
func (r *Records) Record(n int) *Record { return r.entries[n].record }

// Get returns the record of an address, nil when there is none.
func (r *Records) Get(a schema.Address) *Record {
	n := r.Number(a)
	if n < 0 {
		return nil
	}
	return r.entries[n].record
}

// Put gives an address a record, in place of the one that it has.
func (r *Records) Put(a schema.Address, record *Record) {
	e := entry{record: record}
	if a != record.Address() {
		now := a // so that only one that moved is on the heap
		e.now = &now
	}
	if n := r.Number(a); n >= 0 {
		r.entries[n] = e
		return
	}
	r.index.Add(r.hash(a), len(r.entries))
	r.entries = append(r.entries, e)
}

// Drop takes the record of an address away.
func (r *Records) Drop(a schema.Address) {
	if n := r.Number(a); n >= 0 {
		r.entries[n] = entry{}
		r.dropped++
	}
}

// All yields the records with the addresses that they have now, by number. While it
// does, records may be dropped.
func (r *Records) All() iter.Seq2[schema.Address, *Record] {
	return func(yield func(schema.Address, *Record) bool) {
		for n := range r.Numbers() {
			if a, record := r.At(n); record != nil && !yield(a, record) {
				return
			}
		}
	}
}

// Addresses returns the addresses in their order.
func (r *Records) Addresses() []schema.Address {
	all := make([]schema.Address, 0, r.Len())
	for a := range r.All() {
		all = append(all, a)
	}
	slices.SortFunc(all, schema.Address.Compare)
	return all
}

// hash is a hash of what tells most addresses apart.
func (r *Records) hash(a schema.Address) uint32 {
	return r.index.Hash(a.Module, a.Name, a.Key.Text) + uint32(a.Key.Int)*0x9e3779b9
}
