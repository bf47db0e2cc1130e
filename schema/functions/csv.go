package functions

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// byteOrderMark starts files saved by some spreadsheet programs.
const byteOrderMark = "\ufeff"

// Table is what was decoded from one CSV text.
type Table struct {
	// Path is the file, as the configuration names it; empty when the text
	// was not read from a file.
	Path string
	// Columns are the names of the header.
	Columns []string
	// Rows are objects with one attribute for each column.
	Rows []cty.Value
	// Lines are the lines, from 1, on which the rows start.
	Lines []int

	value    cty.Value
	numbered cty.Value
}

// Tables are the tables decoded so far, in the order of their decoding.
func (l *Library) Tables() []*Table { return l.order }

func (l *Library) csvdecodeFunc() function.Function {
	return tableFunc("str", func(text string) (cty.Value, error) {
		t, err := l.decode(text)
		if err != nil {
			return cty.DynamicVal, err
		}
		return t.value, nil
	})
}

func (l *Library) csvrowsFunc() function.Function {
	return tableFunc("path", func(name string) (cty.Value, error) {
		text, err := l.readText(name)
		if err != nil {
			return cty.DynamicVal, err
		}
		t, err := l.decode(text.AsString())
		if err != nil {
			return cty.DynamicVal, err
		}
		return t.withLines()
	})
}

// tableFunc makes a function whose type depends on the header of a table.
func tableFunc(param string, decode func(string) (cty.Value, error)) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: param, Type: cty.String}},
		Type: func(args []cty.Value) (cty.Type, error) {
			if !args[0].IsKnown() {
				return cty.DynamicPseudoType, nil
			}
			v, err := decode(args[0].AsString())
			return v.Type(), err
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return decode(args[0].AsString()) },
	})
}

// decode decodes a text once.
func (l *Library) decode(text string) (*Table, error) {
	if t, ok := l.tables[text]; ok {
		return t, nil
	}
	t := &Table{Path: l.origin[text]}
	where := "the CSV text"
	if t.Path != "" {
		where = t.Path
	}
	if err := t.parse(text, where); err != nil {
		return nil, err
	}
	l.tables[text] = t
	l.order = append(l.order, t)
	return t, nil
}

func (t *Table) parse(text, where string) error {
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, byteOrderMark)))
	r.FieldsPerRecord = -1
	r.ReuseRecord = true
	if err := t.header(r, where); err != nil {
		return err
	}
	types := make(map[string]cty.Type, len(t.Columns))
	for _, column := range t.Columns {
		types[column] = cty.String
	}
	row := make(map[string]cty.Value, len(t.Columns))
	for {
		record, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return csvError(where, err)
		}
		line, _ := r.FieldPos(0)
		if len(record) != len(t.Columns) {
			return fmt.Errorf("%s line %d has %d fields, and the header has %d; a field that contains a comma stands in double quotes", where, line, len(record), len(t.Columns))
		}
		for i, field := range record {
			row[t.Columns[i]] = cty.StringVal(field)
		}
		t.Rows = append(t.Rows, cty.ObjectVal(row))
		t.Lines = append(t.Lines, line)
	}
	t.value = cty.ListValEmpty(cty.Object(types))
	if len(t.Rows) > 0 {
		t.value = cty.ListVal(t.Rows)
		// As elements of a list, the rows share one type instead of having one
		// each.
		t.Rows = t.value.AsValueSlice()
	}
	return nil
}

func (t *Table) header(r *csv.Reader, where string) error {
	header, err := r.Read()
	if err == io.EOF {
		return fmt.Errorf("%s is empty; its first line names the columns", where)
	}
	if err != nil {
		return csvError(where, err)
	}
	if separator := strings.IndexAny(header[0], ";\t"); len(header) == 1 && separator >= 0 {
		return fmt.Errorf("%s line 1 is one column, %q: it seems that %s separate the fields; save the file with commas", where, header[0],
			map[byte]string{';': "semicolons", '\t': "tabs"}[header[0][separator]])
	}
	seen := map[string]int{}
	for i, name := range header {
		// The record is reused by the reader.
		name = strings.Clone(name)
		if strings.TrimSpace(name) == "" {
			return fmt.Errorf("%s line 1: column %d has no name", where, i+1)
		}
		if first, ok := seen[name]; ok {
			return fmt.Errorf("%s line 1: columns %d and %d are both named %q", where, first, i+1, name)
		}
		seen[name] = i + 1
		t.Columns = append(t.Columns, name)
	}
	return nil
}

// csvError words what is wrong with a CSV text.
func csvError(where string, err error) error {
	var parse *csv.ParseError
	if !errors.As(err, &parse) {
		return fmt.Errorf("%s: %w", where, err)
	}
	switch {
	case errors.Is(parse.Err, csv.ErrBareQuote):
		return fmt.Errorf("%s line %d column %d: a double quote stands inside a field without quotes; put the field in quotes and write the inner quote twice", where, parse.Line, parse.Column)
	case errors.Is(parse.Err, csv.ErrQuote):
		return fmt.Errorf("%s line %d: the quoted field that starts on line %d does not end properly; a quote inside it is written twice", where, parse.Line, parse.StartLine)
	default:
		return fmt.Errorf("%s line %d: %w", where, parse.Line, parse.Err)
	}
}

// withLines are the rows with the number of their line.
func (t *Table) withLines() (cty.Value, error) {
	if t.numbered != cty.NilVal {
		return t.numbered, nil
	}
	types := map[string]cty.Type{"line": cty.Number}
	for _, column := range t.Columns {
		if column == "line" {
			return cty.DynamicVal, fmt.Errorf("%s has a column named line, which csvrows uses for the number of the line; rename it, or use csvdecode", t.Path)
		}
		types[column] = cty.String
	}
	rows := make([]cty.Value, len(t.Rows))
	for i, row := range t.Rows {
		attributes := row.AsValueMap()
		attributes["line"] = cty.NumberIntVal(int64(t.Lines[i]))
		rows[i] = cty.ObjectVal(attributes)
	}
	t.numbered = cty.ListValEmpty(cty.Object(types))
	if len(rows) > 0 {
		t.numbered = cty.ListVal(rows)
	}
	return t.numbered, nil
}
