package functions

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// byteOrderMark starts files saved by some spreadsheet programs.
const byteOrderMark = "\ufeff"

// Table is what was decoded from one CSV text. It keeps texts: as values of the
// language, rows take ten times the memory, and most are only looked at.
type Table struct {
	// Path is the file, as the configuration names it; empty when the text
	// was not read from a file.
	Path string
	// Columns are the names of the header.
	Columns []string

	text string
	rows []place
	// unnamed counts the columns without name after the last one that has a name.
	unnamed int
	// value are all rows, made when first asked for; so is numbered, by whether
	// empty cells are null.
	value    cty.Value
	numbered map[bool]cty.Value
	// found are the rows by their cells, the first of equal ones; nil until a row is
	// searched for.
	found map[string]int
	// cut are the cells of one row, whose number is one less than whose.
	cut   []string
	whose int
}

// place is where a row starts: its offset in the text, and its line, from 1.
type place struct{ at, line uint32 }

// Len is how many rows there are.
func (t *Table) Len() int { return len(t.rows) }

// Row is a row by its position, from 0.
func (t *Table) Row(i int) Row { return Row{table: t, index: i} }

// Find returns the first row with these cells, one for each column.
func (t *Table) Find(cells []string) (Row, bool) {
	const between = "\x00"
	if t.found == nil {
		t.found = make(map[string]int, t.Len())
		for i := range t.rows {
			key := strings.Join(t.Row(i).cells(), between)
			if _, twice := t.found[key]; !twice {
				t.found[key] = i
			}
		}
	}
	i, ok := t.found[strings.Join(cells, between)]
	return t.Row(i), ok
}

// Row is one row of a table. The rows of one table are for one goroutine.
type Row struct {
	table *Table
	index int
}

// IsZero reports whether it is the zero Row, which is no row.
func (r Row) IsZero() bool { return r.table == nil }

// Line is the line, from 1, on which the row starts.
func (r Row) Line() int { return int(r.table.rows[r.index].line) }

// Origin is the file and the line, "leads.csv:118"; empty when the table was not
// read from a file, or there is no row.
func (r Row) Origin() string {
	if r.IsZero() || r.table.Path == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", r.table.Path, r.Line())
}

// Path is the file of the row's table; empty when that was not read from a file.
func (r Row) Path() string { return r.table.Path }

// Columns are the names in the header of the row's table. They must not be changed.
func (r Row) Columns() []string { return r.table.Columns }

// Text is the text in a column. ok is false when there is no such column.
func (r Row) Text(column string) (text string, ok bool) {
	i := slices.Index(r.table.Columns, column)
	if i < 0 {
		return "", false
	}
	return r.cells()[i], true
}

// Value is an object with one attribute for each column.
func (r Row) Value() cty.Value { return cty.ObjectVal(r.attributes(cty.StringVal(""))) }

// cells are the texts of the row, until another row is asked for.
func (r Row) cells() []string {
	t := r.table
	if t.whose != r.index+1 {
		t.cut, t.whose = appendCells(t.cut[:0], t.text[t.rows[r.index].at:], len(t.Columns)), r.index+1
	}
	return t.cut
}

// attributes are the cells by column; empty stands for those without text.
func (r Row) attributes(empty cty.Value) map[string]cty.Value {
	attributes := make(map[string]cty.Value, len(r.table.Columns)+1)
	for i, text := range r.cells() {
		if text == "" {
			attributes[r.table.Columns[i]] = empty
			continue
		}
		attributes[r.table.Columns[i]] = cty.StringVal(text)
	}
	return attributes
}

// Tables are the tables decoded so far, in the order of their decoding.
func (l *Library) Tables() []*Table { return l.order }

func (l *Library) csvdecodeFunc() function.Function {
	return tableFunc(&function.Spec{Params: []function.Parameter{{Name: "str", Type: cty.String}}}, func(args []cty.Value) (cty.Value, error) {
		t, err := l.Table(args[0].AsString())
		if err != nil {
			return cty.DynamicVal, err
		}
		return t.list(), nil
	})
}

// tableFunc completes a function whose type depends on the header of a table.
func tableFunc(spec *function.Spec, decode func(args []cty.Value) (cty.Value, error)) function.Function {
	spec.Type = func(args []cty.Value) (cty.Type, error) {
		for _, arg := range args {
			if !arg.IsWhollyKnown() {
				return cty.DynamicPseudoType, nil
			}
		}
		v, err := decode(args)
		return v.Type(), err
	}
	spec.Impl = func(args []cty.Value, _ cty.Type) (cty.Value, error) { return decode(args) }
	return function.New(spec)
}

// Table decodes a CSV text once. The error is the one of csvdecode.
func (l *Library) Table(text string) (*Table, error) {
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
	text = strings.TrimPrefix(text, byteOrderMark)
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	r.ReuseRecord = true
	if why := notTable(where, text); why != "" {
		return errors.New(why)
	}
	if err := t.header(r, where); err != nil {
		return err
	}
	if len(text) > math.MaxUint32 {
		return fmt.Errorf("%s is larger than 4 GiB", where)
	}
	t.text, t.rows = text, make([]place, 0, strings.Count(text, "\n"))
	if !strings.Contains(text, `"`) {
		return t.unquoted(int(r.InputOffset()), where)
	}
	for {
		begin := r.InputOffset()
		record, err := r.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return csvError(where, err)
		}
		line, _ := r.FieldPos(0)
		if len(record) != len(t.Columns)+t.unnamed {
			return t.uneven(where, line, len(record))
		}
		if err := t.empty(where, line, record[len(t.Columns):]); err != nil {
			return err
		}
		t.rows = append(t.rows, place{uint32(begin) + blank(text[begin:]), uint32(line)})
	}
}

// unquoted reads the rows of a text without any quote, as most are, from an
// offset on: each is a line with commas.
func (t *Table) unquoted(offset int, where string) error {
	line := 1 + strings.Count(t.text[:offset], "\n")
	for ; offset < len(t.text); line++ {
		row, _, _ := strings.Cut(t.text[offset:], "\n")
		begin := offset
		offset += len(row) + 1
		if row = strings.TrimSuffix(row, "\r"); row == "" {
			continue
		}
		if n := strings.Count(row, ",") + 1; n != len(t.Columns)+t.unnamed {
			return t.uneven(where, line, n)
		}
		if t.unnamed > 0 {
			if err := t.empty(where, line, strings.Split(row, ",")[len(t.Columns):]); err != nil {
				return err
			}
		}
		t.rows = append(t.rows, place{uint32(begin), uint32(line)})
	}
	return nil
}

func (t *Table) uneven(where string, line, fields int) error {
	columns, noun := len(t.Columns)+t.unnamed, "fields"
	if fields == 1 {
		noun = "field"
	}
	advice := "a field that contains a comma stands in double quotes"
	if fields < columns {
		advice = "a row has all of them, and commas also about empty ones; the file may have been cut off"
	}
	return fmt.Errorf("%s line %d has %d %s, and the header has %d; %s", where, line, fields, noun, columns, advice)
}

// empty reports the first cell with a text in the columns without name.
func (t *Table) empty(where string, line int, unnamed []string) error {
	for i, text := range unnamed {
		if text != "" {
			return fmt.Errorf("%s line 1: column %d has no name, and line %d has %q in it", where, len(t.Columns)+i+1, line, text)
		}
	}
	return nil
}

// list is the table as csvdecode gives it.
func (t *Table) list() cty.Value {
	if t.value == cty.NilVal {
		t.value = t.listOf(map[string]cty.Type{}, Row.Value)
	}
	return t.value
}

// listOf makes a list of the rows, which beside the columns have attributes of
// some types.
func (t *Table) listOf(types map[string]cty.Type, value func(Row) cty.Value) cty.Value {
	if t.Len() == 0 {
		for _, column := range t.Columns {
			types[column] = cty.String
		}
		return cty.ListValEmpty(cty.Object(types))
	}
	rows := make([]cty.Value, t.Len())
	for i := range rows {
		rows[i] = value(t.Row(i))
	}
	return cty.ListVal(rows)
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
	if slices.ContainsFunc(header, func(name string) bool { return strings.Contains(name, "\r") }) {
		// The whole file is one line, and would be a table without rows.
		return fmt.Errorf("%s line 1: carriage returns alone do not end lines; save the file as CSV UTF-8", where)
	}
	for len(header) > 1 && strings.TrimSpace(header[len(header)-1]) == "" {
		// Spreadsheet programs end lines with commas when a cell to the right of the
		// table was used once.
		header, t.unnamed = header[:len(header)-1], t.unnamed+1
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
