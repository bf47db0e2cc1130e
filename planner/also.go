package planner

import (
	"slices"
	"strings"

	"lockstep/planner/state"
	"lockstep/schema"
)

// answersTo reports whether an object has a value of an attribute as a further
// one, such as an additional e-mail address.
func answersTo(a *schema.Attribute, o *schema.Object, v schema.Value) bool {
	if a == nil || a.Also == "" || v.Text() == "" {
		return false
	}
	return slices.ContainsFunc(o.Value(a.Also).Items(), func(further schema.Value) bool { return further.Text() == v.Text() })
}

// stillHas reports whether an object has what was last applied to an attribute
// as a further value of it.
func (d *differ) stillHas(a *schema.Attribute, was state.BaseField, o *schema.Object) bool {
	return a.Also != "" && slices.ContainsFunc(o.Value(a.Also).Items(), func(further schema.Value) bool { return d.isBase(a, was, further) })
}

// further finds the objects that have the value of a natural key as a further
// one.
func (l *Live) further(rank int, text string) []*Subject {
	key := l.kind.Keys[rank]
	a := l.kind.Attribute(key[0])
	if len(key) > 1 || a == nil || a.Also == "" {
		return nil
	}
	if l.byFurther == nil {
		l.byFurther = make([]map[string][]*Subject, len(l.kind.Keys))
	}
	if l.byFurther[rank] == nil {
		index := map[string][]*Subject{}
		for _, s := range l.subjects {
			for _, v := range s.live.Value(a.Also).Items() {
				index[v.Text()] = append(index[v.Text()], s)
			}
		}
		l.byFurther[rank] = index
	}
	return l.byFurther[rank][text]
}

// matchingFurther finds the live objects that an instance of a mapping is about
// by a further value of a natural key.
func (r *Roster) matchingFurther(paths []string, text string) []*Subject {
	rank := slices.IndexFunc(r.Kind.Keys, func(key schema.NaturalKey) bool { return slices.Equal(key, paths) })
	if rank < 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(r.Live.further(rank, text)), func(s *Subject) bool { return s.shelved })
}

// foldedKey is a natural key with the values that the server tells apart without
// regard to case in lower case.
func foldedKey(kind *schema.Kind, key schema.NaturalKey, value func(path string) schema.Value) string {
	return keyText(key, func(path string) schema.Value {
		if a := kind.Attribute(path); a != nil && a.Folded {
			return schema.StringValue(strings.ToLower(value(path).Text()))
		}
		return value(path)
	})
}

// otherCase finds the objects that have a natural key in another case.
func (l *Live) otherCase(rank int, text string) []*Subject {
	key := l.kind.Keys[rank]
	folds := func(path string) bool { a := l.kind.Attribute(path); return a != nil && a.Folded }
	if !slices.ContainsFunc(key, folds) {
		return nil
	}
	var found []*Subject
	for _, s := range l.subjects {
		if foldedKey(l.kind, key, s.live.Value) == strings.ToLower(text) {
			found = append(found, s)
		}
	}
	return found
}
