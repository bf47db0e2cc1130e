package functions

import (
	"errors"
	"fmt"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"lockstep/schema"
	"lockstep/schema/bounds"
)

var lengthFunc = function.New(&function.Spec{
	Description: "The number of elements of a collection, or of characters of a text.",
	Params:      []function.Parameter{{Name: "value", Type: cty.DynamicPseudoType, AllowUnknown: true, AllowDynamicType: true, AllowMarked: true}},
	Type: func(args []cty.Value) (cty.Type, error) {
		ty := args[0].Type()
		if ty == cty.String || ty == cty.DynamicPseudoType || ty.IsCollectionType() || ty.IsTupleType() || ty.IsObjectType() {
			return cty.Number, nil
		}
		return cty.Number, fmt.Errorf("a collection or a text is needed, not a %s", ty.FriendlyName())
	},
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		// Marks of the members say nothing of how many there are.
		v, marks := args[0].Unmark()
		n, err := length(v)
		return n.WithMarks(marks), err
	},
})

func length(v cty.Value) (cty.Value, error) {
	switch ty := v.Type(); {
	case ty == cty.DynamicPseudoType:
		return cty.UnknownVal(cty.Number), nil
	case ty == cty.String:
		return stdlib.Strlen(v)
	case ty.IsObjectType():
		return cty.NumberIntVal(int64(len(ty.AttributeTypes()))), nil
	default:
		return v.Length(), nil
	}
}

var lookupFunc = function.New(&function.Spec{
	Description: "The value under a key, or the default when there is no such key.",
	Params: []function.Parameter{
		{Name: "map", Type: cty.DynamicPseudoType, AllowMarked: true},
		{Name: "key", Type: cty.String, AllowMarked: true},
	},
	VarParam: &function.Parameter{Name: "default", Type: cty.DynamicPseudoType, AllowUnknown: true, AllowNull: true, AllowMarked: true, AllowDynamicType: true},
	Type: func(args []cty.Value) (cty.Type, error) {
		v, err := lookup(args)
		if err != nil {
			return cty.DynamicPseudoType, err
		}
		return v.Type(), nil
	},
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return lookup(args) },
})

func lookup(args []cty.Value) (cty.Value, error) {
	if len(args) > 3 {
		return cty.DynamicVal, errors.New("a map, a key and at most one default are needed")
	}
	m, marks := args[0].Unmark()
	key, keyMarks := args[1].Unmark()
	if ty := m.Type(); !ty.IsMapType() && !ty.IsObjectType() && ty != cty.DynamicPseudoType {
		return cty.DynamicVal, function.NewArgErrorf(0, "a map is needed, not a %s", ty.FriendlyName())
	}
	if !m.IsKnown() || !key.IsKnown() {
		return cty.DynamicVal.WithMarks(marks, keyMarks), nil
	}
	name := key.AsString()
	switch {
	case m.Type().IsObjectType() && m.Type().HasAttribute(name):
		return m.GetAttr(name).WithMarks(marks, keyMarks), nil
	case m.Type().IsMapType() && m.HasIndex(key).True():
		return m.Index(key).WithMarks(marks, keyMarks), nil
	case len(args) < 3:
		return cty.DynamicVal, fmt.Errorf("the map has no key %q, and no default is given", name)
	case m.Type().IsMapType():
		v, err := bounds.Convert(args[2], m.Type().ElementType())
		if err != nil {
			return cty.DynamicVal, function.NewArgErrorf(2, "the default does not fit the values of the map: %s", err)
		}
		return v.WithMarks(marks, keyMarks), nil
	default:
		return args[2].WithMarks(marks, keyMarks), nil
	}
}

var indexFunc = function.New(&function.Spec{
	Description: "The position of a value in a list.",
	Params:      []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}, {Name: "value", Type: cty.DynamicPseudoType}},
	Type:        function.StaticReturnType(cty.Number),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		if ty := args[0].Type(); !ty.IsListType() && !ty.IsTupleType() {
			return cty.UnknownVal(cty.Number), function.NewArgErrorf(0, "a list is needed, not a %s", ty.FriendlyName())
		}
		for it := args[0].ElementIterator(); it.Next(); {
			i, element := it.Element()
			same, err := stdlib.Equal(element, args[1])
			if err != nil {
				return cty.UnknownVal(cty.Number), err
			}
			if !same.IsKnown() {
				return cty.UnknownVal(cty.Number), nil
			}
			if same.True() {
				return i, nil
			}
		}
		return cty.UnknownVal(cty.Number), errors.New("the list has no such value")
	},
})

var matchkeysFunc = function.New(&function.Spec{
	Description: "The values whose key, at the same position of the second list, is in the third.",
	Params: []function.Parameter{
		{Name: "values", Type: cty.List(cty.DynamicPseudoType)},
		{Name: "keys", Type: cty.List(cty.DynamicPseudoType)},
		{Name: "searchset", Type: cty.List(cty.DynamicPseudoType)},
	},
	Type: sameType,
	Impl: func(args []cty.Value, ty cty.Type) (cty.Value, error) {
		if !args[0].IsWhollyKnown() || !args[1].IsWhollyKnown() || !args[2].IsWhollyKnown() {
			return cty.UnknownVal(ty), nil
		}
		values, keys := args[0].AsValueSlice(), args[1].AsValueSlice()
		if len(values) != len(keys) {
			return cty.UnknownVal(ty), errors.New("as many keys as values are needed")
		}
		var found []cty.Value
		for i, key := range keys {
			for _, wanted := range args[2].AsValueSlice() {
				if same, err := stdlib.Equal(key, wanted); err == nil && same.True() {
					found = append(found, values[i])
					break
				}
			}
		}
		if len(found) == 0 {
			return cty.ListValEmpty(ty.ElementType()), nil
		}
		return cty.ListVal(found), nil
	},
})

var oneFunc = function.New(&function.Spec{
	Description: "The only element of a collection, or null when it is empty.",
	Params:      []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}},
	Type: func(args []cty.Value) (cty.Type, error) {
		ty := args[0].Type()
		switch {
		case ty.IsListType() || ty.IsSetType():
			return ty.ElementType(), nil
		case ty.IsTupleType() && ty.Length() == 1:
			return ty.TupleElementType(0), nil
		case ty.IsTupleType() || ty == cty.DynamicPseudoType:
			return cty.DynamicPseudoType, nil
		default:
			return cty.DynamicPseudoType, fmt.Errorf("a list, set or tuple is needed, not a %s", ty.FriendlyName())
		}
	},
	Impl: func(args []cty.Value, ty cty.Type) (cty.Value, error) {
		switch n := args[0].LengthInt(); n {
		case 0:
			return cty.NullVal(ty), nil
		case 1:
			return args[0].AsValueSlice()[0], nil
		default:
			return cty.UnknownVal(ty), fmt.Errorf("there are %s elements, and one at most is expected", schema.Thousands(n))
		}
	},
})

var transposeFunc = function.New(&function.Spec{
	Description: "Swaps keys and values of a map of lists of texts.",
	Params:      []function.Parameter{{Name: "values", Type: cty.Map(cty.List(cty.String))}},
	Type:        function.StaticReturnType(cty.Map(cty.List(cty.String))),
	Impl: func(args []cty.Value, ty cty.Type) (cty.Value, error) {
		if !args[0].IsWhollyKnown() {
			return cty.UnknownVal(ty), nil
		}
		swapped := map[string][]cty.Value{}
		for it := args[0].ElementIterator(); it.Next(); {
			key, list := it.Element()
			for inner := list.ElementIterator(); inner.Next(); {
				_, value := inner.Element()
				if value.IsNull() {
					return cty.UnknownVal(ty), errors.New("the lists must not have null elements")
				}
				swapped[value.AsString()] = append(swapped[value.AsString()], key)
			}
		}
		if len(swapped) == 0 {
			return cty.MapValEmpty(cty.List(cty.String)), nil
		}
		lists := make(map[string]cty.Value, len(swapped))
		for key, list := range swapped {
			lists[key] = cty.ListVal(list)
		}
		return cty.MapVal(lists), nil
	},
})

var sumFunc = function.New(&function.Spec{
	Description: "The sum of a collection of numbers.",
	Params:      []function.Parameter{{Name: "numbers", Type: cty.DynamicPseudoType}},
	Type:        function.StaticReturnType(cty.Number),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		if ty := args[0].Type(); !args[0].CanIterateElements() || ty.IsMapType() || ty.IsObjectType() {
			return cty.UnknownVal(cty.Number), fmt.Errorf("a list of numbers is needed, not a %s", ty.FriendlyName())
		}
		if args[0].LengthInt() == 0 {
			return cty.UnknownVal(cty.Number), errors.New("the list is empty")
		}
		total := cty.Zero
		for it := args[0].ElementIterator(); it.Next(); {
			_, element := it.Element()
			n, err := bounds.Convert(element, cty.Number)
			if err != nil {
				return cty.UnknownVal(cty.Number), fmt.Errorf("a list of numbers is needed, and one of its elements is not a number: %w", err)
			}
			if n.IsNull() {
				return cty.UnknownVal(cty.Number), errors.New("a list of numbers is needed, and one of its elements is null")
			}
			total = total.Add(n)
		}
		return total, nil
	},
})

var (
	alltrueFunc = truth("Whether all elements are true.", cty.True, cty.Value.And)
	anytrueFunc = truth("Whether at least one element is true.", cty.False, cty.Value.Or)
)

func truth(doc string, start cty.Value, combine func(cty.Value, cty.Value) cty.Value) function.Function {
	return function.New(&function.Spec{
		Description: doc,
		Params:      []function.Parameter{{Name: "list", Type: cty.List(cty.Bool)}},
		Type:        function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			result := start
			for it := args[0].ElementIterator(); it.Next(); {
				_, element := it.Element()
				if element.IsNull() {
					element = cty.False
				}
				result = combine(result, element)
			}
			return result, nil
		},
	})
}
