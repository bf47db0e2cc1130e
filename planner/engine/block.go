package engine

import (
	"cmp"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"lockstep/planner"
	"lockstep/schema"
	"lockstep/schema/eval"
	"lockstep/schema/functions"
)

// blockState is what a run knows of one block. It is the eval.Source that
// answers references to the block's objects.
type blockState struct {
	block   *eval.Block
	kind    *kindState
	desired []planner.Desired
	// subjects are who the desired objects are; nil where that was refused.
	subjects []*planner.Subject
	failed   bool
	index    map[schema.Address]int
	keys     map[string][]schema.Key
	// results are the objects after this run's writes, by address.
	results map[schema.Address]*schema.Object
	// values of a data block by address; an unknown value is read later.
	values map[schema.Address]cty.Value
	order  []schema.Address
	// pending are the instances of a data block that are read during apply,
	// unless reading one failed.
	pending []eval.Instance
	broken  bool
	// lacking is true when not all of a data block could be read in a look, or of one
	// that the block needs. unread are the instances of a data block that could
	// not be read at all, and hidden leaves them out of its keys.
	lacking bool
	unread  []schema.Address
	hidden  bool
	// read are the objects of a data block that a mapping writes to, and byID
	// those of any block.
	read []schema.Object
	byID map[string]*schema.Object
	// matched finds the target of each instance of a mapping, and joined are the
	// pairs.
	matched []schema.Fields
	joined  []Link
}

// blockOf is the declared block of an object: without instance key, with a
// module path without keys, and of the source of a mapping the mapping.
func blockOf(a schema.Address) schema.Address {
	a = a.Block()
	a.Source = false
	a.Module = modulePath(a.Module)
	return a
}

// modulePath removes the instance keys from a path of modules.
func modulePath(path string) string {
	if !strings.Contains(path, "[") {
		return path
	}
	var b strings.Builder
	quoted, depth := false, 0
	for i := 0; i < len(path); i++ {
		c := path[i]
		switch {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[':
			depth++
		case c == ']':
			depth--
		case depth == 0:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// Keys are the keys of the block's instances within one module instance.
func (bs *blockState) Keys(module string) []schema.Key {
	if bs.keys == nil {
		bs.keys = map[string][]schema.Key{}
		for _, a := range bs.addresses() {
			if bs.hidden && slices.Contains(bs.unread, a) {
				continue
			}
			bs.keys[a.Module] = append(bs.keys[a.Module], a.Key)
		}
	}
	return bs.keys[module]
}

func (bs *blockState) addresses() []schema.Address {
	if bs.block.Resource.Data {
		return bs.order
	}
	all := make([]schema.Address, len(bs.desired))
	for i := range bs.desired {
		all[i] = bs.desired[i].Address
	}
	return all
}

// Value is the object under an address as expressions see it.
func (bs *blockState) Value(a schema.Address) (cty.Value, bool) {
	if bs.block.Resource.Data {
		v, ok := bs.values[a]
		return v, ok
	}
	i, ok := bs.find(a)
	if !ok {
		return cty.NilVal, false
	}
	return bs.object(i), true
}

func (bs *blockState) find(a schema.Address) (int, bool) {
	if bs.index == nil {
		bs.index = make(map[schema.Address]int, len(bs.desired))
		for i := range bs.desired {
			bs.index[bs.desired[i].Address] = i
		}
	}
	i, ok := bs.index[a]
	return i, ok
}

// object joins what the files want with what is live; what only the server
// can know of an object that does not exist yet is unknown.
func (bs *blockState) object(i int) cty.Value {
	d := &bs.desired[i]
	live := bs.liveOf(i)
	kind := bs.kind.kind
	attributes := make(map[string]cty.Value, len(kind.Attributes)+1)
	attributes["id"] = cty.UnknownVal(cty.String)
	desired := d.Fields
	if live != nil {
		attributes["id"] = cty.StringVal(live.ID)
		desired = effective(kind, d, live)
	}
	for k := range kind.Attributes {
		a := &kind.Attributes[k]
		attributes[a.Name] = attributeValue(a, desired, live)
	}
	return cty.ObjectVal(attributes)
}

// liveOf is the object as this run wrote it, or as it is live; nil when it does
// not exist yet or gives way to a new one.
func (bs *blockState) liveOf(i int) *schema.Object {
	if o := bs.results[bs.desired[i].Address]; o != nil {
		return o
	}
	if i >= len(bs.subjects) {
		return nil
	}
	return bs.subjects[i].Stays()
}

// effective are the desired fields that a live object gets or has: neither those
// that are predicted of it and that it has otherwise, nor those whose live
// values stay.
func effective(kind *schema.Kind, d *planner.Desired, live *schema.Object) schema.Fields {
	stays := func(f schema.Field) bool {
		a := kind.Attribute(schema.PathAttribute(f.Path))
		if a == nil || a.WriteOnly || a.CreateOnly {
			return false
		}
		return planner.Ignored(d.Block.Ignore, f.Path) || (f.Derived || a.Immutable && a.Computed) && !live.Value(f.Path).IsAbsent()
	}
	if !slices.ContainsFunc(d.Fields, stays) {
		return d.Fields
	}
	return slices.DeleteFunc(slices.Clone(d.Fields), stays)
}

// attributeValue is one attribute: as desired, else as live, else unknown when
// the server will set it.
func attributeValue(a *schema.Attribute, desired schema.Fields, live *schema.Object) cty.Value {
	value, found, sensitive := fieldsValue(a, desired, live)
	if !found && a.Computed && live == nil {
		return cty.UnknownVal(a.Type)
	}
	v, err := value.ToCty(a.Type)
	if err != nil {
		// A live value of another type than declared stays visible as it is.
		v, err = value.ToCty(cty.DynamicPseudoType)
	}
	if err != nil {
		v = cty.NullVal(a.Type)
	}
	if sensitive || a.Sensitive {
		v = v.Mark(functions.Sensitive)
	}
	return v
}

func fieldsValue(a *schema.Attribute, desired schema.Fields, live *schema.Object) (v schema.Value, found, sensitive bool) {
	own := desired.Of(a.Name)
	var has schema.Fields
	if live != nil {
		has = live.Fields.Of(a.Name)
	}
	switch a.Own {
	case schema.OwnKeys:
		entries := map[string]schema.Value{}
		for _, f := range append(slices.Clone(has), own...) {
			entries[schema.PathKey(f.Path)] = f.Value
			sensitive = sensitive || f.Sensitive
		}
		return schema.MapValue(entries), len(entries) > 0, sensitive
	case schema.OwnMembers:
		members := fieldMembers(has)
		for _, f := range own {
			switch {
			case !f.Value.IsKnown():
				return schema.UnknownValue(), true, f.Sensitive
			case f.Claim == schema.ClaimExcludes:
				members = slices.DeleteFunc(members, func(m string) bool { return slices.Contains(f.Value.Strings(), m) })
			case f.Claim == schema.ClaimExactly:
				members = f.Value.Strings()
			default:
				members = append(members, f.Value.Strings()...)
			}
		}
		return schema.SetOf(members), len(own)+len(has) > 0, false
	default:
		f := cmp.Or(first(own), first(has))
		if f == nil {
			return schema.Value{}, false, false
		}
		return f.Value, true, f.Sensitive
	}
}

func fieldMembers(fields schema.Fields) []string {
	var members []string
	for _, f := range fields {
		members = append(members, f.Value.Strings()...)
	}
	return members
}

func first(fields schema.Fields) *schema.Field {
	if len(fields) == 0 {
		return nil
	}
	return &fields[0]
}

// liveValue is a live object as expressions see it.
func liveValue(kind *schema.Kind, live *schema.Object) cty.Value {
	attributes := make(map[string]cty.Value, len(kind.Attributes)+1)
	attributes["id"] = cty.StringVal(live.ID)
	for k := range kind.Attributes {
		attributes[kind.Attributes[k].Name] = attributeValue(&kind.Attributes[k], nil, live)
	}
	return cty.ObjectVal(attributes)
}
