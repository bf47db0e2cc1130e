package command

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner/engine"
	"lockstep/providers"
	"lockstep/schema"
)

// declaredKeys are the keys of one attribute that objects of the files name, with
// the attributes of those objects.
type declaredKeys map[string]func(attribute string) schema.Value

// keys looks at maps whose keys name objects, such as custom fields: values must fit
// what the files declare. A key that looks like a declared one is warned about;
// whether there is such an object in the account only a plan can tell.
func (k *checker) keys() (diags hcl.Diagnostics) {
	for _, c := range k.order {
		kind := c.block.Resource.Kind
		for i := range kind.Attributes {
			a := &kind.Attributes[i]
			if a.KeysOf == nil {
				continue
			}
			declared := k.declared(c.block.Resource.Provider.String(), a)
			if len(declared) > 0 {
				diags = append(diags, k.valuesOf(c, a, declared)...)
				diags = append(diags, k.unknownKeys(c, a, declared)...)
			}
		}
	}
	return diags
}

// declared are the keys that the files declare for an attribute.
func (k *checker) declared(provider string, a *schema.Attribute) declaredKeys {
	keys := declaredKeys{}
	for _, c := range k.order {
		r := c.block.Resource
		if r.Kind.Name != a.KeysOf.Kind || r.Provider.String() != provider || r.Mapping != nil {
			continue
		}
		for i := range c.instances {
			fields := c.instances[i].Fields
			if path := a.KeyPath(fields.Value); path != "" {
				keys[schema.PathKey(path)] = fields.Value
			}
		}
	}
	return keys
}

// valuesOf refuses values that do not fit what their keys name.
func (k *checker) valuesOf(c *checkedBlock, a *schema.Attribute, declared declaredKeys) hcl.Diagnostics {
	checker, ok := c.provider.(providers.KeyChecker)
	if !ok {
		return nil
	}
	checks := make(map[string]func(schema.Field) error, len(declared))
	for key, named := range declared {
		checks[a.Name+"."+key] = checker.KeyCheck(named)
	}
	var wrong engine.Alike
	for i := range c.instances {
		for _, f := range c.instances[i].Fields.Of(a.Name) {
			check := checks[f.Path]
			if check == nil || !f.Value.IsKnown() || f.Value.IsAbsent() {
				continue
			}
			if err := check(f); err != nil {
				err = engine.Quiet(err, c.block.Resource.Kind, c.instances[i].Fields)
				wrong.Add(func() *hcl.Diagnostic { return k.wrongValue(c.block, c.instances[i].Address, err) })
			}
		}
	}
	return wrong.All()
}

// unknownKeys warns once for each key that is spelt nearly as a declared one.
func (k *checker) unknownKeys(c *checkedBlock, a *schema.Attribute, declared declaredKeys) (diags hcl.Diagnostics) {
	names := slices.Sorted(maps.Keys(declared))
	told := map[string]bool{}
	for i := range c.instances {
		for _, f := range c.instances[i].Fields.Of(a.Name) {
			key := schema.PathKey(f.Path)
			if key == "" || declared[key] != nil || told[key] {
				continue
			}
			told[key] = true
			near := schema.Near(key, names)
			if near == "" {
				continue
			}
			place := c.block.Resource.AttributeRange(f.Path)
			diags = append(diags, &hcl.Diagnostic{Severity: hcl.DiagWarning, Summary: "A key that the files do not declare", Subject: &place,
				Detail: fmt.Sprintf("%s has the key %q, and the files declare %q. Correct it, unless the account has a %s with that key as well.", a.Name, key, near, a.KeysOf.Kind)})
		}
	}
	return diags
}
