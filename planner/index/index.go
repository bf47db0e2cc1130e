// Package index finds things that are kept in a list by a hash of what names them.
// For a hundred thousand things it takes a tenth of the memory of a map by their
// names, and no name is kept twice.
package index

import (
	"hash/maphash"
	"iter"
	"math/bits"
	"slices"
)

// Index finds the numbers that things have in a list. The zero value is empty.
type Index struct {
	seed maphash.Seed
	// slots have the hash of a thing above one more than its number, or 0. There are
	// a power of two, of which a quarter is free.
	slots []uint64
	used  int
}

// least is how many slots there are at first.
const least = 8

// Grow makes room for a number of things, and keeps those that there are.
func (x *Index) Grow(n int) {
	size := least
	if n > least/2 {
		size = 1 << bits.Len(uint(n+n/3))
	}
	if size <= len(x.slots) {
		return
	}
	old := x.slots
	if old == nil {
		x.seed = maphash.MakeSeed()
	}
	x.slots = make([]uint64, size)
	// Slots that are taken follow each other in the order of their things, if need
	// be beyond the end.
	begin := max(slices.Index(old, 0), 0)
	for _, part := range [][]uint64{old[begin:], old[:begin]} {
		for _, slot := range part {
			if slot != 0 {
				x.put(slot)
			}
		}
	}
}

// Add notes the number of a thing, which is less than 1<<32 - 1, by its hash. A
// number may be added by several hashes, and several numbers by one.
func (x *Index) Add(hash uint32, number int) {
	if 4*(x.used+1) > 3*len(x.slots) {
		x.Grow(max(2*x.used, least/2))
	}
	x.used++
	x.put(uint64(hash)<<32 | uint64(number+1))
}

func (x *Index) put(slot uint64) {
	mask := len(x.slots) - 1
	at := int(slot>>32) & mask
	for x.slots[at] != 0 {
		at = (at + 1) & mask
	}
	x.slots[at] = slot
}

// Hash returns a hash of texts, which no file or server can foresee. It decides
// nothing but where something is looked for. An index must have been grown first:
// before that, all hashes are 0.
func (x *Index) Hash(texts ...string) uint32 {
	if x.slots == nil {
		return 0
	}
	var h uint64
	for _, text := range texts {
		h = 31*h ^ maphash.String(x.seed, text)
	}
	return uint32(h >> 32)
}

// Find yields the numbers that were added by a hash, in the order in which they
// were added. Things of which only the hashes are equal are among them.
func (x *Index) Find(hash uint32) iter.Seq[int] {
	return func(yield func(int) bool) {
		if len(x.slots) == 0 {
			return
		}
		mask := len(x.slots) - 1
		for at := int(hash) & mask; x.slots[at] != 0; at = (at + 1) & mask {
			if uint32(x.slots[at]>>32) == hash && !yield(int(uint32(x.slots[at]))-1) {
				return
			}
		}
	}
}
