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

// Origin says where the data of an instance was read from, "leads.csv:118",
// when its each.value is a row of a CSV file; otherwise it is empty. It
// searches the decoded tables, so it is for errors only.
func (e *Evaluator) Origin(a schema.Address) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, b := range e.blocks {
		if r := b.Resource; r.Data == a.Data && r.Type == a.Kind && r.Name == a.Name && staticPath(a.Module) == b.Module {
			s, item, _ := e.instance(b, a)
			if s == nil {
				return ""
			}
			value := item.each()
			if value == cty.NilVal {
				return ""
			}
			table, line := e.rowOf(value)
			if table == nil {
				return ""
			}
			return table.Path + ":" + strconv.Itoa(line)
		}
	}
	return ""
}

// staticPath takes the keys out of a module path.
func staticPath(path string) string {
	if !strings.Contains(path, "[") {
		return path
	}
	a, err := schema.ParseAddress(path + ".x.x")
	if err != nil {
		return path
	}
	var names []string
	rest := a.Module
	for rest != "" {
		rest = strings.TrimPrefix(rest, "module.")
		end := strings.IndexAny(rest, ".[")
		if end < 0 {
			names = append(names, "module."+rest)
			break
		}
		names = append(names, "module."+rest[:end])
		rest = rest[end:]
		if strings.HasPrefix(rest, `["`) {
			quoted, err := strconv.QuotedPrefix(rest[1:])
			if err != nil {
				return path
			}
			rest = rest[1+len(quoted)+1:]
		} else if i := strings.IndexByte(rest, ']'); i >= 0 && rest[0] == '[' {
			rest = rest[i+1:]
		}
		rest = strings.TrimPrefix(rest, ".")
	}
	return strings.Join(names, ".")
}

// rowOf finds the row that a value was made of: the only one that agrees with
// the value in all columns that both have.
func (e *Evaluator) rowOf(v cty.Value) (*functions.Table, int) {
	v, _ = v.UnmarkDeep()
	if !v.IsKnown() || v.IsNull() || !v.Type().IsObjectType() {
		return nil, 0
	}
	var table *functions.Table
	line := 0
	for _, t := range e.library.Tables() {
		if t.Path == "" {
			continue
		}
		columns := sharedColumns(t, v)
		if len(columns) == 0 {
			continue
		}
		for i := range t.Len() {
			if !agrees(t.Row(i), v, columns) {
				continue
			}
			if table != nil && len(columns) < len(t.Columns) {
				return nil, 0
			}
			if table == nil {
				table, line = t, t.Row(i).Line()
			}
		}
	}
	return table, line
}

// sharedColumns are the columns that an object has as well. A value with
// fewer than half of them is not taken for a row.
func sharedColumns(t *functions.Table, v cty.Value) []string {
	var shared []string
	for _, column := range t.Columns {
		if v.Type().HasAttribute(column) && v.Type().AttributeType(column) == cty.String {
			shared = append(shared, column)
		}
	}
	if 2*len(shared) < len(t.Columns) {
		return nil
	}
	return shared
}

func agrees(row functions.Row, v cty.Value, columns []string) bool {
	for _, column := range columns {
		text, _ := row.Text(column)
		if got := v.GetAttr(column); !got.IsKnown() || got.IsNull() || got.AsString() != text {
			return false
		}
	}
	return true
}

// duplicateKey explains which rows of a table have the same key. It returns
// nil for all but the first diagnostic of one expression and key.
func (e *Evaluator) duplicateKey(d *hcl.Diagnostic, expr hclsyntax.Expression) *hcl.Diagnostic {
	if len(e.duplicates) >= shownKeys {
		// Finding the rows of a key is a search of its own.
		e.moreDuplicates++
		return nil
	}
	loop := findLoop(expr, *d.Subject)
	if loop == nil || d.EvalContext == nil || d.EvalContext.Parent() == nil {
		return d
	}
	key, ok := loopKey(loop, d.EvalContext)
	if !ok {
		return d
	}
	if e.duplicates[key] {
		return nil
	}
	if e.duplicates == nil {
		e.duplicates = map[string]bool{}
	}
	e.duplicates[key] = true
	better := *d
	better.Detail = fmt.Sprintf("%s the key %q. Remove all but one, make the keys different, or group them with ... after the value.", e.itemsWithKey(loop, d.EvalContext.Parent(), key), key)
	return &better
}

// closeDuplicates ends the explanation of one expression's duplicates.
func (e *Evaluator) closeDuplicates(diags hcl.Diagnostics) {
	if n := e.moreDuplicates; n > 0 && len(diags) > 0 {
		diags[len(diags)-1].Detail += fmt.Sprintf("\n\nAfter the keys named here there are %d more items whose key another item has.", n)
	}
	e.duplicates, e.moreDuplicates = nil, 0
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
func (e *Evaluator) itemsWithKey(loop *hclsyntax.ForExpr, ctx *hcl.EvalContext, key string) string {
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
		if table, line := e.line(collection, n, v); table != nil {
			file = table.Path
			lines = append(lines, strconv.Itoa(line))
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

// line finds the line of the n-th item of a collection: by position when the
// collection is a table as it was decoded, which tells equal rows apart.
func (e *Evaluator) line(collection cty.Value, n int, v cty.Value) (*functions.Table, int) {
	for _, t := range e.library.Tables() {
		if t.Path != "" && collection.Type().IsListType() && collection.LengthInt() == t.Len() && agreesWith(t, n, v) {
			return t, t.Row(n).Line()
		}
	}
	return e.rowOf(v)
}

func agreesWith(t *functions.Table, n int, v cty.Value) bool {
	columns := sharedColumns(t, v)
	return len(columns) == len(t.Columns) && agrees(t.Row(n), v, columns)
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

// place is "main.hcl:3".
func place(r hcl.Range) string { return r.Filename + ":" + strconv.Itoa(r.Start.Line) }
