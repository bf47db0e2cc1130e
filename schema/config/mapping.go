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

// The values of invalid.
const (
	InvalidSkip  = "skip"
	InvalidError = "error"
)

// Mapping is what a mapping block says beside what it has in common with a
// resource. The values of its fields are the Attributes of the Resource, by
// path.
type Mapping struct {
	// Match is an object: its keys are paths of the target, its values what an
	// instance finds the target with.
	Match *hclsyntax.Attribute
	// Missing is MissingSkip (the default), MissingCreate or MissingError.
	Missing string
	// Invalid is InvalidSkip (the default) or InvalidError: what becomes of an
	// instance that cannot be matched because of a value.
	Invalid string
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
	// Plain reports that Value is that attribute of the source and nothing else, so
	// that both sides have one value, each in its own spelling.
	Plain bool
	// Clear reports whether the target is emptied once the source has no value any
	// more; nil when it is not written.
	Clear *bool
	// Invalid is that of the Mapping, unless the field says otherwise: with
	// InvalidSkip a value that cannot be used stays as it is on both sides.
	Invalid string
	// Conflict says who wins when both sides moved: ConflictError when not
	// written.
	Conflict string
	Range    hcl.Range

	sourceRange *hcl.Range
}

// Clears reports whether the target is emptied with the source.
func (f *MappedField) Clears() bool { return f.Clear != nil && *f.Clear }

// Back reports whether the source is written.
func (f *MappedField) Back() bool { return f.Direction == ToSource || f.Direction == Both }

// Back reports whether the mapping writes to its sources.
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

// Attribute is the declaration of a written attribute, of the argument of a data
// source or an action, or of a mapped field; nil when there is none.
func (r *Resource) Attribute(name string) *schema.Attribute {
	switch {
	case r.Action != nil:
		return r.Action.Argument(name)
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

// Writes reports whether an attribute, or a key of it, is given a value.
func (r *Resource) Writes(attribute string) bool {
	for name := range r.Attributes {
		if schema.PathAttribute(name) == attribute {
			return true
		}
	}
	return false
}

// fieldRange is where a path is mapped: its field block, or the field block of
// the whole map, else the match, else the block's header.
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
