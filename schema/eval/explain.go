package eval

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
	"lockstep/schema/config"
)

// explanation says in plain words why an expression failed.
type explanation struct {
	s    *scope
	expr hclsyntax.Expression
	ctx  *hcl.EvalContext
	refs []config.Reference
	// columns are those that were told to be missing.
	columns map[string]bool
}

// shownKeys is how many keys that do not fit are searched for.
const shownKeys = 5

// of words errors better that the language words in general terms: keys without
// instance, attributes that an object does not have, and rows of a table with the
// same key.
func (x *explanation) of(diags hcl.Diagnostics) hcl.Diagnostics {
	if usesSensitive(x.expr, x.ctx) {
		return redact(diags)
	}
	explained := make(hcl.Diagnostics, 0, len(diags))
	for _, d := range diags {
		if d.Subject == nil {
			explained = append(explained, d)
			continue
		}
		d = named(d)
		if d.Summary != "Duplicate object key" {
			d = x.inLoop(d)
		}
		switch d.Summary {
		case "Invalid index":
			if better := x.noInstance(d); better != d {
				d = better
			} else {
				d = noKey(d)
			}
		case "Unsupported attribute":
			if d = x.noAttribute(d); d == nil {
				continue
			}
		case "Invalid object key":
			d = withAdvice(d, "Items without a key are left out by a condition at the end of the loop: if … != null.")
		case "Duplicate object key":
			if d = x.s.e.duplicates.explain(d, x.expr); d == nil {
				continue
			}
		}
		explained = append(explained, d)
	}
	x.s.e.duplicates.close(explained)
	return explained
}

// withAdvice is a diagnostic with one more sentence.
func withAdvice(d *hcl.Diagnostic, advice string) *hcl.Diagnostic {
	better := *d
	better.Detail += " " + advice
	return &better
}

// usesSensitive reports whether an expression refers to a sensitive value.
func usesSensitive(expr hclsyntax.Expression, ctx *hcl.EvalContext) bool {
	for _, t := range expr.Variables() {
		if v, diags := t.TraverseAbs(ctx); !diags.HasErrors() && isSensitive(v) {
			return true
		}
	}
	return false
}

// quoting are the errors whose text may quote a value.
var quoting = map[string]bool{"Error in function call": true, "Invalid function argument": true, "Duplicate object key": true}

// redact takes from diagnostics what could show a sensitive value: functions
// quote their arguments, and loops name their items.
func redact(diags hcl.Diagnostics) hcl.Diagnostics {
	redacted := make(hcl.Diagnostics, 0, len(diags))
	for _, d := range diags {
		safe := *d
		safe.Expression, safe.EvalContext = nil, nil
		if quoting[d.Summary] {
			safe.Detail = "The reason is not shown, because it could quote a value that is sensitive: (sensitive value)."
		}
		redacted = append(redacted, &safe)
	}
	return redacted
}

// noInstance names the instance that does not exist, and one with a similar key.
func (x *explanation) noInstance(d *hcl.Diagnostic) *hcl.Diagnostic {
	for _, ref := range x.refs {
		if ref.Key == nil || !overlaps(ref.Range, *d.Subject) {
			continue
		}
		key, diags := ref.Key.Value(x.ctx)
		names, declared, ok := x.instanceNames(ref)
		if !ok || diags.HasErrors() {
			continue
		}
		better := *d
		better.Summary = "No such instance"
		better.Detail = noInstanceDetail(ref, key, names) + " Its instances are declared at " + place(declared) + "."
		// Only the instances that were asked for are in the context, which
		// would look as if there were no others.
		better.Expression, better.EvalContext = nil, nil
		return &better
	}
	return d
}

// instanceNames are the keys of the instances of a block or module, and the
// place of its declaration.
func (x *explanation) instanceNames(ref config.Reference) (names []string, declared hcl.Range, ok bool) {
	if ref.Kind == config.RefModule {
		c := x.s.module.Calls[ref.Name]
		children, _ := x.s.calls(c)
		for _, child := range children {
			names = append(names, keyText(child.key))
		}
		return names, c.Range, true
	}
	r := x.s.module.Resource(ref.Data, ref.Type, ref.Name)
	if r == nil {
		return nil, hcl.Range{}, false
	}
	source := x.s.e.provided.source(r)
	if source == nil {
		return nil, hcl.Range{}, false
	}
	if x.s.e.searches++; x.s.e.searches > shownKeys {
		// The first few findings are shown; a search for each would be
		// quadratic.
		return nil, r.Range, true
	}
	for _, key := range source.Keys(x.s.path) {
		names = append(names, keyText(key))
	}
	return names, r.Range, true
}

func noInstanceDetail(ref config.Reference, key cty.Value, names []string) string {
	if key.IsMarked() {
		return ref.String() + " has no instance (sensitive value)."
	}
	k, ok := config.InstanceKey(key)
	if !ok {
		return "The instances of " + ref.String() + " are named by texts or whole numbers."
	}
	return ref.String() + " has no instance " + k.String() + "." + schema.DidYouMean(keyText(k), names)
}

func overlaps(outer, inner hcl.Range) bool {
	return outer.Filename == inner.Filename && outer.Start.Byte <= inner.Start.Byte && inner.End.Byte <= outer.End.Byte
}
