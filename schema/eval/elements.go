package eval

import (
	"strconv"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"lockstep/schema/functions"
)

// element finds the element of a collection, written as an expression, by its key;
// ok is false when no expression alone has it.
func (w *tracer) element(t site, key string) (found element, ok bool) {
	switch expr := t.expr.(type) {
	case *hclsyntax.ObjectConsExpr:
		// The last of equal keys counts.
		for i := len(expr.Items) - 1; i >= 0; i-- {
			if name, ok := w.key(t, expr.Items[i].KeyExpr); ok && name == key {
				return element{at: t.of(expr.Items[i].ValueExpr)}, true
			}
		}
	case *hclsyntax.TupleConsExpr:
		if i, err := strconv.Atoi(key); err == nil && i >= 0 && i < len(expr.Exprs) {
			return element{at: t.of(expr.Exprs[i])}, true
		}
	case *hclsyntax.FunctionCallExpr:
		table := w.sources.tableOf(t)
		if i, err := strconv.Atoi(key); err == nil && table != nil && i >= 0 && i < table.Len() {
			return element{row: table.Row(i)}, true
		}
	case *hclsyntax.ForExpr:
		return w.looped(t, expr, key)
	}
	return element{}, false
}

// tableOf is the table that a call of csvdecode or csvrows gives; nil for any other
// expression.
func (f *Sources) tableOf(t site) *functions.Table {
	call, ok := t.expr.(*hclsyntax.FunctionCallExpr)
	if !ok || len(call.Args) == 0 || call.ExpandFinal || t.loop != "" {
		return nil
	}
	text := call.Args[0]
	switch call.Name {
	case "csvdecode":
	case "csvrows":
		text = &hclsyntax.FunctionCallExpr{Name: "file", Args: call.Args[:1], NameRange: call.NameRange, OpenParenRange: call.OpenParenRange, CloseParenRange: call.CloseParenRange}
	default:
		return nil
	}
	v, diags := t.s.eval(text, t.variables())
	delete(f.e.refs, text)
	got, ok := textOf(v)
	if diags.HasErrors() || !ok || got.null {
		return nil
	}
	table, err := f.e.library.Table(got.text)
	if err != nil {
		return nil
	}
	return table
}

// looped finds what { for row in rows : row.email => row } has under a key.
func (w *tracer) looped(t site, expr *hclsyntax.ForExpr, key string) (found element, ok bool) {
	if expr.KeyExpr == nil || expr.KeyVar != "" || expr.Group || t.item != nil || t.loop != "" {
		return element{}, false
	}
	elements, ok := w.sources.loopElements(t, expr)
	if !ok {
		return element{}, false
	}
	one, ok := elements[key]
	if !ok {
		return element{}, false
	}
	if name, isName := expr.ValExpr.(*hclsyntax.ScopeTraversalExpr); isName && len(name.Traversal) == 1 && name.Traversal.RootName() == expr.ValVar {
		return one, true
	}
	return element{at: site{s: t.s, expr: expr.ValExpr, loop: expr.ValVar, element: &one}}, true
}

// loopElements are the elements that a for expression goes through, by the keys that
// it gives them. Each expression is gone through once for each state of what it needs.
func (f *Sources) loopElements(t site, expr *hclsyntax.ForExpr) (map[string]element, bool) {
	in := loopIn{t.s, expr}
	if elements, known := f.loops[in]; known {
		return elements, elements != nil
	}
	f.loops[in] = nil
	all, ok := f.listed(site{s: t.s, expr: expr.CollExpr})
	if !ok {
		return nil, false
	}
	loop, ok := newLoop(t.s, expr)
	if !ok {
		return nil, false
	}
	elements := make(map[string]element, len(all))
	for i := range all {
		value, ok := f.itemOf(&all[i])
		if !ok {
			return nil, false
		}
		included, ok := loop.includes(&value)
		if !ok {
			return nil, false
		}
		if !included {
			continue
		}
		made, ok := loop.item(&value)
		if !ok {
			return nil, false
		}
		elements[made.key.Text] = all[i]
	}
	f.loops[in] = elements
	return elements, true
}

// listed are the elements of a list that is written out, or a table.
func (f *Sources) listed(t site) (all []element, ok bool) {
	w := &tracer{sources: f}
	end := w.at(t, nil)
	if end.Expr == nil {
		return nil, false
	}
	t = w.last
	if table := f.tableOf(t); table != nil {
		for i := range table.Len() {
			all = append(all, element{row: table.Row(i)})
		}
		return all, true
	}
	tuple, ok := end.Expr.(*hclsyntax.TupleConsExpr)
	if !ok {
		return nil, false
	}
	for _, expr := range tuple.Exprs {
		all = append(all, element{at: t.of(expr)})
	}
	return all, true
}

// itemOf is an element as loops take it.
func (f *Sources) itemOf(el *element) (item, bool) {
	if !el.row.IsZero() {
		return item{row: el.row}, true
	}
	if el.at.loop != "" {
		return item{}, false
	}
	v, diags := el.at.s.eval(el.at.expr, el.at.variables())
	return item{value: &v}, !diags.HasErrors()
}
