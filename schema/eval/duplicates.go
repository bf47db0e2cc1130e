package eval

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"lockstep/schema"
	"lockstep/schema/functions"
)

// duplicates explains items of one loop that have the same key.
type duplicates struct {
	// tables are the tables decoded so far.
	tables func() []*functions.Table
	// explained are the keys of one expression.
	explained map[string]bool
	// more counts the items whose keys were not explained.
	more int
}

// explain says which rows of a table have the same key. It returns
// nil for all but the first diagnostic of one expression and key.
func (d *duplicates) explain(diag *hcl.Diagnostic, expr hclsyntax.Expression) *hcl.Diagnostic {
	if len(d.explained) >= shownKeys {
		// Finding the rows of a key is a search of its own.
		d.more++
		return nil
	}
	loop := findLoop(expr, *diag.Subject)
	if loop == nil || diag.EvalContext == nil || diag.EvalContext.Parent() == nil {
		return diag
	}
	key, ok := loopKey(loop, diag.EvalContext)
	if !ok {
		return diag
	}
	if d.explained[key] {
		return nil
	}
	if d.explained == nil {
		d.explained = map[string]bool{}
	}
	d.explained[key] = true
	better := *diag
	better.Detail = fmt.Sprintf("%s the key %q. Remove all but one, make the keys different, or group them with ... after the value.", d.itemsWithKey(loop, diag.EvalContext.Parent(), key), key)
	if key == "" {
		better.Detail += " Items without a key are left out by a condition at the end of the loop: if … != \"\"."
	}
	return &better
}

// close ends the explanation of one expression's duplicates.
func (d *duplicates) close(diags hcl.Diagnostics) {
	if n := d.more; n > 0 && len(diags) > 0 {
		diags[len(diags)-1].Detail += fmt.Sprintf("\n\nAfter the keys named here there are %s more items whose key another item has.", schema.Thousands(n))
	}
	d.explained, d.more = nil, 0
}

// findLoop finds the for expression whose key is at a range.
func findLoop(expr hclsyntax.Expression, at hcl.Range) *hclsyntax.ForExpr {
	var found *hclsyntax.ForExpr
	// The callback reports nothing.
	_ = hclsyntax.VisitAll(expr, func(node hclsyntax.Node) hcl.Diagnostics {
		if loop, ok := node.(*hclsyntax.ForExpr); ok && loop.KeyExpr != nil && loop.KeyExpr.Range() == at {
			found = loop
		}
		return nil
	})
	return found
}

func loopKey(loop *hclsyntax.ForExpr, ctx *hcl.EvalContext) (string, bool) {
	v, diags := loop.KeyExpr.Value(ctx)
	if diags.HasErrors() || v.IsMarked() {
		return "", false
	}
	text, err := convert.Convert(v, cty.String)
	if err != nil || !text.IsKnown() || text.IsNull() {
		return "", false
	}
	return text.AsString(), true
}

// itemsWithKey says which items of a loop give a key: "leads.csv lines 3 and
// 17 both give".
func (d *duplicates) itemsWithKey(loop *hclsyntax.ForExpr, ctx *hcl.EvalContext, key string) string {
	collection, diags := loop.CollExpr.Value(ctx)
	if diags.HasErrors() {
		return "Several items give"
	}
	collection, _ = collection.Unmark()
	var lines, positions []string
	var file string
	n := 0
	for it := collection.ElementIterator(); it.Next(); n++ {
		k, v := it.Element()
		child := ctx.NewChild()
		child.Variables = map[string]cty.Value{loop.ValVar: v}
		if loop.KeyVar != "" {
			child.Variables[loop.KeyVar] = k
		}
		if got, ok := loopKey(loop, child); !ok || got != key || excludedByCondition(loop, child) {
			continue
		}
		positions = append(positions, strconv.Itoa(n+1))
		if row := tables(d.tables()).line(collection, n, v); !row.IsZero() {
			file = row.Path()
			lines = append(lines, strconv.Itoa(row.Line()))
		}
	}
	if len(lines) == len(positions) && file != "" {
		return file + " lines " + andList(lines) + give(len(lines))
	}
	return "The items " + andList(positions) + give(len(positions))
}

func excludedByCondition(loop *hclsyntax.ForExpr, ctx *hcl.EvalContext) bool {
	if loop.CondExpr == nil {
		return false
	}
	v, _ := loop.CondExpr.Value(ctx)
	v, _ = v.Unmark()
	return v.IsKnown() && !v.IsNull() && v.Type() == cty.Bool && v.False()
}

func andList(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	return strings.Join(items[:len(items)-1], ", ") + " and " + items[len(items)-1]
}

func give(n int) string {
	if n == 2 {
		return " both give"
	}
	return " all give"
}
