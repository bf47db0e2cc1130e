package schema

import (
	"slices"
	"strings"
)

// Claim is what a field's value means for the live value.
type Claim uint8

// The claims. Sets have three; everything else is ClaimValue.
const (
	// ClaimValue wants the live value to be this one.
	ClaimValue Claim = iota
	// ClaimIncludes wants these members to be in the live set.
	ClaimIncludes
	// ClaimExactly wants the live set to be these members and no other.
	ClaimExactly
	// ClaimExcludes wants none of these members to be in the live set.
	ClaimExcludes
)

// Field is one attribute, or one key of a map attribute that is owned by its
// keys, with a value.
type Field struct {
	// Path is "email", or "custom_fields.tier" for a key of a map.
	Path  string
	Value Value
	Claim Claim
	// Sensitive is set when the value came from a sensitive one.
	Sensitive bool
	// Derived fields help to match and to refer to an object; they are
	// never compared or written.
	Derived bool
}

// PathAttribute is the name of the attribute that a path belongs to.
func PathAttribute(path string) string {
	name, _, _ := strings.Cut(path, ".")
	return name
}

// PathKey is the key within a map attribute, empty for other paths.
func PathKey(path string) string {
	_, key, _ := strings.Cut(path, ".")
	return key
}

// Fields are sorted by path, then claim, each pair at most once.
type Fields []Field

// Sort puts the fields into their order.
func (f Fields) Sort() {
	slices.SortFunc(f, CompareFields)
}

// CompareFields orders fields by path, then claim.
func CompareFields(a, b Field) int {
	if c := strings.Compare(a.Path, b.Path); c != 0 {
		return c
	}
	return int(a.Claim) - int(b.Claim)
}

// Find returns the first field with a path. ok is false when there is none.
func (f Fields) Find(path string) (field Field, ok bool) {
	i, ok := f.place(path)
	if !ok {
		return Field{}, false
	}
	return f[i], true
}

// place returns where the first field with a path is.
func (f Fields) place(path string) (at int, ok bool) {
	i, ok := slices.BinarySearchFunc(f, path, func(g Field, p string) int { return strings.Compare(g.Path, p) })
	for ok && i > 0 && f[i-1].Path == path {
		i--
	}
	return i, ok
}

// Value returns the value under a path, Absent when there is none.
func (f Fields) Value(path string) Value {
	field, _ := f.Find(path)
	return field.Value
}

// Known reports whether every field has a known value.
func (f Fields) Known() bool {
	return !slices.ContainsFunc(f, func(g Field) bool { return !g.Value.IsKnown() })
}

// Of returns the fields that belong to an attribute. It shares memory with f.
func (f Fields) Of(attribute string) Fields {
	lo := slices.IndexFunc(f, func(g Field) bool { return PathAttribute(g.Path) == attribute })
	if lo < 0 {
		return nil
	}
	hi := lo
	for hi < len(f) && PathAttribute(f[hi].Path) == attribute {
		hi++
	}
	return f[lo:hi]
}

// Object is one live object as a provider read it, already normalised.
type Object struct {
	// Kind is the name of its kind.
	Kind string
	// ID is the remote id.
	ID string
	// Version changes whenever the object does; empty when the API has none.
	Version string
	// Fields are sorted; fields without value are left out.
	Fields Fields
}

// Value returns an attribute's value; "id" is the remote id.
func (o *Object) Value(path string) Value {
	if path == "id" {
		return StringValue(o.ID)
	}
	return o.Fields.Value(path)
}
