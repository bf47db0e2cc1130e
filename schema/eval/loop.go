package eval

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"lockstep/schema"
	"lockstep/schema/config"
	"lockstep/schema/functions"
)

// loop evaluates { for row in rows : row.email => row } item by item. As one
// value, a hundred thousand rows are an object with as many attributes, and its
// type has as many types; no expression needs either.
type loop struct {
	expr  *hclsyntax.ForExpr
	ctx   *hcl.EvalContext
	texts *texts
	// same is set when the items are the elements as they are.
	same bool
}

// loops are the loops of one module instance.
type loops struct {
	s *scope
	// known are the items of loops that local values name: several blocks may
	// repeat over one of them.
	known map[*hclsyntax.ForExpr]*repetition
}

// items are the items of a for_each that is a loop, or the name of a local
// value that is. ok is false when only the evaluation proper can tell, which
// also words what is wrong.
func (l *loops) items(expr hclsyntax.Expression) (items []item, ok bool) {
	resolved, node := l.s.resolve(expr)
	loop, isLoop := resolved.(*hclsyntax.ForExpr)
	if !isLoop || loop.KeyExpr == nil || loop.KeyVar != "" || loop.Group {
		return nil, false
	}
	if node == nil {
		return l.run(loop)
	}
	stamp := l.s.e.provided.stamp(*node)
	if m := l.known[loop]; m != nil && m.stamp == stamp {
		return m.items, m.items != nil
	}
	items, ok = l.run(loop)
	l.known[loop] = &repetition{items: items, stamp: stamp}
	return items, ok
}

// maxResolved is how many local values may stand for each other.
const maxResolved = 16

// resolve follows the names of local values. node is the first of them, nil
// when there is none.
func (s *scope) resolve(expr hclsyntax.Expression) (resolved hclsyntax.Expression, node *config.Node) {
	for range maxResolved {
		switch e := expr.(type) {
		case *hclsyntax.ParenthesesExpr:
			expr = e.Expression
		case *hclsyntax.ScopeTraversalExpr:
			name, _ := stepName(e.Traversal[1:])
			local := s.module.Locals[name]
			if e.Traversal.RootName() != "local" || len(e.Traversal) != 2 || local == nil {
				return expr, node
			}
			if node == nil {
				node = &config.Node{Module: s.module, Kind: config.NodeLocal, Name: name}
			}
			expr = local.Expr
		default:
			return expr, node
		}
	}
	return expr, node
}

func (l *loops) run(expr *hclsyntax.ForExpr) ([]item, bool) {
	loop, ok := newLoop(l.s, expr)
	if !ok {
		return nil, false
	}
	items, ok := l.s.elements(expr.CollExpr)
	if !ok {
		return nil, false
	}
	kept := items[:0]
	for i := range items {
		included, ok := loop.includes(&items[i])
		if !ok {
			return nil, false
		}
		if !included {
			continue
		}
		item, ok := loop.item(&items[i])
		if !ok {
			return nil, false
		}
		kept = append(kept, item)
	}
	slices.SortFunc(kept, func(a, b item) int { return a.key.Compare(b.key) })
	for i := 1; i < len(kept); i++ {
		if kept[i-1].key == kept[i].key {
			return nil, false
		}
	}
	return kept, true
}

func newLoop(s *scope, expr *hclsyntax.ForExpr) (*loop, bool) {
	refs := slices.Concat(s.e.references(expr.KeyExpr), s.e.references(expr.ValExpr))
	if expr.CondExpr != nil {
		refs = append(refs, s.e.references(expr.CondExpr)...)
	}
	if slices.ContainsFunc(refs, hasDynamicKey) {
		return nil, false
	}
	ctx, diags := s.context(refs, nil)
	if len(diags) > 0 {
		return nil, false
	}
	l := &loop{expr: expr, ctx: ctx, texts: newTexts(s, ctx, expr.ValVar)}
	name, ok := expr.ValExpr.(*hclsyntax.ScopeTraversalExpr)
	l.same = ok && len(name.Traversal) == 1 && name.Traversal.RootName() == expr.ValVar
	if expr.CondExpr == nil {
		return l, true
	}
	// A condition that is wrong for whatever element is reported without any.
	v, diags := expr.CondExpr.Value(l.with(cty.DynamicVal))
	if len(diags) > 0 || v.IsMarked() || v.IsNull() {
		return nil, false
	}
	_, err := convert.Convert(v, cty.Bool)
	return l, err == nil
}

// elements are the elements of a collection as items that have no keys yet.
func (s *scope) elements(expr hclsyntax.Expression) ([]item, bool) {
	if t := s.table(expr); t != nil {
		items := make([]item, t.Len())
		for i := range items {
			items[i].row = t.Row(i)
		}
		return items, true
	}
	v, diags := s.eval(expr, nil)
	if len(diags) > 0 || v.IsMarked() || !v.IsKnown() || v.IsNull() || !v.CanIterateElements() {
		return nil, false
	}
	items := make([]item, 0, v.LengthInt())
	for it := v.ElementIterator(); it.Next(); {
		_, element := it.Element()
		items = append(items, item{value: &element})
	}
	return items, true
}

// table finds the table behind csvdecode(…); nil when there is none.
func (s *scope) table(expr hclsyntax.Expression) *functions.Table {
	expr, _ = s.resolve(expr)
	call, ok := expr.(*hclsyntax.FunctionCallExpr)
	if !ok || call.Name != "csvdecode" || len(call.Args) != 1 || call.ExpandFinal {
		return nil
	}
	v, diags := s.eval(call.Args[0], nil)
	if len(diags) > 0 {
		return nil
	}
	csv, ok := textOf(v)
	if !ok || csv.null {
		return nil
	}
	t, err := s.e.library.Table(csv.text)
	if err != nil {
		return nil
	}
	return t
}

// with is the context of one element.
func (l *loop) with(value cty.Value) *hcl.EvalContext {
	ctx := l.ctx.NewChild()
	ctx.Variables = map[string]cty.Value{l.expr.ValVar: value}
	return ctx
}

func (l *loop) includes(element *item) (included, ok bool) {
	if l.expr.CondExpr == nil {
		return true, true
	}
	if holds, ok := l.texts.truth(l.expr.CondExpr, element); ok {
		return holds, true
	}
	v, diags := l.expr.CondExpr.Value(l.with(element.each()))
	if len(diags) > 0 || v.IsMarked() {
		return false, false
	}
	v, err := convert.Convert(v, cty.Bool)
	if err != nil || !v.IsKnown() || v.IsNull() {
		return false, false
	}
	return v.True(), true
}

// item is an element with its key.
func (l *loop) item(element *item) (item, bool) {
	key, ok := l.texts.text(l.expr.KeyExpr, element)
	if !ok || key.null {
		v, diags := l.expr.KeyExpr.Value(l.with(element.each()))
		if len(diags) > 0 {
			return item{}, false
		}
		v, err := convert.Convert(v, cty.String)
		if err != nil {
			return item{}, false
		}
		if key, ok = textOf(v); !ok || key.null {
			return item{}, false
		}
	}
	made := *element
	made.key = schema.Key{Type: schema.StringKey, Text: key.text}
	if l.same {
		return made, true
	}
	v, diags := l.expr.ValExpr.Value(l.with(element.each()))
	return item{key: made.key, value: &v, from: element.row}, len(diags) == 0
}
