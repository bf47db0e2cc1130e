package config

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"lockstep/schema"
)

func (l *loader) provider(m *Module, block *hclsyntax.Block) {
	name := block.Labels[0]
	if m.Parent != nil {
		l.error("Provider block in a module", block.DefRange(),
			"Provider blocks stand in the root module only. A module uses the configuration of the same name, or the one that its module block gives: providers = { %s = %s.other }.", name, name)
		return
	}
	var declared *schema.Provider
	for _, p := range l.cfg.Catalog {
		if p.Name == name {
			declared = p
		}
	}
	if declared == nil {
		l.error("Unknown provider", block.LabelRanges[0], "There is no provider %q.%s There are: %s.", name, schema.DidYouMean(name, l.providerNames()), strings.Join(l.providerNames(), ", "))
		return
	}
	p := &ProviderBlock{
		Ref:      ProviderRef{Name: name, Alias: l.constantString(block, "alias")},
		Provider: declared, Attributes: map[string]*hclsyntax.Attribute{}, Range: block.DefRange(),
	}
	for _, other := range m.Providers {
		if other.Ref == p.Ref {
			l.error("Duplicate provider", p.Range, "provider %s is already declared at %s:%d. Remove one of the two, or give this one another alias, as in alias = \"second\".",
				p.Ref, other.Range.Filename, other.Range.Start.Line)
			return
		}
	}
	l.providerArguments(p, block)
	m.Providers = append(m.Providers, p)
}

func (l *loader) providerArguments(p *ProviderBlock, block *hclsyntax.Block) {
	names := []string{"alias"}
	for _, a := range p.Provider.Config {
		names = append(names, a.Name)
	}
	for _, a := range sortedAttributes(block.Body.Attributes) {
		if a.Name == "alias" {
			continue
		}
		d := p.Provider.Argument(a.Name)
		if d == nil {
			l.error("Unsupported argument", a.NameRange, "The provider %s has no argument %q.%s",
				p.Ref.Name, a.Name, schema.DidYouMean(a.Name, names))
			continue
		}
		p.Attributes[a.Name] = a
		l.literal(d.Attribute(), a.Expr)
	}
	for _, b := range block.Body.Blocks {
		d := p.Provider.Argument(b.Type)
		switch {
		case d == nil || !d.Type.IsMapType() || !d.Type.ElementType().IsObjectType():
			l.error("Unsupported block type", b.TypeRange, "The provider %s has no %q block.%s", p.Ref.Name, b.Type, asAttribute(names, b.Type))
		case len(b.Labels) != 1:
			l.error("Wrong number of labels", b.DefRange(), "%s block has one label, its name: %s \"ann\" { … }.", article(b.Type), b.Type)
		case p.Attributes[b.Type] != nil:
			l.duplicate("argument", b.Type, p.Attributes[b.Type].SrcRange, b.DefRange())
		default:
			l.providerBlock(p, b, d)
		}
	}
}

// providerBlock checks one entry of a map argument that is written as a
// labelled block.
func (l *loader) providerBlock(p *ProviderBlock, b *hclsyntax.Block, d *schema.ProviderArgument) {
	for _, other := range p.Blocks {
		if other.Type == b.Type && other.Labels[0] == b.Labels[0] {
			l.duplicate(b.Type+" block", b.Labels[0], other.DefRange(), b.DefRange())
			return
		}
	}
	l.only(b, slices.Sorted(maps.Keys(d.Type.ElementType().AttributeTypes())), nil)
	p.Blocks = append(p.Blocks, b)
}

// providerRef reads ghl or ghl.eu.
func (l *loader) providerRef(expr hcl.Expression) ProviderRef {
	t, diags := hcl.AbsTraversalForExpr(expr)
	if !diags.HasErrors() && len(t) <= 2 {
		ref := ProviderRef{Name: t.RootName()}
		if len(t) == 1 {
			return ref
		}
		if step, ok := t[1].(hcl.TraverseAttr); ok {
			ref.Alias = step.Name
			return ref
		}
	}
	l.error("Invalid provider reference", expr.Range(), "A provider is named without quotes, with its alias if it has one: ghl or ghl.eu.")
	return ProviderRef{}
}

// resolveProviders replaces the provider names of a module and of those below
// it by the configurations of the root module, and reports undeclared aliases.
func (l *loader) resolveProviders(m *Module) {
	for _, blocks := range [][]*Resource{m.Resources, m.Data} {
		for _, r := range blocks {
			r.Provider = l.resolve(m, r.Provider, r.providerRange)
			if r.Provider.Name != "" && r.Provider.Name != prefix(r.Kind.Name) {
				l.error("Wrong provider", r.providerRange, "The provider %s does not offer %s.", r.Provider, r.Kind.Name)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.Calls)) {
		if child := m.Calls[name].Module; child != nil {
			l.resolveProviders(child)
		}
	}
	// Last, because an import goes through the provider of its resource.
	for _, i := range m.Imports {
		r := i.block(m)
		switch {
		case i.Provider.Name != "":
			i.Provider = l.resolve(m, i.Provider, i.Range)
		case r != nil:
			i.Provider = r.Provider
		default:
			i.Provider = ProviderRef{Name: prefix(i.target.Kind)}
		}
	}
}

func (l *loader) resolve(m *Module, ref ProviderRef, at hcl.Range) ProviderRef {
	for ; m.Parent != nil; m = m.Parent {
		if given, ok := m.Call.Providers[ref.String()]; ok {
			ref, at = given, m.Call.Range
		}
	}
	if ref.Alias == "" {
		return ref
	}
	var declared []string
	for _, p := range m.Providers {
		if p.Ref == ref {
			return ref
		}
		declared = append(declared, p.Ref.String())
	}
	l.error("Undeclared provider", at, "There is no provider %q block with alias = %q.%s", ref.Name, ref.Alias, schema.DidYouMean(ref.String(), declared))
	return ProviderRef{}
}
