package ghl

import (
	"strings"

	"lockstep/schema"
)

// holds returns the attribute that holds the id of a parent, and that id.
func (k *kind) holds(parent string) (name, id string) {
	if id, within := strings.CutPrefix(parent, k.Within+"="); within && k.Within != "" {
		return k.Within, id
	}
	return k.Parent, parent
}

// withParent adds the parent to fields that an answer gives without it.
func withParent(k *kind, fields schema.Fields, parent string) schema.Fields {
	if k.Parent == "" || parent == "" || !k.ParentOf(fields.Value).IsAbsent() {
		return fields
	}
	name, id := k.holds(parent)
	fields = append(fields, schema.Field{Path: name, Value: schema.StringValue(id)})
	fields.Sort()
	return fields
}
