package eval

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"lockstep/schema"
	"lockstep/schema/config"
)

// Use is what reads a spot.
type Use struct {
	// Address of the instance, and the Path of the field that is made of the spot;
	// empty when the key of the instance is, or what a mapping matches by.
	Address schema.Address
	Path    string
	// Exact is true when the field has the value of the spot as it is.
	Exact bool
}

// Uses finds what reads some spots, in all blocks. A reference to an object is no use
// of what its block says.
func (f *Sources) Uses(spots []Spot) map[Spot][]Use {
	f.e.mu.Lock()
	defer f.e.mu.Unlock()
	u := &users{sources: f, found: map[Spot][]Use{}, wanted: make(map[Spot]bool, len(spots)), tables: map[string][]Spot{}, literals: map[string][]Spot{}}
	for _, s := range spots {
		switch {
		case u.wanted[s]:
		case s.Cell():
			u.tables[s.Table] = append(u.tables[s.Table], s)
		default:
			u.literals[s.At.Filename] = append(u.literals[s.At.Filename], s)
		}
		u.wanted[s] = true
	}
	for _, b := range f.e.blocks {
		scopes, _ := f.e.root.scopes(b.Resource.Module)
		for _, s := range scopes {
			u.blockIn(b.Resource, s)
		}
	}
	return u.found
}

// users looks for uses.
type users struct {
	sources *Sources
	found   map[Spot][]Use
	wanted  map[Spot]bool
	// tables and literals are the wanted spots by their files.
	tables, literals map[string][]Spot
	depth            int
}

func (u *users) blockIn(r *config.Resource, s *scope) {
	for _, expr := range []hclsyntax.Expression{r.ForEach, r.Count} {
		if expr != nil {
			u.repeat(site{s: s, expr: expr}, Use{Address: s.address(r, schema.Key{})})
		}
	}
	items, _ := s.items(r)
	names := slices.Sorted(maps.Keys(r.Attributes))
	for i := range items {
		t := site{s: s, repeat: r.Repetition, item: &items[i]}
		use := Use{Address: s.address(r, items[i].key)}
		for _, name := range names {
			use.Path, use.Exact = name, true
			u.value(t.of(r.Attributes[name].Expr), use)
		}
		if r.Mapping != nil && r.Mapping.Match != nil {
			u.parts(t.of(r.Mapping.Match.Expr), Use{Address: use.Address})
		}
	}
}

// repeat finds what the keys of instances are made of.
func (u *users) repeat(t site, use Use) {
	_, last := u.sources.trace(t, nil)
	loop, ok := last.expr.(*hclsyntax.ForExpr)
	if !ok {
		if object, ok := last.expr.(*hclsyntax.ObjectConsExpr); ok {
			for _, item := range object.Items {
				u.parts(last.of(item.KeyExpr), use)
			}
			return
		}
		u.parts(last, use)
		return
	}
	elements, ok := u.sources.loopElements(last, loop)
	if !ok {
		u.parts(last, use)
		return
	}
	for key, el := range elements {
		inner := site{s: last.s, loop: loop.ValVar, element: &el}
		use.Address.Key = schema.Key{Type: schema.StringKey, Text: key}
		u.value(inner.of(loop.KeyExpr), use)
		if loop.CondExpr != nil {
			u.parts(inner.of(loop.CondExpr), use)
		}
	}
}

// value finds what a field is made of.
func (u *users) value(t site, use Use) {
	found, last := u.sources.trace(t, nil)
	if found.Why == "" && u.wanted[found.Spot] {
		u.add(found.Spot, use)
		return
	}
	if found.Cell() {
		return
	}
	if object, ok := last.expr.(*hclsyntax.ObjectConsExpr); ok && found.Why == "" {
		for _, item := range object.Items {
			entry := use
			if key, ok := (&tracer{sources: u.sources}).key(last, item.KeyExpr); ok {
				entry.Path += "." + key
			}
			u.value(last.of(item.ValueExpr), entry)
		}
		return
	}
	if tuple, ok := last.expr.(*hclsyntax.TupleConsExpr); ok && found.Why == "" {
		for _, expr := range tuple.Exprs {
			u.value(last.of(expr), use)
		}
		return
	}
	use.Exact = false
	u.parts(last, use)
}

func (u *users) add(s Spot, use Use) {
	if !slices.Contains(u.found[s], use) {
		u.found[s] = append(u.found[s], use)
	}
}

// parts finds what an expression that computes something reads.
func (u *users) parts(t site, use Use) {
	if u.depth > maxTraced {
		return
	}
	u.depth++
	defer func() { u.depth-- }()
	use.Exact = false
	u.whole(t, use)
	w := &partWalker{call: func(expr hclsyntax.Expression) { u.table(t.of(expr), use) }, read: func(expr hclsyntax.Expression) {
		if expr == t.expr {
			return
		}
		found, last := u.sources.trace(t.of(expr), nil)
		switch {
		case found.Why == "" && u.wanted[found.Spot]:
			u.add(found.Spot, use)
		case found.Cell():
		default:
			u.parts(last, use)
		}
	}}
	_ = hclsyntax.Walk(t.expr, w) // it reports nothing
}

// table notes the use of all cells of the table that a call gives.
func (u *users) table(t site, use Use) {
	if table := u.sources.tableOf(t); table != nil {
		for _, s := range u.tables[table.Path] {
			u.add(s, use)
		}
	}
}

// whole notes the use of everything that is written within an expression.
func (u *users) whole(t site, use Use) {
	at := t.expr.Range()
	for _, s := range u.literals[at.Filename] {
		if at.Start.Byte <= s.At.Start.Byte && s.At.End.Byte <= at.End.Byte {
			u.add(s, use)
		}
	}
}

// partWalker visits the names, and the calls that give tables, that an expression
// reads; of local.a[b].c the whole.
type partWalker struct {
	read, call func(hclsyntax.Expression)
	// bound are the names that for expressions give.
	bound []map[string]struct{}
	// within is the name whose parts are being walked; nil outside of one.
	within hclsyntax.Node
}

// Enter reads an expression once.
func (w *partWalker) Enter(node hclsyntax.Node) hcl.Diagnostics {
	if scope, ok := node.(hclsyntax.ChildScope); ok {
		w.bound = append(w.bound, scope.LocalNames)
	}
	if w.within != nil {
		return nil
	}
	switch expr := node.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		if !w.isBound(expr.Traversal) {
			w.read(expr)
		}
	case *hclsyntax.FunctionCallExpr:
		w.call(expr)
	case *hclsyntax.IndexExpr, *hclsyntax.RelativeTraversalExpr:
		whole := node.(hclsyntax.Expression)
		if !slices.ContainsFunc(whole.Variables(), w.isBound) {
			w.within = node
			w.read(whole)
		}
	}
	return nil
}

// Exit leaves a name, or the scope of a for expression.
func (w *partWalker) Exit(node hclsyntax.Node) hcl.Diagnostics {
	if w.within == node {
		w.within = nil
	}
	if _, ok := node.(hclsyntax.ChildScope); ok {
		w.bound = w.bound[:len(w.bound)-1]
	}
	return nil
}

func (w *partWalker) isBound(t hcl.Traversal) bool {
	return slices.ContainsFunc(w.bound, func(names map[string]struct{}) bool { _, ok := names[t.RootName()]; return ok })
}
