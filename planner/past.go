package planner

import (
	"slices"

	"lockstep/planner/state"
	"lockstep/schema"
)

// Past is what the state remembers of one kind in one account.
type Past struct {
	Sealer *state.Sealer
	// Records by the sealed address that they have now.
	Records *state.Records
	// Previous addresses of records that moved, by the address they have now.
	Previous map[schema.Address]schema.Address
	// Keys are the texts that sealed keys stand for, as the files and live objects
	// showed them. All kinds share it: a person's tasks have the person's key, and
	// do not show it. It may be nil.
	Keys map[string]string
	// Intents are the addresses of unfinished creates: what is found there was
	// made by us.
	Intents map[schema.Address]state.Intent

	// placed tells by number which records a declaration took, and taken how many
	// that are. The indexes are built when somebody asks.
	placed []bool
	taken  int
	byID   map[string]schema.Address
	// founds are the remote ids that mappings found at the last apply, by the
	// digest of what they matched by; empty for several.
	founds map[state.Digest]string
	// pairs are the records of mappings, by mapping and target.
	pairs map[pairKey]*state.Record
	// room is for the fields of one object after the other.
	room schema.Fields
	// sensitive are the paths of values that were sensitive, by remote id.
	sensitive map[string][]string
}

// pairKey names what a mapping wrote to an object.
type pairKey struct {
	mapping schema.Address
	id      string
}

// place takes the record of an address for what is declared there; nil when the
// state has none.
func (p *Past) place(sealed schema.Address) *state.Record {
	return p.placeNumber(p.Records.Number(sealed))
}

// placeOf is place for a desired object.
func (p *Past) placeOf(d *Desired) *state.Record { return p.placeNumber(d.Number(p.Records)) }

func (p *Past) placeNumber(n int) *state.Record {
	if n < 0 {
		return nil
	}
	if p.placed == nil {
		p.placed = make([]bool, p.Records.Numbers())
	}
	if !p.placed[n] {
		p.placed[n] = true
		p.taken++
	}
	return p.Records.Record(n)
}

// isPlaced reports whether a declaration took the record of an address.
func (p *Past) isPlaced(sealed schema.Address) bool {
	n := p.Records.Number(sealed)
	return n >= 0 && p.placed != nil && p.placed[n]
}

// ours reports whether an unfinished create left an intent for the address.
func (p *Past) ours(sealed schema.Address) bool {
	_, open := p.Intents[sealed]
	return open
}

// of finds the address under which the state knows a remote id.
func (p *Past) of(id string) (schema.Address, bool) {
	if p.byID == nil {
		p.byID = make(map[string]schema.Address, p.Records.Len())
		for a, r := range p.Records.All() {
			if !a.Mapping() {
				p.byID[r.ID] = a
			}
		}
	}
	a, ok := p.byID[id]
	return a, ok
}

// succeed gives an address the record of another one, which is no longer
// declared.
func (p *Past) succeed(from, to schema.Address) *state.Record {
	r := p.place(from)
	p.rename(to, r)
	return r
}

// rename notes that a record has another address now than in the state.
func (p *Past) rename(to schema.Address, r *state.Record) {
	if to == r.Address() {
		delete(p.Previous, to)
		return
	}
	if p.Previous == nil {
		p.Previous = map[schema.Address]schema.Address{}
	}
	p.Previous[to] = r.Address()
}

// Unchanged reports whether the files want of a desired object what they wanted at
// the last apply. r is its record.
func (p *Past) Unchanged(d *Desired, r *state.Record) bool {
	if r == nil {
		return false
	}
	if !d.summed {
		// Working it out takes a hash, and several ask.
		p.room = d.fields.Append(p.room[:0])
		d.sum, d.summed = p.Sealer.DesiredSum(p.room), true
	}
	return r.Sum == d.sum
}

// renumbered takes other records in the place of those that there are, all of which
// they have, some under other addresses.
func (p *Past) renumbered(records *state.Records) {
	taken := map[*state.Record]bool{}
	for n, placed := range p.placed {
		if _, r := p.Records.At(n); placed {
			taken[r] = true
		}
	}
	p.Records, p.byID, p.placed, p.taken = records, nil, nil, 0
	for a, r := range records.All() {
		if taken[r] {
			p.place(a)
		}
	}
}

// pair is the record of what a mapping last wrote to an object: that of the
// instance, or of the one that had the object before. It is nil when the two
// were never joined.
func (p *Past) pair(sealed schema.Address, id string) *state.Record {
	if r := p.place(sealed); r != nil && r.ID == id {
		return r
	}
	if p.pairs == nil {
		p.pairs = map[pairKey]*state.Record{}
		for a, r := range p.Records.All() {
			at := pairKey{a.Block(), r.ID}
			if other := p.pairs[at]; a.Mapping() && (other == nil || r.Address().Compare(other.Address()) < 0) {
				p.pairs[at] = r
			}
		}
	}
	return p.pairs[pairKey{sealed.Block(), id}]
}

// found is the remote id of what the match of an instance found at the last
// apply, be it for this instance or for another; empty when it found nothing, or
// several.
func (p *Past) found(sealed schema.Address, digest state.Digest) string {
	if r := p.Records.Get(sealed); r != nil && r.Flags().Match == digest {
		return r.ID
	}
	if p.founds == nil {
		p.founds = map[state.Digest]string{}
		for a, r := range p.Records.All() {
			if !a.Mapping() || r.Flags().Match == (state.Digest{}) {
				continue
			}
			if id, other := p.founds[r.Flags().Match]; other && id != r.ID {
				p.founds[r.Flags().Match] = ""
				continue
			}
			p.founds[r.Flags().Match] = r.ID
		}
	}
	return p.founds[digest]
}

// shown is an address as people write it; keys that are not known stay sealed.
// live is its object, and may be nil.
func (p *Past) shown(sealed schema.Address, live *schema.Object) schema.Address {
	return sealed.WithKeys(func(key string) string {
		if !state.SealedKey(key) {
			return key
		}
		if text, known := p.Keys[key]; known {
			return text
		}
		text, shown := p.Sealer.Recover(key, live)
		if !shown {
			return key
		}
		p.learn(key, text)
		return text
	})
}

// learn notes what a sealed key stands for.
func (p *Past) learn(sealed, text string) {
	if p.Keys != nil && sealed != text {
		p.Keys[sealed] = text
	}
}

// previous is the address that the record of a desired object had before, as
// the state has it and as people write it; nil when it has not moved.
func (p *Past) previous(d *Desired, live *schema.Object) (sealed, shown *schema.Address) {
	from, moved := p.Previous[d.Sealed()]
	if !moved {
		return nil, nil
	}
	at := from // so that only a moved one is on the heap
	if from.Key == d.Sealed().Key {
		from.Key = d.Address().Key
	}
	if from.Module == d.Sealed().Module {
		from.Module = d.Address().Module
	}
	people := p.shown(from, live)
	return &at, &people
}

// leftovers are the addresses of records that no declaration took, sorted, but for
// those that are held.
func (p *Past) leftovers(held func(schema.Address) bool) []schema.Address {
	if p.taken == p.Records.Len() {
		return nil // as it nearly always is
	}
	var left []schema.Address
	for n := range p.Records.Numbers() {
		if a, r := p.Records.At(n); r != nil && (p.placed == nil || !p.placed[n]) && !held(a) {
			left = append(left, a)
		}
	}
	slices.SortFunc(left, schema.Address.Compare)
	return left
}
