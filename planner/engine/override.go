package engine

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
	"lockstep/schema/config"
	"lockstep/schema/eval"
)

// override is the value of an instance of a data block that is not read but given;
// cty.NilVal when it is to be read.
func (e dataBlocks) override(inst eval.Instance) (cty.Value, *hcl.Diagnostic) {
	if e.Override == nil {
		return cty.NilVal, nil
	}
	given, at := e.Override(inst.Address)
	if given == cty.NilVal {
		return cty.NilVal, nil
	}
	v, err := overridden(inst.Block.Resource, inst.Fields, given)
	if err != nil {
		return cty.NilVal, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Invalid values for " + inst.Address.String(), Detail: sentence(err.Error()), Subject: &at}
	}
	return v, nil
}

// overridden makes the value of a data block of its arguments and of what is given in
// place of a read. What is not given is null.
func overridden(r *config.Resource, arguments schema.Fields, given cty.Value) (cty.Value, error) {
	if ty := given.Type(); given.IsNull() || !ty.IsObjectType() && !ty.IsMapType() {
		return cty.NilVal, fmt.Errorf("values is an object of attributes, as in { ids = [] }")
	}
	declared := declaredOf(r)
	values := map[string]cty.Value{}
	for name, a := range declared {
		values[name] = attributeValue(a, arguments, nil)
		if !values[name].IsKnown() {
			values[name] = cty.NullVal(a.Type)
		}
	}
	names := slices.Sorted(maps.Keys(declared))
	for name, v := range given.AsValueMap() {
		a := declared[name]
		if a == nil {
			return cty.NilVal, fmt.Errorf("the data source %s has no attribute %q.%s", r.Type, name, schema.DidYouMean(name, names))
		}
		converted, err := config.ConvertValue(a, v)
		if err != nil {
			return cty.NilVal, err
		}
		values[name] = converted
	}
	return cty.ObjectVal(values), nil
}

// declaredOf are the attributes that a data block has once it is read.
func declaredOf(r *config.Resource) map[string]*schema.Attribute {
	declared := map[string]*schema.Attribute{}
	for i := range r.DataSource.Arguments {
		declared[r.DataSource.Arguments[i].Name] = &r.DataSource.Arguments[i]
	}
	if many := r.DataSource.Many; many != "" {
		declared["ids"] = &schema.Attribute{Name: "ids", Type: cty.List(cty.String)}
		declared[many] = &schema.Attribute{Name: many, Type: cty.DynamicPseudoType}
		return declared
	}
	declared["id"] = &schema.Attribute{Name: "id", Type: cty.String}
	if r.Kind != nil {
		for i := range r.Kind.Attributes {
			declared[r.Kind.Attributes[i].Name] = &r.Kind.Attributes[i]
		}
	}
	return declared
}
