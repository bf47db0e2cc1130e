package planner

import (
	"slices"

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
func (l *Live) further(rank int, text string) []*schema.Object {
	key := l.kind.Keys[rank]
	a := l.kind.Attribute(key[0])
	if len(key) > 1 || a == nil || a.Also == "" {
		return nil
	}
	if l.byFurther == nil {
		l.byFurther = make([]map[string][]*schema.Object, len(l.kind.Keys))
	}
	if l.byFurther[rank] == nil {
		index := map[string][]*schema.Object{}
		for _, o := range l.objects {
			for _, v := range o.Value(a.Also).Items() {
				index[v.Text()] = append(index[v.Text()], o)
			}
		}
		l.byFurther[rank] = index
	}
	return l.byFurther[rank][text]
}
