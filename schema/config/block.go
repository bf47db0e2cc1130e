package config

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
	"lockstep/schema/bounds"
)

// block reads one block of a file and reports what is wrong with it.
type block struct {
	*findings
	*hclsyntax.Block
}

// blocks returns the blocks of one type within this one, in the order of the
// file.
func (b block) blocks(blockType string) []block {
	var found []block
	for _, inner := range b.Body.Blocks {
		if inner.Type == blockType {
			found = append(found, block{b.findings, inner})
		}
	}
	return found
}

// single returns the block of a type within this one and reports a second one.
// ok is false when there is none.
func (b block) single(blockType string) (found block, ok bool) {
	all := b.blocks(blockType)
	if len(all) == 0 {
		return block{}, false
	}
	for _, second := range all[1:] {
		b.duplicate(blockType+" block", blockType, all[0].DefRange(), second.DefRange())
	}
	return all[0], true
}

// only reports arguments and blocks that a block of this type does not have.
func (b block) only(attributes, blocks []string) {
	b.allowed[b.Block] = attributes
	for _, a := range sortedAttributes(b.Body.Attributes) {
		if !slices.Contains(attributes, a.Name) {
			b.error("Unsupported argument", a.NameRange,
				"%s block has no argument %q.%s", article(b.Type), a.Name, instead(a.Name, attributes))
		}
	}
	for _, inner := range b.Body.Blocks {
		if !slices.Contains(blocks, inner.Type) {
			b.error("Unsupported block type", inner.TypeRange,
				"%s block has no %q block.%s", article(b.Type), inner.Type, instead(inner.Type, append(slices.Clone(blocks), attributes...)))
		}
	}
}

// optional returns the expression of an argument, nil when it is not written.
func (b block) optional(name string) hclsyntax.Expression {
	if a, ok := b.Body.Attributes[name]; ok {
		return a.Expr
	}
	return nil
}

// required returns the expression of an argument and reports when it is
// missing, unless only has told that it is misspelt.
func (b block) required(name string) hclsyntax.Expression {
	expr := b.optional(name)
	if expr == nil && !misspelt(b.Body, name, b.allowed[b.Block]) {
		b.error("Missing required argument", b.DefRange(), "%s block needs the argument %q.", article(b.Type), name)
	}
	return expr
}

// text returns the constant of an argument, empty when it is not written or
// wrong.
func (b block) text(name string) string {
	val := b.constantOf(name, cty.String)
	if val.IsNull() {
		return ""
	}
	return val.AsString()
}

// flag returns the constant of an argument, otherwise when it is not written or
// wrong.
func (b block) flag(name string, otherwise bool) bool {
	val := b.constantOf(name, cty.Bool)
	if val.IsNull() {
		return otherwise
	}
	return val.True()
}

// constantOf is null when the argument is not written or wrong.
func (b block) constantOf(name string, ty cty.Type) cty.Value {
	expr := b.optional(name)
	if expr == nil {
		return cty.NullVal(ty)
	}
	val, ok := b.constant(expr)
	if !ok {
		return cty.NullVal(ty)
	}
	val, err := bounds.Convert(val, ty)
	if err != nil || !val.IsKnown() {
		b.error("Wrong type of value", expr.Range(), "The argument %q must be a %s.", name, ty.FriendlyName())
		return cty.NullVal(ty)
	}
	return val
}

// word returns an argument that is one of a few words. The first one is the
// default.
func (b block) word(name string, allowed ...string) string {
	if text := b.optionalWord(name, allowed...); text != "" {
		return text
	}
	return allowed[0]
}

// optionalWord returns an argument that is one of a few words, empty when it is
// not written or wrong.
func (b block) optionalWord(name string, allowed ...string) string {
	text := b.text(name)
	if text == "" || slices.Contains(allowed, text) {
		return text
	}
	choice := "one of " + quoted(allowed)
	if len(allowed) == 2 {
		choice = strings.Replace(quoted(allowed), ", ", " or ", 1)
	}
	b.error("Invalid "+name, b.Body.Attributes[name].Expr.Range(), "%s is %s, not %q.%s", name, choice, text, schema.DidYouMean(text, allowed))
	return ""
}

// conditions reads blocks of a condition and an error message.
func (b block) conditions(blockType string) []*Condition {
	var conditions []*Condition
	for _, inner := range b.blocks(blockType) {
		inner.only([]string{"condition", "error_message"}, nil)
		c := &Condition{Condition: inner.required("condition"), Message: inner.required("error_message"), Range: inner.DefRange()}
		if c.Condition != nil && c.Message != nil {
			conditions = append(conditions, c)
		}
	}
	return conditions
}

func (b block) dependsOn() []hcl.Traversal {
	return b.traversals("depends_on", "depends_on is a list of references to blocks, such as [ghl_tag.vip, module.club].")
}

// traversals reads a list of references; form says how it is written.
func (b block) traversals(name, form string) []hcl.Traversal {
	expr := b.optional(name)
	if expr == nil {
		return nil
	}
	items, diags := hcl.ExprList(expr)
	b.add(diags)
	var traversals []hcl.Traversal
	for _, item := range items {
		t, diags := hcl.AbsTraversalForExpr(item)
		if diags.HasErrors() {
			b.error("Invalid "+name, item.Range(), "%s", form)
			continue
		}
		traversals = append(traversals, t)
	}
	return traversals
}

// notBoth reports a block that has count and for_each.
func (b block) notBoth() {
	count, forEach := b.Body.Attributes["count"], b.Body.Attributes["for_each"]
	if count != nil && forEach != nil {
		b.error("Both count and for_each", count.NameRange,
			"A block has either count or for_each (here in line %d), not both.", forEach.NameRange.Start.Line)
	}
}

// article puts A or An before the name of a block.
func article(name string) string { return "A" + WithArticle(name)[1:] }

// WithArticle puts a or an before a word, such as the name of a type.
func WithArticle(word string) string {
	if strings.ContainsAny(word[:1], "aeiou") {
		return "an " + word
	}
	return "a " + word
}

// sortedAttributes are attributes in the order of the file.
func sortedAttributes(attributes hclsyntax.Attributes) []*hclsyntax.Attribute {
	sorted := make([]*hclsyntax.Attribute, 0, len(attributes))
	for _, a := range attributes {
		sorted = append(sorted, a)
	}
	slices.SortFunc(sorted, func(a, b *hclsyntax.Attribute) int { return a.SrcRange.Start.Byte - b.SrcRange.Start.Byte })
	return sorted
}
