package eval

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
	"lockstep/schema/bounds"
	"lockstep/schema/config"
	"lockstep/schema/functions"
)

// scope is one instance of a module: where its expressions are evaluated.
type scope struct {
	e      *Evaluator
	module *config.Module
	parent *scope
	// path is the rendered path, "module.a[\"x\"]".
	path string
	key  schema.Key
	// each holds each or count for the arguments of the call.
	each map[string]cty.Value

	values   map[config.Node]*memo
	children map[string]*childMemo
	bodies   map[*config.Resource]*body
	repeats  map[*config.Resource]*repetition
	loops    *loops
	wholes   map[*config.Resource]*memo
}

// memo is a value with the stamp of what it was made from.
type memo struct {
	value cty.Value
	diags hcl.Diagnostics
	stamp int
}

type childMemo struct {
	scopes []*scope
	diags  hcl.Diagnostics
	stamp  int
}

func newScope(e *Evaluator, m *config.Module, parent *scope, path string) *scope {
	s := &scope{
		e: e, module: m, parent: parent, path: path,
		values: map[config.Node]*memo{}, children: map[string]*childMemo{}, bodies: map[*config.Resource]*body{},
		repeats: map[*config.Resource]*repetition{}, wholes: map[*config.Resource]*memo{},
	}
	s.loops = &loops{s: s, known: map[*hclsyntax.ForExpr]*repetition{}}
	return s
}

// node returns the value of a variable, local value or output, evaluated when
// first needed.
func (s *scope) node(kind config.NodeKind, name string) (cty.Value, hcl.Diagnostics) {
	n := config.Node{Module: s.module, Kind: kind, Name: name}
	stamp := s.e.provided.stamp(n)
	if m := s.values[n]; m != nil && m.stamp == stamp {
		return m.value, m.diags
	}
	m := &memo{stamp: stamp, value: cty.DynamicVal}
	// Set first, so that a cycle that was reported already ends here.
	s.values[n] = m
	task := s.task(kind, name)
	defer s.e.begin(task)()
	switch kind {
	case config.NodeVariable:
		m.value, m.diags = s.variable(name)
	case config.NodeLocal:
		if local := s.module.Locals[name]; local != nil {
			m.value, m.diags = s.eval(local.Expr, nil)
		}
	case config.NodeOutput:
		m.value, m.diags = s.output(name)
	}
	if err := s.e.tooMuch(m.value); err != nil {
		m.diags = append(m.diags, errorAt(task.At, "Value too large", "%s cannot be used: %s. Make it of fewer parts, or read it from a file.", task.What, err)...)
	}
	if m.diags.HasErrors() {
		m.value = cty.DynamicVal
	}
	return m.value, m.diags
}

// task is the evaluation of a variable, local value or output.
func (s *scope) task(kind config.NodeKind, name string) *Task {
	t := &Task{}
	switch kind {
	case config.NodeVariable:
		t.What = "var." + name
		if v := s.module.Variables[name]; v != nil {
			t.At = v.Range
		}
	case config.NodeLocal:
		t.What = "local." + name
		if l := s.module.Locals[name]; l != nil {
			t.At = l.Range
		}
	case config.NodeOutput:
		t.What = "output." + name
		if o := s.module.Outputs[name]; o != nil {
			t.At = o.Range
		}
	}
	if s.path != "" {
		t.What = s.path + "." + t.What
	}
	return t
}

// beginAt notes that an expression is evaluated, unless it is part of what is evaluated
// already.
func beginAt(e *Evaluator, what string, expr hclsyntax.Expression) (end func()) {
	if e.task != nil {
		return func() {}
	}
	return e.begin(&Task{What: what, At: expr.Range()})
}

// tooMuch reports what in a value goes beyond the limits. The text of a file has
// its own limit.
func (e *Evaluator) tooMuch(v cty.Value) error {
	if t, ok := textOf(v); ok && len(t.text) > bounds.MaxText && e.library.HasRead(t.text) {
		return nil
	}
	return bounds.Value(v)
}

func (s *scope) output(name string) (cty.Value, hcl.Diagnostics) {
	o := s.module.Outputs[name]
	if o == nil {
		return cty.DynamicVal, nil
	}
	diags := (&rules{s: s, summary: BrokenOutput, severity: hcl.DiagError}).check(o.Preconditions)
	v, more := s.eval(o.Value, nil)
	if o.Typed && !more.HasErrors() {
		var err error
		if v, err = o.Convert(v); err != nil {
			return cty.DynamicVal, append(append(diags, more...), errorAt(o.Value.Range(), "Invalid value for output", "output.%s does not fit its type: %s.", name, config.ConvertMessage(err))...)
		}
	}
	if o.Sensitive {
		v = v.Mark(functions.Sensitive)
	}
	return v, append(diags, more...)
}

// scopes are the instances of a module below this one, or this one itself.
func (s *scope) scopes(m *config.Module) ([]*scope, hcl.Diagnostics) {
	if m == s.module {
		return []*scope{s}, nil
	}
	parents, diags := s.scopes(m.Parent)
	var found []*scope
	for _, p := range parents {
		children, more := p.calls(m.Call)
		found, diags = append(found, children...), append(diags, more...)
	}
	return found, diags
}

// find returns the instance, at or below this one, of a module with a rendered
// path; nil when there is none.
func (s *scope) find(m *config.Module, path string) *scope {
	scopes, _ := s.scopes(m)
	for _, found := range scopes {
		if found.path == path {
			return found
		}
	}
	return nil
}

// calls are the instances of one call.
func (s *scope) calls(c *config.Call) ([]*scope, hcl.Diagnostics) {
	stamp := s.e.provided.stamp(config.Node{Module: s.module, Kind: config.NodeCall, Name: c.Name})
	old := s.children[c.Name]
	if old != nil && old.stamp == stamp {
		return old.scopes, old.diags
	}
	m := &childMemo{stamp: stamp}
	s.children[c.Name] = m
	items, diags := s.repeat(c.ForEach, c.Count, "module."+c.Name)
	m.diags = diags
	for _, item := range items {
		m.scopes = append(m.scopes, s.child(c, item, old))
	}
	return m.scopes, m.diags
}

// child makes the instance of a call, or goes on with the earlier one so that
// what it remembers is kept.
func (s *scope) child(c *config.Call, item item, old *childMemo) *scope {
	var child *scope
	if old != nil {
		for _, o := range old.scopes {
			if o.key == item.key {
				child = o
			}
		}
	}
	if child == nil {
		path := "module." + c.Name + item.key.String()
		if s.path != "" {
			path = s.path + "." + path
		}
		child = newScope(s.e, c.Module, s, path)
		child.key = item.key
	}
	child.each = item.variables()
	return child
}

// references lists what an expression refers to. Each expression is searched
// once.
func (e *Evaluator) references(expr hclsyntax.Expression) []config.Reference {
	refs, ok := e.refs[expr]
	if !ok {
		refs = config.References(expr)
		e.refs[expr] = refs
	}
	return refs
}

// eval evaluates an expression that is not part of an instance's body.
func (s *scope) eval(expr hclsyntax.Expression, extra map[string]cty.Value) (cty.Value, hcl.Diagnostics) {
	defer beginAt(s.e, "an expression", expr)()
	refs := s.e.references(expr)
	ctx, diags := s.context(refs, extra)
	v, more := s.evalIn(expr, ctx, refs)
	return v, append(diags, more...)
}

// context makes what a set of references needs, apart from instances whose
// key is not constant. The result may be shared by many evaluations.
func (s *scope) context(refs []config.Reference, extra map[string]cty.Value) (*hcl.EvalContext, hcl.Diagnostics) {
	b := newRoots(s)
	for _, ref := range refs {
		if !hasDynamicKey(ref) {
			b.add(ref, nil)
		}
	}
	ctx := s.e.ctx.NewChild()
	ctx.Variables = b.variables()
	if len(extra) > 0 {
		ctx = ctx.NewChild()
		ctx.Variables = extra
	}
	return ctx, b.diags
}

func hasDynamicKey(ref config.Reference) bool {
	if ref.Key == nil {
		return false
	}
	_, literal := ref.Key.(*hclsyntax.LiteralValueExpr)
	return !literal
}

// evalIn evaluates an expression within a context that has everything but the
// instances whose key is not constant; those are looked up here, one by one.
func (s *scope) evalIn(expr hclsyntax.Expression, ctx *hcl.EvalContext, refs []config.Reference) (cty.Value, hcl.Diagnostics) {
	dynamic := false
	for _, ref := range refs {
		dynamic = dynamic || hasDynamicKey(ref)
	}
	var diags hcl.Diagnostics
	if dynamic {
		keyOf := func(name *hclsyntax.ScopeTraversalExpr) (cty.Value, bool) {
			key, diags := name.Value(ctx)
			return key, !diags.HasErrors()
		}
		if v, ok := s.single(expr, refs, keyOf); ok {
			return v, nil
		}
		ctx, diags = s.withInstances(ctx, refs)
	}
	v, more := expr.Value(ctx)
	if more.HasErrors() {
		x := explanation{s: s, expr: expr, ctx: ctx, refs: refs}
		more = unquoted(x.of(more))
	}
	return v, append(diags, more...)
}

// withInstances adds the instances that keys pick in this context.
func (s *scope) withInstances(ctx *hcl.EvalContext, refs []config.Reference) (*hcl.EvalContext, hcl.Diagnostics) {
	b := newRoots(s)
	// A key may itself refer to an instance; that one comes later in the list.
	for i := len(refs) - 1; i >= 0; i-- {
		ref := refs[i]
		if ref.Kind != config.RefBlock && ref.Kind != config.RefModule {
			continue
		}
		if !hasDynamicKey(ref) {
			b.add(ref, nil)
			continue
		}
		inner := ctx.NewChild()
		inner.Variables = b.variables()
		key, diags := ref.Key.Value(inner)
		if diags.HasErrors() {
			// The evaluation of the whole expression reports it.
			key = cty.DynamicVal
		}
		b.add(ref, &key)
	}
	child := ctx.NewChild()
	child.Variables = b.variables()
	return child, b.diags
}

// address is the address of an instance of a block in this module instance.
func (s *scope) address(r *config.Resource, key schema.Key) schema.Address {
	return schema.Address{Module: s.path, Data: r.Data, Kind: r.Type, Name: r.Name, Key: key}
}

// errorAt makes diagnostics of one error.
func errorAt(at hcl.Range, summary, format string, args ...any) hcl.Diagnostics {
	return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: summary, Detail: fmt.Sprintf(format, args...), Subject: at.Ptr()}}
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
	if !ok || r == nil {
		return cty.NilVal, false
	}
	source := s.e.provided.source(r)
	if source == nil {
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
	object, ok := source.Value(s.address(r, k))
	if !ok {
		return cty.NilVal, false
	}
	v, diags := relative.Traversal.TraverseRel(object)
	return v, !diags.HasErrors()
}
