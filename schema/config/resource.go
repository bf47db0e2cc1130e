package config

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"lockstep/schema"
)

// metaArguments are those that every resource and data block has.
var metaArguments = []string{"for_each", "count", "depends_on", "provider"}

func (l *loader) resource(m *Module, block *hclsyntax.Block) {
	r := l.repeated(m, block)
	m.rejected[blockName(false, r.Type, r.Name)] = true
	provider, kind := l.findKind(r.Type)
	switch {
	case kind == nil:
		l.unknownKind(block, provider)
		return
	case kind.ReadOnly:
		l.error("Kind is read-only", block.LabelRanges[0],
			"Objects of kind %s can be read but not written. Use a data block: %s.", kind.Name, l.dataSourcesOf(provider, kind))
		return
	}
	r.Kind = kind
	l.arguments(r, block, kind.Attributes, "A resource of kind "+kind.Name)
	r.Lifecycle = l.lifecycle(block, kind)
	if l.isNew(m.Resources, r) {
		m.Resources = append(m.Resources, r)
	}
}

func (l *loader) dataSource(m *Module, block *hclsyntax.Block) {
	r := l.repeated(m, block)
	r.Data = true
	m.rejected[blockName(true, r.Type, r.Name)] = true
	provider, source := l.findDataSource(r.Type)
	if source == nil {
		l.unknownDataSource(block, provider)
		return
	}
	r.DataSource, r.Kind = source, provider.Kind(source.Kind)
	l.arguments(r, block, source.Arguments, "The data source "+source.Name)
	if source.OneOf {
		l.exactlyOneArgument(r)
	}
	r.Lifecycle = l.dataLifecycle(block)
	if l.isNew(m.Data, r) {
		m.Data = append(m.Data, r)
	}
}

// repeated reads what resource and data blocks share.
func (l *loader) repeated(m *Module, block *hclsyntax.Block) *Resource {
	r := &Resource{
		Module: m, Type: block.Labels[0], Name: block.Labels[1], Range: block.DefRange(),
		ForEach: optional(block, "for_each"), Count: optional(block, "count"),
		DependsOn: l.dependsOn(block), Attributes: map[string]*hclsyntax.Attribute{},
	}
	r.Provider = ProviderRef{Name: prefix(r.Type)}
	r.providerRange = block.LabelRanges[0]
	if expr := optional(block, "provider"); expr != nil {
		r.Provider, r.providerRange = l.providerRef(expr), expr.Range()
	}
	l.notBoth(block)
	return r
}

func (l *loader) notBoth(block *hclsyntax.Block) {
	count, forEach := block.Body.Attributes["count"], block.Body.Attributes["for_each"]
	if count != nil && forEach != nil {
		l.error("Both count and for_each", count.NameRange,
			"A block has either count or for_each (here in line %d), not both.", forEach.NameRange.Start.Line)
	}
}

func (l *loader) isNew(blocks []*Resource, r *Resource) bool {
	for _, other := range blocks {
		if other.Type == r.Type && other.Name == r.Name {
			l.duplicate("address", r.Address().String(), other.Range, r.Range)
			return false
		}
	}
	return true
}

// arguments checks the written attributes against the declared ones.
func (l *loader) arguments(r *Resource, block *hclsyntax.Block, declared []schema.Attribute, what string) {
	names := writable(declared)
	for _, a := range sortedAttributes(block.Body.Attributes) {
		if slices.Contains(metaArguments, a.Name) {
			continue
		}
		d := findAttribute(declared, a.Name)
		switch {
		case d == nil:
			l.error("Unsupported attribute", a.NameRange, "%s has no attribute %q.%s",
				what, a.Name, schema.DidYouMean(a.Name, append(slices.Clone(names), metaArguments...)))
		case !d.Writable():
			l.error("Computed attribute", a.NameRange, "The attribute %q is set by the server and cannot be written.", a.Name)
		default:
			r.Attributes[a.Name] = a
			l.literal(d, a.Expr)
		}
	}
	for i := range declared {
		if d := &declared[i]; d.Required && block.Body.Attributes[d.Name] == nil {
			l.error("Missing required attribute", block.DefRange(), "%s needs the attribute %q: %s", what, d.Name, d.Doc)
		}
	}
	for _, b := range block.Body.Blocks {
		if b.Type != "lifecycle" {
			l.error("Unsupported block type", b.TypeRange, "%s has no %q block.%s", what, b.Type, asAttribute(names, b.Type))
		}
	}
}

func asAttribute(names []string, name string) string {
	if slices.Contains(names, name) {
		return " Write it as an attribute: " + name + " = …"
	}
	return schema.DidYouMean(name, append(slices.Clone(names), "lifecycle"))
}

func (l *loader) exactlyOneArgument(r *Resource) {
	if len(r.Attributes) == 1 {
		return
	}
	l.error("Wrong number of arguments", r.Range, "The data source %s takes exactly one of: %s.",
		r.Type, strings.Join(writable(r.DataSource.Arguments), ", "))
}

func writable(declared []schema.Attribute) []string {
	var names []string
	for i := range declared {
		if declared[i].Writable() {
			names = append(names, declared[i].Name)
		}
	}
	return names
}

func findAttribute(declared []schema.Attribute, name string) *schema.Attribute {
	for i := range declared {
		if declared[i].Name == name {
			return &declared[i]
		}
	}
	return nil
}

func prefix(typ string) string {
	name, _, _ := strings.Cut(typ, "_")
	return name
}

// providerOf finds the provider that a kind or data source belongs to by its
// prefix; nil when there is none.
func (c *Config) providerOf(typ string) *schema.Provider {
	for _, p := range c.Catalog {
		if p.Name == prefix(typ) {
			return p
		}
	}
	return nil
}

func (l *loader) findKind(typ string) (*schema.Provider, *schema.Kind) {
	p := l.cfg.providerOf(typ)
	if p == nil {
		return nil, nil
	}
	return p, p.Kind(typ)
}

func (l *loader) findDataSource(typ string) (*schema.Provider, *schema.DataSource) {
	p := l.cfg.providerOf(typ)
	if p == nil {
		return nil, nil
	}
	return p, p.DataSource(typ)
}

func (l *loader) unknownKind(block *hclsyntax.Block, provider *schema.Provider) {
	var kinds []string
	for _, p := range l.cfg.Catalog {
		for _, k := range p.Kinds {
			if !k.ReadOnly {
				kinds = append(kinds, k.Name)
			}
		}
	}
	name := block.Labels[0]
	advice := schema.DidYouMean(name, kinds)
	if provider == nil && advice == "" {
		advice = " There are these providers: " + strings.Join(l.providerNames(), ", ") + "."
	}
	if provider != nil && provider.DataSource(name) != nil {
		advice = " There is a data source of this name: write data instead of resource."
	}
	l.error("Unknown kind", block.LabelRanges[0], "No provider offers the kind %q.%s", name, advice)
}

func (l *loader) unknownDataSource(block *hclsyntax.Block, provider *schema.Provider) {
	var sources []string
	for _, p := range l.cfg.Catalog {
		for _, d := range p.Data {
			sources = append(sources, d.Name)
		}
	}
	name := block.Labels[0]
	advice := schema.DidYouMean(name, sources)
	if provider != nil && provider.Kind(name) != nil && advice == "" {
		advice = " There is a kind of this name that can be written: use resource instead of data."
	}
	l.error("Unknown data source", block.LabelRanges[0], "No provider offers the data source %q.%s", name, advice)
}

func (l *loader) providerNames() []string {
	names := make([]string, 0, len(l.cfg.Catalog))
	for _, p := range l.cfg.Catalog {
		names = append(names, p.Name)
	}
	return names
}

func (l *loader) dataSourcesOf(p *schema.Provider, kind *schema.Kind) string {
	var names []string
	for _, d := range p.Data {
		if d.Kind == kind.Name {
			names = append(names, `data "`+d.Name+`"`)
		}
	}
	if len(names) == 0 {
		return `data "` + kind.Name + `"`
	}
	return strings.Join(names, " or ")
}

// AttributeRange is where a path such as "custom_fields.tier" is written: the
// item of a literal object, else the attribute, else the block's header.
func (r *Resource) AttributeRange(path string) hcl.Range {
	if r.Mapping != nil {
		return r.Mapping.fieldRange(path, r.Range)
	}
	a, ok := r.Attributes[schema.PathAttribute(path)]
	if !ok {
		return r.Range
	}
	key := schema.PathKey(path)
	object, ok := a.Expr.(*hclsyntax.ObjectConsExpr)
	if key == "" || !ok {
		return a.SrcRange
	}
	for _, item := range object.Items {
		name, diags := item.KeyExpr.Value(nil)
		if !diags.HasErrors() && name.IsKnown() && !name.IsNull() && isText(name) && name.AsString() == key {
			return hcl.RangeBetween(item.KeyExpr.Range(), item.ValueExpr.Range())
		}
	}
	return a.SrcRange
}
