package engine

import (
	"iter"
	"slices"

	"lockstep/planner"
	"lockstep/schema"
	"lockstep/schema/eval"
)

// blockState is how far a run came with one block of the files.
type blockState struct {
	block *eval.Block
	// failed reports that the block could not be planned, nor can what needs it.
	failed bool
	// lacking reports that not all that the block needs could be read: in a look, or
	// in a plan that skips accounts.
	lacking bool
}

// authorBlock is a resource or mapping block: its instances want something of
// objects.
type authorBlock struct {
	blockState
	kind    *kindState
	desired []planner.Desired
	index   map[schema.Address]int
	// sealed are the addresses as the state knows them, once the planner asks.
	sealed map[schema.Address]bool
	// held are the addresses, as the state knows them, of instances that are left
	// as they are.
	held map[schema.Address]bool
}

// find returns the number of an instance.
func (b *authorBlock) find(a schema.Address) (int, bool) {
	if b.index == nil {
		b.index = make(map[schema.Address]int, len(b.desired))
		for i := range b.desired {
			b.index[b.desired[i].Address()] = i
		}
	}
	i, ok := b.index[a]
	return i, ok
}

// mayDeclare reports whether the block declares a sealed address, was not expanded
// yet, or lacks what tells. The planner asks for each object that others may take over, which
// are all when the keys of a block change.
func (b *authorBlock) mayDeclare(sealed schema.Address) bool {
	if b.holds(sealed) || b.desired == nil {
		return true
	}
	if b.sealed == nil {
		b.sealed = make(map[schema.Address]bool, len(b.desired))
		for i := range b.desired {
			b.sealed[b.desired[i].Sealed()] = true
		}
	}
	return b.sealed[sealed]
}

// holds reports whether a sealed address may be one of an instance that is left as
// it is.
func (b *authorBlock) holds(sealed schema.Address) bool { return b.lacking || b.held[sealed] }

// blocks are the blocks of the files in one run, each as what it is.
type blocks struct {
	// order has what others refer to before them.
	order     []*eval.Block
	levels    map[*eval.Block]int
	states    map[*eval.Block]*blockState
	resources map[*eval.Block]*resourceBlock
	mappings  map[*eval.Block]*mappingBlock
	data      map[*eval.Block]*dataBlock
	// declared are the resource and mapping blocks by address without keys.
	declared map[schema.Address]*authorBlock
}

func newBlocks(order []*eval.Block) *blocks {
	return &blocks{
		order: order, levels: levels(order), states: map[*eval.Block]*blockState{}, resources: map[*eval.Block]*resourceBlock{},
		mappings: map[*eval.Block]*mappingBlock{}, data: map[*eval.Block]*dataBlock{}, declared: map[schema.Address]*authorBlock{},
	}
}

// declare makes room for what the run will know of each block.
func (bs *blocks) declare() {
	for _, b := range bs.order {
		own := blockState{block: b}
		switch {
		case b.Resource.Data:
			d := newDataBlock(own)
			bs.data[b], bs.states[b] = d, &d.blockState
		case b.Resource.Mapping != nil:
			m := &mappingBlock{authorBlock: authorBlock{blockState: own}}
			bs.mappings[b], bs.states[b], bs.declared[b.Address()] = m, &m.blockState, &m.authorBlock
		default:
			r := &resourceBlock{authorBlock: authorBlock{blockState: own}}
			bs.resources[b], bs.states[b], bs.declared[b.Address()] = r, &r.blockState, &r.authorBlock
		}
	}
}

// authors yields the resource and mapping blocks in their order.
func (bs *blocks) authors() iter.Seq[*authorBlock] {
	return func(yield func(*authorBlock) bool) {
		for _, b := range bs.order {
			if a := bs.declared[b.Address()]; a != nil && !yield(a) {
				return
			}
		}
	}
}

// deferred yields the data blocks that wait for the apply, in their order.
func (bs *blocks) deferred() iter.Seq[*dataBlock] {
	return func(yield func(*dataBlock) bool) {
		for _, b := range bs.order {
			if d := bs.data[b]; d != nil && len(d.pending) > 0 && !yield(d) {
				return
			}
		}
	}
}

// waiting reports whether any data block waits for the apply.
func (bs *blocks) waiting() bool {
	for range bs.deferred() {
		return true
	}
	return false
}

// blocked reports whether something that a block needs could not be planned. Then
// it cannot be planned either.
func (bs *blocks) blocked(b *eval.Block) bool {
	if !slices.ContainsFunc(b.Needs, func(need *eval.Block) bool { return bs.states[need].failed }) {
		return false
	}
	bs.states[b].failed = true
	return true
}

// lacks reports whether a block needs, if only by others, what could not be read.
func (bs *blocks) lacks(b *eval.Block) bool {
	return slices.ContainsFunc(b.Needs, func(need *eval.Block) bool { return bs.states[need].lacking })
}

// skipping reports whether something was not read, and the run goes on.
func (bs *blocks) skipping() bool {
	for _, d := range bs.data {
		if d.lacking {
			return true
		}
	}
	return false
}

// partial reports whether a block needs a resource or mapping that lacks instances.
func (bs *blocks) partial(b *eval.Block) bool {
	return slices.ContainsFunc(b.Needs, func(need *eval.Block) bool { return bs.data[need] == nil && bs.states[need].lacking })
}

// declaring returns the block that an address belongs to, nil for none.
func (bs *blocks) declaring(a schema.Address) *authorBlock { return bs.declared[blockOf(a)] }

// planned finds the desired object of an address, by block and number.
func (bs *blocks) planned(a schema.Address) (*authorBlock, int, bool) {
	b := bs.declaring(a)
	if b == nil {
		return nil, 0, false
	}
	i, ok := b.find(a)
	return b, i, ok
}

// blockOf is the declared block of an object: without instance key, with a
// module path without keys, and of the source of a mapping the mapping.
func blockOf(a schema.Address) schema.Address {
	a = a.Block()
	a.Source = false
	a.Module = schema.ModuleWithoutKeys(a.Module)
	return a
}
