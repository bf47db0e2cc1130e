package config

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"lockstep/schema/functions"
)

// fields are the field blocks that a dynamic block of a mapping makes. Which fields a
// mapping has is known before anything is read, so that they are made of constants,
// functions of them and such local values.
func (d dynamicBlock) fields(local localValues) []block {
	if d.makes != "field" {
		d.error("Unsupported block type", d.LabelRanges[0], "A mapping has no %q block: write dynamic \"field\" { … }.", d.makes)
		return nil
	}
	elements, diags := early{local: local, pending: map[string]bool{}}.value(d.forEach)
	elements, _ = elements.Unmark()
	if diags.HasErrors() || !elements.IsWhollyKnown() || elements.IsNull() || !elements.CanIterateElements() {
		d.error("for_each is not known in time", d.forEach.Range(), "The fields of a mapping are known before anything is read: for_each is a list or map of constants, of functions that read no file, and of such local values.")
		return nil
	}
	var made []block
	for it := elements.ElementIterator(); it.Next(); {
		key, value := it.Element()
		if b, ok := d.field(local, key, value); ok {
			made = append(made, b)
		}
	}
	return made
}

// field is the block for one element.
func (d dynamicBlock) field(local localValues, key, value cty.Value) (block, bool) {
	at := d.content.DefRange()
	element := cty.ObjectVal(map[string]cty.Value{"key": key, "value": value})
	labels, diags := early{local: local, pending: map[string]bool{}, iterator: map[string]cty.Value{d.iterator: element}}.value(d.labels)
	var texts []string
	if list, err := convert.Convert(labels, cty.List(cty.String)); !diags.HasErrors() && err == nil && list.IsWhollyKnown() && !list.IsNull() {
		for it := list.ElementIterator(); it.Next(); {
			if _, label := it.Element(); !label.IsNull() {
				texts = append(texts, label.AsString())
			}
		}
	}
	if len(texts) != 1 {
		d.error("Invalid labels", d.labels.Range(), `labels is a list of one text, the attribute that the field writes, as in [%s.key].`, d.iterator)
		return block{}, false
	}
	body := *d.content.Body
	body.Attributes = hclsyntax.Attributes{}
	for name, a := range d.content.Body.Attributes {
		bound := *a
		bound.Expr = bind(a.Expr, d.iterator, element)
		body.Attributes[name] = &bound
	}
	return block{d.findings, &hclsyntax.Block{
		Type: "field", Labels: texts, Body: &body, TypeRange: d.TypeRange, LabelRanges: []hcl.Range{d.labels.Range()},
		OpenBraceRange: at, CloseBraceRange: at,
	}}, true
}

// bind gives a name within an expression a value.
func bind(expr hclsyntax.Expression, name string, value cty.Value) hclsyntax.Expression {
	if !slices.ContainsFunc(expr.Variables(), func(t hcl.Traversal) bool { return t.RootName() == name }) {
		return expr
	}
	at := expr.Range()
	one := &hclsyntax.TupleConsExpr{Exprs: []hclsyntax.Expression{&hclsyntax.LiteralValueExpr{Val: value, SrcRange: at}}, SrcRange: at, OpenRange: at}
	each := &hclsyntax.ForExpr{ValVar: name, CollExpr: one, ValExpr: expr, SrcRange: at, OpenRange: at, CloseRange: at}
	return &hclsyntax.IndexExpr{Collection: each, Key: &hclsyntax.LiteralValueExpr{Val: cty.NumberIntVal(0), SrcRange: at}, SrcRange: at, OpenRange: at, BracketRange: at}
}

// localValues finds the expression of a local value; nil when there is none.
type localValues func(name string) hclsyntax.Expression

// early evaluates what is known while the files are loaded.
type early struct {
	local localValues
	// pending are the local values under way, so that a circle ends.
	pending map[string]bool
	// iterator is what a dynamic block binds.
	iterator map[string]cty.Value
}

// value evaluates an expression of constants, functions that read nothing, and local
// values of such.
func (e early) value(expr hclsyntax.Expression) (cty.Value, hcl.Diagnostics) {
	locals := map[string]cty.Value{}
	for _, ref := range References(expr) {
		if ref.Kind != RefLocal || e.pending[ref.Name] || e.local(ref.Name) == nil {
			continue // which the evaluation reports
		}
		e.pending[ref.Name] = true
		v, diags := early{local: e.local, pending: e.pending}.value(e.local(ref.Name))
		delete(e.pending, ref.Name)
		if diags.HasErrors() {
			return cty.DynamicVal, diags
		}
		locals[ref.Name] = v
	}
	ctx := &hcl.EvalContext{Functions: functions.Pure(), Variables: map[string]cty.Value{"local": cty.ObjectVal(locals)}}
	if e.iterator != nil {
		ctx = ctx.NewChild()
		ctx.Variables = e.iterator
	}
	return expr.Value(ctx)
}
