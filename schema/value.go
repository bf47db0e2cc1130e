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
type Value struct {
	text string
	more *compound
	kind Type
}

type compound struct {
	keys  []string // of a Map, sorted; nil for a List
	items []Value
	// written is a String as it is sent, where that is not how it is compared.
	written string
}

// StringValue makes a String.
func StringValue(s string) Value { return Value{kind: String, text: s} }

// WrittenValue makes a String that is compared in one spelling and sent, shown
// and referred to in another: a text whose formatting does not count.
func WrittenValue(compared, written string) Value {
	if compared == written {
		return StringValue(compared)
	}
	return Value{kind: String, text: compared, more: &compound{written: written}}
}

// NumberValue makes a Number from its canonical decimal spelling, as
// CanonicalNumber returns it.
func NumberValue(decimal string) Value { return Value{kind: Number, text: decimal} }

// BoolValue makes a Bool.
func BoolValue(b bool) Value {
	if b {
		return Value{kind: Bool, text: "true"}
	}
	return Value{kind: Bool, text: "false"}
}

// ListValue makes a List. It keeps the slice.
func ListValue(items ...Value) Value { return Value{kind: List, more: &compound{items: items}} }

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
	c := &compound{keys: make([]string, 0, len(entries)), items: make([]Value, 0, len(entries))}
	for k := range entries {
		c.keys = append(c.keys, k)
	}
	slices.Sort(c.keys)
	for _, k := range c.keys {
		c.items = append(c.items, entries[k])
	}
	return Value{kind: Map, more: c}
}

// UnknownValue stands for a value that is known only after an earlier
// operation, such as the id of an object that is not created yet.
func UnknownValue() Value { return Value{kind: Unknown} }

// Type returns the value's type.
func (v Value) Type() Type { return v.kind }

// IsAbsent says that there is no value.
func (v Value) IsAbsent() bool { return v.kind == Absent }

// IsKnown says that the value, and every value in it, is known.
func (v Value) IsKnown() bool {
	if v.kind == Unknown {
		return false
	}
	if v.more == nil {
		return true
	}
	return !slices.ContainsFunc(v.more.items, func(i Value) bool { return !i.IsKnown() })
}

// Text is the text of a String, Number or Bool, and empty for other types. Of a
// String it is the spelling that is compared.
func (v Value) Text() string { return v.text }

// Written is the text as it is sent and shown. Only WrittenValue makes it
// another one than Text.
func (v Value) Written() string {
	if v.kind == String && v.more != nil {
		return v.more.written
	}
	return v.text
}

// Truth is the truth of a Bool.
func (v Value) Truth() bool { return v.kind == Bool && v.text == "true" }

// Items are the items of a List or, in the order of Keys, of a Map. The slice
// must not be changed.
func (v Value) Items() []Value {
	if v.more == nil {
		return nil
	}
	return v.more.items
}

// Keys are the sorted keys of a Map. The slice must not be changed.
func (v Value) Keys() []string {
	if v.more == nil {
		return nil
	}
	return v.more.keys
}

// Entry is the value of a Map under a key, Absent when there is none.
func (v Value) Entry(key string) Value {
	if v.kind != Map {
		return Value{}
	}
	i, ok := slices.BinarySearch(v.more.keys, key)
	if !ok {
		return Value{}
	}
	return v.more.items[i]
}

// Strings are the texts of a List's items.
func (v Value) Strings() []string {
	if v.kind != List {
		return nil
	}
	texts := make([]string, len(v.more.items))
	for i, item := range v.more.items {
		texts[i] = item.text
	}
	return texts
}

// Equal compares two values, whatever they are written like. Unknown is equal to
// nothing, not even to itself.
func (v Value) Equal(w Value) bool {
	if v.kind != w.kind || v.kind == Unknown || v.text != w.text {
		return false
	}
	if v.more == w.more {
		return true
	}
	if v.more == nil || w.more == nil {
		return len(v.Items()) == 0 && len(w.Items()) == 0
	}
	return slices.Equal(v.more.keys, w.more.keys) && slices.EqualFunc(v.more.items, w.more.items, Value.Equal)
}

// String renders the value as people and JSON write it, for messages. Texts are
// as they are written.
func (v Value) String() string {
	var short [64]byte
	return string(v.appendJSON(short[:0], true))
}
