package eval

import (
	"fmt"
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

// noColumn sums up that the rows of a table have no such column.
const noColumn = "No such column"

// noAttribute adds to the error of a missing attribute what the object has: the
// attribute with a similar name, or else all of them. Of a row it names the file
// and its header, once for all rows: then nil is returned.
func (x *explanation) noAttribute(d *hcl.Diagnostic) *hcl.Diagnostic {
	wanted, of := missing(d)
	if wanted == "" {
		return d
	}
	row := x.s.e.rowOfValue(of)
	if row.IsZero() || row.Path() == "" {
		return lacking(d, wanted, of)
	}
	told := d.Subject.String() + wanted
	if x.columns[told] {
		return nil
	}
	if x.columns == nil {
		x.columns = map[string]bool{}
	}
	x.columns[told] = true
	better := *d
	better.Summary, better.Extra = noColumn, nil
	better.Detail = fmt.Sprintf("%s has no column %q.%s Its header is: %s.", row.Path(), wanted, schema.DidYouMean(wanted, row.Columns()), shortList(row.Columns()))
	// A row would look as if it were at fault.
	better.Expression, better.EvalContext = nil, nil
	return &better
}

// lacking tells what an object has instead of the attribute that is wanted.
func lacking(d *hcl.Diagnostic, wanted string, of cty.Value) *hcl.Diagnostic {
	names := slices.Sorted(maps.Keys(of.Type().AttributeTypes()))
	if len(names) == 0 || slices.ContainsFunc(names, func(name string) bool { return strings.Contains(name, "@") }) {
		return d // keys that are e-mail addresses are people, not attributes
	}
	better := *d
	if near := schema.DidYouMean(wanted, names); near != "" {
		better.Detail += near
		return &better
	}
	better.Detail += " It has: " + shortList(names) + "."
	return &better
}

// shortList names the first of many.
func shortList(names []string) string {
	if more := len(names) - toldAttributes; more > 0 {
		names = append(slices.Clone(names[:toldAttributes]), "and "+strconv.Itoa(more)+" more")
	}
	return strings.Join(names, ", ")
}

// named says which function an argument does not suit.
func named(d *hcl.Diagnostic) *hcl.Diagnostic {
	call, ok := hcl.DiagnosticExtra[hclsyntax.FunctionCallDiagExtra](d)
	rest, found := strings.CutPrefix(d.Detail, "Invalid value for ")
	if !ok || !found {
		return d
	}
	parameter, problem, _ := strings.Cut(rest, " parameter: ")
	better := *d
	better.Detail = fmt.Sprintf("The argument %s of %s does not fit: %s", parameter, call.CalledFunctionName(), problem)
	return &better
}

// missing finds the attribute that an object lacks, and the object. The name is
// empty for any other error.
func missing(d *hcl.Diagnostic) (wanted string, of cty.Value) {
	step, of := failing(d)
	if attribute, ok := step.(hcl.TraverseAttr); ok && of.Type().IsObjectType() {
		return attribute.Name, of
	}
	return "", cty.NilVal
}

// noKey names the key that a map does not have, and one with a similar name or else
// all of them.
func noKey(d *hcl.Diagnostic) *hcl.Diagnostic {
	step, of := failing(d)
	index, ok := step.(hcl.TraverseIndex)
	if !ok || !of.Type().IsMapType() || !of.IsWhollyKnown() || index.Key.Type() != cty.String {
		return d
	}
	wanted := index.Key.AsString()
	keys := slices.Sorted(maps.Keys(of.AsValueMap()))
	if slices.ContainsFunc(append(keys, wanted), func(key string) bool { return strings.Contains(key, "@") }) {
		return d // people, as in lacking
	}
	better := *d
	better.Summary = "No such key"
	better.Detail = fmt.Sprintf("The map has no key %q.", wanted)
	switch near := schema.DidYouMean(wanted, keys); {
	case near != "":
		better.Detail += near
	case len(keys) == 0:
		better.Detail += " It is empty."
	default:
		better.Detail += " It has: " + shortList(keys) + "."
	}
	return &better
}

// failing finds the first step of an expression that failed, and the value that it
// starts from; nil when it is not seen.
func failing(d *hcl.Diagnostic) (hcl.Traverser, cty.Value) {
	var v cty.Value
	var steps hcl.Traversal
	switch expr := d.Expression.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		v, _ = expr.Traversal[:1].TraverseAbs(d.EvalContext)
		steps = expr.Traversal[1:]
	case *hclsyntax.RelativeTraversalExpr:
		v, _ = expr.Source.Value(d.EvalContext)
		steps = expr.Traversal
	case *hclsyntax.IndexExpr:
		v, _ = expr.Collection.Value(d.EvalContext)
		key, diags := expr.Key.Value(d.EvalContext)
		if diags.HasErrors() || key.IsMarked() || !key.IsKnown() || key.IsNull() {
			return nil, cty.NilVal
		}
		steps = hcl.Traversal{hcl.TraverseIndex{Key: key}}
	}
	for i, step := range steps {
		if v.IsMarked() {
			return nil, cty.NilVal
		}
		next, diags := steps[i : i+1].TraverseRel(v)
		if diags.HasErrors() {
			return step, v
		}
		v = next
	}
	return nil, cty.NilVal
}
