package eval

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"lockstep/schema"
	"lockstep/schema/config"
)

// Summaries of rules that do not hold. Their details are the rules' own
// messages, which may be made of any value.
const (
	BrokenVariable      = "Invalid value for variable"
	BrokenPrecondition  = "Precondition failed"
	BrokenPostcondition = "Postcondition failed"
	BrokenOutput        = "Output precondition failed"
	BrokenCheck         = "Check failed"
)

// rules checks conditions of one kind.
type rules struct {
	s *scope
	// extra are names that only these rules know, such as each and self.
	extra    map[string]cty.Value
	summary  string
	severity hcl.DiagnosticSeverity
}

// check checks conditions. One that is not known yet is not broken yet.
func (r *rules) check(conditions []*config.Condition) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, c := range conditions {
		_, more := r.condition(c)
		diags = append(diags, more...)
	}
	return diags
}

// condition checks one condition; holds is unknown when the condition is.
func (r *rules) condition(c *config.Condition) (holds cty.Value, diags hcl.Diagnostics) {
	defer beginAt(r.s.e, "a condition", c.Condition)()
	refs := r.s.e.references(c.Condition)
	ctx, diags := r.s.context(refs, r.extra)
	v, more := r.s.evalIn(c.Condition, ctx, refs)
	if diags = append(diags, more...); diags.HasErrors() {
		return cty.UnknownVal(cty.Bool), diags
	}
	v, _ = v.UnmarkDeep()
	v, err := convert.Convert(v, cty.Bool)
	switch {
	case err != nil || v.IsNull():
		return cty.UnknownVal(cty.Bool), append(diags, errorAt(c.Condition.Range(), "Invalid condition", "A condition is true or false.")...)
	case !v.IsKnown() || v.True():
		return v, diags
	}
	return v, append(diags, &hcl.Diagnostic{
		Severity: r.severity, Summary: r.summary, Detail: r.message(c), Subject: c.Condition.Range().Ptr(),
		Expression: c.Condition, EvalContext: ctx,
	})
}

// message is the condition's own message.
func (r *rules) message(c *config.Condition) string {
	v, diags := r.s.eval(c.Message, r.extra)
	switch {
	case isSensitive(v):
		return "(sensitive value)"
	case diags.HasErrors():
		return "The rule is broken, and its error_message cannot be evaluated: " + diags[0].Detail
	}
	v, _ = v.UnmarkDeep()
	text, err := convert.Convert(v, cty.String)
	if err != nil || !text.IsKnown() || text.IsNull() {
		return "The rule is broken."
	}
	return text.AsString()
}

func (b *body) preconditions(item *item, found *findings) {
	if len(b.block.Lifecycle.Preconditions) == 0 {
		return
	}
	r := rules{s: b.scope, extra: item.variables(), summary: BrokenPrecondition, severity: hcl.DiagError}
	found.add(item, r.check(b.block.Lifecycle.Preconditions))
}

// Postconditions checks the rules of one instance against the object that it
// became, which the rules call self.
func (e *Evaluator) Postconditions(b *Block, a schema.Address, self cty.Value) hcl.Diagnostics {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(b.Resource.Lifecycle.Postconditions) == 0 {
		return nil
	}
	s, item, diags := e.root.instance(b, a)
	if s == nil {
		return diags
	}
	extra := map[string]cty.Value{"self": self}
	for name, v := range item.variables() {
		extra[name] = v
	}
	r := rules{s: s, extra: extra, summary: BrokenPostcondition, severity: hcl.DiagError}
	found := &findings{scope: s, block: b.Resource}
	found.add(&item, r.check(b.Resource.Lifecycle.Postconditions))
	return append(diags, found.diagnostics()...)
}

// The results of a check.
const (
	CheckPass    = "pass"
	CheckFail    = "fail"
	CheckUnknown = "unknown"
)

// CheckResult is what became of one check block in one module instance.
type CheckResult struct {
	// Address is "check.name", within its module.
	Address string
	// Status is CheckPass, CheckFail or CheckUnknown.
	Status string
	// Diagnostics are warnings: a check never stops a run.
	Diagnostics hcl.Diagnostics
}

// Checks evaluates all check blocks.
func (e *Evaluator) Checks() []CheckResult {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.root.checks()
}

func (s *scope) checks() []CheckResult {
	var results []CheckResult
	asserts := rules{s: s, summary: BrokenCheck, severity: hcl.DiagWarning}
	for _, c := range s.module.Checks {
		result := CheckResult{Address: joinPath(s.path, "check."+c.Name), Status: CheckPass}
		for _, rule := range c.Asserts {
			holds, diags := asserts.condition(rule)
			for _, d := range diags {
				// Even a rule that cannot be evaluated is only a warning.
				warning := *d
				warning.Severity = hcl.DiagWarning
				result.Diagnostics = append(result.Diagnostics, &warning)
			}
			switch {
			case len(diags) > 0:
				result.Status = CheckFail
			case !holds.IsKnown() && result.Status == CheckPass:
				result.Status = CheckUnknown
			}
		}
		results = append(results, result)
	}
	for _, name := range slices.Sorted(maps.Keys(s.module.Calls)) {
		children, _ := s.calls(s.module.Calls[name])
		for _, child := range children {
			results = append(results, child.checks()...)
		}
	}
	return results
}

func joinPath(module, name string) string {
	if module == "" {
		return name
	}
	return module + "." + name
}
