package bounds

import (
	"errors"
	"regexp"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

const (
	// maxDigits is how long a number may be.
	maxDigits = 9_999
	// maxExponent is that length in binary digits.
	maxExponent = 33_220
)

// longExponent finds exponents that make a number of more than 9,999 digits, which
// takes minutes to write out.
var longExponent = regexp.MustCompile(`[eE][+-]?0*[1-9]\d{4,}`)

var errNumber = errors.New("it holds a number of more than 9,999 digits")

// Number reports whether a text is too much for a number: reading it takes time
// that grows with the square of its length. It returns nil for a short text that
// is no number, which whoever reads it tells.
func Number(text string) error {
	if len(text) > maxDigits || longExponent.MatchString(text) {
		return errNumber
	}
	return nil
}

// Magnitude reports whether a value is a number that is too large, or too close to
// zero, to be written out. It returns nil for any other value.
func Magnitude(v cty.Value) error {
	v, _ = v.Unmark()
	if v.Type() != cty.Number || !v.IsKnown() || v.IsNull() {
		return nil
	}
	f := v.AsBigFloat()
	if exp := f.MantExp(nil); f.IsInf() || exp > maxExponent || exp < -maxExponent {
		return errNumber
	}
	return nil
}

// Convert is convert.Convert for values that may hold texts: of those that would
// become numbers it first looks at the length.
func Convert(v cty.Value, want cty.Type) (cty.Value, error) {
	if err := readable(v, want); err != nil {
		return cty.UnknownVal(want.WithoutOptionalAttributesDeep()), err
	}
	return convert.Convert(v, want)
}

// readable reports whether each text of v where the type wants a number may be
// read as one.
func readable(v cty.Value, want cty.Type) error {
	if !hasNumber(want) {
		return nil
	}
	v, _ = v.Unmark()
	if v.IsNull() || !v.IsKnown() {
		return nil
	}
	if want == cty.Number {
		if v.Type() == cty.String {
			return Number(v.AsString())
		}
		return Magnitude(v)
	}
	if !v.CanIterateElements() {
		return nil
	}
	place := 0
	for it := v.ElementIterator(); it.Next(); place++ {
		key, element := it.Element()
		if err := readable(element, memberType(want, key, place)); err != nil {
			return err
		}
	}
	return nil
}

// memberType is the type that a member of a value of the type is to have; Bool,
// which holds no number, when the type has no such member.
func memberType(of cty.Type, key cty.Value, place int) cty.Type {
	switch {
	case of.IsCollectionType():
		return of.ElementType()
	case of.IsTupleType() && place < of.Length():
		return of.TupleElementType(place)
	case of.IsObjectType() && key.Type() == cty.String && of.HasAttribute(key.AsString()):
		return of.AttributeType(key.AsString())
	default:
		return cty.Bool
	}
}

// hasNumber reports whether values of a type hold numbers.
func hasNumber(ty cty.Type) bool {
	switch {
	case ty.IsPrimitiveType():
		return ty == cty.Number
	case ty.IsCollectionType():
		return hasNumber(ty.ElementType())
	case ty.IsTupleType():
		for _, element := range ty.TupleElementTypes() {
			if hasNumber(element) {
				return true
			}
		}
	case ty.IsObjectType():
		for _, attribute := range ty.AttributeTypes() {
			if hasNumber(attribute) {
				return true
			}
		}
	}
	return false
}
