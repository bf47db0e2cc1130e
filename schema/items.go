package schema

import (
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// ItemID is the property that holds the remote id of a live item, where the API
// gives items ids.
const ItemID = "id"

// Items declares what tells the items of a list apart, whose attribute is OwnItems.
// Such a list is a List of Maps. Items that a file does not name are kept, and so
// are the properties of an item that it does not write.
type Items struct {
	// Key is the property by which a file names an item.
	Key string
	// Match is the property by which a live item is found that the state does not
	// have, compared without regard to case. The Key is then a word of the files
	// alone, and the state keeps the item's ItemID under it, so that another Match is
	// a rename. Where Match is empty, live items have the Key.
	Match string
	// Ordered is set when the order of the items counts.
	Ordered bool
	// Holds names what lies in an item, and would lose its place with it. An item is
	// then only dropped by exactly(), and only while it is empty.
	Holds *Holder
}

// ItemIDs names the items that a map has the ids of.
type ItemIDs struct {
	// Of is the attribute that has the items.
	Of    string
	Items *Items
}

// Written is the type of the list as a file writes it: all properties but those
// that tell an item apart may be left out.
func (it *Items) Written(list cty.Type) cty.Type {
	properties := list.ElementType().AttributeTypes()
	var optional []string
	for name := range properties {
		if name != it.Key && name != it.Match {
			optional = append(optional, name)
		}
	}
	return cty.List(cty.ObjectWithOptionalAttrs(properties, optional))
}

// Labelled gives live items the keys that files have for them: ids has the ItemID
// by key, and what it lacks is found among the others by its Match. Items keep keys
// that they have.
func (it *Items) Labelled(live Value, ids map[string]string, wanted Value) Value {
	if it.Match == "" || live.Type() != List {
		return live
	}
	l := labelling{items: it, all: slices.Clone(live.Items()), taken: map[string]bool{}}
	for _, item := range l.all {
		l.taken[item.Entry(it.Key).Text()] = true
	}
	for key, id := range ids {
		l.label(key, func(item Value) bool { return id != "" && item.Entry(ItemID).Text() == id })
	}
	for _, want := range wanted.Items() {
		name := want.Entry(it.Match).Text()
		l.label(want.Entry(it.Key).Text(), func(item Value) bool {
			return name != "" && strings.EqualFold(item.Entry(it.Match).Text(), name)
		})
	}
	return ListValue(l.all...)
}

// labelling gives items their keys.
type labelling struct {
	items *Items
	all   []Value
	taken map[string]bool
}

// label gives a key that no item has to the first one that is meant.
func (l *labelling) label(key string, meant func(Value) bool) {
	if key == "" || l.taken[key] {
		return
	}
	i := slices.IndexFunc(l.all, func(item Value) bool { return item.Entry(l.items.Key).IsAbsent() && meant(item) })
	if i >= 0 {
		l.all[i] = l.all[i].With(l.items.Key, StringValue(key))
		l.taken[key] = true
	}
}

// IDs are the remote ids of items by their keys.
func (it *Items) IDs(list Value) map[string]string {
	ids := map[string]string{}
	for _, item := range list.Items() {
		if key, id := item.Entry(it.Key).Text(), item.Entry(ItemID).Text(); key != "" && id != "" {
			ids[key] = id
		}
	}
	return ids
}

// WithIDs gives items the remote ids of the live ones, where keys are words of the
// files alone.
func (it *Items) WithIDs(wanted, live Value) Value {
	if it.Match == "" || wanted.Type() != List {
		return wanted
	}
	ids := it.IDs(live)
	items := slices.Clone(wanted.Items())
	for i, item := range items {
		if id := ids[item.Entry(it.Key).Text()]; id != "" {
			items[i] = item.With(ItemID, StringValue(id))
		}
	}
	return ListValue(items...)
}

// Bare takes the ids away that WithIDs gave.
func (it *Items) Bare(list Value) Value {
	if it.Match == "" || list.Type() != List {
		return list
	}
	items := slices.Clone(list.Items())
	for i, item := range items {
		items[i] = item.With(ItemID, Value{})
	}
	return ListValue(items...)
}

// ItemClaim is what a file claims of a list of items.
type ItemClaim struct {
	// Wanted are the items that it names, with the properties that it writes.
	Wanted Value
	// Exactly is set when it wants no others.
	Exactly bool
	// Was are the items that it named before: those that it no longer names are
	// dropped, unless they may hold something.
	Was Value
}

// Merged is what a list of live items becomes: it keeps what is not claimed. It is
// Unknown while a key is.
func (it *Items) Merged(live Value, claim ItemClaim) Value {
	if !claim.Wanted.IsKnown() && !it.keysKnown(claim.Wanted) {
		return UnknownValue()
	}
	merged := make([]Value, 0, len(live.Items())+len(claim.Wanted.Items()))
	for _, item := range live.Items() {
		want, named := it.Find(claim.Wanted, item.Entry(it.Key).Text())
		switch {
		case named:
			merged = append(merged, overlaid(item, want))
		case !it.dropped(item, claim):
			merged = append(merged, item)
		}
	}
	if it.Ordered {
		it.reorder(merged, claim.Wanted)
	}
	before := 0
	for _, want := range claim.Wanted.Items() {
		at := it.index(merged, want.Entry(it.Key).Text())
		if at >= 0 {
			before = at + 1
			continue
		}
		if !it.Ordered || before == 0 && !it.namesAny(merged, claim.Wanted) {
			before = len(merged)
		}
		merged = slices.Insert(merged, before, want)
		before++
	}
	return ListValue(merged...)
}

func (it *Items) keysKnown(list Value) bool {
	return list.Type() == List && !slices.ContainsFunc(list.Items(), func(item Value) bool { return !item.Entry(it.Key).IsKnown() })
}

// dropped reports whether a live item goes that the file does not name.
func (it *Items) dropped(item Value, claim ItemClaim) bool {
	if claim.Exactly {
		return true
	}
	_, was := it.Find(claim.Was, item.Entry(it.Key).Text())
	return was && it.Holds == nil
}

// Find finds the item of a list that has a key.
func (it *Items) Find(list Value, key string) (Value, bool) {
	i := it.index(list.Items(), key)
	if i < 0 {
		return Value{}, false
	}
	return list.Items()[i], true
}

func (it *Items) index(items []Value, key string) int {
	if key == "" {
		return -1
	}
	return slices.IndexFunc(items, func(item Value) bool { return item.Entry(it.Key).Text() == key })
}

func (it *Items) namesAny(items []Value, wanted Value) bool {
	return slices.ContainsFunc(wanted.Items(), func(want Value) bool { return it.index(items, want.Entry(it.Key).Text()) >= 0 })
}

// reorder brings the items that a file names into its order. The others keep their
// places.
func (it *Items) reorder(items []Value, wanted Value) {
	var places []int
	for i, item := range items {
		if _, named := it.Find(wanted, item.Entry(it.Key).Text()); named {
			places = append(places, i)
		}
	}
	was := slices.Clone(items)
	for _, want := range wanted.Items() {
		if i := it.index(was, want.Entry(it.Key).Text()); i >= 0 {
			items[places[0]] = was[i]
			places = places[1:]
		}
	}
}

// overlaid is a live item with the properties that a file writes. An empty one
// does not differ from one that is absent.
func overlaid(item, want Value) Value {
	for i, name := range want.Keys() {
		to, has := want.Items()[i], item.Entry(name)
		if !to.Equal(has) && !(to.isNothing() && has.isNothing()) {
			item = item.With(name, to)
		}
	}
	return item
}

func (v Value) isNothing() bool {
	return v.IsAbsent() || v.Type() == String && v.text == "" || (v.Type() == List || v.Type() == Map) && len(v.Items()) == 0
}

// Filled puts the properties that a file writes, known by now, into a list that was
// merged while they were not.
func (it *Items) Filled(merged, wanted Value) Value {
	items := slices.Clone(merged.Items())
	for i, item := range items {
		if want, named := it.Find(wanted, item.Entry(it.Key).Text()); named {
			items[i] = overlaid(item, want)
		}
	}
	return ListValue(items...)
}

// ItemChange is what becomes of one item of a list, or of one of its properties.
type ItemChange struct {
	// Name is what people call the item.
	Name string
	// Property is empty when the whole item comes or goes: then From or To is
	// Absent, and the other one is the item. Both are Absent for an item that only
	// moves to another place.
	Property string
	From, To Value
}

// Changes tells item by item how two lists differ.
func (it *Items) Changes(from, to Value) []ItemChange {
	var changes []ItemChange
	for _, item := range to.Items() {
		was, there := it.counterpart(from, item)
		if !there {
			changes = append(changes, ItemChange{Name: it.name(item), To: item})
			continue
		}
		for i, property := range item.Keys() {
			if property != it.Key && !item.Items()[i].Equal(was.Entry(property)) {
				changes = append(changes, ItemChange{Name: it.name(item), Property: property, From: was.Entry(property), To: item.Items()[i]})
			}
		}
	}
	for _, item := range from.Items() {
		if _, stays := it.counterpart(to, item); !stays {
			changes = append(changes, ItemChange{Name: it.name(item), From: item})
		}
	}
	if len(changes) == 0 && it.Ordered && !from.Equal(to) {
		changes = it.moves(from, to)
	}
	return changes
}

// moves are the items that have another place.
func (it *Items) moves(from, to Value) []ItemChange {
	var changes []ItemChange
	for i, item := range to.Items() {
		if i >= len(from.Items()) || it.name(from.Items()[i]) != it.name(item) {
			changes = append(changes, ItemChange{Name: it.name(item)})
		}
	}
	return changes
}

// counterpart finds an item in another list: by its id, or else by its key.
func (it *Items) counterpart(list, item Value) (Value, bool) {
	if id := item.Entry(ItemID).Text(); id != "" {
		i := slices.IndexFunc(list.Items(), func(other Value) bool { return other.Entry(ItemID).Text() == id })
		if i >= 0 {
			return list.Items()[i], true
		}
		return Value{}, false
	}
	return it.Find(list, item.Entry(it.Key).Text())
}

func (it *Items) name(item Value) string {
	if key := item.Entry(it.Key).Text(); key != "" {
		return key
	}
	return item.Entry(it.Match).Text()
}

// With is a Map with another value under a key; an Absent one takes the key out.
func (v Value) With(key string, value Value) Value {
	entries := make(map[string]Value, len(v.Keys())+1)
	for i, k := range v.Keys() {
		entries[k] = v.Items()[i]
	}
	if entries[key] = value; value.IsAbsent() {
		delete(entries, key)
	}
	return MapValue(entries)
}
