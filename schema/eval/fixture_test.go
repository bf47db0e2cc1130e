package eval_test

import (
	"cmp"
	"fmt"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
	"lockstep/schema/config"
	"lockstep/schema/eval"
	"lockstep/schema/schematest"
)

var runTime = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

// run loads and prepares files that are expected to be right.
func run(t testing.TB, files map[string]string, vars ...eval.Assignment) (*config.Config, *eval.Evaluator) {
	t.Helper()
	cfg, diags := config.Load(schematest.Folder(t, files), schematest.Catalog())
	if diags.HasErrors() {
		t.Fatalf("Load(...):\n%s", schematest.Render(t, cfg.Sources, diags))
	}
	e, diags := eval.New(cfg, eval.Input{Vars: vars, Now: runTime})
	if diags.HasErrors() {
		t.Fatalf("New(...):\n%s", schematest.Render(t, cfg.Sources, diags))
	}
	return cfg, e
}

// objects are the values of one block's instances; a fake of the engine.
type objects struct {
	keys   map[string][]schema.Key
	values map[schema.Address]cty.Value
	asked  *int
}

func (o objects) Keys(module string) []schema.Key { return o.keys[module] }

func (o objects) Value(a schema.Address) (cty.Value, bool) {
	if o.asked != nil {
		*o.asked++
	}
	v, ok := o.values[a]
	return v, ok
}

// planned makes the values of new objects: what is written, with unknown ids.
func planned(instances []eval.Instance, id func(schema.Address) cty.Value) objects {
	o := objects{keys: map[string][]schema.Key{}, values: map[schema.Address]cty.Value{}}
	for _, i := range instances {
		o.keys[i.Address.Module] = append(o.keys[i.Address.Module], i.Address.Key)
		attributes := map[string]cty.Value{"id": id(i.Address)}
		for _, a := range i.Block.Resource.Kind.Attributes {
			attributes[a.Name] = cty.NullVal(a.Type)
			if f, ok := i.Fields.Find(a.Name); ok {
				v, err := f.Value.ToCty(a.Type)
				if err == nil {
					attributes[a.Name] = v
				}
			}
		}
		o.values[i.Address] = cty.ObjectVal(attributes)
	}
	return o
}

func unknownID(schema.Address) cty.Value { return cty.UnknownVal(cty.String) }

// fixedID derives an id from the address.
func fixedID(a schema.Address) cty.Value { return cty.StringVal("id of " + a.String()) }

// expandAll expands every block as the engine does.
func expandAll(e *eval.Evaluator, id func(schema.Address) cty.Value) ([]eval.Instance, hcl.Diagnostics) {
	var all []eval.Instance
	var diags hcl.Diagnostics
	for _, b := range e.Blocks() {
		instances, more := e.Expand(b)
		all, diags = append(all, instances...), append(diags, more...)
		e.Provide(b, planned(instances, id))
	}
	return all, diags
}

// lines renders instances for comparison.
func lines(instances []eval.Instance) []string {
	claims := map[schema.Claim]string{schema.ClaimIncludes: "+", schema.ClaimExactly: "=", schema.ClaimExcludes: "-"}
	var out []string
	for _, i := range instances {
		line := i.Address.String()
		for _, f := range i.Match {
			line += " ?" + f.Path + ":" + f.Value.String()
		}
		if i.Source != "" {
			line += " of:" + i.Source
		}
		for _, f := range i.Fields {
			line += " " + f.Path + claims[f.Claim] + ":" + f.Value.String()
			if f.Sensitive {
				line += "!"
			}
		}
		for _, v := range i.Invalid {
			line += fmt.Sprintf(" [%s: %s]", cmp.Or(v.Path, "match"), v.Problem.Detail)
		}
		out = append(out, line)
	}
	return out
}
