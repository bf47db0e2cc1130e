package eval

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
	"lockstep/schema/bounds"
	"lockstep/schema/config"
	"lockstep/schema/functions"
)

// assign gives every variable of the root module its value.
func (e *Evaluator) assign() hcl.Diagnostics {
	var diags hcl.Diagnostics
	given := map[string]Assignment{}
	for _, a := range e.in.Vars {
		if _, ok := e.cfg.Root.Variables[a.Name]; !ok {
			diags = append(diags, undeclared(a, slices.Sorted(maps.Keys(e.cfg.Root.Variables)))...)
			continue
		}
		given[a.Name] = a
	}
	for _, name := range slices.Sorted(maps.Keys(e.cfg.Root.Variables)) {
		v := e.cfg.Root.Variables[name]
		a, ok := given[name]
		value, more := assigned(v, a, ok)
		e.vars[name] = value
		diags = append(append(diags, more...), foreign(v, ok, e.in.Env)...)
	}
	for _, name := range slices.Sorted(maps.Keys(e.cfg.Root.Variables)) {
		if v := e.cfg.Root.Variables[name]; e.vars[name].IsKnown() {
			diags = append(diags, e.root.validate(v, e.vars[name])...)
		}
	}
	return diags
}

// foreign warns of a value that stands in the environment under Terraform's name,
// which is not read, for a variable that has none otherwise.
func foreign(v *config.Variable, given bool, env func(string) string) hcl.Diagnostics {
	const prefix = "TF_VAR_"
	if given || env == nil || env(prefix+v.Name) == "" {
		return nil
	}
	return hcl.Diagnostics{{Severity: hcl.DiagWarning, Summary: "A variable of Terraform's environment is not read", Subject: v.Range.Ptr(),
		Detail: fmt.Sprintf("%s%s is set in the environment. For lockstep name it %s%[2]s.", prefix, v.Name, EnvPrefix)}}
}

// undeclared reports an assignment to a variable that is not declared: as an
// error from a flag, as a warning from a file, and not at all from the
// environment, which many folders share.
func undeclared(a Assignment, declared []string) hcl.Diagnostics {
	d := &hcl.Diagnostic{
		Severity: hcl.DiagError, Summary: "Value for undeclared variable", Subject: a.Range,
		Detail: fmt.Sprintf("%s gives a value to %q, but no variable of this name is declared.%s", a.Source, a.Name,
			schema.DidYouMean(a.Name, declared)),
	}
	switch a.From {
	case FromEnvironment:
		return nil
	case FromFile, FromGivenFile:
		d.Severity = hcl.DiagWarning
	}
	return hcl.Diagnostics{d}
}

func assigned(v *config.Variable, a Assignment, given bool) (cty.Value, hcl.Diagnostics) {
	value := a.Value
	var diags hcl.Diagnostics
	switch {
	case !given && v.Default == cty.NilVal:
		return cty.UnknownVal(v.Type.WithoutOptionalAttributesDeep()), errorAt(v.Range, "No value for required variable",
			"The variable %q has no default. Give a value with -var='%s=…', with %s=… in the environment, or with a line %s = … in lockstep.vars.hcl.",
			v.Name, v.Name, EnvPrefix+v.Name, v.Name)
	case !given:
		value = v.Default
	case value == cty.NilVal:
		if value, diags = parseRaw(v, a); diags.HasErrors() {
			return cty.DynamicVal, diags
		}
	}
	at := v.Range
	if a.Range != nil {
		at = *a.Range
	}
	return convertVariable(v, value, at, a.Source)
}

// parseRaw reads a text from a flag or the environment: as it is for a
// variable of a simple type, else as an expression.
func parseRaw(v *config.Variable, a Assignment) (cty.Value, hcl.Diagnostics) {
	if v.Type.IsPrimitiveType() || !v.Typed {
		return cty.StringVal(a.Raw), nil
	}
	advice := fmt.Sprintf("The value that %s gives to %q is not a constant of type %s, such as %s.", a.Source, v.Name, v.Type.FriendlyName(), example(v.Type))
	src := []byte(schema.CanonicalText(a.Raw))
	expr, diags := bounds.ParseExpression(src, a.Source)
	if expr == nil {
		return cty.DynamicVal, errorAt(v.Range, BrokenVariable, "%s %s", advice, diags[0].Detail)
	}
	if !diags.HasErrors() {
		value, diags := expr.Value(nil)
		if !diags.HasErrors() {
			return value, nil
		}
	}
	return cty.DynamicVal, errorAt(v.Range, BrokenVariable, "%s", advice)
}

func example(ty cty.Type) string {
	if ty.IsListType() || ty.IsSetType() || ty.IsTupleType() {
		return `["a", "b"]`
	}
	return `{ name = "Ann" }`
}

// convertVariable fits a value to a variable: type, defaults, null, mark.
func convertVariable(v *config.Variable, value cty.Value, at hcl.Range, source string) (cty.Value, hcl.Diagnostics) {
	unknown := cty.UnknownVal(v.Type.WithoutOptionalAttributesDeep())
	if source == "" {
		source = "The value"
	} else {
		source = "The value from " + source
	}
	if value.IsNull() && !v.Nullable {
		if v.Default == cty.NilVal {
			return unknown, errorAt(at, BrokenVariable, "%s for %q is null, which is not allowed.", source, v.Name)
		}
		value = v.Default
	}
	converted, err := v.Convert(value)
	if err != nil {
		return unknown, errorAt(at, BrokenVariable, "%s for %q does not fit its type (%s:%d): %s.",
			source, v.Name, v.Range.Filename, v.Range.Start.Line, config.ConvertMessage(err))
	}
	if v.Sensitive {
		converted = converted.Mark(functions.Sensitive)
	}
	return converted, nil
}

// validate checks a variable's own rules.
func (s *scope) validate(v *config.Variable, value cty.Value) hcl.Diagnostics {
	n := config.Node{Module: s.module, Kind: config.NodeVariable, Name: v.Name}
	// The rules refer to the variable that is being evaluated.
	s.values[n] = &memo{value: value, stamp: s.e.provided.stamp(n)}
	return (&rules{s: s, summary: BrokenVariable, severity: hcl.DiagError}).check(v.Validations)
}

// variable evaluates a variable of this module instance.
func (s *scope) variable(name string) (cty.Value, hcl.Diagnostics) {
	if s.parent == nil {
		if v, ok := s.e.vars[name]; ok {
			return v, nil
		}
		return cty.DynamicVal, nil
	}
	v := s.module.Variables[name]
	if v == nil {
		return cty.DynamicVal, nil
	}
	value, at := v.Default, v.Range
	var diags hcl.Diagnostics
	if a := s.module.Call.Inputs[name]; a != nil {
		at = a.Expr.Range()
		value, diags = s.parent.eval(a.Expr, s.each)
	}
	if value == cty.NilVal || diags.HasErrors() {
		return cty.DynamicVal, s.ofModule(diags)
	}
	value, more := convertVariable(v, value, at, "")
	diags = append(diags, more...)
	if !diags.HasErrors() {
		diags = append(diags, s.validate(v, value)...)
	}
	return value, s.ofModule(diags)
}
