package config

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"lockstep/schema"
)

// blockTypes are the block types of a file with the names of their labels.
var blockTypes = map[string][]string{
	"lockstep": nil, "variable": {"name"}, "locals": nil, "output": {"name"}, "provider": {"name"},
	"resource": {"kind", "name"}, "data": {"source", "name"}, "module": {"name"},
	"import": nil, "moved": nil, "removed": nil, "check": {"name"}, "mapping": {"name"},
}

// decode adds the blocks of one file to a module.
func (l *loader) decode(m *Module, body *hclsyntax.Body) {
	for _, a := range sortedAttributes(body.Attributes) {
		l.error("Argument outside a block", a.NameRange,
			"%q stands outside any block. Values with a name go into a locals block, values of variables into a file such as lockstep.vars.hcl.", a.Name)
	}
	for _, block := range body.Blocks {
		if l.checkHeader(block) {
			l.block(m, block)
		}
	}
}

// insteadOf says what to write instead of a type of block that there is not.
func insteadOf(name string) string {
	if name == "terraform" {
		return " Settings stand in a lockstep block, and providers need not be required."
	}
	return schema.DidYouMean(name, slices.Sorted(maps.Keys(blockTypes)))
}

// checkHeader checks a top-level block's type and labels.
func (l *loader) checkHeader(block *hclsyntax.Block) bool {
	labels, ok := blockTypes[block.Type]
	if !ok {
		l.error("Unsupported block type", block.TypeRange,
			"There are no %q blocks.%s", block.Type, insteadOf(block.Type))
		return false
	}
	header := block.Type
	for _, label := range labels {
		header += " " + strings.ToUpper(label)
	}
	if len(block.Labels) != len(labels) {
		l.error("Wrong number of labels", block.DefRange(), "%s block is written: %s { … }.", article(block.Type), header)
		return false
	}
	for i, label := range block.Labels {
		if !hclsyntax.ValidIdentifier(label) {
			l.error("Invalid name", block.LabelRanges[i],
				"%q is not a name. A name starts with a letter and has letters, digits, _ and - only.", label)
			return false
		}
	}
	return true
}

func (l *loader) block(m *Module, block *hclsyntax.Block) {
	switch block.Type {
	case "lockstep":
		l.settings(m, block)
	case "variable":
		l.variable(m, block)
	case "locals":
		l.locals(m, block)
	case "output":
		l.output(m, block)
	case "provider":
		l.provider(m, block)
	case "resource":
		l.resource(m, block)
	case "data":
		l.dataSource(m, block)
	case "module":
		l.call(m, block)
	case "import":
		l.importBlock(m, block)
	case "moved":
		l.moved(m, block)
	case "removed":
		l.removed(m, block)
	case "check":
		l.check(m, block)
	case "mapping":
		l.mapping(m, block)
	}
}

// only reports arguments and blocks that a block of this sort does not have.
func (l *loader) only(block *hclsyntax.Block, attributes, blocks []string) {
	for _, a := range sortedAttributes(block.Body.Attributes) {
		if !slices.Contains(attributes, a.Name) {
			l.error("Unsupported argument", a.NameRange,
				"%s block has no argument %q.%s", article(block.Type), a.Name, schema.DidYouMean(a.Name, attributes))
		}
	}
	for _, b := range block.Body.Blocks {
		if !slices.Contains(blocks, b.Type) {
			l.error("Unsupported block type", b.TypeRange,
				"%s block has no %q block.%s", article(block.Type), b.Type, schema.DidYouMean(b.Type, append(slices.Clone(blocks), attributes...)))
		}
	}
}

// required returns the expression of an argument and reports when it is
// missing.
func (l *loader) required(block *hclsyntax.Block, name string) hclsyntax.Expression {
	if a, ok := block.Body.Attributes[name]; ok {
		return a.Expr
	}
	l.error("Missing required argument", block.DefRange(), "%s block needs the argument %q.", article(block.Type), name)
	return nil
}

func optional(block *hclsyntax.Block, name string) hclsyntax.Expression {
	if a, ok := block.Body.Attributes[name]; ok {
		return a.Expr
	}
	return nil
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

// duplicate reports a second declaration with the place of the first.
func (l *loader) duplicate(what, name string, first, second hcl.Range) {
	l.error("Duplicate "+what, second, "%s is already declared at %s:%d. Rename or remove one of the two.", name, first.Filename, first.Start.Line)
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
