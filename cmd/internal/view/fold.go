package view

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"lockstep/planner"
	"lockstep/planner/state"
	"lockstep/schema"
)

// Limits of a folded view.
const (
	// foldAbove is how many equal changes are still listed one by one, and
	// foldBlock how many different ones of a block.
	foldAbove, foldBlock = 5, 30
	// namedKeys is how many objects of a fold are named.
	namedKeys = 30
	// sampleKeys and sampleValues are how many stand for others in a row.
	sampleKeys, sampleValues = 3, 3
	// maxVariants is how many different changes of a field get a row each; of
	// more, only firstVariants do. Where nothing is overwritten, more than
	// maxSample share a row.
	maxVariants, firstVariants, maxSample = 30, 10, 3
	// keysWidth is how wide lists of keys are, in columns.
	keysWidth = 100
)

// entry is one change, or many changes that do the same.
type entry struct {
	changes []*planner.Change
}

func (e entry) folded() bool { return len(e.changes) > 1 }

// block is the address of the block that declares all of the entry; ok is false
// when there are several.
func (e entry) block() (block schema.Address, ok bool) {
	block = e.changes[0].Address.Block()
	return block, !slices.ContainsFunc(e.changes, func(c *planner.Change) bool { return c.Address.Block() != block })
}

// rank orders entries: what is destroyed or forgotten, what undoes an edit, the rest.
func (e entry) rank() int {
	switch e.changes[0].Action {
	case planner.Delete, planner.Replace:
		return 0
	case planner.Forget:
		return 1
	}
	if slices.ContainsFunc(e.changes, (*planner.Change).Reverts) {
		return 2
	}
	return 3
}

// foldKey is what changes have in common that are listed as one.
type foldKey struct {
	block     schema.Address
	kind      string
	provider  string
	action    planner.Action
	reason    string
	adopted   bool           // an adoption that also writes has another header
	previous  schema.Address // where it moves from
	signature string
}

// fold makes entries of the changes of a plan. Many changes of a block are one, and
// so are equal ones, of one block or of several.
func (v *planView) fold(p *planner.Plan) []entry {
	all := make([]entry, len(p.Changes))
	for i := range p.Changes {
		all[i].changes = []*planner.Change{&p.Changes[i]}
	}
	if !v.o.Full {
		all = equal(gather(all, foldBlock, ofBlock), v.signature)
	}
	slices.SortStableFunc(all, func(a, b entry) int { return cmp.Compare(a.rank(), b.rank()) })
	return all
}

// equal makes entries of single changes that do the same, of one block if it has
// enough of them, or else of several.
func equal(all []entry, signature func(*planner.Change) string) []entry {
	all = gather(all, foldAbove, func(c *planner.Change) foldKey {
		k := ofBlock(c)
		k.signature = signature(c)
		return k
	})
	return gather(all, foldAbove, func(c *planner.Change) foldKey {
		k := ofBlock(c)
		k.block, k.previous, k.signature = schema.Address{}, schema.Address{Kind: k.previous.Kind}, signature(c)
		return k
	})
}

func ofBlock(c *planner.Change) foldKey {
	k := foldKey{block: c.Address.Block(), kind: c.Address.Kind, provider: c.Provider, action: c.Action, reason: c.Reason}
	k.adopted = c.Action == planner.Adopt && len(c.Fields) > 0
	if c.Previous != nil {
		k.previous = c.Previous.Block()
	}
	return k
}

// signature is the whole text of what a change does to its fields.
func (v *planView) signature(c *planner.Change) string {
	whole := *v
	whole.o.Full = true
	var b strings.Builder
	for i := range c.Fields {
		line := whole.field(c, &c.Fields[i], schema.Address.Block)
		b.WriteString(line.sign + line.path + line.text + "\n")
	}
	return b.String()
}

// gather makes one entry of single changes with one key, at the place of the first,
// when there are more than some.
func gather(all []entry, above int, key func(*planner.Change) foldKey) []entry {
	groups := map[foldKey]int{} // numbers of groups
	group := make([]int, len(all))
	var count []int
	for i, e := range all {
		if e.folded() {
			continue
		}
		k := key(e.changes[0])
		n, ok := groups[k]
		if !ok {
			n = len(count)
			groups[k], count = n, append(count, 0)
		}
		group[i] = n
		count[n]++
	}
	at := map[int]int{}
	var out []entry
	for i, e := range all {
		if e.folded() || count[group[i]] <= above {
			out = append(out, e)
			continue
		}
		j, ok := at[group[i]]
		if !ok {
			at[group[i]] = len(out)
			out = append(out, e)
			continue
		}
		out[j].changes = append(out[j].changes, e.changes[0])
	}
	return out
}

// name is how the header of an entry calls its objects.
func (v *page) name(e entry, instances map[schema.Address]int) string {
	c := e.changes[0]
	if !e.folded() {
		return c.Called(0)
	}
	if block, ok := e.block(); ok {
		return fmt.Sprintf("%s[%s]", block, objectsOf(len(e.changes), instances[block]))
	}
	return fmt.Sprintf("%s objects of %s", thousands(len(e.changes)), c.Address.Kind)
}

// objectsOf tells how many objects of a block an entry has.
func objectsOf(n, all int) string {
	if all > n {
		return thousands(n) + " of " + thousands(all)
	}
	return thousands(n) + " objects"
}

// objects names the first objects of a fold.
func (v *page) objects(e entry) []string {
	_, one := e.block()
	var found []string
	for _, c := range e.changes[:min(namedKeys, len(e.changes))] {
		found = append(found, v.object(c, one))
	}
	return found
}

// object names an object of a fold: by its key when one block has them all. A key
// may be as long as a cell of a table.
func (v *page) object(c *planner.Change, one bool) string {
	name := c.Called(0)
	if one {
		name = calledKey(c)
	}
	return cutTo(name, maxText)
}

// calledKey is the key of a change as people read it.
func calledKey(c *planner.Change) string {
	if title := planner.Title(c.Kind, c.Live); title != "" && state.SealedKey(c.Address.Key.Text) {
		return title
	}
	return keyText(c.Address.Key)
}

// variant is one way in which a field changes, and the objects that share it.
type variant struct {
	line    fieldLine
	count   int
	keys    []string
	reverts bool
}

// foldedFields writes for each field how it changes, for how many objects, and for
// which.
func (v *planView) foldedFields(e entry) {
	first := e.changes[0]
	if len(first.Fields) == 0 || first.Action == planner.Delete || first.Action == planner.Forget {
		return
	}
	rows := v.foldedRows(e)
	var width [4]int
	for _, r := range rows {
		for k := range width {
			width[k] = max(width[k], columns(r.cells[k]))
		}
	}
	for _, r := range rows {
		c := r.cells
		text := strings.Join([]string{pad(c[1], width[1]), pad(c[2], width[2]), pad(c[3], width[3])}, "   ")
		if len(r.keys) <= sampleKeys {
			text += "   " + names(r.keys, r.of)
		}
		v.line("  %s %s", v.paint.sign(c[0]), strings.TrimRight(text, " "))
		if len(r.keys) > sampleKeys {
			v.list("        ", r.keys, r.of)
		}
	}
}

// foldedRow is sign, path, change and count, and the keys of the objects: of many the
// first, of all none.
type foldedRow struct {
	cells [4]string
	keys  []string
	of    int
}

func (v *planView) foldedRows(e entry) []foldedRow {
	var rows []foldedRow
	for _, path := range paths(e) {
		variants := v.variants(e, path)
		if len(variants) > maxSample && !overwrites(e) {
			rows = append(rows, manyRow(path, variants))
			continue
		}
		shown := variants
		if len(variants) > maxVariants {
			shown = variants[:firstVariants]
		}
		for _, x := range shown {
			row := foldedRow{cells: [4]string{x.line.sign, path, x.line.text, "all"}}
			if x.count < len(e.changes) {
				row.cells[3], row.keys, row.of = thousands(x.count), x.keys, x.count
			}
			if x.count > namedKeys || len(variants) > maxSample {
				row.keys = row.keys[:min(sampleKeys, len(row.keys))]
			}
			rows = append(rows, row)
		}
		if rest := variants[len(shown):]; len(rest) > 0 {
			row := manyRow(path, rest)
			row.cells[2] = "= (" + thousands(len(rest)) + " more, each different)"
			rows = append(rows, row)
		}
	}
	return rows
}

// overwrites reports whether the changes of an entry write over what is there.
func overwrites(e entry) bool {
	a := e.changes[0].Action
	return a != planner.Create && a != planner.Read
}

// manyRow is one row for many variants of a field.
func manyRow(path string, variants []variant) foldedRow {
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
	return foldedRow{cells: [4]string{sign, path, "= (" + thousands(len(variants)) + " different)", thousands(total)}, keys: []string{strings.Join(examples, ", ") + ", …"}}
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

// variants of one field: first those that undo an edit, then the most frequent.
func (v *planView) variants(e entry, path string) []variant {
	_, one := e.block()
	at := map[string]int{}
	var found []variant
	for _, c := range e.changes {
		for i := range c.Fields {
			f := &c.Fields[i]
			if f.Path != path {
				continue
			}
			line := v.field(c, f, schema.Address.Block)
			if line.text == "" {
				continue
			}
			k, ok := at[line.sign+line.text]
			if !ok {
				k = len(found)
				at[line.sign+line.text] = k
				found = append(found, variant{line: line, reverts: c.Undoes(f)})
			}
			found[k].count++
			if len(found[k].keys) < namedKeys {
				found[k].keys = append(found[k].keys, v.object(c, one))
			}
		}
	}
	slices.SortStableFunc(found, compareVariants)
	return found
}

func compareVariants(a, b variant) int {
	if a.reverts != b.reverts {
		if a.reverts {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(b.count, a.count), strings.Compare(a.line.text, b.line.text))
}

// keyText is the key as it stands in an address, or the name of the object
// without key.
func keyText(k schema.Key) string {
	if k.Type == schema.NoKey {
		return "(no key)"
	}
	return k.String()
}
