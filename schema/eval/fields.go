package eval

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"lockstep/schema"
	"lockstep/schema/config"
	"lockstep/schema/functions"
)

// appendFields turns the value of one attribute into fields. A null is the
// same as an attribute that is not written. Errors are sentences that may name
// the value.
func appendFields(to schema.Fields, a *schema.Attribute, v cty.Value) (schema.Fields, error) {
	// Most values are plain texts.
	if a.Type == cty.String && len(a.OneOf) == 0 && v.Type() == cty.String && !v.IsMarked() && v.IsKnown() && !v.IsNull() {
		return append(to, schema.Field{Path: a.Name, Value: schema.StringValue(v.AsString())}), nil
	}
	if a.Own == schema.OwnMembers {
		return appendMembers(to, a, v)
	}
	if a.Own == schema.OwnKeys {
		return appendKeys(to, a, v)
	}
	if a.Own == schema.OwnItems {
		return appendItems(to, a, v)
	}
	sensitive := isSensitive(v)
	if v.ContainsMarked() {
		if carries(v, functions.Exactly) {
			return to, fmt.Errorf("the attribute %q is not a set that is owned by its members, so exactly() has no meaning here", a.Name)
		}
		v, _ = v.UnmarkDeep()
	}
	switch {
	case v.IsNull():
		return to, nil
	case !v.IsKnown():
		return append(to, schema.Field{Path: a.Name, Value: schema.UnknownValue(), Sensitive: sensitive}), nil
	}
	value, err := plainValue(a, v)
	if err != nil {
		return to, err
	}
	return append(to, schema.Field{Path: a.Name, Value: value, Sensitive: sensitive}), nil
}

// plainValue converts an unmarked value to an attribute's type.
func plainValue(a *schema.Attribute, v cty.Value) (schema.Value, error) {
	converted, err := config.ConvertValue(a, v)
	if err != nil {
		return schema.Value{}, err
	}
	value, err := schema.FromCty(converted)
	if err == nil && a.Type.IsSetType() && a.Type.ElementType() == cty.String && value.IsKnown() {
		value = schema.SetOf(value.Strings())
	}
	return value, err
}

// appendKeys makes one field of each key of a map.
func appendKeys(to schema.Fields, a *schema.Attribute, v cty.Value) (schema.Fields, error) {
	v, marks := v.Unmark()
	_, sensitive := marks[functions.Sensitive]
	ty := v.Type()
	switch {
	case v.IsNull():
		return to, nil
	case !v.IsKnown():
		return append(to, schema.Field{Path: a.Name, Value: schema.UnknownValue(), Sensitive: sensitive}), nil
	}
	if !ty.IsObjectType() && !ty.IsMapType() {
		return to, fmt.Errorf("the attribute %q takes a map, as in { tier = \"gold\" }, not %s", a.Name, config.WithArticle(ty.FriendlyName()))
	}
	element := schema.Attribute{Name: a.Name, Type: a.Type, OneOf: a.OneOf}
	if a.Type.IsMapType() {
		element.Type = a.Type.ElementType()
	}
	for it := v.ElementIterator(); it.Next(); {
		key, item := it.Element()
		path := a.Name + "." + key.AsString()
		secret := sensitive || isSensitive(item)
		if item, _ = item.UnmarkDeep(); item.IsNull() {
			continue
		}
		element.Name = path
		value, err := keyValue(&element, item)
		if err != nil {
			return to, err
		}
		to = append(to, schema.Field{Path: path, Value: value, Sensitive: secret})
	}
	return to, nil
}

func keyValue(element *schema.Attribute, item cty.Value) (schema.Value, error) {
	switch {
	case !item.IsKnown():
		return schema.UnknownValue(), nil
	case element.Type == cty.DynamicPseudoType:
		return schema.FromCty(item)
	default:
		return plainValue(element, item)
	}
}

// members are what one value claims of a set.
type members struct {
	included, excluded []string
	exactly            bool
	sensitive, unknown bool
	// smeared are excluded names whose mark a function moved from the member
	// to the whole collection.
	smeared map[string]bool
}

// appendMembers makes the fields of a set that is owned by its members.
func appendMembers(to schema.Fields, a *schema.Attribute, v cty.Value) (schema.Fields, error) {
	m := &members{smeared: map[string]bool{}}
	v = m.unmark(v)
	ty := v.Type()
	switch {
	case v.IsNull():
		return to, nil
	case !v.IsKnown():
		m.unknown = true
	case !ty.IsListType() && !ty.IsSetType() && !ty.IsTupleType():
		return to, fmt.Errorf("the attribute %q takes a list, as in [\"vip\"], not %s", a.Name, config.WithArticle(ty.FriendlyName()))
	default:
		if err := m.collect(a, v); err != nil {
			return to, err
		}
	}
	if m.unknown {
		return append(to, schema.Field{Path: a.Name, Value: schema.UnknownValue(), Claim: m.claim(), Sensitive: m.sensitive}), nil
	}
	if err := m.check(a); err != nil {
		return to, err
	}
	if len(m.included) > 0 || m.exactly || len(m.excluded) == 0 {
		to = append(to, schema.Field{Path: a.Name, Value: schema.SetOf(m.included), Claim: m.claim(), Sensitive: m.sensitive})
	}
	if len(m.excluded) > 0 && !m.exactly {
		to = append(to, schema.Field{Path: a.Name, Value: schema.SetOf(m.excluded), Claim: schema.ClaimExcludes, Sensitive: m.sensitive})
	}
	return to, nil
}

func (m *members) claim() schema.Claim {
	if m.exactly {
		return schema.ClaimExactly
	}
	return schema.ClaimIncludes
}

// unmark takes the marks off a collection and remembers what they say.
func (m *members) unmark(v cty.Value) cty.Value {
	v, marks := v.Unmark()
	for mark := range marks {
		switch mark := mark.(type) {
		case functions.Excluded:
			m.smeared[mark.Name] = true
		case functions.Mark:
			m.exactly = m.exactly || mark == functions.Exactly
			m.sensitive = m.sensitive || mark == functions.Sensitive
		}
	}
	return v
}

func (m *members) collect(a *schema.Attribute, v cty.Value) error {
	for it := v.ElementIterator(); it.Next(); {
		_, element := it.Element()
		excluded := false
		element, marks := element.Unmark()
		for mark := range marks {
			_, isExcluded := mark.(functions.Excluded)
			excluded = excluded || isExcluded
			m.sensitive = m.sensitive || mark == functions.Sensitive
		}
		switch {
		case element.IsNull():
			continue
		case !element.IsKnown():
			m.unknown = true
			continue
		}
		text, err := convert.Convert(element, cty.String)
		if err != nil {
			return fmt.Errorf("the members of %q are texts, and one is a %s", a.Name, element.Type().FriendlyName())
		}
		name := text.AsString()
		if excluded || m.smeared[name] {
			delete(m.smeared, name)
			m.excluded = append(m.excluded, name)
			continue
		}
		m.included = append(m.included, name)
	}
	return nil
}

// check refuses what contradicts itself.
func (m *members) check(a *schema.Attribute) error {
	for _, name := range m.excluded {
		if slices.Contains(m.included, name) {
			return fmt.Errorf("%q is both a member of %s and excluded from it", name, a.Name)
		}
	}
	if len(m.smeared) > 0 && len(m.included) > 0 && !m.exactly {
		return errors.New("a function hides which members are excluded: write excludes() outermost, as in concat(distinct(…), excludes([…]))")
	}
	if len(a.OneOf) == 0 {
		return nil
	}
	for _, name := range m.included {
		if !slices.Contains(a.OneOf, name) {
			return fmt.Errorf("the members of %q are of: %s, not %q.%s", a.Name, strings.Join(a.OneOf, ", "), name, schema.DidYouMean(name, a.OneOf))
		}
	}
	return nil
}

func isSensitive(v cty.Value) bool {
	return v.ContainsMarked() && carries(v, functions.Sensitive)
}

// carries reports whether a value, or a value within it, has a mark.
func carries(v cty.Value, mark functions.Mark) bool {
	_, marks := v.UnmarkDeep()
	_, ok := marks[mark]
	return ok
}
