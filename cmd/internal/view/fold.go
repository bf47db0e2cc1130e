package view

import (
	"cmp"
	"slices"
	"strings"

	"lockstep/planner"
	"lockstep/schema"
)

// Limits of a folded view.
const (
	// foldAbove is how many equal changes of a block are still listed one by
	// one.
	foldAbove = 5
	// sampleKeys and sampleValues are how many stand for all of a fold.
	sampleKeys, sampleValues = 3, 3
	// maxVariants is how many different values of a field get a line each.
	maxVariants = 3
)

// entry is one change, or many changes of one block that do the same.
type entry struct {
	changes []*planner.Change
}

func (e entry) folded() bool { return len(e.changes) > 1 }

func (e entry) sameReason() bool {
	return !slices.ContainsFunc(e.changes, func(c *planner.Change) bool { return c.Reason != e.changes[0].Reason })
}

type foldKey struct {
	block    schema.Address
	provider string
	action   planner.Action
	adopted  bool // an adoption that also writes is another header
	moved    bool
}

// fold gathers the changes of a plan into entries, in the order of the plan.
func fold(p *planner.Plan, o Options) []entry {
	groups := map[foldKey]int{}
	var entries []entry
	for i := range p.Changes {
		c := &p.Changes[i]
		k := foldKey{c.Address.Block(), c.Provider, c.Action, c.Action == planner.Adopt && len(c.Fields) > 0, c.Previous != nil}
		at, ok := groups[k]
		if !ok {
			groups[k] = len(entries)
			entries = append(entries, entry{changes: []*planner.Change{c}})
			continue
		}
		entries[at].changes = append(entries[at].changes, c)
	}
	var out []entry
	for _, e := range entries {
		if !o.Full && len(e.changes) > foldAbove {
			out = append(out, e)
			continue
		}
		for _, c := range e.changes {
			out = append(out, entry{changes: []*planner.Change{c}})
		}
	}
	return out
}

// variant is one way in which a field changes, and the objects that share it.
type variant struct {
	line  fieldLine
	count int
	keys  []string
}

// foldedFields writes for each field its most frequent changes with counts
// and first keys, or a sample when nearly every object has its own.
func (v *planView) foldedFields(e entry) {
	first := e.changes[0]
	if len(first.Fields) == 0 || first.Action == planner.Delete || first.Action == planner.Forget {
		v.line("    %s", v.sample(e))
		return
	}
	rows := v.foldedRows(e)
	var width [4]int
	for _, r := range rows {
		for k := range width {
			width[k] = max(width[k], columns(r[k]))
		}
	}
	for _, r := range rows {
		text := strings.Join([]string{pad(r[1], width[1]), pad(r[2], width[2]), pad(r[3], width[3]), r[4]}, "   ")
		v.line("  %s %s", v.paint.sign(r[0]), strings.TrimRight(text, " "))
	}
}

// sample lists the first keys of a fold.
func (v *planView) sample(e entry) string {
	var keys []string
	for _, c := range e.changes[:min(sampleKeys, len(e.changes))] {
		keys = append(keys, keyText(v.redact.key(c.Address.Key)))
	}
	return strings.Join(keys, ", ") + ", …"
}

// foldedRows are sign, path, change, count and keys.
func (v *planView) foldedRows(e entry) [][5]string {
	var rows [][5]string
	for _, path := range paths(e) {
		variants := v.variants(e, path)
		if len(variants) > maxVariants {
			rows = append(rows, manyRow(path, variants))
			continue
		}
		for _, x := range variants {
			keys := strings.Join(x.keys, ", ")
			if x.count > len(x.keys) {
				keys += ", …"
			}
			rows = append(rows, [5]string{x.line.sign, path, strings.TrimPrefix(x.line.text, "= "), thousands(x.count), keys})
		}
	}
	return rows
}

func manyRow(path string, variants []variant) [5]string {
	total, sign := 0, variants[0].line.sign
	var examples []string
	for i, x := range variants {
		total += x.count
		if x.line.sign != sign {
			sign = "~"
		}
		if i < sampleValues {
			examples = append(examples, strings.TrimPrefix(x.line.text, "= "))
		}
	}
	return [5]string{sign, path, "(" + thousands(len(variants)) + " different)", thousands(total), strings.Join(examples, ", ") + ", …"}
}

// paths are all fields that any change of the entry has.
func paths(e entry) []string {
	seen := map[string]bool{}
	for _, c := range e.changes {
		for i := range c.Fields {
			seen[c.Fields[i].Path] = true
		}
	}
	found := make([]string, 0, len(seen))
	for path := range seen {
		found = append(found, path)
	}
	slices.Sort(found)
	return found
}

// variants of one field, the most frequent first.
func (v *planView) variants(e entry, path string) []variant {
	at := map[string]int{}
	var found []variant
	for _, c := range e.changes {
		for i := range c.Fields {
			f := &c.Fields[i]
			if f.Path != path {
				continue
			}
			line := v.o.field(c.Action, f)
			if line.text == "" {
				continue
			}
			if f.By > 0 {
				line.text += " # by " + v.redact.address(c.By(f).Address.Block()).String()
			}
			k, ok := at[line.sign+line.text]
			if !ok {
				k = len(found)
				at[line.sign+line.text] = k
				found = append(found, variant{line: line})
			}
			found[k].count++
			if len(found[k].keys) < sampleKeys {
				found[k].keys = append(found[k].keys, keyText(v.redact.key(c.Address.Key)))
			}
		}
	}
	slices.SortStableFunc(found, func(a, b variant) int {
		return cmp.Or(cmp.Compare(b.count, a.count), strings.Compare(a.line.text, b.line.text))
	})
	return found
}
