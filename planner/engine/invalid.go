package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"lockstep/providers"
	"lockstep/schema"
	"lockstep/schema/config"
	"lockstep/schema/eval"
)

// maxTold is how many values of a field that cannot be used are told one by one.
const maxTold = 10

// unusable is a value that an instance of a mapping goes on without. An empty path
// is that of what finds the target: all of the instance stays as it is then.
type unusable struct {
	address schema.Address
	path    string
	problem *hcl.Diagnostic
}

// hold leaves a field of an instance as it is, or with an empty path all of it.
func (e mappingBlocks) hold(m *mappingBlock, at schema.Address, path string, problem *hcl.Diagnostic) {
	m.invalid = append(m.invalid, unusable{at, path, problem})
	if path != "" {
		return
	}
	if m.held == nil {
		m.held = map[schema.Address]bool{}
	}
	m.held[e.Store.Sealer().Address(at)] = true
}

// varies reports whether an expression is about one instance. If it is not, what is
// wrong with it is wrong with the file.
func varies(expr hclsyntax.Expression) bool {
	return slices.ContainsFunc(config.References(expr), func(r config.Reference) bool {
		return r.Kind == config.RefEach || r.Kind == config.RefCount
	})
}

// skips finds the rule of a field that may stay as it is when its value is
// refused; nil when the run must not go on without it.
func (m *mappingBlock) skips(err error) *config.MappedField {
	var field *providers.FieldError
	if !errors.As(err, &field) {
		return nil
	}
	rules := m.block.Resource.Mapping
	rule := rules.Field(field.Path)
	if rule == nil {
		rule = rules.Field(schema.PathAttribute(field.Path))
	}
	if rule == nil || rule.Invalid != config.InvalidSkip || rule.Value == nil || !varies(rule.Value.Expr) {
		return nil
	}
	return rule
}

// usable returns the fields of an instance as its account spells them. Values that
// it refuses are left out, and noted with the instance.
func (e mappingBlocks) usable(ctx context.Context, m *mappingBlock, inst *eval.Instance) (schema.Fields, error) {
	a, fields := m.kind.account, inst.Fields
	for _, v := range inst.Invalid {
		e.hold(m, inst.Address, v.Path, v.Problem)
	}
	for {
		spelt, err := Normal(ctx, a.provider, m.kind.kind, fields)
		if err == nil {
			err = otherKey(fields, spelt)
		}
		if err == nil {
			return spelt, a.writable(m.kind.kind.Name, spelt)
		}
		rule := m.skips(err)
		left := fields
		if rule != nil {
			left = omitted(fields, rule.Path)
		}
		if len(left) == len(fields) {
			return nil, err
		}
		fields = left
		e.omit(m, inst, rule.Path, err)
	}
}

// omit notes that the value of a field is refused.
func (e mappingBlocks) omit(m *mappingBlock, inst *eval.Instance, path string, err error) {
	problem := e.objectFailure("Invalid value", inst.Address, m.block, err)
	inst.Invalid = append(slices.Clip(inst.Invalid), eval.Invalid{Path: path, Problem: problem})
	e.hold(m, inst.Address, path, problem)
}

// omitted are the fields without those that belong to a path of a mapping.
func omitted(fields schema.Fields, path string) schema.Fields {
	return slices.DeleteFunc(slices.Clone(fields), func(f schema.Field) bool { return f.Path == path || schema.PathAttribute(f.Path) == path })
}

// fitting leaves out values of maps that do not fit what their keys name, which is
// known once all resource blocks were planned.
func (e mappingBlocks) fitting(m *mappingBlock, expanded []eval.Instance) {
	checker, ok := m.kind.account.provider.(providers.KeyChecker)
	if !ok {
		return
	}
	for i := range m.kind.kind.Attributes {
		a := &m.kind.kind.Attributes[i]
		if a.KeysOf == nil || !m.block.Resource.Writes(a.Name) {
			continue
		}
		known, _ := e.run.blocks.knownKeys(e.kind(m.kind.account.name, m.kind.account.schema.Kind(a.KeysOf.Kind)), a)
		checks := make(map[string]func(schema.Field) error, len(known))
		for key, named := range known {
			checks[a.Name+"."+key] = checker.KeyCheck(named)
		}
		for n := range m.desired {
			for _, f := range m.desired[n].Of(a.Name) {
				check := checks[f.Path]
				if check == nil || !f.Value.IsKnown() || f.Value.IsAbsent() {
					continue
				}
				err := Quiet(check(f), m.kind.kind, m.desired[n].Fields())
				if rule := m.skips(err); rule != nil {
					m.desired[n] = m.desired[n].Wants(omitted(m.desired[n].Fields(), f.Path))
					e.omit(m, &expanded[n], f.Path, err)
				}
			}
		}
	}
}

// skipped tells of the values of a mapping that stay as they are, once for each
// field.
func (e mappingBlocks) skipped(m *mappingBlock) (diags hcl.Diagnostics) {
	byPath := map[string][]unusable{}
	for _, v := range m.invalid {
		byPath[v.path] = append(byPath[v.path], v)
	}
	for _, path := range slices.Sorted(maps.Keys(byPath)) {
		diags = append(diags, e.skippedField(m, path, byPath[path]))
	}
	return diags
}

// skippedField tells of the values of one field, or of the matches, that stay as
// they are, with whom and what each is about.
func (e mappingBlocks) skippedField(m *mappingBlock, path string, values []unusable) *hcl.Diagnostic {
	first := values[0].problem
	d := &hcl.Diagnostic{Severity: hcl.DiagWarning, Subject: first.Subject, Extra: &Detail{Address: m.block.Address().String()}}
	what := path
	if path == "" {
		what = "all of it"
	}
	d.Summary = fmt.Sprintf("%s: %s of %s leave %s as it is", m.block.Address(), schema.Thousands(len(values)), schema.Thousands(len(m.desired)+len(m.held)), what)
	lines := []string{"The value cannot be used:", ""}
	for i, v := range values {
		if i == maxTold {
			lines = append(lines, "  and "+schema.Thousands(len(values)-i)+" more")
			break
		}
		at := v.address.String()
		if origin := e.Evaluator.Origin(v.address); origin != "" {
			at += " (" + origin + ")"
		}
		lines = append(lines, "  "+at+": "+v.problem.Detail)
	}
	d.Detail = strings.Join(lines, "\n") + "\n\nAll else goes on. Correct the value, or write invalid = \"error\" to stop at it."
	return d
}

// invalid is how many instances of mappings are left as they are, if only in one
// field.
func (bs *blocks) invalid() int {
	odd := map[schema.Address]bool{}
	for _, m := range bs.mappings {
		for _, v := range m.invalid {
			odd[v.address] = true
		}
	}
	return len(odd)
}
