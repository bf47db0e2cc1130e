package eval

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
	"lockstep/schema/config"
	"lockstep/schema/functions"
)

// appendItems makes the field of a list that is owned by its items. Properties that
// are null are not written.
func appendItems(to schema.Fields, a *schema.Attribute, v cty.Value) (schema.Fields, error) {
	f := schema.Field{Path: a.Name, Sensitive: isSensitive(v)}
	if carries(v, functions.Exactly) {
		f.Claim = schema.ClaimExactly
	}
	v, _ = v.UnmarkDeep()
	switch {
	case v.IsNull():
		return to, nil
	case !v.IsKnown():
		f.Value = schema.UnknownValue()
		return append(to, f), nil
	}
	converted, err := config.ConvertValue(a, v)
	if err != nil {
		return to, err
	}
	list, err := schema.FromCty(converted)
	if err != nil {
		return to, err
	}
	if list.Type() != schema.List {
		f.Value = list
		return append(to, f), nil
	}
	if f.Value, err = writtenItems(a, list); err != nil {
		return to, err
	}
	return append(to, f), nil
}

// writtenItems leaves out the properties that are not written, and refuses two
// items that are one.
func writtenItems(a *schema.Attribute, list schema.Value) (schema.Value, error) {
	items := make([]schema.Value, 0, len(list.Items()))
	for _, item := range list.Items() {
		if item.Type() != schema.Map {
			return schema.UnknownValue(), nil
		}
		for _, property := range slices.Clone(item.Keys()) {
			if item.Entry(property).IsAbsent() {
				item = item.With(property, schema.Value{})
			}
		}
		key, match := item.Entry(a.Items.Key).Text(), item.Entry(a.Items.Match).Text()
		for _, other := range items {
			switch {
			case key != "" && other.Entry(a.Items.Key).Text() == key:
				return list, twice(a, a.Items.Key, key)
			case match != "" && strings.EqualFold(other.Entry(a.Items.Match).Text(), match):
				return list, twice(a, a.Items.Match, match)
			}
		}
		items = append(items, item)
	}
	return schema.ListValue(items...), nil
}

// twice refuses two items of one object that have the same of what tells them apart.
func twice(a *schema.Attribute, property, value string) error {
	return fmt.Errorf("two items of %q have the %s %q, which tells them apart: write one item with all that it has, or give one of them another %s", a.Name, property, value, property)
}
