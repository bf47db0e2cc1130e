package engine

import (
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner/state"
	"lockstep/schema"
	"lockstep/schema/eval"
)

// reader reads the kinds of one run.
type reader struct {
	refresh Refresh
	// begun is when the run began to read.
	begun time.Time
	now   func() time.Time
	// state returns the state as it is now.
	state func() *state.Snapshot
	// blocks of the files, imports by the address that adopts, and whether all
	// is to be destroyed.
	blocks  []*eval.Block
	imports map[schema.Address]string
	destroy bool
	// referenced reports whether another block refers to more of the objects of one
	// than their ids.
	referenced func(*eval.Block) bool
	// unplanned reports whether a block is still to be planned.
	unplanned func(*eval.Block) bool
	// names are the attributes to compare, by kind.
	names    map[kindRef][]string
	progress func(Progress)
	// failure makes a diagnostic of what a provider failed with.
	failure func(provider, summary string, err error) *hcl.Diagnostic
}

// newReader makes the reader of a run whose blocks are known.
func (e planning) newReader(r *run) *reader {
	return &reader{
		names: map[kindRef][]string{}, refresh: e.Refresh, begun: r.begun, now: e.Now, state: e.Store.Snapshot, progress: e.reads, failure: e.failure,
		blocks: r.blocks.order, imports: r.imports, destroy: r.destroy, referenced: e.Evaluator.Referenced,
		unplanned: func(b *eval.Block) bool {
			a := r.blocks.declared[b.Address()]
			return a != nil && a.kind == nil && !a.failed
		},
	}
}

// compared returns the names of the attributes of a kind that matter for
// comparing, or nil for all: when other blocks may refer to any of them, or when
// there are few objects. It is asked for each block, and looks at all blocks once.
func (r *reader) compared(provider string, kind *schema.Kind) []string {
	ref := kindRef{provider, kind.Name}
	names, known := r.names[ref]
	if !known {
		names = slices.Clip(r.attributesOf(provider, kind))
		r.names[ref] = names
	}
	return names
}

func (r *reader) attributesOf(provider string, kind *schema.Kind) []string {
	if kind.Listing.Page == 0 && !slices.ContainsFunc(kind.Attributes, func(a schema.Attribute) bool { return a.Unlisted }) {
		return nil
	}
	seen := map[string]bool{}
	for _, key := range kind.Keys {
		for _, path := range key {
			seen[path] = true
		}
	}
	for _, path := range append(slices.Clone(kind.Content), kind.Parent, kind.Within) {
		seen[path] = true
	}
	blocks, all := r.named(provider, kind, seen)
	if all || blocks == 0 || r.destroy {
		return nil
	}
	for _, a := range kind.Attributes {
		seen[a.Also] = seen[a.Also] || seen[a.Name]
	}
	var names []string
	for _, a := range kind.Attributes {
		// A set may have to lose members that the files no longer name.
		if seen[a.Name] || a.Own == schema.OwnMembers {
			names = append(names, a.Name)
		}
	}
	return names
}

// named adds the attributes that the blocks of a kind name, and returns how
// many such blocks there are. all reports whether every attribute matters.
func (r *reader) named(provider string, kind *schema.Kind, seen map[string]bool) (blocks int, all bool) {
	for _, b := range r.blocks {
		if m := b.Resource.Mapping; m != nil && (b.Resource.Kind == kind || m.Source != nil && m.Source.Kind == kind) {
			return 0, true
		}
		if b.Resource.Data || !declares(b, provider, kind) {
			continue
		}
		if r.referenced(b) || len(b.Resource.Lifecycle.Postconditions) > 0 {
			return 0, true
		}
		blocks++
		for name := range b.Resource.Attributes {
			seen[name] = true
		}
	}
	return blocks, false
}

// complete reports whether every block with objects of a kind was planned, or is
// being planned now.
func (r *reader) complete(provider string, kind *schema.Kind) bool {
	return !slices.ContainsFunc(r.blocks, func(b *eval.Block) bool {
		return !b.Resource.Data && declares(b, provider, kind) && r.unplanned(b)
	})
}

// declares reports whether a block declares objects of a kind in an account.
func declares(b *eval.Block, provider string, kind *schema.Kind) bool {
	return b.Resource.Kind == kind && b.Resource.Provider.String() == provider
}
