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

// fill puts what a reference to a block needs into its target: one instance
// when there is a key, otherwise all of it.
func (s *scope) fill(t *target, r *config.Resource, key *cty.Value) {
	if t.whole != cty.NilVal {
		return
	}
	source := s.e.sources[r]
	repeated := r.ForEach != nil || r.Count != nil
	switch {
	case source == nil:
		t.whole = cty.DynamicVal
	case !repeated:
		t.whole = valueOf(source, s.address(r, schema.Key{}))
	case key == nil:
		t.whole = s.whole(r, source)
	default:
		s.fillInstance(t, r, source, *key)
	}
}

func (s *scope) fillInstance(t *target, r *config.Resource, source Source, key cty.Value) {
	key, _ = key.Unmark()
	if !key.IsKnown() {
		t.whole = cty.DynamicVal
		return
	}
	k, ok := instanceKey(key, r.ForEach != nil)
	if !ok {
		return
	}
	if v, ok := source.Value(s.address(r, k)); ok {
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
func (s *scope) whole(r *config.Resource, source Source) cty.Value {
	stamp := s.e.versions[r]
	if m := s.wholes[r]; m != nil && m.stamp == stamp {
		return m.value
	}
	keys := source.Keys(s.path)
	m := &memo{stamp: stamp}
	if r.Count != nil {
		items := make([]cty.Value, len(keys))
		for i, key := range keys {
			items[i] = valueOf(source, s.address(r, key))
		}
		m.value = cty.TupleVal(items)
	} else {
		items := make(map[string]cty.Value, len(keys))
		for _, key := range keys {
			items[keyText(key)] = valueOf(source, s.address(r, key))
		}
		m.value = cty.ObjectVal(items)
	}
	s.wholes[r] = m
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
func (e *Evaluator) paths(m *config.Module) map[string]cty.Value {
	cwd, err := os.Getwd()
	if err != nil {
		cwd = "."
	}
	return map[string]cty.Value{
		"module": cty.StringVal(m.Dir), "root": cty.StringVal("."), "cwd": cty.StringVal(filepath.ToSlash(cwd)),
	}
}

// explain words errors better that the language words in general terms: keys
// without instance, attributes that an object has not, and rows of a table with
// the same key.
func (s *scope) explain(diags hcl.Diagnostics, expr hclsyntax.Expression, ctx *hcl.EvalContext, refs []config.Reference) hcl.Diagnostics {
	if usesSensitive(expr, ctx) {
		return redact(diags)
	}
	explained := make(hcl.Diagnostics, 0, len(diags))
	for _, d := range diags {
		if d.Subject == nil {
			explained = append(explained, d)
			continue
		}
		switch d.Summary {
		case "Invalid index":
			d = s.noInstance(d, ctx, refs)
		case "Unsupported attribute":
			d = noAttribute(d)
		case "Duplicate object key":
			if d = s.e.duplicateKey(d, expr); d == nil {
				continue
			}
		}
		explained = append(explained, d)
	}
	s.e.closeDuplicates(explained)
	return explained
}

// usesSensitive says that an expression refers to a sensitive value.
func usesSensitive(expr hclsyntax.Expression, ctx *hcl.EvalContext) bool {
	for _, t := range expr.Variables() {
		if v, diags := t.TraverseAbs(ctx); !diags.HasErrors() && isSensitive(v) {
			return true
		}
	}
	return false
}

// quoting are the errors whose text may quote a value.
var quoting = map[string]bool{"Error in function call": true, "Invalid function argument": true, "Duplicate object key": true}

// redact takes from diagnostics what could show a sensitive value: functions
// quote their arguments, and loops name their items.
func redact(diags hcl.Diagnostics) hcl.Diagnostics {
	redacted := make(hcl.Diagnostics, 0, len(diags))
	for _, d := range diags {
		safe := *d
		safe.Expression, safe.EvalContext = nil, nil
		if quoting[d.Summary] {
			safe.Detail = "The reason is not shown, because it could quote a value that is sensitive: (sensitive value)."
		}
		redacted = append(redacted, &safe)
	}
	return redacted
}

// noInstance says which instance there is not, and which comes near.
func (s *scope) noInstance(d *hcl.Diagnostic, ctx *hcl.EvalContext, refs []config.Reference) *hcl.Diagnostic {
	for _, ref := range refs {
		if ref.Key == nil || !overlaps(ref.Range, *d.Subject) {
			continue
		}
		key, diags := ref.Key.Value(ctx)
		names, declared, ok := s.instanceNames(ref)
		if !ok || diags.HasErrors() {
			continue
		}
		better := *d
		better.Summary = "No such instance"
		better.Detail = noInstanceDetail(ref, key, names) + " Its instances are declared at " + place(declared) + "."
		// Only the instances that were asked for are in the context, which
		// would look as if there were no others.
		better.Expression, better.EvalContext = nil, nil
		return &better
	}
	return d
}

// instanceNames are the keys of the instances of a block or module, and the
// place of its declaration.
func (s *scope) instanceNames(ref config.Reference) (names []string, declared hcl.Range, ok bool) {
	if ref.Kind == config.RefModule {
		c := s.module.Calls[ref.Name]
		children, _ := s.calls(c)
		for _, child := range children {
			names = append(names, keyText(child.key))
		}
		return names, c.Range, true
	}
	r := s.module.Resource(ref.Data, ref.Type, ref.Name)
	if r == nil || s.e.sources[r] == nil {
		return nil, hcl.Range{}, false
	}
	if s.e.searches++; s.e.searches > shownKeys {
		// The first few findings are shown; a search for each would be
		// quadratic.
		return nil, r.Range, true
	}
	for _, key := range s.e.sources[r].Keys(s.path) {
		names = append(names, keyText(key))
	}
	return names, r.Range, true
}

func noInstanceDetail(ref config.Reference, key cty.Value, names []string) string {
	if key.IsMarked() {
		return ref.String() + " has no instance (sensitive value)."
	}
	k, ok := config.InstanceKey(key)
	if !ok {
		return "The instances of " + ref.String() + " are named by texts or whole numbers."
	}
	return ref.String() + " has no instance " + k.String() + "." + schema.DidYouMean(keyText(k), names)
}

func overlaps(outer, inner hcl.Range) bool {
	return outer.Filename == inner.Filename && outer.Start.Byte <= inner.Start.Byte && inner.End.Byte <= outer.End.Byte
}

// single is the shortcut for the most frequent reference to an instance,
// kind.name[key].attribute with a key that is but a name. ok is false when the
// general way has to be taken, if only to word an error. keyOf evaluates the
// name.
func (s *scope) single(expr hclsyntax.Expression, refs []config.Reference, keyOf func(*hclsyntax.ScopeTraversalExpr) (cty.Value, bool)) (cty.Value, bool) {
	relative, ok := expr.(*hclsyntax.RelativeTraversalExpr)
	if !ok || refs[0].Kind != config.RefBlock || refs[0].Key == nil {
		return cty.NilVal, false
	}
	index, ok := relative.Source.(*hclsyntax.IndexExpr)
	if !ok || index.Key != refs[0].Key {
		return cty.NilVal, false
	}
	name, ok := index.Key.(*hclsyntax.ScopeTraversalExpr)
	r := s.module.Resource(refs[0].Data, refs[0].Type, refs[0].Name)
	if !ok || r == nil || s.e.sources[r] == nil {
		return cty.NilVal, false
	}
	key, ok := keyOf(name)
	if !ok || key.IsMarked() || !key.IsKnown() {
		return cty.NilVal, false
	}
	k, ok := instanceKey(key, r.ForEach != nil)
	if !ok {
		return cty.NilVal, false
	}
	object, ok := s.e.sources[r].Value(s.address(r, k))
	if !ok {
		return cty.NilVal, false
	}
	v, diags := relative.Traversal.TraverseRel(object)
	return v, !diags.HasErrors()
}
