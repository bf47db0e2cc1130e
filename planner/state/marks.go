package state

import (
	"slices"

	"lockstep/schema"
)

// marksPath is the name in a base under which the paths stand whose values were
// sensitive and are no longer managed. No attribute has such a name.
const marksPath = secretKey

// Sensitive returns the paths of values that were sensitive in the files when they
// were last applied, be they managed still or not.
func (r *Record) Sensitive() (paths []string, err error) {
	if !r.base.secret {
		return nil, nil // as nearly all
	}
	fields, err := r.stored()
	for i := range fields {
		switch f := &fields[i]; {
		case f.Path == marksPath:
			paths = append(paths, f.Value.Strings()...)
		case f.Sensitive:
			paths = append(paths, f.Path)
		}
	}
	return paths, err
}

// MarkSensitive notes that values of an object were sensitive, written by an author
// that has no record any more. What the record has under these paths is left alone.
func (r *Record) MarkSensitive(paths []string) error {
	fields, err := r.stored()
	if err != nil {
		return err
	}
	known := slices.Clone(paths)
	fields = slices.DeleteFunc(fields, func(f BaseField) bool {
		known = slices.DeleteFunc(known, func(path string) bool { return path == f.Path })
		if f.Path == marksPath {
			known = append(known, f.Value.Strings()...)
		}
		return f.Path == marksPath
	})
	if len(known) > 0 {
		fields = append(fields, BaseField{Path: marksPath, Value: schema.SetOf(known)})
	}
	r.base = inMemory(encodeBase(fields))
	return nil
}

// marked adds to the fields of a base what was sensitive in the old one and is not
// among them any more: its value may still be live.
func (a *Applied) marked(fields []BaseField) ([]BaseField, error) {
	if a.Old == nil {
		return fields, nil
	}
	paths, err := a.Old.Sensitive()
	paths = slices.DeleteFunc(paths, func(path string) bool {
		return slices.ContainsFunc(fields, func(f BaseField) bool { return f.Path == path })
	})
	if err != nil || len(paths) == 0 {
		return fields, err
	}
	return append(fields, BaseField{Path: marksPath, Value: schema.SetOf(paths)}), nil
}
