package engine

import (
	"cmp"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"lockstep/planner"
	"lockstep/schema"
	"lockstep/schema/functions"
)

// effective are the desired fields that a live object gets or has: neither those
// that are predicted of it and that it has otherwise, nor those whose live
// values stay.
func effective(kind *schema.Kind, d *planner.Desired, live *schema.Object) schema.Fields {
	stays := func(f schema.Field) bool {
		a := kind.Attribute(schema.PathAttribute(f.Path))
		if a == nil || a.WriteOnly || a.CreateOnly {
			return false
		}
		return planner.Ignored(d.Block.Ignore, f.Path) || (f.Derived || a.Immutable && a.Computed) && !live.Value(f.Path).IsAbsent()
	}
	if !slices.ContainsFunc(d.Fields(), stays) {
		return d.Fields()
	}
	return slices.DeleteFunc(slices.Clone(d.Fields()), stays)
}

// DeclaredValue is an object as the files want it, as expressions see it before
// anything is known of what is live.
func DeclaredValue(kind *schema.Kind, desired schema.Fields) cty.Value {
	attributes := make(map[string]cty.Value, len(kind.Attributes)+1)
	attributes["id"] = cty.UnknownVal(cty.String)
	for i := range kind.Attributes {
		a := &kind.Attributes[i]
		attributes[a.Name] = cty.UnknownVal(a.Type)
		if len(desired.Of(a.Name)) > 0 && a.Own != schema.OwnKeys && a.Own != schema.OwnMembers {
			attributes[a.Name] = attributeValue(a, desired, nil)
		}
	}
	return cty.ObjectVal(attributes)
}

// attributeValue is one attribute: as desired, else as live, else unknown when
// the server will set it.
func attributeValue(a *schema.Attribute, desired schema.Fields, live *schema.Object) cty.Value {
	if a.ItemIDs != nil {
		return itemIDs(a, desired, live)
	}
	value, found, sensitive := fieldsValue(a, desired, live)
	if !found && a.Computed && live == nil {
		return cty.UnknownVal(a.Type)
	}
	v, err := value.ToCty(a.Type)
	if err != nil {
		// A live value of another type than declared stays visible as it is.
		v, err = value.ToCty(cty.DynamicPseudoType)
	}
	if err != nil {
		v = cty.NullVal(a.Type)
	}
	if sensitive || a.Sensitive {
		v = v.Mark(functions.Sensitive)
	}
	return v
}

func fieldsValue(a *schema.Attribute, desired schema.Fields, live *schema.Object) (v schema.Value, found, sensitive bool) {
	own := desired.Of(a.Name)
	var has schema.Fields
	if live != nil {
		has = live.Fields.Of(a.Name)
	}
	switch a.Own {
	case schema.OwnKeys:
		entries := map[string]schema.Value{}
		for _, f := range append(slices.Clone(has), own...) {
			entries[schema.PathKey(f.Path)] = f.Value
			sensitive = sensitive || f.Sensitive
		}
		return schema.MapValue(entries), len(entries) > 0, sensitive
	case schema.OwnMembers:
		members := fieldMembers(has)
		for _, f := range own {
			switch {
			case !f.Value.IsKnown():
				return schema.UnknownValue(), true, f.Sensitive
			case f.Claim == schema.ClaimExcludes:
				members = slices.DeleteFunc(members, func(m string) bool { return slices.Contains(f.Value.Strings(), m) })
			case f.Claim == schema.ClaimExactly:
				members = f.Value.Strings()
			default:
				members = append(members, f.Value.Strings()...)
			}
		}
		return schema.SetOf(members), len(own)+len(has) > 0, false
	case schema.OwnItems:
		return items(a, own, has)
	default:
		f := cmp.Or(first(own), first(has))
		if f == nil {
			return schema.Value{}, false, false
		}
		return f.Value, true, f.Sensitive
	}
}

func fieldMembers(fields schema.Fields) []string {
	var members []string
	for _, f := range fields {
		members = append(members, f.Value.Strings()...)
	}
	return members
}

func first(fields schema.Fields) *schema.Field {
	if len(fields) == 0 {
		return nil
	}
	return &fields[0]
}

// liveValue is a live object as expressions see it.
func liveValue(kind *schema.Kind, live *schema.Object) cty.Value {
	attributes := make(map[string]cty.Value, len(kind.Attributes)+1)
	attributes["id"] = cty.StringVal(live.ID)
	for k := range kind.Attributes {
		attributes[kind.Attributes[k].Name] = attributeValue(&kind.Attributes[k], nil, live)
	}
	return cty.ObjectVal(attributes)
}
