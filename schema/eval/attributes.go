package eval

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

// toldAttributes is how many attributes of an object are told.
const toldAttributes = 12

// noAttribute adds to the error of a missing attribute what the object has: the
// attribute with a similar name, or else all of them, such as the columns of a
// row.
func noAttribute(d *hcl.Diagnostic) *hcl.Diagnostic {
	wanted, names := missing(d)
	if len(names) == 0 || slices.ContainsFunc(names, func(name string) bool { return strings.Contains(name, "@") }) {
		return d // keys that are e-mail addresses are people, not attributes
	}
	better := *d
	if near := schema.DidYouMean(wanted, names); near != "" {
		better.Detail += near
		return &better
	}
	if more := len(names) - toldAttributes; more > 0 {
		names = append(names[:toldAttributes], "and "+strconv.Itoa(more)+" more")
	}
	better.Detail += " It has: " + strings.Join(names, ", ") + "."
	return &better
}

// missing finds the first step of an expression that failed because the object
// before it has no such attribute, and the names that the object has. Both are
// empty for any other error.
func missing(d *hcl.Diagnostic) (wanted string, names []string) {
	var v cty.Value
	var steps hcl.Traversal
	switch expr := d.Expression.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		v, _ = expr.Traversal[:1].TraverseAbs(d.EvalContext)
		steps = expr.Traversal[1:]
	case *hclsyntax.RelativeTraversalExpr:
		v, _ = expr.Source.Value(d.EvalContext)
		steps = expr.Traversal
	default:
		return "", nil
	}
	for i, step := range steps {
		ty := v.Type()
		if attribute, ok := step.(hcl.TraverseAttr); ok && ty.IsObjectType() && !ty.HasAttribute(attribute.Name) {
			return attribute.Name, slices.Sorted(maps.Keys(ty.AttributeTypes()))
		}
		next, diags := steps[i : i+1].TraverseRel(v)
		if diags.HasErrors() {
			return "", nil
		}
		v = next
	}
	return "", nil
}
