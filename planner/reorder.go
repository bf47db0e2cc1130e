package planner

import (
	"lockstep/planner/state"
	"lockstep/schema"
)

// reorder gives the instances of a counted block the records of the objects that
// have their natural keys: when a row was put before others, or one of the first
// was dropped, each object keeps its record under a new number, and none is
// rewritten into its neighbour.
func (p *pairing) reorder() {
	if len(p.batch) == 0 || p.batch[0].Address().Key.Type != schema.IntKey || len(p.Kind.Keys) == 0 {
		return
	}
	keyOf := func(value func(string) schema.Value) string { return keyText(p.Kind.Keys[0], value) }
	holders := map[string]schema.Address{}
	block := p.batch[0].Sealed().Block()
	for a, rec := range p.Records.All() {
		if o := p.Live.ID(rec.ID); a.Block() == block && o != nil {
			if text := keyOf(o.Value); text != "" {
				holders[text] = a
			}
		}
	}
	now := map[schema.Address]*state.Record{}
	for i := range p.batch {
		d := &p.batch[i]
		if from, ok := holders[keyOf(d.Value)]; ok && from != d.Sealed() {
			now[d.Sealed()] = p.Records.Get(from)
		}
	}
	if len(now) > 0 {
		p.renumber(block, now)
	}
}

// renumber moves records to new addresses of a block. One whose address is given
// to another, and that has no new one, gets a number that nothing declares.
func (p *pairing) renumber(block schema.Address, now map[schema.Address]*state.Record) {
	moves := map[*state.Record]bool{}
	for _, rec := range now {
		moves[rec] = true
	}
	free := int32(len(p.batch))
	records := state.NewRecords(p.Records.Len())
	put := func(a schema.Address, rec *state.Record) {
		p.rename(a, rec)
		records.Put(a, rec)
	}
	for a, rec := range p.Records.All() {
		if a.Block() == block {
			free = max(free, a.Key.Int+1)
		}
		if now[a] == nil && !moves[rec] {
			records.Put(a, rec)
		}
	}
	for a, rec := range now {
		put(a, rec)
	}
	for _, a := range p.Records.Addresses() {
		rec := p.Records.Get(a)
		if now[a] != nil && !moves[rec] {
			to := a
			to.Key.Int = free
			free++
			put(to, rec)
		}
	}
	p.renumbered(records)
}
