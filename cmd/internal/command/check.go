package command

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/urfave/cli/v3"
	"github.com/zclconf/go-cty/cty"

	"lockstep/planner/engine"
	"lockstep/providers"
	"lockstep/schema"
	"lockstep/schema/config"
	"lockstep/schema/eval"
)

// check validates the files, and what of them can be evaluated without any
// account: blocks that need no other block, if every variable has a value.
func check(ctx context.Context, s *session, c *cli.Command) hcl.Diagnostics {
	s.stages.loading.Store(true)
	defer s.stages.loading.Store(false)
	cfg, diags := s.loadConfig()
	if diags.HasErrors() {
		return diags
	}
	vars, more := eval.LoadVars(cfg.Files, given(c), s.env.Environ)
	diags = append(diags, more...)
	if more.HasErrors() || !allGiven(cfg, vars) {
		return diags
	}
	evaluator, more := eval.New(cfg, eval.Input{Vars: vars, Now: s.env.Now(), Env: s.env.getenv, OnTask: s.stages.task.Store})
	diags = append(diags, more...)
	if more.HasErrors() {
		return diags
	}
	settings, more := evaluator.Settings()
	diags = append(append(diags, more...), checkVersion(settings.RequiredVersion)...)
	k := checker{evaluator: evaluator, factories: s.factories()}
	for _, b := range evaluator.Blocks() {
		if len(b.Needs) == 0 {
			diags = append(diags, k.block(ctx, b)...)
		}
		if m := b.Resource.Mapping; m != nil && m.Back() {
			diags = append(diags, k.back(b)...)
		}
	}
	return diags
}

// allGiven reports whether every variable has a value. Without one, validate checks
// what it can and does not complain: values are the business of plan.
func allGiven(cfg *config.Config, vars []eval.Assignment) bool {
	given := map[string]bool{}
	for _, v := range vars {
		given[v.Name] = true
	}
	for _, v := range cfg.Root.Variables {
		if v.Default == cty.NilVal && !given[v.Name] {
			return false
		}
	}
	return true
}

// checker looks at blocks that can be evaluated without any account.
type checker struct {
	evaluator *eval.Evaluator
	factories map[string]func() providers.Provider
}

// block evaluates a block and lets its provider look at the values.
func (k checker) block(ctx context.Context, b *eval.Block) hcl.Diagnostics {
	instances, diags := k.evaluator.Expand(b)
	if diags.HasErrors() || b.Resource.Data || b.Resource.Kind == nil {
		return diags
	}
	factory := k.factories[b.Resource.Provider.Name]
	if factory == nil {
		return diags
	}
	looks := k.looksOf(ctx, factory(), b)
	var wrong engine.Alike
	for i := range instances {
		if err := looks(instances[i].Fields); err != nil {
			wrong.Add(func() *hcl.Diagnostic { return k.wrongValue(b, &instances[i], err) })
		}
	}
	return append(diags, wrong.All()...)
}

// back refuses a mapping that writes to sources which can only be read, as
// far as that can be told without any account: when it maps all objects of a
// block that needs no other.
func (k checker) back(b *eval.Block) hcl.Diagnostics {
	if _, all := b.Resource.ForEach.(*hclsyntax.ScopeTraversalExpr); !all {
		return nil
	}
	source := b.Needs[slices.IndexFunc(b.Needs, func(n *eval.Block) bool { return n.Resource == b.Resource.Mapping.Source })]
	factory := k.factories[source.Resource.Provider.Name]
	if len(source.Needs) > 0 || factory == nil {
		return nil
	}
	restricted, ok := factory().(providers.Restricted)
	block, diags := k.evaluator.ProviderConfig(source.Resource.Provider)
	instances, more := k.evaluator.Expand(source)
	if !ok || diags.HasErrors() || more.HasErrors() {
		return nil // it is reported where the block itself is checked
	}
	for i := range instances {
		err := restricted.CanWrite(block, source.Resource.Kind.Name, instances[i].Fields)
		if err == nil {
			continue
		}
		d := k.wrongValue(source, &instances[i], err)
		at := b.Resource.Mapping.Fields[slices.IndexFunc(b.Resource.Mapping.Fields, (*config.MappedField).Back)]
		d.Summary, d.Subject = "No way back", &at.Range
		d.Detail = fmt.Sprintf("%s writes %s of %s. %s Write direction = %q, or leave it out of for_each.", b.Address(), at.Source, instances[i].Address, d.Detail, config.ToTarget)
		return append(diags, d)
	}
	return nil
}

// looksOf are what a provider can say about the fields of a block's instances
// without any account.
func (k checker) looksOf(ctx context.Context, p providers.Provider, b *eval.Block) func(schema.Fields) error {
	kind := b.Resource.Kind
	restricted, restricts := p.(providers.Restricted)
	block, diags := k.evaluator.ProviderConfig(b.Resource.Provider)
	restricts = restricts && !diags.HasErrors()
	return func(fields schema.Fields) error {
		fields, err := engine.Normal(ctx, p, kind, fields)
		if err == nil && restricts {
			err = restricted.CanWrite(block, kind.Name, fields)
		}
		return err
	}
}

func (k checker) wrongValue(b *eval.Block, i *eval.Instance, err error) *hcl.Diagnostic {
	detail := &engine.Detail{Address: i.Address.String(), Origin: k.evaluator.Origin(i.Address)}
	d := &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Invalid value", Detail: capital(err.Error()) + ".", Extra: detail}
	place := b.Resource.Range
	var field *providers.FieldError
	if errors.As(err, &field) {
		place, detail.Path = b.Resource.AttributeRange(field.Path), field.Path
		d.Detail = capital(field.Problem) + ". " + field.Advice
	}
	d.Subject = &place
	return d
}

// checkVersion compares this program with required_version.
func checkVersion(constraint string) hcl.Diagnostics {
	ok, err := satisfies(Version, constraint)
	switch {
	case err != nil:
		return problem("Invalid required_version", "%s.", capital(err.Error()))
	case !ok:
		return problem("Unsuitable lockstep", "The files require lockstep %s, and this is %s. Use another lockstep, or change required_version.", constraint, Version)
	default:
		return nil
	}
}

// errConstraint tells how constraints are written.
func errConstraint(s string) error {
	return fmt.Errorf("%q is not a version constraint such as \">= 0.1\" or \"~> 1.2, != 1.2.3\"", s)
}
