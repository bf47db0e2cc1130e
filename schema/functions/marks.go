package functions

import (
	"fmt"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// Mark is a cty mark of this library.
type Mark string

// The marks without content.
const (
	// Sensitive values are never shown.
	Sensitive Mark = "sensitive"
	// Exactly is on a collection that claims the whole set.
	Exactly Mark = "exactly"
)

// Excluded marks a member that must not be in a set. It carries the
// member's text, because some functions move the marks of members to the whole
// collection.
type Excluded struct {
	Name string
}

var exactlyFunc = function.New(&function.Spec{
	Description: "Claims the whole set: the live set is to have these members and no other.",
	Params:      []function.Parameter{{Name: "members", Type: cty.DynamicPseudoType, AllowMarked: true}},
	Type:        membersType,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		return args[0].Mark(Exactly), nil
	},
})

var includesFunc = function.New(&function.Spec{
	Description: "Returns its argument: the live set is to have these members, and may have others.",
	Params:      []function.Parameter{{Name: "members", Type: cty.DynamicPseudoType, AllowMarked: true}},
	Type:        membersType,
	Impl:        func(args []cty.Value, _ cty.Type) (cty.Value, error) { return args[0], nil },
})

var excludesFunc = function.New(&function.Spec{
	Description: "Keeps members out: the live set is to have none of these.",
	Params:      []function.Parameter{{Name: "members", Type: cty.DynamicPseudoType, AllowMarked: true}},
	Type: func(args []cty.Value) (cty.Type, error) {
		ty, err := membersType(args)
		if err == nil && ty.IsSetType() {
			// The members of a set cannot have marks of their own.
			ty = cty.List(ty.ElementType())
		}
		return ty, err
	},
	Impl: func(args []cty.Value, ty cty.Type) (cty.Value, error) { return excluded(args[0], ty), nil },
})

func membersType(args []cty.Value) (cty.Type, error) {
	ty := args[0].Type()
	if ty == cty.DynamicPseudoType || ty.IsListType() || ty.IsSetType() || ty.IsTupleType() {
		return ty, nil
	}
	return ty, fmt.Errorf("a list of members is needed, as in [\"vip\"], not a %s", ty.FriendlyName())
}

func excluded(collection cty.Value, ty cty.Type) cty.Value {
	collection, marks := collection.Unmark()
	if !collection.IsKnown() || collection.IsNull() {
		return collection.WithMarks(marks)
	}
	var members []cty.Value
	for it := collection.ElementIterator(); it.Next(); {
		_, member := it.Element()
		plain, _ := member.Unmark()
		if plain.IsKnown() && !plain.IsNull() && plain.Type() == cty.String {
			member = member.Mark(Excluded{Name: plain.AsString()})
		}
		members = append(members, member)
	}
	switch {
	case ty.IsTupleType():
		return cty.TupleVal(members).WithMarks(marks)
	case len(members) == 0:
		return cty.ListValEmpty(ty.ElementType()).WithMarks(marks)
	default:
		return cty.ListVal(members).WithMarks(marks)
	}
}

var sensitiveFunc = function.New(&function.Spec{
	Description: "Marks a value as sensitive, so that it is never shown.",
	Params:      anyValue,
	Type:        sameType,
	Impl:        func(args []cty.Value, _ cty.Type) (cty.Value, error) { return args[0].Mark(Sensitive), nil },
})

var nonsensitiveFunc = function.New(&function.Spec{
	Description: "Takes the sensitive mark off a value, so that it may be shown.",
	Params:      anyValue,
	Type:        sameType,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		v, marks := args[0].Unmark()
		delete(marks, Sensitive)
		return v.WithMarks(marks), nil
	},
})

var issensitiveFunc = function.New(&function.Spec{
	Description: "Whether a value is sensitive.",
	Params:      anyValue,
	Type:        function.StaticReturnType(cty.Bool),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		return cty.BoolVal(args[0].HasMark(Sensitive)), nil
	},
})

// anyValue is one parameter that takes everything as it is.
var anyValue = []function.Parameter{{
	Name: "value", Type: cty.DynamicPseudoType,
	AllowUnknown: true, AllowNull: true, AllowMarked: true, AllowDynamicType: true,
}}

func sameType(args []cty.Value) (cty.Type, error) { return args[0].Type(), nil }
