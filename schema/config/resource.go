package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"lockstep/schema"
)

// metaArguments are those that every resource and data block has.
var metaArguments = []string{"for_each", "count", "depends_on", "provider"}

func (d *decoder) resource(b block) {
	r := d.repeated(b)
	d.reject(r)
	r.Kind = d.catalog().kind(r.Type)
	switch {
	case r.Kind == nil:
		d.unknownKind(b)
		return
	case r.Kind.ReadOnly:
		d.error("Kind is read-only", b.LabelRanges[0],
			"Objects of kind %s can be read but not written. Use a data block: %s.", r.Kind.Name, d.catalog().dataBlocksOf(r.Kind))
		return
	}
	b.arguments(r, r.Kind.Attributes, "A resource of kind "+r.Kind.Name)
	for _, choice := range r.Kind.Either {
		if !slices.ContainsFunc(choice, func(name string) bool { return r.Attributes[name] != nil }) {
			b.error("Missing required attribute", b.DefRange(), "A resource of kind %s needs exactly one of: %s.", r.Kind.Name, strings.Join(choice, ", "))
		}
	}
	r.Lifecycle = b.lifecycle(r.Kind)
	if d.isNew(d.module.Resources, r) {
		d.module.Resources = append(d.module.Resources, r)
	}
}

func (d *decoder) dataSource(b block) {
	r := d.repeated(b)
	r.Data = true
	d.reject(r)
	r.DataSource, r.Kind = d.catalog().dataSource(r.Type)
	if r.DataSource == nil {
		d.unknownDataSource(b)
		return
	}
	b.arguments(r, r.DataSource.Arguments, "The data source "+r.DataSource.Name)
	if r.DataSource.OneOf && len(r.Attributes) != 1 {
		d.error("Wrong number of arguments", r.Range, "The data source %s takes exactly one of: %s.",
			r.Type, strings.Join(writable(r.DataSource.Arguments), ", "))
	}
	for _, choice := range r.DataSource.Either {
		given := slices.DeleteFunc(slices.Clone(choice), func(name string) bool { return r.Attributes[name] == nil })
		if len(given) != 1 {
			d.error("Wrong number of arguments", r.Range, "The data source %s takes exactly one of: %s.", r.Type, strings.Join(choice, ", "))
		}
	}
	r.Lifecycle = b.dataLifecycle()
	if d.isNew(d.module.Data, r) {
		d.module.Data = append(d.module.Data, r)
	}
}

// repeated reads what resource and data blocks share.
func (d *decoder) repeated(b block) *Resource {
	r := &Resource{
		Module: d.module, Type: b.Labels[0], Name: b.Labels[1], Range: b.DefRange(),
		Repetition: Repetition{ForEach: b.optional("for_each"), Count: b.optional("count")},
		DependsOn:  b.dependsOn(), Attributes: map[string]*hclsyntax.Attribute{},
	}
	b.provider(r, b.LabelRanges[0])
	b.notBoth()
	return r
}

// provider reads the provider argument of a resource; at is what names the
// provider when there is none.
func (b block) provider(r *Resource, at hcl.Range) {
	r.Provider, r.providerRange = ProviderRef{Name: prefix(r.offer())}, at
	if expr := b.optional("provider"); expr != nil {
		r.Provider, r.providerRange = b.providerRef(expr), expr.Range()
	}
}

// offer is the name of what a provider offers for the block: a kind, or an action.
func (r *Resource) offer() string {
	switch {
	case r.Action != nil:
		return r.Action.Name
	case r.Mapping != nil:
		return r.Kind.Name
	default:
		return r.Type
	}
}

func (d *decoder) isNew(blocks []*Resource, r *Resource) bool {
	for _, other := range blocks {
		if other.Type == r.Type && other.Name == r.Name {
			d.duplicate("address", r.Address().String(), other.Range, r.Range)
			return false
		}
	}
	return true
}

// arguments checks the written attributes of a resource or data block against the
// declared ones.
func (b block) arguments(r *Resource, declared []schema.Attribute, what string) {
	b.written(r, declared, what, metaArguments)
}

// written checks the written attributes against the declared ones; meta are further
// ones that every block of the type has.
func (b block) written(r *Resource, declared []schema.Attribute, what string, meta []string) {
	names := writable(declared)
	fromBlocks := itemBlocks(b, declared)
	maps.Copy(r.Attributes, fromBlocks)
	for _, a := range sortedAttributes(b.Body.Attributes) {
		if slices.Contains(meta, a.Name) {
			continue
		}
		d := findAttribute(declared, a.Name)
		switch {
		case d == nil:
			b.error("Unsupported attribute", a.NameRange, "%s has no attribute %q.%s",
				what, a.Name, instead(a.Name, append(slices.Clone(names), meta...)))
		case !d.Writable():
			b.error("Computed attribute", a.NameRange, "The attribute %q is set by the server and cannot be written.", a.Name)
		default:
			r.Attributes[a.Name] = a
			b.literal(d, a.Expr)
		}
	}
	for i := range declared {
		if d := &declared[i]; d.Required && r.Attributes[d.Name] == nil && b.Body.Attributes[d.Name] == nil && !misspelt(b.Body, d.Name, append(slices.Clone(names), meta...)) {
			b.error("Missing required attribute", b.DefRange(), "%s needs the attribute %q: %s", what, d.Name, d.Doc)
		}
	}
	for _, inner := range b.Body.Blocks {
		if inner.Type != "lifecycle" && inner.Type != "dynamic" && fromBlocks[inner.Type] == nil {
			b.error("Unsupported block type", inner.TypeRange, "%s has no %q block.%s", what, inner.Type, asAttribute(names, inner.Type))
		}
	}
}

func asAttribute(names []string, name string) string {
	if slices.Contains(names, name) {
		return " Write it as an attribute: " + name + " = …"
	}
	return instead(name, append(slices.Clone(names), "lifecycle"))
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

func (d *decoder) unknownKind(b block) {
	name, provider := b.Labels[0], d.catalog().providerOf(b.Labels[0])
	advice := schema.DidYouMean(name, d.catalog().kindNames(true))
	if kinds := d.catalog().kindNames(true); provider == nil && advice == "" {
		for _, kind := range kinds {
			if strings.HasSuffix(kind, "_"+name) {
				advice = fmt.Sprintf(" Did you mean %q?", kind)
				break
			}
		}
	}
	if provider == nil && advice == "" {
		advice = " There are these providers: " + strings.Join(d.catalog().providerNames(), ", ") + "."
	}
	if provider != nil && provider.DataSource(name) != nil {
		advice = " There is a data source of this name: write data instead of resource."
	}
	d.error("Unknown kind", b.LabelRanges[0], "No provider offers the kind %q.%s", name, advice)
}

func (d *decoder) unknownDataSource(b block) {
	name := b.Labels[0]
	advice := schema.DidYouMean(name, d.catalog().dataSourceNames())
	if advice == "" && d.catalog().kind(name) != nil {
		advice = " There is a kind of this name that can be written: use resource instead of data."
	}
	d.error("Unknown data source", b.LabelRanges[0], "No provider offers the data source %q.%s", name, advice)
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
