package planner

import (
	"maps"
	"slices"

	"lockstep/planner/state"
	"lockstep/schema"
)

// Past is what the state remembers of one kind in one account.
type Past struct {
	Sealer *state.Sealer
	// Records by the sealed address that they have now.
	Records map[schema.Address]*state.Record
	// Previous addresses of records that moved, by the address they have now.
	Previous map[schema.Address]schema.Address
	// Keys are the texts that sealed keys stand for, as the files and live objects
	// showed them. All kinds share it: a person's tasks have the person's key, and
	// do not show it. It may be nil.
	Keys map[string]string
	// Intents are the addresses of unfinished creates: what is found there was
	// made by us.
	Intents map[schema.Address]state.Intent

	// placed are the records that a declaration took. The other indexes are
	// built when somebody asks.
	placed map[*state.Record]bool
	byID   map[string]schema.Address
	// founds are the remote ids that mappings found at the last apply, by the
	// digest of what they matched by; empty for several.
	founds map[string]string
	// pairs are the records of mappings, by mapping and target.
	pairs map[pairKey]*state.Record
	// sensitive are the paths of values that were sensitive, by remote id.
	sensitive map[string][]string
	// same reports for records whether the files want what they wanted: working
	// it out takes a hash.
	same map[*state.Record]bool
}

// pairKey names what a mapping wrote to an object.
type pairKey struct {
	mapping schema.Address
	id      string
}

// place takes the record of an address for what is declared there; nil when the
// state has none.
func (p *Past) place(sealed schema.Address) *state.Record {
	r := p.Records[sealed]
	if r == nil {
		return nil
	}
	if p.placed == nil {
		p.placed = make(map[*state.Record]bool, len(p.Records))
	}
	p.placed[r] = true
	return r
}

// ours reports whether an unfinished create left an intent for the address.
func (p *Past) ours(sealed schema.Address) bool {
	_, open := p.Intents[sealed]
	return open
}

// of finds the address under which the state knows a remote id.
func (p *Past) of(id string) (schema.Address, bool) {
	if p.byID == nil {
		p.byID = make(map[string]schema.Address, len(p.Records))
		for a, r := range p.Records {
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
	if to == r.Address {
		delete(p.Previous, to)
		return
	}
	if p.Previous == nil {
		p.Previous = map[schema.Address]schema.Address{}
	}
	p.Previous[to] = r.Address
}

// Unchanged reports whether the files want of a desired object what they wanted at
// the last apply. r is its record.
func (p *Past) Unchanged(d *Desired, r *state.Record) bool {
	same, known := p.same[r]
	if !known {
		if p.same == nil {
			p.same = make(map[*state.Record]bool, len(p.Records))
		}
		same = r.Sum == p.Sealer.DesiredSum(d.Fields)
		p.same[r] = same
	}
	return same
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
		for a, r := range p.Records {
			at := pairKey{a.Block(), r.ID}
			if other := p.pairs[at]; a.Mapping() && (other == nil || r.Address.Compare(other.Address) < 0) {
				p.pairs[at] = r
			}
		}
	}
	return p.pairs[pairKey{sealed.Block(), id}]
}

// found is the remote id of what the match of an instance found at the last
// apply, be it for this instance or for another; empty when it found nothing, or
// several.
func (p *Past) found(sealed schema.Address, digest string) string {
	if r := p.Records[sealed]; r != nil && r.Flags.Match == digest {
		return r.ID
	}
	if p.founds == nil {
		p.founds = map[string]string{}
		for a, r := range p.Records {
			if !a.Mapping() || r.Flags.Match == "" {
				continue
			}
			if id, other := p.founds[r.Flags.Match]; other && id != r.ID {
				p.founds[r.Flags.Match] = ""
				continue
			}
			p.founds[r.Flags.Match] = r.ID
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
	from, moved := p.Previous[d.Sealed]
	if !moved {
		return nil, nil
	}
	at := from // so that only a moved one is on the heap
	if from.Key == d.Sealed.Key {
		from.Key = d.Address.Key
	}
	if from.Module == d.Sealed.Module {
		from.Module = d.Address.Module
	}
	people := p.shown(from, live)
	return &at, &people
}

// leftovers are the addresses of records that no declaration took, sorted, but for
// those that are held.
func (p *Past) leftovers(held func(schema.Address) bool) []schema.Address {
	if len(p.placed) == len(p.Records) {
		return nil // as it nearly always is
	}
	var left []schema.Address
	for a, r := range p.Records {
		if !p.placed[r] && !held(a) {
			left = append(left, a)
		}
	}
	slices.SortFunc(left, schema.Address.Compare)
	return left
}

func (p *Past) sorted() []schema.Address {
	return slices.SortedFunc(maps.Keys(p.Records), schema.Address.Compare)
}
