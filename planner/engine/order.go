package engine

import (
	"cmp"
	"slices"

	"lockstep/schema"
	"lockstep/schema/config"
	"lockstep/schema/eval"
)

// levels gives every block a level such that it waits for what it refers to
// and for the kinds that its kind comes after. The order of kinds gives way
// where a reference says the opposite.
func levels(blocks []*eval.Block) map[*eval.Block]int {
	needs := make(map[*eval.Block][]*eval.Block, len(blocks))
	for _, b := range blocks {
		needs[b] = slices.Clone(b.Needs)
	}
	for i, b := range blocks {
		if b.Resource.Data {
			continue
		}
		for j, c := range blocks {
			if createsTarget(b) && createsTarget(c) && i < j {
				continue // the earlier one creates what both of them find
			}
			if comesAfter(b, c) && !reaches(needs, c, b) {
				needs[b] = append(needs[b], c)
			}
		}
	}
	levels := make(map[*eval.Block]int, len(blocks))
	for _, b := range blocks {
		level(b, needs, levels)
	}
	return levels
}

func comesAfter(b, c *eval.Block) bool {
	if createsTarget(c) && b != c && b.Resource.Mapping != nil && b.Resource.Kind == c.Resource.Kind && b.Resource.Provider == c.Resource.Provider {
		return true
	}
	if b.Resource.Mapping != nil && c.Resource.Mapping == nil && !c.Resource.Data && b.Resource.Kind == c.Resource.Kind && b.Resource.Provider == c.Resource.Provider {
		return true
	}
	if c.Resource.Mapping != nil || c.Resource.Data || b.Resource.Kind == c.Resource.Kind || b.Resource.Provider != c.Resource.Provider {
		return false
	}
	return slices.Contains(b.Resource.Kind.After, c.Resource.Kind.Name)
}

// createsTarget reports whether a block is a mapping that may create what other
// mappings find.
func createsTarget(b *eval.Block) bool {
	return b.Resource.Mapping != nil && b.Resource.Mapping.Missing == config.MissingCreate
}

// byLevel returns the blocks in the order in which they are planned: mappings
// behind those that may create their targets, and a kind behind those that it
// comes after.
func (bs *blocks) byLevel() []*eval.Block {
	found := slices.Clone(bs.order)
	slices.SortStableFunc(found, func(a, b *eval.Block) int { return cmp.Compare(bs.levels[a], bs.levels[b]) })
	return found
}

// reaches reports whether from waits for to, directly or not.
func reaches(needs map[*eval.Block][]*eval.Block, from, to *eval.Block) bool {
	seen := map[*eval.Block]bool{}
	var visit func(b *eval.Block) bool
	visit = func(b *eval.Block) bool {
		if b == to {
			return true
		}
		if seen[b] {
			return false
		}
		seen[b] = true
		return slices.ContainsFunc(needs[b], visit)
	}
	return visit(from)
}

func level(b *eval.Block, needs map[*eval.Block][]*eval.Block, levels map[*eval.Block]int) int {
	if n, ok := levels[b]; ok {
		return n
	}
	n := 0
	for _, c := range needs[b] {
		n = max(n, level(c, needs, levels)+1)
	}
	levels[b] = n
	return n
}

// depth is how many kinds come before a kind: what is deep is deleted first.
func depth(p *schema.Provider, kind *schema.Kind) int {
	n := 0
	for _, name := range kind.After {
		if k := p.Kind(name); k != nil && k != kind {
			n = max(n, depth(p, k)+1)
		}
	}
	return n
}
