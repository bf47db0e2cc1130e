package config

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// decoder turns the blocks of a folder's files into one Module. Its methods are
// the types of blocks, one file each for those that have much to say.
type decoder struct {
	*findings
	loader *loader
	module *Module
}

// blockType is a type of top-level block.
type blockType struct {
	// labels are the names of its labels.
	labels []string
	decode func(*decoder, block)
}

func blockTypes() map[string]blockType {
	return map[string]blockType{
		"lockstep": {nil, (*decoder).settings},
		"variable": {[]string{"name"}, (*decoder).variable},
		"locals":   {nil, (*decoder).locals},
		"output":   {[]string{"name"}, (*decoder).output},
		"provider": {[]string{"name"}, (*decoder).provider},
		"resource": {[]string{"kind", "name"}, (*decoder).resource},
		"data":     {[]string{"source", "name"}, (*decoder).dataSource},
		"module":   {[]string{"name"}, (*decoder).call},
		"import":   {nil, (*decoder).importBlock},
		"moved":    {nil, (*decoder).moved},
		"removed":  {nil, (*decoder).removed},
		"check":    {[]string{"name"}, (*decoder).check},
		"mapping":  {[]string{"name"}, (*decoder).mapping},
		"action":   {[]string{"action", "name"}, (*decoder).action},
	}
}

// file adds the blocks of one file to the module.
func (d *decoder) file(body *hclsyntax.Body) {
	for _, a := range sortedAttributes(body.Attributes) {
		d.error("Argument outside a block", a.NameRange,
			"%q stands outside any block. Values with a name go into a locals block, values of variables into a file such as lockstep.vars.hcl.", a.Name)
	}
	types := blockTypes()
	for _, b := range body.Blocks {
		t, ok := types[b.Type]
		if !ok {
			d.error("Unsupported block type", b.TypeRange, "There are no %q blocks.%s", b.Type, insteadOf(b.Type))
		} else if d.labels(b, t.labels) {
			t.decode(d, block{d.findings, b})
		}
	}
}

// local is the expression of a local value of the module, which may stand in a file
// that was not decoded yet; nil when there is none.
func (d *decoder) local(name string) hclsyntax.Expression {
	for _, f := range d.loader.folders[d.module.Dir] {
		body, ok := f.Body.(*hclsyntax.Body)
		if !ok {
			continue
		}
		for _, b := range body.Blocks {
			if a := b.Body.Attributes[name]; b.Type == "locals" && a != nil {
				return a.Expr
			}
		}
	}
	return nil
}

// insteadOf says what to write instead of a type of block that does not exist.
func insteadOf(name string) string {
	return instead(name, slices.Sorted(maps.Keys(blockTypes())))
}

// labels checks the labels of a top-level block.
func (d *decoder) labels(b *hclsyntax.Block, labels []string) bool {
	header := b.Type
	for _, label := range labels {
		header += " " + strings.ToUpper(label)
	}
	if len(b.Labels) != len(labels) {
		d.error("Wrong number of labels", b.DefRange(), "%s block is written: %s { … }.", article(b.Type), header)
		return false
	}
	for i, label := range b.Labels {
		if !hclsyntax.ValidIdentifier(label) {
			d.error("Invalid name", b.LabelRanges[i],
				"%q is not a name. A name starts with a letter and has letters, digits, _ and - only.", label)
			return false
		}
	}
	return true
}

// reject notes a block that was seen but could not be understood, so that
// references to it are not reported as well.
func (d *decoder) reject(r *Resource) { d.loader.rejected[BlockNode(r)] = true }

func (d *decoder) catalog() catalog { return d.loader.cfg.Catalog }
