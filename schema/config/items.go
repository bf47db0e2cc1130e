package config

import (
	"fmt"
	"maps"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
	"lockstep/schema/bounds"
)

// convertItems fits a list of items, of which most properties may be left out, to
// an attribute.
func convertItems(a *schema.Attribute, val cty.Value) (cty.Value, error) {
	if ty := val.Type(); val.IsKnown() && !val.IsNull() && ty != cty.DynamicPseudoType {
		if !ty.IsListType() && !ty.IsSetType() && !ty.IsTupleType() {
			return val, fmt.Errorf("the attribute %q takes a list of objects, as in [{ %s = … }], not %s", a.Name, a.Items.Key, WithArticle(collectionName(ty)))
		}
		if err := checkItems(a, val); err != nil {
			return val, err
		}
	}
	got, err := bounds.Convert(val, a.Items.Written(a.Type))
	if err != nil {
		return val, fmt.Errorf("the attribute %q takes a list of objects: %s", a.Name, ConvertMessage(err))
	}
	return got, nil
}

// checkItems refuses properties that items do not have, and those that have not
// what tells them apart. Conversion would drop the first, as of misspelled ones.
func checkItems(a *schema.Attribute, val cty.Value) error {
	n := 0
	for it := val.ElementIterator(); it.Next(); n++ {
		_, item := it.Element()
		if ty := item.Type(); ty == cty.DynamicPseudoType || !item.IsKnown() {
			continue
		} else if item.IsNull() || !ty.IsObjectType() && !ty.IsMapType() {
			return fmt.Errorf("item %d of %q is %s, not an object, as in { %s = … }", n+1, a.Name, WithArticle(collectionName(ty)), a.Items.Key)
		}
		if err := checkItem(a, item, n+1); err != nil {
			return err
		}
	}
	return nil
}

func checkItem(a *schema.Attribute, item cty.Value, n int) error {
	properties := slices.Sorted(maps.Keys(a.Type.ElementType().AttributeTypes()))
	written := item.AsValueMap()
	for _, name := range slices.Sorted(maps.Keys(written)) {
		if !slices.Contains(properties, name) {
			return fmt.Errorf("item %d of %q has no property %q.%s It takes: %s", n, a.Name, name, schema.DidYouMean(name, properties), quoted(properties))
		}
	}
	for _, name := range []string{a.Items.Key, a.Items.Match} {
		if v, ok := written[name]; name != "" && (!ok || v.IsNull() || v.IsKnown() && v.Type() == cty.String && v.AsString() == "") {
			return fmt.Errorf("item %d of %q has no %s, which tells it apart", n, a.Name, name)
		}
	}
	return nil
}
