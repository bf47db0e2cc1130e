package config

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

// The values of missing.
const (
	MissingSkip   = "skip"
	MissingCreate = "create"
	MissingError  = "error"
)

// The values of direction.
const (
	ToTarget = "to_target"
	ToSource = "to_source"
	Both     = "both"
	Once     = "once"
)

// The values of conflict.
const (
	ConflictSource = "source"
	ConflictTarget = "target"
	ConflictNewest = "newest"
	ConflictError  = "error"
)

// Mapping is what a mapping block says beside what it has in common with a
// resource. The values of its fields are the Attributes of the Resource, by
// path.
type Mapping struct {
	// Match is an object from paths of the target to the values by which an
	// instance finds it.
	Match *hclsyntax.Attribute
	// Missing is MissingSkip (the default), MissingCreate or MissingError.
	Missing string
	// Fields are sorted by path.
	Fields []*MappedField
	// Source is the block whose objects are the sources; nil when for_each does
	// not name exactly one block.
	Source *Resource
}

// MappedField is a field block of a mapping.
type MappedField struct {
	// Path of the target: "first_name" or "custom_fields.tier".
	Path string
	// Value is nil when only the way back is wanted.
	Value *hclsyntax.Attribute
	// Direction is ToTarget (the default), ToSource, Both or Once.
	Direction string
	// Source is the path of the source that is written on the way back.
	Source string
	// Conflict says who wins when both sides moved: ConflictError when not
	// written.
	Conflict string
	Range    hcl.Range

	sourceRange *hcl.Range
}

// Back says that the source is written.
func (f *MappedField) Back() bool { return f.Direction == ToSource || f.Direction == Both }

// Back says that the mapping writes to its sources.
func (m *Mapping) Back() bool { return slices.ContainsFunc(m.Fields, (*MappedField).Back) }

// Field finds the field of a path; nil when there is none.
func (m *Mapping) Field(path string) *MappedField {
	for _, f := range m.Fields {
		if f.Path == path {
			return f
		}
	}
	return nil
}

func (l *loader) mapping(m *Module, block *hclsyntax.Block) {
	r := &Resource{
		Module: m, Type: schema.MappingKind, Name: block.Labels[0], Range: block.DefRange(), ForEach: optional(block, "for_each"),
		DependsOn: l.dependsOn(block), Attributes: map[string]*hclsyntax.Attribute{}, Mapping: &Mapping{Missing: MissingSkip},
		Lifecycle: Lifecycle{OnExists: OnExistsAdopt},
	}
	l.only(block, []string{"for_each", "target", "match", "missing", "provider", "depends_on"}, []string{"field"})
	if r.Kind = l.mappingTarget(block); r.Kind == nil {
		m.rejected[blockName(false, r.Type, r.Name)] = true
		return
	}
	r.Provider, r.providerRange = ProviderRef{Name: prefix(r.Kind.Name)}, r.Range
	if expr := optional(block, "provider"); expr != nil {
		r.Provider, r.providerRange = l.providerRef(expr), expr.Range()
	}
	if l.required(block, "match") != nil {
		r.Mapping.Match = block.Body.Attributes["match"]
		l.matchPaths(r)
	}
	if missing := l.word(block, "missing", []string{MissingSkip, MissingCreate, MissingError}); missing != "" {
		r.Mapping.Missing = missing
	}
	if r.Mapping.Missing == MissingCreate && r.Kind.ReadOnly {
		l.error("Kind cannot be created", block.Body.Attributes["missing"].SrcRange, "Objects of kind %s cannot be created: missing is %q or %q here.", r.Kind.Name, MissingSkip, MissingError)
	}
	l.mappedFields(r, block)
	if l.isNew(m.Resources, r) {
		m.Resources = append(m.Resources, r)
	}
}

// mappingTarget is the kind that the block writes to.
func (l *loader) mappingTarget(block *hclsyntax.Block) *schema.Kind {
	if l.required(block, "target") == nil {
		return nil
	}
	name := l.constantString(block, "target")
	if name == "" {
		return nil
	}
	if _, kind := l.findKind(name); kind != nil {
		return kind
	}
	var kinds []string
	for _, p := range l.cfg.Catalog {
		for _, k := range p.Kinds {
			kinds = append(kinds, k.Name)
		}
	}
	l.error("Unknown kind", block.Body.Attributes["target"].Expr.Range(), "No provider offers the kind %q, so nothing can be mapped to it.%s", name, schema.DidYouMean(name, kinds))
	return nil
}

// word reads an argument that is one of a few words; empty when it is not
// written or wrong.
func (l *loader) word(block *hclsyntax.Block, name string, allowed []string) string {
	text := l.constantString(block, name)
	if text == "" || slices.Contains(allowed, text) {
		return text
	}
	l.error("Invalid "+name, block.Body.Attributes[name].Expr.Range(), "%s is one of %s, not %q.%s", name, quoted(allowed), text, schema.DidYouMean(text, allowed))
	return ""
}

// matchPaths checks the paths of a match that is written out.
func (l *loader) matchPaths(r *Resource) {
	object, ok := r.Mapping.Match.Expr.(*hclsyntax.ObjectConsExpr)
	if !ok {
		return
	}
	if len(object.Items) == 0 {
		l.error("Nothing to match by", object.SrcRange, "match names what finds the target, as in { email = each.value.email }.")
	}
	for _, item := range object.Items {
		name, diags := item.KeyExpr.Value(nil)
		if diags.HasErrors() || !isText(name) {
			continue
		}
		a := l.targetAttribute(r.Kind, name.AsString(), item.KeyExpr.Range())
		if a == nil {
			continue
		}
		if whole := !strings.Contains(name.AsString(), "."); a.WriteOnly || a.CreateOnly || whole && (a.Own != schema.OwnWhole || !a.Type.IsPrimitiveType()) {
			l.error("Invalid match", item.KeyExpr.Range(), "%q is not a single value that can be read, so it finds nobody. Match by an attribute such as email, or by a key of custom_fields.", name.AsString())
		}
	}
}

// targetAttribute finds the attribute of a path and reports when there is none.
func (l *loader) targetAttribute(kind *schema.Kind, path string, at hcl.Range) *schema.Attribute {
	name, key, keyed := strings.Cut(path, ".")
	a := kind.Attribute(name)
	switch {
	case a == nil && path == "id":
		return &schema.Attribute{Name: "id", Type: cty.String, Computed: true}
	case a == nil:
		l.error("Unsupported attribute", at, "The kind %s has no attribute %q.%s", kind.Name, name, schema.DidYouMean(name, attributeNames(kind)))
	case keyed && (a.Own != schema.OwnKeys || key == ""):
		l.error("Unsupported attribute", at, "%q is not a map of which single keys are managed, so %q names nothing.", name, path)
		a = nil
	}
	return a
}

func (l *loader) mappedFields(r *Resource, block *hclsyntax.Block) {
	for _, b := range block.Body.Blocks {
		if b.Type != "field" {
			continue
		}
		if len(b.Labels) != 1 {
			l.error("Wrong number of labels", b.DefRange(), `A field block has one label, the attribute that it writes: field "custom_fields.tier" { … }.`)
			continue
		}
		if first := r.Mapping.Field(b.Labels[0]); first != nil {
			l.duplicate("field", b.Labels[0], first.Range, b.DefRange())
			continue
		}
		if f := l.mappedField(r, b); f != nil {
			l.wholeMap(r, f)
			r.Mapping.Fields = append(r.Mapping.Fields, f)
			if f.Value != nil {
				r.Attributes[f.Path] = f.Value
			}
		}
	}
	if len(block.Body.Blocks) == 0 {
		l.error("Nothing to map", r.Range, `A mapping has field blocks, as in field "first_name" { value = each.value.first_name }.`)
	}
	slices.SortFunc(r.Mapping.Fields, func(a, b *MappedField) int { return strings.Compare(a.Path, b.Path) })
}

// wholeMap refuses a field of a whole map beside one of its keys.
func (l *loader) wholeMap(r *Resource, f *MappedField) {
	for _, other := range r.Mapping.Fields {
		if schema.PathAttribute(other.Path) == f.Path || schema.PathAttribute(f.Path) == other.Path {
			l.error("Two authors of one field", f.Range, "%q is mapped at %s:%d already. Map the whole map or its keys, not both.",
				other.Path, other.Range.Filename, other.Range.Start.Line)
			return
		}
	}
}

func (l *loader) mappedField(r *Resource, b *hclsyntax.Block) *MappedField {
	l.only(b, []string{"value", "direction", "source", "conflict"}, nil)
	f := &MappedField{Path: b.Labels[0], Value: b.Body.Attributes["value"], Direction: ToTarget, Conflict: ConflictError, Range: b.DefRange()}
	a := l.targetAttribute(r.Kind, f.Path, b.LabelRanges[0])
	if a == nil {
		return nil
	}
	if direction := l.word(b, "direction", []string{ToTarget, ToSource, Both, Once}); direction != "" {
		f.Direction = direction
	}
	if f.Direction != ToSource && !a.Writable() {
		l.error("Computed attribute", b.LabelRanges[0], "The attribute %q is set by the server and cannot be written.", f.Path)
	}
	if f.Value == nil && f.Direction != ToSource {
		l.required(b, "value")
	}
	if f.Value != nil {
		l.literal(fieldAttribute(a, f.Path), f.Value.Expr)
	}
	if whole := !strings.Contains(f.Path, "."); f.Direction != ToTarget && whole && a.Own != schema.OwnWhole {
		l.error("Invalid direction", b.Body.Attributes["direction"].SrcRange, "%q is owned by its members, each side has its own, so it is mapped %q only.", f.Path, ToTarget)
	}
	l.backArguments(f, b)
	return f
}

// backArguments reads what only a way back has.
func (l *loader) backArguments(f *MappedField, b *hclsyntax.Block) {
	if conflict := l.word(b, "conflict", []string{ConflictSource, ConflictTarget, ConflictNewest, ConflictError}); conflict != "" {
		f.Conflict = conflict
	}
	if a := b.Body.Attributes["conflict"]; a != nil && f.Direction != Both && (f.Direction != ToTarget || f.Conflict != ConflictSource && f.Conflict != ConflictError) {
		l.error("Unsupported conflict", a.SrcRange, "%q wins only where values go both ways: write direction = %q, or for a field that only goes to the target conflict = %q or %q.",
			f.Conflict, Both, ConflictSource, ConflictError)
	}
	source := b.Body.Attributes["source"]
	if source != nil {
		f.Source, f.sourceRange = l.constantString(b, "source"), source.SrcRange.Ptr()
	}
	switch {
	case source != nil && !f.Back():
		l.error("Unsupported argument", source.NameRange, "source is what is written on the way back, which this field does not have: add direction = %q or %q.", Both, ToSource)
	case f.Back() && source == nil && f.Value != nil:
		f.Source = valuePath(f.Value.Expr)
	}
	if f.Back() && f.Source == "" {
		l.error("Missing required argument", f.Range, "A field with a way back names the attribute of the source that is written there, as in source = \"athlete_type\". Only where value is each.value.NAME it goes without saying.")
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

// fieldAttribute is the attribute of a path on its own: of a key of a map, one
// with the type of the map's elements.
func fieldAttribute(a *schema.Attribute, path string) *schema.Attribute {
	if !strings.Contains(path, ".") {
		return a
	}
	single := *a
	single.Name, single.Own, single.Type = path, schema.OwnWhole, cty.DynamicPseudoType
	if a.Type.IsMapType() {
		single.Type = a.Type.ElementType()
	}
	return &single
}

// Attribute is the declaration of a written attribute, of a data source's
// argument, or of a mapped field; nil when there is none.
func (r *Resource) Attribute(name string) *schema.Attribute {
	switch {
	case r.Data:
		return r.DataSource.Argument(name)
	case r.Mapping == nil:
		return r.Kind.Attribute(name)
	}
	if a := r.Kind.Attribute(schema.PathAttribute(name)); a != nil {
		return fieldAttribute(a, name)
	}
	return nil
}

// Writes says that an attribute, or a key of it, is given a value.
func (r *Resource) Writes(attribute string) bool {
	for name := range r.Attributes {
		if schema.PathAttribute(name) == attribute {
			return true
		}
	}
	return false
}

// fieldRange is where a path is mapped: its field block or that of the whole
// map, else the match, else the block's header.
func (m *Mapping) fieldRange(path string, header hcl.Range) hcl.Range {
	for _, p := range []string{path, schema.PathAttribute(path)} {
		if f := m.Field(p); f != nil {
			return f.Range
		}
	}
	if path != "" && m.Match != nil {
		return m.Match.SrcRange
	}
	return header
}
