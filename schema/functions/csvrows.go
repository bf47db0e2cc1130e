package functions

import (
	"fmt"
	"slices"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// numberColumn is what csvrows adds to the columns.
const numberColumn = "line"

// csvrowsFunc reads a table from a file: csvrows("leads.csv"), or with options
// csvrows("leads.csv", { empty = null }).
func (l *Library) csvrowsFunc() function.Function {
	spec := &function.Spec{
		Description: "Reads the rows of a CSV file as csvdecode does, and adds to each the number of its line. The file is UTF-8, its first line names the columns, and commas separate the fields.",
		Params:      []function.Parameter{{Name: "path", Type: cty.String, Description: "The file, relative to the module."}},
		VarParam: &function.Parameter{Name: "options", Type: cty.DynamicPseudoType,
			Description: "{ empty = null } makes empty cells null, which leaves a field alone; without it they are empty texts, which clear one."},
	}
	return tableFunc(spec, func(args []cty.Value) (cty.Value, error) {
		nulls, err := emptyOption(args[1:])
		if err != nil {
			return cty.DynamicVal, err
		}
		text, err := l.readText(args[0].AsString())
		if err != nil {
			return cty.DynamicVal, err
		}
		t, err := l.Table(text.AsString())
		if err != nil {
			return cty.DynamicVal, err
		}
		return t.withLines(nulls)
	})
}

// emptyOption reads the options of csvrows: whether empty cells are null.
func emptyOption(options []cty.Value) (nulls bool, err error) {
	if len(options) == 0 {
		return false, nil
	}
	if given := options[0]; len(options) == 1 && given.Type().IsObjectType() && given.LengthInt() == 1 && given.Type().HasAttribute("empty") {
		if empty := given.GetAttr("empty"); empty.IsNull() || empty.RawEquals(cty.StringVal("")) {
			return empty.IsNull(), nil
		}
	}
	return false, function.NewArgErrorf(1, `after the path there are at most the options { empty = null }, which make empty cells null, or { empty = "" }, which is the default`)
}

// withLines are the rows with the number of their line. With nulls, empty cells
// are null.
func (t *Table) withLines(nulls bool) (cty.Value, error) {
	if rows, ok := t.numbered[nulls]; ok {
		return rows, nil
	}
	if slices.Contains(t.Columns, numberColumn) {
		return cty.DynamicVal, fmt.Errorf("%s has a column named line, which csvrows uses for the number of the line; rename it, or use csvdecode", t.Path)
	}
	empty := cty.StringVal("")
	if nulls {
		empty = cty.NullVal(cty.String)
	}
	rows := t.listOf(map[string]cty.Type{numberColumn: cty.Number}, func(r Row) cty.Value {
		attributes := r.attributes(empty)
		attributes[numberColumn] = cty.NumberIntVal(int64(r.Line()))
		return cty.ObjectVal(attributes)
	})
	if t.numbered == nil {
		t.numbered = map[bool]cty.Value{}
	}
	t.numbered[nulls] = rows
	return rows, nil
}
