package eval

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
	"lockstep/schema/bounds"
	"lockstep/schema/config"
	"lockstep/schema/functions"
)

// item is one repetition of a block or module. Most items are rows of a table,
// and there may be a great many, so only the others have a value.
type item struct {
	key   schema.Key
	value *cty.Value    // each.value; nil when there is none, or row is set
	row   functions.Row // is each.value when it is set
	from  functions.Row // what value was made of; may be zero
}

// each is each.value, cty.NilVal when there is none.
func (i *item) each() cty.Value {
	switch {
	case !i.row.IsZero():
		return i.row.Value()
	case i.value != nil:
		return *i.value
	default:
		return cty.NilVal
	}
}

// text reads each.value, or an attribute of it, when that is a text.
func (i *item) text(steps hcl.Traversal) (text, bool) {
	if len(steps) == 0 && i.value != nil {
		return textOf(*i.value)
	}
	name, ok := stepName(steps)
	if !ok || len(steps) > 1 {
		return text{}, false
	}
	return i.attribute(name)
}

// attribute reads an attribute of each.value when that is a text.
func (i *item) attribute(name string) (text, bool) {
	if !i.row.IsZero() {
		t, ok := i.row.Text(name)
		return text{text: t}, ok
	}
	if i.value == nil {
		return text{}, false
	}
	v := *i.value
	if v.IsMarked() || !v.IsKnown() || v.IsNull() || !v.Type().IsObjectType() || !v.Type().HasAttribute(name) {
		return text{}, false
	}
	return textOf(v.GetAttr(name))
}

// variables are each or count for the body of a repetition.
func (i item) variables() map[string]cty.Value {
	switch i.key.Type {
	case schema.StringKey:
		return map[string]cty.Value{"each": cty.ObjectVal(map[string]cty.Value{"key": cty.StringVal(i.key.Text), "value": i.each()})}
	case schema.IntKey:
		return map[string]cty.Value{"count": cty.ObjectVal(map[string]cty.Value{"index": cty.NumberIntVal(int64(i.key.Int))})}
	default:
		return nil
	}
}

func keyText(k schema.Key) string {
	if k.Type == schema.IntKey {
		return strconv.Itoa(int(k.Int))
	}
	return k.Text
}

// repetition are the items of one block in one module instance.
type repetition struct {
	items []item
	diags hcl.Diagnostics
	stamp int
}

// items are the repetitions of a block, in the order of their keys.
func (s *scope) items(r *config.Resource) ([]item, hcl.Diagnostics) {
	stamp := s.e.provided.stamp(config.BlockNode(r))
	if m := s.repeats[r]; m != nil && m.stamp == stamp {
		return m.items, m.diags
	}
	items, diags := s.repeat(r.ForEach, r.Count, s.address(r, schema.Key{}).String())
	s.repeats[r] = &repetition{items: items, diags: diags, stamp: stamp}
	return items, diags
}

// findItem finds an item by its key.
func findItem(items []item, key schema.Key) (item, bool) {
	i, ok := slices.BinarySearchFunc(items, key, func(i item, k schema.Key) int { return i.key.Compare(k) })
	if !ok {
		return item{}, false
	}
	return items[i], true
}

// repeat evaluates for_each or count.
func (s *scope) repeat(forEach, count hclsyntax.Expression, what string) ([]item, hcl.Diagnostics) {
	switch {
	case forEach != nil:
		return (&repeated{s: s, expr: forEach, what: what}).forEach()
	case count != nil:
		return (&repeated{s: s, expr: count, what: what}).count()
	default:
		return []item{{}}, nil
	}
}

// repeated evaluates the for_each or count of one block or module call.
type repeated struct {
	s    *scope
	expr hclsyntax.Expression
	// what names the block to people.
	what string
}

func (r *repeated) count() ([]item, hcl.Diagnostics) {
	v, diags := r.s.eval(r.expr, nil)
	if diags.HasErrors() {
		return nil, diags
	}
	v, _ = v.Unmark()
	if !v.IsKnown() {
		return nil, append(diags, errorAt(r.expr.Range(), "Count is not known yet",
			"The count of %s depends on a value that is known only after apply. %s", r.what, r.unknownAdvice())...)
	}
	n, err := bounds.Convert(v, cty.Number)
	if err != nil || n.IsNull() {
		return nil, append(diags, errorAt(r.expr.Range(), "Invalid count", "The count of %s is a whole number, 0 or more.", r.what)...)
	}
	number, accuracy := n.AsBigFloat().Int64()
	if accuracy != 0 || number < 0 || number > 10_000_000 {
		return nil, append(diags, errorAt(r.expr.Range(), "Invalid count", "The count of %s is a whole number, 0 or more, not %s.", r.what, n.AsBigFloat().Text('g', 10))...)
	}
	items := make([]item, number)
	for i := range items {
		items[i].key = schema.Key{Type: schema.IntKey, Int: int32(i)}
	}
	return items, diags
}

func (r *repeated) forEach() ([]item, hcl.Diagnostics) {
	if items, ok := r.s.loops.items(r.expr); ok {
		return items, nil
	}
	v, diags := r.s.eval(r.expr, nil)
	if diags.HasErrors() {
		return nil, diags
	}
	if v.IsMarked() {
		return nil, append(diags, errorAt(r.expr.Range(), "Sensitive for_each",
			"The keys of %s would be shown in addresses, but this value is sensitive. If the keys are not secret, wrap it in nonsensitive().", r.what)...)
	}
	ty := v.Type()
	switch {
	case !v.IsKnown():
		return nil, append(diags, errorAt(r.expr.Range(), "Keys are not known yet",
			"The for_each of %s depends on a value that is known only after apply, so its instances cannot be named. %s", r.what, r.unknownAdvice())...)
	case v.IsNull():
		return nil, append(diags, errorAt(r.expr.Range(), "Invalid for_each", "The for_each of %s is null. For no instances write {}.", r.what)...)
	case ty.IsMapType() || ty.IsObjectType():
		return mapItems(v), diags
	case ty.IsSetType():
		items, more := r.setItems(v)
		return items, append(diags, more...)
	default:
		return nil, append(diags, errorAt(r.expr.Range(), "Invalid for_each", "The for_each of %s is a map, or a set of texts, not a %s. %s", r.what, ty.FriendlyName(), forEachAdvice(ty))...)
	}
}

func forEachAdvice(ty cty.Type) string {
	if !ty.IsListType() && !ty.IsTupleType() {
		return `Write a map, as in { ann = "ann@example.com" }.`
	}
	if ty.IsListType() && ty.ElementType().IsObjectType() {
		return "Give every element a key: { for row in … : row.email => row }."
	}
	return "Wrap a list of texts in toset(…), or give every element a key: { for x in … : x.name => x }."
}

// unknownAdvice says what to use in place of values that are not known.
func (r *repeated) unknownAdvice() string {
	advice := "Use keys that stand in the files, such as those of a local value or of a CSV file, and refer to the unknown value inside the block."
	if needs := r.s.e.cfg.NeedsOf(r.s.module, r.expr); len(needs) > 0 {
		return fmt.Sprintf("It comes from %s. %s", needs[0].Address(), advice)
	}
	return advice
}

// mapItems are in the order of the keys, in which cty iterates.
func mapItems(v cty.Value) []item {
	items := make([]item, 0, v.LengthInt())
	for it := v.ElementIterator(); it.Next(); {
		key, value := it.Element()
		items = append(items, item{key: schema.Key{Type: schema.StringKey, Text: key.AsString()}, value: &value})
	}
	slices.SortFunc(items, func(a, b item) int { return a.key.Compare(b.key) })
	return items
}

func (r *repeated) setItems(v cty.Value) ([]item, hcl.Diagnostics) {
	if ety := v.Type().ElementType(); ety != cty.String && !(v.LengthInt() == 0) {
		return nil, errorAt(r.expr.Range(), "Invalid for_each", "The for_each of %s is a set of %s, and only a set of texts can name instances.", r.what, ety.FriendlyName())
	}
	items := make([]item, 0, v.LengthInt())
	for it := v.ElementIterator(); it.Next(); {
		_, value := it.Element()
		if !value.IsKnown() {
			return nil, errorAt(r.expr.Range(), "Keys are not known yet", "The for_each of %s has an element that is known only after apply. %s", r.what, r.unknownAdvice())
		}
		if value.IsNull() {
			return nil, errorAt(r.expr.Range(), "Invalid for_each", "The for_each of %s has a null element, which cannot name an instance.", r.what)
		}
		items = append(items, item{key: schema.Key{Type: schema.StringKey, Text: value.AsString()}, value: &value})
	}
	slices.SortFunc(items, func(a, b item) int { return a.key.Compare(b.key) })
	return items, nil
}
