package engine

import (
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

// items is a list as expressions see it: the live items with what the files write
// of them, without what only the server knows of an item.
func items(a *schema.Attribute, own, has schema.Fields) (v schema.Value, found, sensitive bool) {
	var claim schema.ItemClaim
	if len(own) > 0 {
		claim = schema.ItemClaim{Wanted: own[0].Value, Exactly: own[0].Claim == schema.ClaimExactly}
		sensitive = own[0].Sensitive
	}
	var live schema.Value
	if len(has) > 0 {
		live = has[0].Value
	}
	merged := a.Items.Merged(live, claim)
	if merged.Type() != schema.List {
		return merged, true, sensitive
	}
	shown := make([]schema.Value, 0, len(merged.Items()))
	for _, item := range merged.Items() {
		entries := map[string]schema.Value{}
		for name := range a.Type.ElementType().AttributeTypes() {
			entries[name] = item.Entry(name)
		}
		shown = append(shown, schema.MapValue(entries))
	}
	return schema.ListValue(shown...), len(own)+len(has) > 0, sensitive
}

// itemIDs is the map of the ids of the items of another attribute, by what the
// server calls them and by the keys of the files. Of an item that is not made yet
// it is unknown.
func itemIDs(a *schema.Attribute, desired schema.Fields, live *schema.Object) cty.Value {
	wanted, ids := desired.Value(a.ItemIDs.Of), map[string]cty.Value{}
	if wanted.Type() == schema.Unknown || live == nil && wanted.IsAbsent() {
		return cty.UnknownVal(a.Type)
	}
	items := a.ItemIDs.Items
	var known map[string]string
	if live != nil {
		known = items.IDs(live.Value(a.ItemIDs.Of))
		for _, item := range live.Value(a.ItemIDs.Of).Items() {
			// One that the files name has the name that they give it.
			if _, named := items.Find(wanted, item.Entry(items.Key).Text()); !named {
				ids[item.Entry(items.Match).Text()] = cty.StringVal(item.Entry(schema.ItemID).Text())
			}
		}
	}
	for _, item := range wanted.Items() {
		key := item.Entry(items.Key).Text()
		id := cty.UnknownVal(cty.String)
		if known[key] != "" {
			id = cty.StringVal(known[key])
		}
		for _, name := range []string{item.Entry(items.Match).Text(), key} {
			if name != "" {
				ids[name] = id
			}
		}
	}
	if len(ids) == 0 {
		return cty.MapValEmpty(cty.String)
	}
	return cty.MapVal(ids)
}
