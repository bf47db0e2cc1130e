package schema

import (
	"fmt"
	"math/big"

	"github.com/zclconf/go-cty/cty"
)

// FromCty makes a Value of an unmarked cty value. Sets become lists in cty's
// order; callers that mean a set sort it.
func FromCty(v cty.Value) (Value, error) {
	if !v.IsKnown() {
		return UnknownValue(), nil
	}
	if v.IsNull() {
		return Value{}, nil
	}
	ty := v.Type()
	switch {
	case ty == cty.String:
		return StringValue(v.AsString()), nil
	case ty == cty.Bool:
		return BoolValue(v.True()), nil
	case ty == cty.Number:
		return fromBig(v.AsBigFloat())
	case ty.IsListType() || ty.IsSetType() || ty.IsTupleType():
		items := make([]Value, 0, v.LengthInt())
		for it := v.ElementIterator(); it.Next(); {
			_, e := it.Element()
			item, err := FromCty(e)
			if err != nil {
				return Value{}, err
			}
			items = append(items, item)
		}
		return ListValue(items...), nil
	case ty.IsMapType() || ty.IsObjectType():
		entries := make(map[string]Value, v.LengthInt())
		for it := v.ElementIterator(); it.Next(); {
			k, e := it.Element()
			item, err := FromCty(e)
			if err != nil {
				return Value{}, err
			}
			entries[k.AsString()] = item
		}
		return MapValue(entries), nil
	default:
		return Value{}, fmt.Errorf("a value of type %s cannot be stored", ty.FriendlyName())
	}
}

func fromBig(f *big.Float) (Value, error) {
	if n, acc := f.Int64(); acc == big.Exact {
		return NumberValue(big.NewInt(n).String()), nil
	}
	text, err := CanonicalNumber(f.Text('g', 40))
	return NumberValue(text), err
}

// ToCty makes a cty value of the wanted type. Absent becomes null and Unknown
// an unknown of that type; cty.DynamicPseudoType lets the value choose.
func (v Value) ToCty(want cty.Type) (cty.Value, error) {
	switch v.Type() {
	case Absent:
		return cty.NullVal(want), nil
	case Unknown:
		return cty.UnknownVal(want), nil
	case String:
		return cty.StringVal(v.Written()), nil
	case Bool:
		return cty.BoolVal(v.Truth()), nil
	case Number:
		return cty.ParseNumberVal(v.text)
	case List:
		return v.listToCty(want)
	default:
		return v.mapToCty(want)
	}
}

func (v Value) listToCty(want cty.Type) (cty.Value, error) {
	element := cty.DynamicPseudoType
	if want.IsListType() || want.IsSetType() {
		element = want.ElementType()
	}
	items := make([]cty.Value, len(v.is.items))
	for i, item := range v.is.items {
		var err error
		if items[i], err = item.ToCty(element); err != nil {
			return cty.NilVal, err
		}
	}
	switch {
	case element == cty.DynamicPseudoType:
		// Elements may differ in type, which only a tuple can hold.
		return cty.TupleVal(items), nil
	case want.IsSetType() && len(items) == 0:
		return cty.SetValEmpty(element), nil
	case want.IsSetType():
		return cty.SetVal(items), nil
	case len(items) == 0:
		return cty.ListValEmpty(element), nil
	default:
		return cty.ListVal(items), nil
	}
}

func (v Value) mapToCty(want cty.Type) (cty.Value, error) {
	entries := make(map[string]cty.Value, len(v.is.keys))
	for i, key := range v.is.keys {
		element := cty.DynamicPseudoType
		switch {
		case want.IsMapType():
			element = want.ElementType()
		case want.IsObjectType() && want.HasAttribute(key):
			element = want.AttributeType(key)
		}
		item, err := v.is.items[i].ToCty(element)
		if err != nil {
			return cty.NilVal, err
		}
		entries[key] = item
	}
	if want.IsMapType() && want.ElementType() != cty.DynamicPseudoType {
		if len(entries) == 0 {
			return cty.MapValEmpty(want.ElementType()), nil
		}
		return cty.MapVal(entries), nil
	}
	if want.IsObjectType() {
		for name, ty := range want.AttributeTypes() {
			if _, ok := entries[name]; !ok {
				entries[name] = cty.NullVal(ty)
			}
		}
	}
	return cty.ObjectVal(entries), nil
}
