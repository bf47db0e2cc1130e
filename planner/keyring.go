package planner

import (
	"fmt"

	"lockstep/schema"
)

// Keyring knows which desired object of a kind has which natural key: no two may
// have the same. Make one with its Kind.
type Keyring struct {
	Kind *schema.Kind
	// Room is for how many objects room is made at once.
	Room int
	// held are the objects by rank and text of their keys.
	held []map[string]*Desired
}

// Claim takes the strongest natural key that an object has. It returns the problem
// when another object has it; nil when none has, or there is no key.
func (k *Keyring) Claim(d *Desired) *Problem {
	if k.held == nil {
		k.held = make([]map[string]*Desired, len(k.Kind.Keys))
	}
	for rank, key := range k.Kind.Keys {
		text := foldedKey(k.Kind, key, d.Value)
		if text == "" {
			continue
		}
		if k.held[rank] == nil {
			k.held[rank] = make(map[string]*Desired, k.Room)
		}
		other, twice := k.held[rank][text]
		if !twice {
			k.held[rank][text] = d
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
