package config

import (
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/zclconf/go-cty/cty"
)

// reserved are the names a variable cannot have, because a module block uses
// them for itself.
var reserved = map[string]bool{
	"source": true, "version": true, "providers": true, "count": true, "for_each": true, "depends_on": true, "lifecycle": true,
}

// variableArguments are what a variable block may say.
var variableArguments = []string{"type", "default", "description", "sensitive", "nullable"}

func (d *decoder) variable(b block) {
	b.only(variableArguments, []string{"validation"})
	v := &Variable{Name: b.Labels[0], Nullable: true, Range: b.DefRange()}
	if reserved[v.Name] {
		d.error("Invalid variable name", b.LabelRanges[0], "%q is an argument of module blocks, so no variable can have this name.", v.Name)
		return
	}
	if first, ok := d.module.Variables[v.Name]; ok {
		d.duplicate("variable", "var."+v.Name, first.Range, v.Range)
		return
	}
	d.module.Variables[v.Name] = v
	v.Constraint = readConstraint(b)
	v.Description = b.text("description")
	v.Sensitive = b.flag("sensitive", false)
	v.Nullable = b.flag("nullable", true)
	b.variableDefault(v)
	v.Validations = b.conditions("validation")
}

// readConstraint reads the type of a variable or an output.
func readConstraint(b block) Constraint {
	expr := b.optional("type")
	if expr == nil {
		return Constraint{Type: cty.DynamicPseudoType}
	}
	ty, defaults, diags := typeexpr.TypeConstraintWithDefaults(expr)
	if val, more := expr.Value(nil); !more.HasErrors() && isText(val) {
		diags[0].Detail = "A type stands without quotes: type = " + val.AsString() + "."
	}
	b.add(diags)
	return Constraint{Type: ty, Defaults: defaults, Typed: true}
}

func (b block) variableDefault(v *Variable) {
	expr := b.optional("default")
	if expr == nil {
		return
	}
	v.defaultExpr = expr
	val, ok := b.constant(expr)
	if !ok {
		v.Default = cty.DynamicVal
		return
	}
	val, err := v.Convert(val)
	if err != nil {
		b.error("Invalid default value", expr.Range(), "The default of var.%s does not fit its type: %s.", v.Name, ConvertMessage(err))
		v.Default = cty.DynamicVal
		return
	}
	if val.IsNull() && !v.Nullable {
		b.error("Invalid default value", expr.Range(), "var.%s is declared with nullable = false, so its default cannot be null.", v.Name)
	}
	v.Default = val
}

func (d *decoder) locals(b block) {
	for _, inner := range b.Body.Blocks {
		d.error("Unsupported block type", inner.TypeRange, "A locals block has no blocks: write %s = { … }.", inner.Type)
	}
	for _, a := range sortedAttributes(b.Body.Attributes) {
		if first, ok := d.module.Locals[a.Name]; ok {
			d.duplicate("local value", "local."+a.Name, first.Range, a.NameRange)
			continue
		}
		d.module.Locals[a.Name] = &Local{Name: a.Name, Expr: a.Expr, Range: a.NameRange}
	}
}

func (d *decoder) output(b block) {
	b.only([]string{"value", "type", "description", "sensitive", "depends_on"}, []string{"precondition"})
	o := &Output{Name: b.Labels[0], Range: b.DefRange()}
	if first, ok := d.module.Outputs[o.Name]; ok {
		d.duplicate("output", "output."+o.Name, first.Range, o.Range)
		return
	}
	o.Value = b.required("value")
	if o.Value == nil {
		return
	}
	o.Constraint = readConstraint(b)
	o.Description = b.text("description")
	o.Sensitive = b.flag("sensitive", false)
	o.DependsOn = b.dependsOn()
	o.Preconditions = b.conditions("precondition")
	d.module.Outputs[o.Name] = o
}

func (d *decoder) check(b block) {
	b.only(nil, []string{"assert"})
	c := &Check{Name: b.Labels[0], Range: b.DefRange(), Asserts: b.conditions("assert")}
	for _, other := range d.module.Checks {
		if other.Name == c.Name {
			d.duplicate("check", "check."+c.Name, other.Range, c.Range)
			return
		}
	}
	if len(b.blocks("assert")) == 0 {
		d.error("Check without assert", c.Range, "A check block needs at least one assert block with a condition and an error_message.")
	}
	d.module.Checks = append(d.module.Checks, c)
}
