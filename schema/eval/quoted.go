package eval

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
)

// maxQuoted is how long a text is that an error may quote, in bytes.
const maxQuoted = 1000

// unquoted takes away from diagnostics what they would quote, where that is a text
// of such a length that the reader would find nothing else.
func unquoted(diags hcl.Diagnostics) hcl.Diagnostics {
	kept := slices.Clone(diags)
	for i, d := range kept {
		if quotesMuch(d) {
			c := *d
			c.Expression, c.EvalContext = nil, nil
			kept[i] = &c
		}
	}
	return kept
}

func quotesMuch(d *hcl.Diagnostic) bool {
	if d.Expression == nil || d.EvalContext == nil {
		return false
	}
	return slices.ContainsFunc(d.Expression.Variables(), func(name hcl.Traversal) bool {
		v, diags := name.TraverseAbs(d.EvalContext)
		if diags.HasErrors() {
			return false
		}
		t, ok := textOf(v)
		return ok && len(t.text) > maxQuoted
	})
}
