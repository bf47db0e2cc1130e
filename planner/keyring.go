package planner

import (
	"fmt"

	"lockstep/planner/index"
	"lockstep/schema"
)

// Keyring knows which desired object of a kind has which natural key: no two may
// have the same. Make one with its Kind.
type Keyring struct {
	Kind *schema.Kind
	// Room is for how many objects room is made at once.
	Room int
	// held are the objects by rank of their keys.
	held []holders
}

// holders are desired objects that are found by a hash of the texts of their keys.
type holders struct {
	index index.Index
	all   []*Desired
}

// Claim takes the strongest natural key that an object has. It returns the problem
// when another object has it; nil when none has, or there is no key.
func (k *Keyring) Claim(d *Desired) *Problem {
	if k.held == nil {
		k.held = make([]holders, len(k.Kind.Keys))
	}
	for rank, key := range k.Kind.Keys {
		text := foldedKey(k.Kind, key, d.Value)
		if text == "" {
			continue
		}
		other := k.hold(rank, text, d)
		if other == nil {
			return nil
		}
		// The last part tells objects apart that have the others in common.
		own := key[len(key)-1]
		return &Problem{Address: d.Address(), Place: d.Block.Place, Path: own, Summary: "Two objects with one natural key", Detail: fmt.Sprintf(
			"%s and %s (%s) both have %s. One live %s cannot be two objects: remove one of them, or give it its own %s.",
			other.Address(), d.Address(), other.place(), describeKey(key, d.Fields()), k.Kind.Noun, own)}
	}
	return nil
}

// hold takes a key for an object, unless another one has it, which it returns.
func (k *Keyring) hold(rank int, text string, d *Desired) (other *Desired) {
	h := &k.held[rank]
	if len(h.all) == 0 {
		h.index.Grow(max(k.Room, 1))
		h.all = make([]*Desired, 0, k.Room)
	}
	hash := h.index.Hash(text)
	for n := range h.index.Find(hash) {
		if foldedKey(k.Kind, k.Kind.Keys[rank], h.all[n].Value) == text {
			return h.all[n]
		}
	}
	h.index.Add(hash, len(h.all))
	h.all = append(double(h.all), d)
	return nil
}
