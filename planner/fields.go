package planner

import (
	"slices"

	"lockstep/schema"
)

// created are the field changes of a new object.
func (m *Matcher) created(desired schema.Fields) []FieldChange {
	var fields []FieldChange
	for _, f := range desired {
		a := m.Kind.Attribute(schema.PathAttribute(f.Path))
		if f.Derived || a == nil || f.Claim == schema.ClaimExcludes {
			continue
		}
		if isEmpty(f.Value) {
			continue
		}
		c := FieldChange{Path: f.Path, Claim: f.Claim, Desired: f.Value, Sensitive: f.Sensitive || a.Sensitive, Personal: a.Personal}
		if c.IsSet() {
			c.Add = f.Value.Strings()
		}
		fields = append(fields, c)
	}
	return fields
}

// lost are the fields of an object that goes away.
func (m *Matcher) lost(live *schema.Object) []FieldChange {
	var fields []FieldChange
	for _, f := range live.Fields {
		a := m.Kind.Attribute(schema.PathAttribute(f.Path))
		if a == nil || !a.Writable() || f.Derived {
			continue
		}
		fields = append(fields, FieldChange{Path: f.Path, Live: f.Value, Sensitive: a.Sensitive, Personal: a.Personal})
	}
	return fields
}

// firstReplacing is the path of the first field that cannot be changed.
func firstReplacing(fields []FieldChange) string {
	i := slices.IndexFunc(fields, func(f FieldChange) bool { return f.Replaces })
	return fields[i].Path
}
