package bounds

import (
	"fmt"

	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

const (
	// MaxText is how long a text that files make of others may be, in bytes.
	MaxText = 32 << 20
	// MaxMembers is how many members a list that a function makes may have.
	MaxMembers = 5_000_000
	// maxParts is how many values a value may stand for: a table of a million rows of
	// 10 columns. A list that holds one list twice stands for it twice, though it is in
	// memory once.
	maxParts = 10_000_000
)

// Value reports what in a value goes beyond the limits; nil when nothing does.
func Value(v cty.Value) error {
	v, _ = v.Unmark()
	if v.IsNull() || !v.IsKnown() {
		return nil
	}
	if v.Type() == cty.String {
		return Text(len(v.AsString()))
	}
	if parts(v, maxParts) > maxParts {
		return fmt.Errorf("it stands for more than %s values", schema.Thousands(maxParts))
	}
	return nil
}

// Text reports whether so many bytes are too many for a text.
func Text(bytes int) error {
	if bytes > MaxText {
		return fmt.Errorf("it makes a text of more than %d MiB", MaxText>>20)
	}
	return nil
}

// Members reports whether so many members are too many for a list.
func Members(n int) error {
	if n > MaxMembers {
		return fmt.Errorf("it makes a list of more than %s members", schema.Thousands(MaxMembers))
	}
	return nil
}

// parts counts the values that a value stands for, up to one more than most.
func parts(v cty.Value, most int) int {
	v, _ = v.Unmark()
	if v.IsNull() || !v.IsKnown() {
		return 1
	}
	if n, ok := partsOf(v.Type(), most); ok {
		return n
	}
	if v.Type().IsCollectionType() {
		if each, ok := partsOf(v.Type().ElementType(), most); ok {
			return 1 + v.LengthInt()*each
		}
	}
	n := 1
	for it := v.ElementIterator(); it.Next() && n <= most; {
		_, element := it.Element()
		n += parts(element, most-n)
	}
	return n
}

// partsOf counts the values that each value of a type stands for, up to one more
// than most; false where they differ.
func partsOf(ty cty.Type, most int) (n int, ok bool) {
	n = 1
	add := func(part cty.Type) bool {
		found, ok := partsOf(part, most-n)
		n += found
		return ok && n <= most
	}
	switch {
	case ty.IsPrimitiveType():
		return 1, true
	case ty.IsTupleType():
		for _, element := range ty.TupleElementTypes() {
			if !add(element) {
				return n, n > most
			}
		}
		return n, true
	case ty.IsObjectType():
		for _, attribute := range ty.AttributeTypes() {
			if !add(attribute) {
				return n, n > most
			}
		}
		return n, true
	default:
		return 0, false
	}
}

// TextIn is how many bytes the texts within a value have in all, and how many
// values there are, counting no further than a little above the limits.
func TextIn(v cty.Value) (bytes, values int) {
	v, _ = v.Unmark()
	if v.IsNull() || !v.IsKnown() {
		return 0, 1
	}
	if v.Type() == cty.String {
		return len(v.AsString()), 1
	}
	values = 1
	if !v.CanIterateElements() {
		return 0, values
	}
	for it := v.ElementIterator(); it.Next() && bytes <= MaxText && values <= maxParts; {
		key, element := it.Element()
		moreBytes, moreValues := TextIn(element)
		bytes, values = bytes+moreBytes, values+moreValues
		if key.Type() == cty.String {
			bytes += len(key.AsString())
		}
	}
	return bytes, values
}
