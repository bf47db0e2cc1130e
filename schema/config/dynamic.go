package config

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

// dynamicBlock is a dynamic block, which makes a block of each element of a
// collection (Terraform: dynamic Blocks).
type dynamicBlock struct {
	block
	// makes is the type of the blocks that it makes.
	makes    string
	forEach  hclsyntax.Expression
	iterator string
	// labels is the expression of a list of labels; nil when there is none.
	labels  hclsyntax.Expression
	content block
}

// readDynamic reads a dynamic block; ok is false when it is wrong.
func readDynamic(b block, labelled bool) (d dynamicBlock, ok bool) {
	if len(b.Labels) != 1 {
		b.error("Wrong number of labels", b.DefRange(), `A dynamic block has one label, the type of the blocks that it makes: dynamic "stage" { … }.`)
		return d, false
	}
	arguments := []string{"for_each", "iterator"}
	if labelled {
		arguments = append(arguments, "labels")
	}
	b.only(arguments, []string{"content"})
	d = dynamicBlock{block: b, makes: b.Labels[0], forEach: b.required("for_each"), iterator: b.Labels[0], labels: b.optional("labels")}
	if expr := b.optional("iterator"); expr != nil {
		if d.iterator = hcl.ExprAsKeyword(expr); d.iterator == "" {
			b.error("Invalid iterator", expr.Range(), "iterator is a word without quotes, by which content names the element.")
			return d, false
		}
	}
	var found bool
	if d.content, found = b.single("content"); !found {
		b.error("Missing content", b.DefRange(), "A dynamic block needs a content block, which says what each of the blocks has.")
	}
	return d, found && d.forEach != nil && (!labelled || b.required("labels") != nil)
}

// repeated is what an expression of the content is for each element, as a list: the
// element is the iterator, with key and value.
func (d dynamicBlock) repeated(each hclsyntax.Expression) hclsyntax.Expression {
	at := d.TypeRange
	pair := object(at, map[string]hclsyntax.Expression{"key": variable("key", at), "value": variable("value", at)})
	elements := &hclsyntax.ForExpr{KeyVar: "key", ValVar: "value", CollExpr: d.forEach, ValExpr: pair, SrcRange: d.forEach.Range(), OpenRange: at, CloseRange: at}
	return &hclsyntax.ForExpr{ValVar: d.iterator, CollExpr: elements, ValExpr: each, SrcRange: each.Range(), OpenRange: at, CloseRange: at}
}

// object is an expression of an object.
func object(at hcl.Range, properties map[string]hclsyntax.Expression) hclsyntax.Expression {
	o := &hclsyntax.ObjectConsExpr{SrcRange: at, OpenRange: at}
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		key := &hclsyntax.ObjectConsKeyExpr{Wrapped: &hclsyntax.LiteralValueExpr{Val: cty.StringVal(name), SrcRange: at}}
		o.Items = append(o.Items, hclsyntax.ObjectConsItem{KeyExpr: key, ValueExpr: properties[name]})
	}
	return o
}

// variable is an expression of a name.
func variable(name string, at hcl.Range) hclsyntax.Expression {
	return &hclsyntax.ScopeTraversalExpr{Traversal: hcl.Traversal{hcl.TraverseRoot{Name: name, SrcRange: at}}, SrcRange: at}
}

// itemBlock is a block that stands for an item of a list of objects.
type itemBlock struct{ block }

// itemBlocks makes attributes of the blocks within one that stand for items of lists:
// a block is one item, a dynamic block many.
func itemBlocks(b block, declared []schema.Attribute) map[string]*hclsyntax.Attribute {
	parts := map[string][]hclsyntax.Expression{}
	made := map[string]*hclsyntax.Attribute{}
	for _, inner := range b.Body.Blocks {
		name, expr := inner.Type, hclsyntax.Expression(nil)
		switch d, ok := (dynamicBlock{}), false; {
		case takesItems(declared, inner.Type):
			one := itemBlock{block{b.findings, inner}}.item()
			expr = &hclsyntax.TupleConsExpr{Exprs: []hclsyntax.Expression{one}, SrcRange: inner.DefRange(), OpenRange: inner.OpenBraceRange}
		case inner.Type == "dynamic" && len(inner.Labels) == 1 && !takesItems(declared, inner.Labels[0]):
			b.error("Unsupported block type", inner.LabelRanges[0], "%q is no list of objects here, so no blocks make it.%s", inner.Labels[0], asAttribute(writable(declared), inner.Labels[0]))
			continue
		case inner.Type == "dynamic":
			if d, ok = readDynamic(block{b.findings, inner}, false); !ok {
				continue
			}
			name, expr = d.makes, d.repeated(itemBlock{d.content}.item())
		default:
			continue
		}
		if made[name] == nil {
			made[name] = &hclsyntax.Attribute{Name: name, NameRange: inner.TypeRange, SrcRange: inner.DefRange(), EqualsRange: inner.OpenBraceRange}
		}
		parts[name] = append(parts[name], expr)
	}
	for name, a := range made {
		if written := b.Body.Attributes[name]; written != nil {
			b.error("Written twice", a.NameRange, "%q is written as an attribute (line %d) and as blocks. Write it in one way.", name, written.NameRange.Start.Line)
		}
		a.Expr = &hclsyntax.FunctionCallExpr{Name: "concat", Args: parts[name], NameRange: a.NameRange, OpenParenRange: a.NameRange, CloseParenRange: a.NameRange}
	}
	return made
}

// item is the object that a block writes.
func (b itemBlock) item() hclsyntax.Expression {
	if len(b.Labels) > 0 && b.Type != "content" {
		b.error("Wrong number of labels", b.DefRange(), "A block that stands for an item of a list has no label: %s { … }.", b.Type)
	}
	properties := map[string]hclsyntax.Expression{}
	for name, a := range b.Body.Attributes {
		properties[name] = a.Expr
	}
	for _, inner := range b.Body.Blocks {
		b.error("Unsupported block type", inner.TypeRange, "Within an item write %s as an attribute: %[1]s = …", inner.Type)
	}
	return object(b.DefRange(), properties)
}

// takesItems reports whether an attribute is a list of objects.
func takesItems(declared []schema.Attribute, name string) bool {
	return slices.Contains(itemNames(declared), name)
}

// itemNames are the attributes that are lists of objects.
func itemNames(declared []schema.Attribute) []string {
	var names []string
	for i := range declared {
		a := &declared[i]
		list := a.Type.IsListType() || a.Type.IsSetType()
		if a.Writable() && list && a.Type.ElementType().IsObjectType() {
			names = append(names, a.Name)
		}
	}
	return names
}
