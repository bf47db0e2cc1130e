package config

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"lockstep/schema"
)

func (d *decoder) provider(b block) {
	name := b.Labels[0]
	if d.module.Parent != nil {
		d.error("Provider block in a module", b.DefRange(),
			"Provider blocks stand in the root module only. A module uses the configuration of the same name, or the one that its module block gives: providers = { %s = %s.other }.", name, name)
		return
	}
	declared := d.catalog().provider(name)
	if declared == nil {
		names := d.catalog().providerNames()
		d.error("Unknown provider", b.LabelRanges[0], "There is no provider %q.%s There are: %s.", name, schema.DidYouMean(name, names), strings.Join(names, ", "))
		return
	}
	p := &ProviderBlock{
		Ref:      ProviderRef{Name: name, Alias: b.text("alias")},
		Provider: declared, Attributes: map[string]*hclsyntax.Attribute{}, Range: b.DefRange(),
	}
	for _, other := range d.module.Providers {
		if other.Ref == p.Ref {
			d.error("Duplicate provider", p.Range, "provider %s is already declared at %s:%d. Remove one of the two, or give this one another alias, as in alias = \"second\".",
				p.Ref, other.Range.Filename, other.Range.Start.Line)
			return
		}
	}
	b.providerArguments(p)
	d.module.Providers = append(d.module.Providers, p)
}

func (b block) providerArguments(p *ProviderBlock) {
	names := []string{"alias"}
	for _, a := range p.Provider.Config {
		names = append(names, a.Name)
	}
	for _, a := range sortedAttributes(b.Body.Attributes) {
		if a.Name == "alias" {
			continue
		}
		declared := p.Provider.Argument(a.Name)
		if declared == nil {
			b.error("Unsupported argument", a.NameRange, "The provider %s has no argument %q.%s",
				p.Ref.Name, a.Name, instead(a.Name, names))
			continue
		}
		p.Attributes[a.Name] = a
		b.literal(declared.Attribute(), a.Expr)
	}
	for _, inner := range b.Body.Blocks {
		declared := p.Provider.Argument(inner.Type)
		switch {
		case declared == nil || !declared.Type.IsMapType() || !declared.Type.ElementType().IsObjectType():
			b.error("Unsupported block type", inner.TypeRange, "The provider %s has no %q block.%s", p.Ref.Name, inner.Type, asAttribute(names, inner.Type))
		case len(inner.Labels) != 1:
			b.error("Wrong number of labels", inner.DefRange(), "%s block has one label, its name: %s \"ann\" { … }.", article(inner.Type), inner.Type)
		case p.Attributes[inner.Type] != nil:
			b.duplicate("argument", inner.Type, p.Attributes[inner.Type].SrcRange, inner.DefRange())
		default:
			block{b.findings, inner}.providerEntry(p, declared)
		}
	}
}

// providerEntry checks one entry of a map argument that is written as a
// labelled block.
func (b block) providerEntry(p *ProviderBlock, declared *schema.ProviderArgument) {
	for _, other := range p.Blocks {
		if other.Type == b.Type && other.Labels[0] == b.Labels[0] {
			b.duplicate(b.Type+" block", b.Labels[0], other.DefRange(), b.DefRange())
			return
		}
	}
	b.only(slices.Sorted(maps.Keys(declared.Type.ElementType().AttributeTypes())), nil)
	p.Blocks = append(p.Blocks, b.Block)
}

// providerRef reads ghl or ghl.eu.
func (f *findings) providerRef(expr hcl.Expression) ProviderRef {
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
	f.error("Invalid provider reference", expr.Range(), "A provider is named without quotes, with its alias if it has one: ghl or ghl.eu.")
	return ProviderRef{}
}

// resolveProviders replaces the provider names of a module and of those below
// it by the configurations of the root module, and reports undeclared aliases.
func (f *findings) resolveProviders(m *Module) {
	for _, blocks := range [][]*Resource{m.Resources, m.Data, m.Actions} {
		for _, r := range blocks {
			r.Provider = f.resolveProvider(m, r.Provider, r.providerRange)
			if r.Provider.Name != "" && r.Provider.Name != prefix(r.offer()) {
				f.error("Wrong provider", r.providerRange, "The provider %s does not offer %s.", r.Provider, r.offer())
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.Calls)) {
		if child := m.Calls[name].Module; child != nil {
			f.resolveProviders(child)
		}
	}
	// Last, because an import goes through the provider of its resource.
	for _, i := range m.Imports {
		r := i.block(m)
		switch {
		case i.Provider.Name != "":
			i.Provider = f.resolveProvider(m, i.Provider, i.Range)
		case r != nil:
			i.Provider = r.Provider
		default:
			i.Provider = ProviderRef{Name: prefix(i.target.Kind)}
		}
	}
}

func (f *findings) resolveProvider(m *Module, ref ProviderRef, at hcl.Range) ProviderRef {
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
	f.error("Undeclared provider", at, "There is no provider %q block with alias = %q.%s", ref.Name, ref.Alias, schema.DidYouMean(ref.String(), declared))
	return ProviderRef{}
}
