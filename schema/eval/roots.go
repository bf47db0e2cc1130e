package eval

import (
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
	"lockstep/schema/config"
)

// roots collects the values behind references by their first word.
type roots struct {
	s       *scope
	words   map[string]map[string]cty.Value
	blocks  map[bool]map[string]map[string]*target
	modules map[string]*target
	diags   hcl.Diagnostics
}

// target is what is known of a block or module: all of it, or some instances.
type target struct {
	whole     cty.Value
	instances map[string]cty.Value
}

func (t *target) value() cty.Value {
	if t.whole != cty.NilVal {
		return t.whole
	}
	return cty.ObjectVal(t.instances)
}

func newRoots(s *scope) *roots {
	return &roots{
		s: s, words: map[string]map[string]cty.Value{},
		blocks: map[bool]map[string]map[string]*target{}, modules: map[string]*target{},
	}
}

// add takes one reference; key is its evaluated key, if it is not constant.
func (b *roots) add(ref config.Reference, key *cty.Value) {
	if key == nil && ref.Key != nil {
		if literal, ok := ref.Key.(*hclsyntax.LiteralValueExpr); ok {
			key = &literal.Val
		}
	}
	switch ref.Kind {
	case config.RefVariable:
		b.node("var", config.NodeVariable, ref.Name)
	case config.RefLocal:
		b.node("local", config.NodeLocal, ref.Name)
	case config.RefPath:
		b.words["path"] = paths(b.s.module)
	case config.RefLockstep:
		b.words["lockstep"] = map[string]cty.Value{"workspace": cty.StringVal(b.s.e.in.Workspace)}
	case config.RefBlock:
		b.block(ref, key)
	case config.RefModule:
		b.module(ref, key)
	}
}

func (b *roots) node(word string, kind config.NodeKind, name string) {
	names := b.words[word]
	if names == nil {
		names = map[string]cty.Value{}
		b.words[word] = names
	}
	if _, ok := names[name]; ok {
		return
	}
	v, diags := b.s.node(kind, name)
	names[name] = v
	b.diags = append(b.diags, diags...)
}

func (b *roots) block(ref config.Reference, key *cty.Value) {
	r := b.s.module.Resource(ref.Data, ref.Type, ref.Name)
	if r == nil {
		return
	}
	types := b.blocks[ref.Data]
	if types == nil {
		types = map[string]map[string]*target{}
		b.blocks[ref.Data] = types
	}
	if types[ref.Type] == nil {
		types[ref.Type] = map[string]*target{}
	}
	t := types[ref.Type][ref.Name]
	if t == nil {
		t = &target{instances: map[string]cty.Value{}}
		types[ref.Type][ref.Name] = t
	}
	b.fill(t, r, key)
}

// variables are the root variables of an evaluation context.
func (b *roots) variables() map[string]cty.Value {
	variables := make(map[string]cty.Value, len(b.words)+2)
	for word, names := range b.words {
		variables[word] = cty.ObjectVal(names)
	}
	for typ, names := range b.blocks[false] {
		variables[typ] = targetsValue(names)
	}
	if len(b.blocks[true]) > 0 {
		types := map[string]cty.Value{}
		for typ, names := range b.blocks[true] {
			types[typ] = targetsValue(names)
		}
		variables["data"] = cty.ObjectVal(types)
	}
	if len(b.modules) > 0 {
		variables["module"] = targetsValue(b.modules)
	}
	return variables
}

func targetsValue(names map[string]*target) cty.Value {
	values := make(map[string]cty.Value, len(names))
	for name, t := range names {
		values[name] = t.value()
	}
	return cty.ObjectVal(values)
}

// fill puts what a reference to a block needs into its target: one instance
// when there is a key, otherwise all of it.
func (b *roots) fill(t *target, r *config.Resource, key *cty.Value) {
	if t.whole != cty.NilVal {
		return
	}
	source := b.s.e.provided.source(r)
	repeated := r.ForEach != nil || r.Count != nil
	switch {
	case source == nil:
		t.whole = cty.DynamicVal
	case !repeated:
		t.whole = valueOf(source, b.s.address(r, schema.Key{}))
	case key == nil:
		t.whole = b.whole(r, source)
	default:
		b.fillInstance(t, r, source, *key)
	}
}

func (b *roots) fillInstance(t *target, r *config.Resource, source Source, key cty.Value) {
	key, _ = key.Unmark()
	if !key.IsKnown() {
		t.whole = cty.DynamicVal
		return
	}
	k, ok := instanceKey(key, r.ForEach != nil)
	if !ok {
		return
	}
	if v, ok := source.Value(b.s.address(r, k)); ok {
		t.instances[keyText(k)] = v
	}
}

// instanceKey makes the key of an instance from the value of an index. Texts
// and numbers convert into each other, as everywhere in the language.
func instanceKey(v cty.Value, text bool) (schema.Key, bool) {
	k, ok := config.InstanceKey(v)
	if ok && text && k.Type == schema.IntKey {
		return schema.Key{Type: schema.StringKey, Text: keyText(k)}, true
	}
	return k, ok && (k.Type == schema.StringKey) == text
}

func valueOf(source Source, a schema.Address) cty.Value {
	if v, ok := source.Value(a); ok {
		return v
	}
	return cty.DynamicVal
}

// whole builds the collection of all instances, once for each Provide.
func (b *roots) whole(r *config.Resource, source Source) cty.Value {
	stamp := b.s.e.provided.version(r)
	if m := b.s.wholes[r]; m != nil && m.stamp == stamp {
		return m.value
	}
	keys := source.Keys(b.s.path)
	m := &memo{stamp: stamp}
	if r.Count != nil {
		items := make([]cty.Value, len(keys))
		for i, key := range keys {
			items[i] = valueOf(source, b.s.address(r, key))
		}
		m.value = cty.TupleVal(items)
	} else {
		items := make(map[string]cty.Value, len(keys))
		for _, key := range keys {
			items[keyText(key)] = valueOf(source, b.s.address(r, key))
		}
		m.value = cty.ObjectVal(items)
	}
	b.s.wholes[r] = m
	return m.value
}

// module adds a called module: the outputs that are asked for, or all.
func (b *roots) module(ref config.Reference, key *cty.Value) {
	c := b.s.module.Calls[ref.Name]
	if c == nil || c.Module == nil {
		return
	}
	t := b.modules[ref.Name]
	if t == nil {
		t = &target{instances: map[string]cty.Value{}}
		b.modules[ref.Name] = t
	}
	if t.whole != cty.NilVal {
		return
	}
	children, diags := b.s.calls(c)
	b.diags = append(b.diags, diags...)
	switch {
	case diags.HasErrors():
		t.whole = cty.DynamicVal
	case c.ForEach == nil && c.Count == nil:
		b.outputs(t, children[0], ref.Attribute)
	case key != nil && key.IsKnown():
		b.moduleInstance(t, c, children, *key)
	default:
		t.whole = b.allModules(c, children)
	}
}

// outputs adds one output of a module that is called once, or all.
func (b *roots) outputs(t *target, child *scope, name string) {
	names := slices.Sorted(maps.Keys(child.module.Outputs))
	if name != "" {
		names = []string{name}
	}
	for _, name := range names {
		if _, ok := t.instances[name]; ok {
			continue
		}
		v, diags := child.node(config.NodeOutput, name)
		t.instances[name] = v
		b.diags = append(b.diags, diags...)
	}
}

func (b *roots) moduleInstance(t *target, c *config.Call, children []*scope, key cty.Value) {
	key, _ = key.Unmark()
	k, ok := instanceKey(key, c.ForEach != nil)
	if !ok {
		return
	}
	for _, child := range children {
		if child.key == k {
			t.instances[keyText(k)] = b.allOutputs(child)
		}
	}
}

func (b *roots) allOutputs(child *scope) cty.Value {
	t := &target{instances: map[string]cty.Value{}}
	b.outputs(t, child, "")
	return t.value()
}

func (b *roots) allModules(c *config.Call, children []*scope) cty.Value {
	byKey, items := map[string]cty.Value{}, []cty.Value{}
	for _, child := range children {
		v := b.allOutputs(child)
		byKey[keyText(child.key)] = v
		items = append(items, v)
	}
	if c.Count != nil {
		return cty.TupleVal(items)
	}
	return cty.ObjectVal(byKey)
}

// paths are the values of path.module and its like.
func paths(m *config.Module) map[string]cty.Value {
	cwd, err := os.Getwd()
	if err != nil {
		cwd = "."
	}
	return map[string]cty.Value{
		"module": cty.StringVal(m.Dir), "root": cty.StringVal("."), "cwd": cty.StringVal(filepath.ToSlash(cwd)),
	}
}
