package config

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// reserved are the names a variable cannot have, because a module block uses
// them for itself.
var reserved = map[string]bool{
	"source": true, "version": true, "providers": true, "count": true, "for_each": true, "depends_on": true, "lifecycle": true,
}

func (l *loader) variable(m *Module, block *hclsyntax.Block) {
	l.only(block, []string{"type", "default", "description", "sensitive", "nullable"}, []string{"validation"})
	v := &Variable{Name: block.Labels[0], Type: cty.DynamicPseudoType, Nullable: true, Range: block.DefRange()}
	if reserved[v.Name] {
		l.error("Invalid variable name", block.LabelRanges[0], "%q is an argument of module blocks, so no variable can have this name.", v.Name)
		return
	}
	if first, ok := m.Variables[v.Name]; ok {
		l.duplicate("variable", "var."+v.Name, first.Range, v.Range)
		return
	}
	m.Variables[v.Name] = v
	if expr := optional(block, "type"); expr != nil {
		ty, defaults, diags := typeexpr.TypeConstraintWithDefaults(expr)
		l.add(diags)
		v.Type, v.Defaults, v.Typed = ty, defaults, true
	}
	v.Description = l.constantString(block, "description")
	v.Sensitive = l.constantBool(block, "sensitive", false)
	v.Nullable = l.constantBool(block, "nullable", true)
	l.variableDefault(v, block)
	v.Validations = l.conditions(block, "validation")
}

func (l *loader) variableDefault(v *Variable, block *hclsyntax.Block) {
	expr := optional(block, "default")
	if expr == nil {
		return
	}
	v.defaultExpr = expr
	val, ok := l.constant(expr)
	if !ok {
		v.Default = cty.DynamicVal
		return
	}
	if v.Defaults != nil && !val.IsNull() {
		val = v.Defaults.Apply(val)
	}
	val, err := convert.Convert(val, v.Type)
	if err != nil {
		l.error("Invalid default value", expr.Range(), "The default of var.%s does not fit its type: %s.", v.Name, ConvertMessage(err))
		v.Default = cty.DynamicVal
		return
	}
	if val.IsNull() && !v.Nullable {
		l.error("Invalid default value", expr.Range(), "var.%s is declared with nullable = false, so its default cannot be null.", v.Name)
	}
	v.Default = val
}

// conditions reads blocks of a condition and an error message.
func (l *loader) conditions(block *hclsyntax.Block, blockType string) []*Condition {
	var conditions []*Condition
	for _, b := range block.Body.Blocks {
		if b.Type != blockType {
			continue
		}
		l.only(b, []string{"condition", "error_message"}, nil)
		c := &Condition{Condition: l.required(b, "condition"), Message: l.required(b, "error_message"), Range: b.DefRange()}
		if c.Condition != nil && c.Message != nil {
			conditions = append(conditions, c)
		}
	}
	return conditions
}

func (l *loader) locals(m *Module, block *hclsyntax.Block) {
	for _, b := range block.Body.Blocks {
		l.error("Unsupported block type", b.TypeRange, "A locals block has no blocks: write %s = { … }.", b.Type)
	}
	for _, a := range sortedAttributes(block.Body.Attributes) {
		if first, ok := m.Locals[a.Name]; ok {
			l.duplicate("local value", "local."+a.Name, first.Range, a.NameRange)
			continue
		}
		m.Locals[a.Name] = &Local{Name: a.Name, Expr: a.Expr, Range: a.NameRange}
	}
}

func (l *loader) output(m *Module, block *hclsyntax.Block) {
	l.only(block, []string{"value", "description", "sensitive", "depends_on"}, []string{"precondition"})
	o := &Output{Name: block.Labels[0], Range: block.DefRange()}
	if first, ok := m.Outputs[o.Name]; ok {
		l.duplicate("output", "output."+o.Name, first.Range, o.Range)
		return
	}
	o.Value = l.required(block, "value")
	if o.Value == nil {
		return
	}
	o.Description = l.constantString(block, "description")
	o.Sensitive = l.constantBool(block, "sensitive", false)
	o.DependsOn = l.dependsOn(block)
	o.Preconditions = l.conditions(block, "precondition")
	m.Outputs[o.Name] = o
}

func (l *loader) check(m *Module, block *hclsyntax.Block) {
	l.only(block, nil, []string{"assert"})
	c := &Check{Name: block.Labels[0], Range: block.DefRange(), Asserts: l.conditions(block, "assert")}
	for _, other := range m.Checks {
		if other.Name == c.Name {
			l.duplicate("check", "check."+c.Name, other.Range, c.Range)
			return
		}
	}
	if len(c.Asserts) == 0 {
		l.error("Check without assert", c.Range, "A check block needs at least one assert block with a condition and an error_message.")
	}
	m.Checks = append(m.Checks, c)
}

// constant evaluates an expression that may use neither references nor
// functions.
func (l *loader) constant(expr hclsyntax.Expression) (cty.Value, bool) {
	val, diags := expr.Value(nil)
	if diags.HasErrors() {
		l.error("Not a constant", expr.Range(), "Only a constant can stand here: no references and no functions.")
		return cty.DynamicVal, false
	}
	return val, true
}

func (l *loader) constantString(block *hclsyntax.Block, name string) string {
	val := l.constantOf(block, name, cty.String)
	if val.IsNull() {
		return ""
	}
	return val.AsString()
}

func (l *loader) constantBool(block *hclsyntax.Block, name string, otherwise bool) bool {
	val := l.constantOf(block, name, cty.Bool)
	if val.IsNull() {
		return otherwise
	}
	return val.True()
}

// constantOf is null when the argument is not written or wrong.
func (l *loader) constantOf(block *hclsyntax.Block, name string, ty cty.Type) cty.Value {
	expr := optional(block, name)
	if expr == nil {
		return cty.NullVal(ty)
	}
	val, ok := l.constant(expr)
	if !ok {
		return cty.NullVal(ty)
	}
	val, err := convert.Convert(val, ty)
	if err != nil || !val.IsKnown() {
		l.error("Wrong type of value", expr.Range(), "The argument %q must be a %s.", name, ty.FriendlyName())
		return cty.NullVal(ty)
	}
	return val
}

func (l *loader) dependsOn(block *hclsyntax.Block) []hcl.Traversal {
	expr := optional(block, "depends_on")
	if expr == nil {
		return nil
	}
	items, diags := hcl.ExprList(expr)
	l.add(diags)
	var traversals []hcl.Traversal
	for _, item := range items {
		t, diags := hcl.AbsTraversalForExpr(item)
		if diags.HasErrors() {
			l.error("Invalid depends_on", item.Range(), "depends_on is a list of references to blocks, such as [ghl_tag.vip, module.club].")
			continue
		}
		traversals = append(traversals, t)
	}
	return traversals
}
