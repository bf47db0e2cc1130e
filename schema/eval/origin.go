package eval

import (
	"strconv"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
	"lockstep/schema/functions"
)

// Origin is where the data of an instance was read from, "leads.csv:118",
// when its each.value is a row of a CSV file; otherwise it is empty. It may
// search the decoded tables, so it is for errors only.
func (e *Evaluator) Origin(a schema.Address) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, b := range e.blocks {
		if r := b.Resource; r.Data == a.Data && r.Type == a.Kind && r.Name == a.Name && schema.ModuleWithoutKeys(a.Module) == b.Module {
			s, item, _ := e.root.instance(b, a)
			if s == nil {
				return ""
			}
			return e.rowOf(&item)
		}
	}
	return ""
}

// tables find the rows that values were made of.
type tables []*functions.Table

// rowOf finds the row that a value was made of: the only one that agrees with
// the value in all columns that both have. The zero Row is none.
func (all tables) rowOf(v cty.Value) functions.Row {
	v, _ = v.UnmarkDeep()
	if !v.IsKnown() || v.IsNull() || !v.Type().IsObjectType() {
		return functions.Row{}
	}
	for _, t := range all {
		if t.Path == "" {
			continue
		}
		columns := sharedColumns(t, v)
		if len(columns) == 0 {
			continue
		}
		if len(columns) == len(t.Columns) {
			if row, ok := t.Find(textsIn(v, columns)); ok {
				return row
			}
			continue
		}
		if row, ok := onlyRow(t, v, columns); ok {
			return row
		}
	}
	return functions.Row{}
}

// onlyRow searches the row that alone agrees with a value in some columns.
func onlyRow(t *functions.Table, v cty.Value, columns []string) (found functions.Row, ok bool) {
	for i := range t.Len() {
		if !agrees(t.Row(i), v, columns) {
			continue
		}
		if ok {
			return functions.Row{}, false
		}
		found, ok = t.Row(i), true
	}
	return found, ok
}

// textsIn are the cells of a row that a value is, empty ones for null.
func textsIn(v cty.Value, columns []string) []string {
	texts := make([]string, len(columns))
	for i, column := range columns {
		if got := v.GetAttr(column); got.IsKnown() && !got.IsNull() {
			texts[i] = got.AsString()
		}
	}
	return texts
}

// line finds the row of the n-th item of a collection: by position when the
// collection is a table as it was decoded, which tells equal rows apart.
func (all tables) line(collection cty.Value, n int, v cty.Value) functions.Row {
	for _, t := range all {
		if t.Path != "" && collection.Type().IsListType() && collection.LengthInt() == t.Len() && agreesWith(t, n, v) {
			return t.Row(n)
		}
	}
	return all.rowOf(v)
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
		got := v.GetAttr(column)
		if got.IsKnown() && got.IsNull() && text == "" {
			// csvrows was asked for it.
			continue
		}
		if !got.IsKnown() || got.IsNull() || got.AsString() != text {
			return false
		}
	}
	return true
}

func agreesWith(t *functions.Table, n int, v cty.Value) bool {
	columns := sharedColumns(t, v)
	return len(columns) == len(t.Columns) && agrees(t.Row(n), v, columns)
}

// place is "main.hcl:3".
func place(r hcl.Range) string { return r.Filename + ":" + strconv.Itoa(r.Start.Line) }
