package config

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

func (d *decoder) mapping(b block) {
	r := &Resource{
		Module: d.module, Type: schema.MappingKind, Name: b.Labels[0], Range: b.DefRange(), Repetition: Repetition{ForEach: b.optional("for_each")},
		DependsOn: b.dependsOn(), Attributes: map[string]*hclsyntax.Attribute{}, Mapping: &Mapping{},
		Lifecycle: Lifecycle{OnExists: OnExistsAdopt},
	}
	m := mappingBlock{b, r}
	b.only([]string{"for_each", "target", "match", "missing", "invalid", "provider", "depends_on"}, []string{"field", "dynamic"})
	if r.Kind = b.mappingTarget(d.catalog()); r.Kind == nil {
		d.reject(r)
		return
	}
	if r.Kind.Listing.Blind {
		b.error("Kind cannot be mapped to", b.Body.Attributes["target"].SrcRange, "No call shows objects of kind %s, so none can be matched: write a resource block.", r.Kind.Name)
	}
	b.provider(r, r.Range)
	if b.required("match") != nil {
		r.Mapping.Match = b.Body.Attributes["match"]
		m.matchPaths()
	}
	r.Mapping.Missing = b.word("missing", MissingSkip, MissingCreate, MissingError)
	if r.Mapping.Missing == MissingCreate && r.Kind.ReadOnly {
		b.error("Kind cannot be created", b.Body.Attributes["missing"].SrcRange, "Objects of kind %s cannot be created: missing is %q or %q here.", r.Kind.Name, MissingSkip, MissingError)
	}
	r.Mapping.Invalid = b.word("invalid", InvalidSkip, InvalidError)
	m.fields(d.local)
	if d.isNew(d.module.Resources, r) {
		d.module.Resources = append(d.module.Resources, r)
	}
}

// mappingBlock reads what only a mapping block has.
type mappingBlock struct {
	block
	resource *Resource
}

// mappingTarget is the kind that the mapping writes to; nil when there is none
// of that name.
func (b block) mappingTarget(offered catalog) *schema.Kind {
	if b.required("target") == nil {
		return nil
	}
	name := b.text("target")
	if name == "" {
		return nil
	}
	kind := offered.kind(name)
	if kind == nil {
		b.error("Unknown kind", b.Body.Attributes["target"].Expr.Range(), "No provider offers the kind %q, so nothing can be mapped to it.%s",
			name, schema.DidYouMean(name, offered.kindNames(false)))
	}
	return kind
}

// matchPaths checks the paths of a match that is written out.
func (m mappingBlock) matchPaths() {
	object, ok := m.resource.Mapping.Match.Expr.(*hclsyntax.ObjectConsExpr)
	if !ok {
		return
	}
	if len(object.Items) == 0 {
		m.error("Nothing to match by", object.SrcRange, "match names what finds the target, as in { email = each.value.email }.")
	}
	for _, item := range object.Items {
		name, diags := item.KeyExpr.Value(nil)
		if diags.HasErrors() || !isText(name) {
			continue
		}
		a := m.targetAttribute(m.resource.Kind, name.AsString(), item.KeyExpr.Range())
		if a == nil {
			continue
		}
		if whole := !strings.Contains(name.AsString(), "."); a.WriteOnly || a.CreateOnly || whole && (a.Own != schema.OwnWhole || !a.Type.IsPrimitiveType()) {
			m.error("Invalid match", item.KeyExpr.Range(), "%q is not a single value that can be read, so it finds no object. Match by an attribute such as email, or by a key of custom_fields.", name.AsString())
		}
	}
}

// targetAttribute finds the attribute of a path and reports when there is none.
func (f *findings) targetAttribute(kind *schema.Kind, path string, at hcl.Range) *schema.Attribute {
	name, key, keyed := strings.Cut(path, ".")
	a := kind.Attribute(name)
	switch {
	case a == nil && path == "id":
		return &schema.Attribute{Name: "id", Type: cty.String, Computed: true}
	case a == nil:
		f.error("Unsupported attribute", at, "The kind %s has no attribute %q.%s", kind.Name, name, schema.DidYouMean(name, attributeNames(kind)))
	case keyed && (a.Own != schema.OwnKeys || key == ""):
		f.error("Unsupported attribute", at, "%q has no keys that are managed one by one, so %q names nothing.", name, path)
		a = nil
	case a.Own == schema.OwnItems:
		f.error("Unsupported attribute", at, "%q is a list whose items are managed one by one, and a mapping carries one value. Write it in a resource block.", name)
		a = nil
	}
	return a
}

// fields reads the field blocks into the mapping, those that dynamic blocks make
// included.
func (m mappingBlock) fields(local localValues) {
	fields := m.blocks("field")
	for _, inner := range m.blocks("dynamic") {
		if d, ok := readDynamic(inner, true); ok {
			fields = append(fields, d.fields(local)...)
		}
	}
	for _, inner := range fields {
		if len(inner.Labels) != 1 {
			m.error("Wrong number of labels", inner.DefRange(), `A field block has one label, the attribute that it writes: field "custom_fields.tier" { … }.`)
			continue
		}
		if first := m.resource.Mapping.Field(inner.Labels[0]); first != nil {
			m.duplicate("field", inner.Labels[0], first.Range, inner.DefRange())
			continue
		}
		f := (mappingBlock{inner, m.resource}).field()
		if f == nil {
			continue
		}
		m.wholeMap(f)
		m.resource.Mapping.Fields = append(m.resource.Mapping.Fields, f)
		if f.Value != nil {
			m.resource.Attributes[f.Path] = f.Value
		}
	}
	if len(m.Body.Blocks) == 0 {
		m.error("Nothing to map", m.resource.Range, `A mapping has field blocks, as in field "first_name" { value = each.value.first_name }.`)
	}
	slices.SortFunc(m.resource.Mapping.Fields, func(a, b *MappedField) int { return strings.Compare(a.Path, b.Path) })
}

// wholeMap refuses a field of a whole map beside one of its keys.
func (m mappingBlock) wholeMap(f *MappedField) {
	for _, other := range m.resource.Mapping.Fields {
		if schema.PathAttribute(other.Path) == f.Path || schema.PathAttribute(f.Path) == other.Path {
			m.error("Two authors of one field", f.Range, "%q is mapped at %s:%d already. Map the whole map or its keys, not both.",
				other.Path, other.Range.Filename, other.Range.Start.Line)
			return
		}
	}
}

// field reads the block as one field block; nil when it names no attribute.
func (m mappingBlock) field() *MappedField {
	m.only([]string{"value", "direction", "source", "conflict", "clear", "invalid"}, nil)
	f := &MappedField{Path: m.Labels[0], Value: m.Body.Attributes["value"], Range: m.DefRange()}
	a := m.targetAttribute(m.resource.Kind, f.Path, m.LabelRanges[0])
	if a == nil {
		return nil
	}
	f.Direction = m.word("direction", ToTarget, ToSource, Both, Once)
	if f.Direction != ToSource && !a.Writable() {
		m.error("Computed attribute", m.LabelRanges[0], "The attribute %q is set by the server and cannot be written.", f.Path)
	}
	if f.Value == nil && f.Direction != ToSource {
		m.required("value")
	}
	if f.Value != nil {
		m.literal(fieldAttribute(a, f.Path), f.Value.Expr)
	}
	if whole := !strings.Contains(f.Path, "."); f.Direction != ToTarget && whole && a.Own != schema.OwnWhole {
		m.error("Invalid direction", m.Body.Attributes["direction"].SrcRange, "Each side owns its own members of %q, so it is mapped %q only.", f.Path, ToTarget)
	}
	f.Invalid = cmp.Or(m.optionalWord("invalid", InvalidSkip, InvalidError), m.resource.Mapping.Invalid)
	m.backArguments(f)
	m.clears(f, a)
	return f
}

// clears reads whether the target is emptied with the source.
func (m mappingBlock) clears(f *MappedField, a *schema.Attribute) {
	written := m.Body.Attributes["clear"]
	if written == nil {
		return
	}
	clear := m.flag("clear", false)
	f.Clear = &clear
	single := fieldAttribute(a, f.Path)
	switch {
	case !clear:
	case f.Direction != ToTarget && f.Direction != Both:
		m.error("Unsupported argument", written.NameRange, "clear empties the target when the source has no value any more, and a field of direction = %q gives the target nothing then.", f.Direction)
	case a.Own == schema.OwnMembers:
		m.error("Unsupported argument", written.NameRange, "%q is owned by its members: what the source no longer names is taken out anyway.", f.Path)
	case single.Own != schema.OwnWhole:
		m.error("Unsupported argument", written.NameRange, "clear empties one value, and %q has a key for each: write a field block for each key.", f.Path)
	case a.Required || single.Type != cty.String && single.Type != cty.DynamicPseudoType || len(a.OneOf) > 0:
		m.error("Unsupported argument", written.NameRange, "%q cannot be empty, so clear has no meaning here.", f.Path)
	}
}

// backArguments reads what only a way back has.
func (m mappingBlock) backArguments(f *MappedField) {
	f.Conflict = ConflictError
	if conflict := m.optionalWord("conflict", ConflictSource, ConflictTarget, ConflictNewest, ConflictError); conflict != "" {
		f.Conflict = conflict
	}
	if a := m.Body.Attributes["conflict"]; a != nil && f.Direction != Both && (f.Direction != ToTarget || f.Conflict != ConflictSource && f.Conflict != ConflictError) {
		m.error("Unsupported conflict", a.SrcRange, "conflict = %q needs a field that is mapped both ways: write direction = %q. A field that only goes to the target takes conflict = %q or %q.",
			f.Conflict, Both, ConflictSource, ConflictError)
	}
	source := m.Body.Attributes["source"]
	if source != nil {
		f.Source, f.sourceRange = m.text("source"), source.SrcRange.Ptr()
	}
	switch {
	case source != nil && !f.Back():
		m.error("Unsupported argument", source.NameRange, "source names the attribute that is written back, and this field writes nothing back: add direction = %q or %q.", Both, ToSource)
	case f.Back() && source == nil && f.Value != nil:
		f.Source = valuePath(f.Value.Expr)
	}
	f.Plain = f.Value != nil && f.Source != "" && valuePath(f.Value.Expr) == f.Source
	if f.Back() && f.Source == "" {
		m.error("Missing required argument", f.Range, "A field that is written back names the attribute of the source, as in source = \"athlete_type\". It may be left out only when value is each.value.NAME.")
	}
}

// valuePath is the path of an expression such as each.value.athlete_type or
// each.value.custom_fields.tier; empty for any other.
func valuePath(expr hclsyntax.Expression) string {
	t, ok := expr.(*hclsyntax.ScopeTraversalExpr)
	if !ok || t.Traversal.RootName() != "each" || len(t.Traversal) < 3 || len(t.Traversal) > 4 {
		return ""
	}
	if word, _ := stepKey(t.Traversal[1]); word != "value" {
		return ""
	}
	var steps []string
	for _, step := range t.Traversal[2:] {
		name, ok := stepKey(step)
		if !ok {
			return ""
		}
		steps = append(steps, name)
	}
	return strings.Join(steps, ".")
}
