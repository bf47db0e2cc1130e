package config

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"lockstep/schema"
)

// The first words of references that only tests have: the outputs of the run itself,
// and of the runs before it.
const (
	WordOutput = "output"
	WordRun    = "run"
)

// CheckRun checks what a run of a test refers to, in the module that it is about.
func (c *Config) CheckRun(t *TestFile, r *TestRun) hcl.Diagnostics {
	k := &testChecker{checker: newChecker(newFindings(), c, nil)}
	for _, other := range t.Runs {
		if other == r {
			break
		}
		k.earlier = append(k.earlier, other.Name)
	}
	k.values(t.Variables, nil)
	k.values(r.Variables, slices.Sorted(maps.Keys(c.Root.Variables)))
	for _, a := range r.Asserts {
		k.refers(a.Condition)
		k.refers(a.Message)
	}
	for _, o := range append(slices.Clone(t.Overrides), r.Overrides...) {
		k.refers(o.Values)
		// One that is for all runs may be about another module.
		if !slices.Contains(t.Overrides, o) && !c.declares(o.Target) {
			k.error("Undeclared data block", o.Range, "%s is not declared.", o.Target)
		}
	}
	for _, p := range t.Providers {
		for _, a := range sortedAttributes(p.Attributes) {
			k.expression(place{module: c.Root, early: "provider"}, a.Expr)
		}
	}
	for _, expected := range r.Expected {
		if _, ok := c.Rules(expected); !ok {
			k.error("Undeclared rule", expected.SourceRange(), "%s is not declared, or is nothing that has rules. Rules stand in variables, outputs, checks, and in the lifecycle of resources and data blocks.", TraversalReference(expected))
		}
	}
	return k.diags
}

// testChecker checks the expressions of a run.
type testChecker struct {
	*checker
	// earlier are the names of the runs before this one.
	earlier []string
}

// values checks the values of variables. declared are the variables that there are;
// nil when the values are also for other modules.
func (k *testChecker) values(values map[string]*hclsyntax.Attribute, declared []string) {
	for _, a := range sortedAttributes(values) {
		k.refers(a.Expr)
		if declared != nil && !slices.Contains(declared, a.Name) {
			k.error("Value for undeclared variable", a.NameRange, "The module has no variable %q.%s", a.Name, schema.DidYouMean(a.Name, declared))
		}
	}
}

func (k *testChecker) refers(expr hclsyntax.Expression) {
	k.calledFunctions(expr)
	for _, ref := range References(expr) {
		switch {
		case ref.Kind == RefBlock && !ref.Data && ref.Type == WordOutput:
			k.named(ref, "output", WordOutput, slices.Sorted(maps.Keys(k.cfg.Root.Outputs)))
		case ref.Kind == RefBlock && !ref.Data && ref.Type == WordRun:
			k.named(ref, "run", WordRun, k.earlier)
		default:
			k.reference(place{module: k.cfg.Root}, ref)
		}
	}
}

// Rules are the places of the conditions of what a traversal names, such as
// check.shirts. ok is false when nothing of the root module has that name.
func (c *Config) Rules(t hcl.Traversal) (places []hcl.Range, ok bool) {
	var conditions []*Condition
	ref := TraversalReference(t)
	switch {
	case ref.Kind == RefVariable && c.Root.Variables[ref.Name] != nil:
		conditions, ok = c.Root.Variables[ref.Name].Validations, true
	case ref.Kind != RefBlock:
	case ref.Type == WordOutput && !ref.Data && c.Root.Outputs[ref.Name] != nil:
		conditions, ok = c.Root.Outputs[ref.Name].Preconditions, true
	case ref.Type == "check" && !ref.Data:
		for _, check := range c.Root.Checks {
			if check.Name == ref.Name {
				conditions, ok = check.Asserts, true
			}
		}
	default:
		if r := c.Root.Resource(ref.Data, ref.Type, ref.Name); r != nil {
			conditions, ok = append(slices.Clone(r.Lifecycle.Preconditions), r.Lifecycle.Postconditions...), true
		}
	}
	for _, condition := range conditions {
		places = append(places, condition.Condition.Range())
	}
	return places, ok
}

// declares reports whether a block of the modules has an address, instance keys aside.
func (c *Config) declares(a schema.Address) bool {
	a = a.Block()
	a.Module = schema.ModuleWithoutKeys(a.Module)
	return slices.ContainsFunc(c.AllBlocks(), func(r *Resource) bool { return r.Address() == a })
}

// WithProviders gives the root module the provider blocks of a test: their arguments
// win over those of the blocks of the module.
func (c *Config) WithProviders(blocks []*ProviderBlock) {
	for _, b := range blocks {
		merged := *b
		at := slices.IndexFunc(c.Root.Providers, func(p *ProviderBlock) bool { return p.Ref == b.Ref })
		if at < 0 {
			c.Root.Providers = append(c.Root.Providers, &merged)
			continue
		}
		written := c.Root.Providers[at]
		merged.Attributes = maps.Clone(written.Attributes)
		maps.Copy(merged.Attributes, b.Attributes)
		if len(b.Blocks) == 0 {
			merged.Blocks = written.Blocks
		}
		c.Root.Providers[at] = &merged
	}
}
