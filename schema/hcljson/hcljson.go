// Package hcljson reads HCL's JSON syntax (HCL JSON Syntax Specification) into the
// tree that the native syntax gives, so that whoever reads files need not know in
// which of the two they are written.
//
// JSON does not tell blocks from attributes, nor references from texts. The caller
// does, with a Block for each type of block.
package hcljson

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/json"

	"lockstep/schema/bounds"
)

// Block says how the body of a type of block is read.
type Block struct {
	// Labels is how many labels the block has.
	Labels int
	// Blocks are the types of blocks within it.
	Blocks map[string]Block
	// Words are the attributes whose texts are references and words, written without
	// quotes in the native syntax.
	Words []string
	// Literal is set where texts have no templates, as in values of variables.
	Literal bool
}

// Parse reads a file, which messages call name. root says how its body is read. The
// file is never nil, and its body is nil when it is not JSON. Of a file with errors
// Masked is what may be shown.
func Parse(src []byte, name string, root Block) (*hcl.File, hcl.Diagnostics) {
	if err := bounds.JSON(string(src)); err != nil {
		at := hcl.Range{Filename: name, Start: hcl.InitialPos, End: hcl.InitialPos}
		return &hcl.File{Bytes: src}, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "File goes beyond the limits", Detail: "Of this file: " + err.Error() + ".", Subject: &at}}
	}
	parsed, diags := json.Parse(src, name)
	if diags.HasErrors() {
		return &hcl.File{Bytes: src}, firstMistake(diags)
	}
	t := &translator{file: name}
	from := parsed.Body
	if len(root.Blocks) > 0 {
		from = onlyBlocks{from}
	}
	body := t.body(from, root)
	return &hcl.File{Body: body, Bytes: src, Nav: parsed.Nav}, append(diags, t.diags...)
}

// onlyBlocks is the body of a file that has blocks and no attributes. It may be a list
// of objects, which count as one.
type onlyBlocks struct{ hcl.Body }

// PartialContent refuses what is no block.
func (b onlyBlocks) PartialContent(types *hcl.BodySchema) (*hcl.BodyContent, hcl.Body, hcl.Diagnostics) {
	content, diags := b.Content(types)
	return content, hcl.EmptyBody(), diags
}

// translator makes the tree of one file.
type translator struct {
	file  string
	diags hcl.Diagnostics
}

// body reads the body of a block.
func (t *translator) body(from hcl.Body, how Block) *hclsyntax.Body {
	var headers []hcl.BlockHeaderSchema
	for _, name := range slices.Sorted(maps.Keys(how.Blocks)) {
		headers = append(headers, hcl.BlockHeaderSchema{Type: name, LabelNames: labelNames(how.Blocks[name].Labels)})
	}
	content, rest, diags := from.PartialContent(&hcl.BodySchema{Blocks: headers})
	t.diags = append(t.diags, diags...)
	attributes, diags := rest.JustAttributes()
	t.diags = append(t.diags, diags...)
	body := &hclsyntax.Body{Attributes: hclsyntax.Attributes{}, SrcRange: from.MissingItemRange(), EndRange: from.MissingItemRange()}
	for name, a := range attributes {
		mode := templates
		switch {
		case slices.Contains(how.Words, name):
			mode = words
		case how.Literal:
			mode = literals
		}
		body.Attributes[name] = &hclsyntax.Attribute{Name: name, Expr: t.expression(a.Expr, mode), SrcRange: a.Range, NameRange: a.NameRange, EqualsRange: a.NameRange}
	}
	for _, b := range content.Blocks {
		body.Blocks = append(body.Blocks, t.block(b, how.Blocks[b.Type]))
	}
	slices.SortStableFunc(body.Blocks, func(a, b *hclsyntax.Block) int { return a.TypeRange.Start.Byte - b.TypeRange.Start.Byte })
	return body
}

func labelNames(n int) []string { return []string{"type", "name"}[:n] }

// block reads one block. Its place is where its last label stands: blocks of one
// type share the word for it.
func (t *translator) block(b *hcl.Block, how Block) *hclsyntax.Block {
	at := b.TypeRange
	if n := len(b.LabelRanges); n > 0 {
		at = b.LabelRanges[n-1]
	}
	return &hclsyntax.Block{
		Type: b.Type, Labels: b.Labels, Body: t.body(b.Body, how),
		TypeRange: at, LabelRanges: b.LabelRanges, OpenBraceRange: b.DefRange, CloseBraceRange: b.Body.MissingItemRange(),
	}
}
