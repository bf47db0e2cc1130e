package schema

import "slices"

// Type is the type of a compact Value.
type Type uint8

// The types of a Value. Absent is the zero value: the API knows no value, or
// null was written, which both mean the same to a diff.
const (
	Absent Type = iota
	String
	Number
	Bool
	List
	Map
	Unknown
)

// Value is one attribute's value as the engine carries it: immutable, small
// for scalars, and comparable by Equal. The zero value is Absent.
//
// A plan keeps millions of values, so one takes three words and no more: the
// scalars of one type share its description.
type Value struct {
	text string
	is   *description
}

// description tells a value's type, and what Value.text cannot hold.
type description struct {
	kind  Type
	keys  []string // of a Map, sorted; nil for a List
	items []Value
	// written is a String as it is sent, where that is not how it is compared.
	written string
}

// The descriptions that scalars share. They are never written.
var (
	isString  = &description{kind: String}
	isNumber  = &description{kind: Number}
	isBool    = &description{kind: Bool}
	isUnknown = &description{kind: Unknown}
)

// StringValue makes a String.
func StringValue(s string) Value { return Value{is: isString, text: s} }

// WrittenValue makes a String that is compared in one spelling and sent, shown
// and referred to in another: a text whose formatting does not count.
func WrittenValue(compared, written string) Value {
	if compared == written {
		return StringValue(compared)
	}
	return Value{is: &description{kind: String, written: written}, text: compared}
}

// NumberValue makes a Number from its canonical decimal spelling, as
// CanonicalNumber returns it.
func NumberValue(decimal string) Value { return Value{is: isNumber, text: decimal} }

// BoolValue makes a Bool.
func BoolValue(b bool) Value {
	if b {
		return Value{is: isBool, text: "true"}
	}
	return Value{is: isBool, text: "false"}
}

// ListValue makes a List. It keeps the slice.
func ListValue(items ...Value) Value { return Value{is: &description{kind: List, items: items}} }

// StringsValue makes a List of Strings.
func StringsValue(items []string) Value {
	values := make([]Value, len(items))
	for i, s := range items {
		values[i] = StringValue(s)
	}
	return ListValue(values...)
}

// SetOf makes a List of distinct sorted Strings: the canonical form of a set.
func SetOf(items []string) Value {
	sorted := slices.Clone(items)
	slices.Sort(sorted)
	return StringsValue(slices.Compact(sorted))
}

// MapValue makes a Map.
func MapValue(entries map[string]Value) Value {
	m := &description{kind: Map, keys: make([]string, 0, len(entries)), items: make([]Value, 0, len(entries))}
	for k := range entries {
		m.keys = append(m.keys, k)
	}
	slices.Sort(m.keys)
	for _, k := range m.keys {
		m.items = append(m.items, entries[k])
	}
	return Value{is: m}
}

// UnknownValue stands for a value that is known only after an earlier
// operation, such as the id of an object that is not created yet.
func UnknownValue() Value { return Value{is: isUnknown} }

// Type returns the value's type.
func (v Value) Type() Type {
	if v.is == nil {
		return Absent
	}
	return v.is.kind
}

// IsAbsent reports whether there is no value.
func (v Value) IsAbsent() bool { return v.is == nil }

// IsEmpty reports whether there is nothing in the value: it is absent, or a text, list
// or map without content.
func (v Value) IsEmpty() bool {
	switch v.Type() {
	case Absent:
		return true
	case String:
		return v.Text() == ""
	case List, Map:
		return len(v.Items()) == 0
	default:
		return false
	}
}

// IsKnown reports whether the value, and every value in it, is known.
func (v Value) IsKnown() bool {
	if v.is == nil || v.is == isString {
		return true
	}
	return v.is != isUnknown && !slices.ContainsFunc(v.is.items, func(i Value) bool { return !i.IsKnown() })
}

// Text is the text of a String, Number or Bool, and empty for other types. Of a
// String it is the spelling that is compared.
func (v Value) Text() string { return v.text }

// Written is the text as it is sent and shown. Only WrittenValue makes it
// another one than Text.
func (v Value) Written() string {
	if v.Type() == String && v.is != isString {
		return v.is.written
	}
	return v.text
}

// Truth is the truth of a Bool.
func (v Value) Truth() bool { return v.is == isBool && v.text == "true" }

// Items are the items of a List or, in the order of Keys, of a Map. The slice
// must not be changed.
func (v Value) Items() []Value {
	if v.is == nil {
		return nil
	}
	return v.is.items
}

// Keys are the sorted keys of a Map. The slice must not be changed.
func (v Value) Keys() []string {
	if v.is == nil {
		return nil
	}
	return v.is.keys
}

// Entry is the value of a Map under a key, Absent when there is none.
func (v Value) Entry(key string) Value {
	if v.Type() != Map {
		return Value{}
	}
	i, ok := slices.BinarySearch(v.is.keys, key)
	if !ok {
		return Value{}
	}
	return v.is.items[i]
}

// Strings are the texts of a List's items.
func (v Value) Strings() []string {
	if v.Type() != List {
		return nil
	}
	texts := make([]string, len(v.is.items))
	for i, item := range v.is.items {
		texts[i] = item.text
	}
	return texts
}

// Equal compares two values, whatever they are written like. Unknown is equal to
// nothing, not even to itself.
func (v Value) Equal(w Value) bool {
	if v.text != w.text || v.is == isUnknown || v.Type() != w.Type() {
		return false
	}
	return v.is == w.is || slices.Equal(v.is.keys, w.is.keys) && slices.EqualFunc(v.is.items, w.is.items, Value.Equal)
}

// String renders the value as people and JSON write it, for messages. Texts are
// as they are written.
func (v Value) String() string {
	var short [64]byte
	return string(v.appendJSON(short[:0], true))
}
