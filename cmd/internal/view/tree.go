package view

import (
	"lockstep/schema"
)

// leaf is one attribute's value in the JSON form of an object.
type leaf struct {
	value     schema.Value
	sensitive bool
	// hidden is written instead of the value.
	hidden string
}

// tree is the JSON form of an object: leafs and trees by name. A nil tree is
// an object that does not exist.
type tree map[string]any

// put stores a leaf under a path such as "custom_fields.tier".
func (t tree) put(path string, l leaf) {
	if t == nil {
		return
	}
	name, key := schema.PathAttribute(path), schema.PathKey(path)
	if key == "" {
		t[name] = l
		return
	}
	sub, ok := t[name].(tree)
	if !ok {
		sub = tree{}
		t[name] = sub
	}
	sub[key] = l
}

// at is the value under a path; absent when there is none.
func (t tree) at(path string) schema.Value {
	name, key := schema.PathAttribute(path), schema.PathKey(path)
	if key == "" {
		l, _ := t[name].(leaf)
		return l.value
	}
	sub, _ := t[name].(tree)
	l, _ := sub[key].(leaf)
	return l.value
}

// value is what JSON shows: masked values as placeholders, unknown ones left
// out, as they stand in the mask of unknown values.
func (t tree) value() any {
	if t == nil {
		return nil
	}
	out := make(map[string]any, len(t))
	for name, x := range t {
		switch x := x.(type) {
		case tree:
			out[name] = x.value()
		case leaf:
			switch {
			case !x.value.IsKnown():
			case x.sensitive:
				out[name] = sensitiveText
			case x.value.IsAbsent():
				out[name] = nil
			case x.hidden != "":
				out[name] = x.hidden
			default:
				out[name] = x.value
			}
		}
	}
	return out
}

// unknownMask is true where a value is known only after apply.
func (t tree) unknownMask() any {
	return t.mask(func(l leaf) bool { return !l.value.IsKnown() })
}

// sensitiveMask is true where a value is masked.
func (t tree) sensitiveMask() any {
	return t.mask(func(l leaf) bool { return l.sensitive })
}

func (t tree) mask(is func(leaf) bool) any {
	if t == nil {
		return false
	}
	out := map[string]any{}
	for name, x := range t {
		switch x := x.(type) {
		case tree:
			if sub, ok := x.mask(is).(map[string]any); ok && len(sub) > 0 {
				out[name] = sub
			}
		case leaf:
			if is(x) {
				out[name] = true
			}
		}
	}
	return out
}
