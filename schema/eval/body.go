package eval

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
	"lockstep/schema/config"
)

// body is a block's attributes in one module instance, ready to be evaluated
// for any number of instances.
type body struct {
	scope *scope
	block *config.Resource
	// ctx has all that does not change from instance to instance.
	ctx   *hcl.EvalContext
	texts *texts
	diags hcl.Diagnostics
	stamp int
	// parts are in the order of their names, so that fields come out sorted.
	parts []*part
	// match are the parts of a mapping's match that is by texts, as far as can be
	// told beforehand; nil for any other.
	match []matchPart
	// invalid is what has no usable value in the instance at hand.
	invalid []Invalid
}

// part is one attribute.
type part struct {
	attribute *schema.Attribute
	expr      hclsyntax.Expression
	refs      []config.Reference
	// dynamic is set when there are references to instances whose key is not
	// constant.
	dynamic bool
	// fixed is set when the value, fields, is the same in all instances.
	fixed  bool
	fields schema.Fields
	// inputs are what the value depends on, when it is each.key and single
	// attributes of each.value only.
	inputs []input
	// plain is set when the value is a text that may be found without an
	// evaluation proper.
	plain bool
	// skips is set when an instance goes on without a value that cannot be used.
	skips bool
	// known are the fields by the texts of the inputs; nil when the values
	// repeat too seldom.
	known map[string]schema.Fields
	hits  int
}

// input is each.key when it has no name, else an attribute of each.value.
type input struct {
	name string
}

// knownValues is how many different inputs of one attribute are remembered.
const knownValues = 2048

// body prepares a block's attributes, once for each state of what they need.
func (s *scope) body(r *config.Resource) *body {
	stamp := s.e.provided.stamp(config.BlockNode(r))
	if b := s.bodies[r]; b != nil && b.stamp == stamp {
		return b
	}
	b := &body{scope: s, block: r, stamp: stamp, match: matchParts(r)}
	s.bodies[r] = b
	var refs []config.Reference
	for _, name := range slices.Sorted(maps.Keys(r.Attributes)) {
		p := &part{attribute: r.Attribute(name), expr: r.Attributes[name].Expr}
		p.refs = s.e.references(p.expr)
		p.analyse()
		p.skips = r.Mapping != nil && !p.fixed && r.Mapping.Field(name).Invalid == config.InvalidSkip
		refs = append(refs, p.refs...)
		b.parts = append(b.parts, p)
	}
	if r.Mapping != nil {
		refs = append(refs, s.e.references(r.Mapping.Match.Expr)...)
	}
	b.ctx, b.diags = s.context(refs, nil)
	b.texts = newTexts(s, b.ctx, "")
	found := &findings{scope: s, block: r}
	for _, p := range b.parts {
		if p.fixed {
			p.fields = b.part(nil, p, b.ctx, nil, found)
		}
	}
	b.diags = append(b.diags, found.diagnostics()...)
	return b
}

// analyse finds out how the value changes from instance to instance.
func (p *part) analyse() {
	p.plain = p.attribute.Type == cty.String && len(p.attribute.OneOf) == 0
	p.fixed = !slices.ContainsFunc(p.refs, func(r config.Reference) bool {
		return r.Kind == config.RefEach || r.Kind == config.RefCount
	})
	p.dynamic = slices.ContainsFunc(p.refs, hasDynamicKey)
	if p.fixed || p.dynamic {
		return
	}
	for _, t := range p.expr.Variables() {
		if t.RootName() != "each" && t.RootName() != "count" {
			continue
		}
		in, ok := inputOf(t)
		if !ok {
			p.inputs = nil
			return
		}
		if !slices.Contains(p.inputs, in) {
			p.inputs = append(p.inputs, in)
		}
	}
	// A key is different in every instance, so there is nothing to remember.
	if len(p.inputs) > 0 && !slices.Contains(p.inputs, input{}) {
		p.known = map[string]schema.Fields{}
	}
}

// inputOf reads each.key and each.value.NAME.
func inputOf(t hcl.Traversal) (input, bool) {
	if len(t) < 2 || t.RootName() != "each" {
		return input{}, false
	}
	first, ok := t[1].(hcl.TraverseAttr)
	switch {
	case !ok:
		return input{}, false
	case first.Name == "key":
		return input{}, len(t) == 2
	case len(t) < 3:
		return input{}, false
	}
	second, ok := t[2].(hcl.TraverseAttr)
	return input{name: second.Name}, ok
}

// of reads the input of one instance; ok is false when it is not a text.
func (in input) of(i *item) (t text, ok bool) {
	if in.name == "" {
		return text{text: i.key.Text}, i.key.Type == schema.StringKey
	}
	return i.attribute(in.name)
}

// remembered are the texts of the inputs as one text. ok is false when an
// input is no plain text.
func (p *part) remembered(i *item) (key string, ok bool) {
	var b strings.Builder
	for _, in := range p.inputs {
		t, ok := in.of(i)
		if !ok || t.null {
			return "", false
		}
		if len(p.inputs) == 1 {
			return t.text, true
		}
		b.WriteString(t.text)
		b.WriteByte(0)
	}
	return b.String(), true
}

// fields appends the fields of one instance to a list, in their order.
func (b *body) fields(to schema.Fields, i *item, found *findings) schema.Fields {
	start := len(to)
	b.invalid = nil
	var ctx *hcl.EvalContext
	for _, p := range b.parts {
		if p.fixed {
			to = append(to, p.fields...)
			continue
		}
		var done bool
		if to, done = p.shortcut(to, b.texts, i); done {
			continue
		}
		if to, done = b.reference(to, p, i); done {
			continue
		}
		if ctx == nil {
			ctx = b.ctx.NewChild()
			ctx.Variables = i.variables()
		}
		before := len(to)
		broken := found.count + len(b.invalid)
		to = b.part(to, p, ctx, i, found)
		if p.known != nil && found.count+len(b.invalid) == broken {
			p.remember(i, to[before:])
		}
	}
	if !slices.IsSortedFunc(to[start:], schema.CompareFields) {
		to[start:].Sort()
	}
	return to
}

// shortcut makes the fields without evaluating the expression, when it is about
// texts or when another instance had the same inputs.
func (p *part) shortcut(to schema.Fields, x *texts, i *item) (schema.Fields, bool) {
	if p.plain {
		t, ok := x.text(p.expr, i)
		switch {
		case ok && t.null:
			return to, true
		case ok:
			return append(to, schema.Field{Path: p.attribute.Name, Value: schema.StringValue(t.text)}), true
		}
		// What is no text in one instance is seldom one in the others.
		p.plain = false
	}
	if p.known == nil {
		return to, false
	}
	key, ok := p.remembered(i)
	if !ok {
		return to, false
	}
	fields, ok := p.known[key]
	if ok {
		p.hits++
	}
	return append(to, fields...), ok
}

// reference makes the fields of an attribute that is one of another instance's,
// whose key is a text of this one.
func (b *body) reference(to schema.Fields, p *part, i *item) (schema.Fields, bool) {
	if !p.dynamic {
		return to, false
	}
	v, ok := b.scope.single(p.expr, p.refs, func(name *hclsyntax.ScopeTraversalExpr) (cty.Value, bool) {
		key, ok := b.texts.text(name, i)
		return cty.StringVal(key.text), ok && !key.null
	})
	if !ok {
		return to, false
	}
	fields, err := appendFields(to, p.attribute, v)
	if err != nil {
		return to, false
	}
	return fields, true
}

func (p *part) remember(i *item, fields schema.Fields) {
	key, ok := p.remembered(i)
	if !ok {
		return
	}
	if len(p.known) >= knownValues {
		if p.hits < knownValues {
			p.known = nil
		}
		return
	}
	p.known[key] = slices.Clone(fields)
}

// part appends the fields of one attribute.
func (b *body) part(to schema.Fields, p *part, ctx *hcl.EvalContext, i *item, found *findings) schema.Fields {
	value, diags := b.scope.evalIn(p.expr, ctx, p.refs)
	if diags.HasErrors() && p.skips {
		b.invalid = append(b.invalid, Invalid{Path: p.attribute.Name, Problem: firstError(diags), failed: true})
		return to
	}
	if len(diags) > 0 {
		found.add(i, diags)
		if diags.HasErrors() {
			return to
		}
	}
	before := len(to)
	to, err := appendFields(to, p.attribute, value)
	switch {
	case err == nil:
	case p.skips:
		b.invalid = append(b.invalid, Invalid{Path: p.attribute.Name, Problem: invalidValue(p, value, err, ctx)})
		return to[:before]
	default:
		found.add(i, hcl.Diagnostics{invalidValue(p, value, err, ctx)})
	}
	return to
}

func invalidValue(p *part, value cty.Value, err error, ctx *hcl.EvalContext) *hcl.Diagnostic {
	detail := config.Sentence(err)
	if t, ok := textOf(value); ok && !t.null && !strings.Contains(detail, strconv.Quote(t.text)) {
		detail += " It is " + strconv.Quote(t.text) + "."
	}
	if isSensitive(value) {
		detail = "The value of " + p.attribute.Name + " does not fit its type or is not one of the allowed ones: (sensitive value)."
	}
	return &hcl.Diagnostic{
		Severity: hcl.DiagError, Summary: "Invalid value", Detail: detail,
		Subject: p.expr.Range().Ptr(), Expression: p.expr, EvalContext: ctx,
	}
}
