package pull

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"golang.org/x/text/unicode/norm"

	"lockstep/schema"
)

// separator stands between the members of a set in a cell.
const separator = ";"

// tableName is what the block and the rows of a CSV file are called.
type tableName struct {
	block string
	// local is how an expression refers to the rows, and key the path that they are
	// told apart by.
	local, key string
}

// keyColumn is the column of the keys of rows that have no natural key.
const keyColumn = "key"

// tabulate gives the objects that fit into a table the keys of their rows: their
// first natural key that most of them have, or else names as blocks have them.
func (s *set) tabulate(names *names) {
	s.table.key = s.rowKey()
	used, own := map[string]bool{}, newNames(nil)
	for _, e := range s.entries {
		key := norm.NFC.String(e.fields.Value(s.table.key).Text())
		if s.table.key == keyColumn {
			key = own.give("", calledBy(s.Kind, e.Object), s.Kind.Noun)
		}
		if key != "" && !used[key] && e.fits() {
			e.key, used[key] = key, true
		}
	}
	if len(used) > 0 {
		s.table.block = names.give(s.Kind.Name+".", s.Kind.Plural, s.Kind.Noun)
		s.table.local = "local." + names.give("local.", s.Kind.Plural, s.Kind.Noun)
	}
}

func (s *set) rowKey() string {
	for _, key := range s.Kind.Keys {
		having := 0
		for _, e := range s.entries {
			if len(key) == 1 && e.fields.Value(key[0]).Text() != "" {
				having++
			}
		}
		if 2*having > len(s.entries) {
			return key[0]
		}
	}
	return keyColumn
}

// fits reports whether a CSV file gives back what it is given of an object: a reader
// takes the end of a line in a cell for "\n".
func (e *entry) fits() bool {
	for i := range e.fields {
		if strings.Contains(e.fields[i].Value.String(), `\r`) || strings.Contains(e.fields[i].Value.Written(), "\r") {
			return false
		}
	}
	return true
}

// table is a CSV file with the block that goes through its rows.
type table struct {
	*set
	file    string
	rows    []*entry
	columns []column
}

// column is one path of the objects.
type column struct {
	path, name string
	how        reading
	// rows are those of another table, whose keys the cells have.
	rows *set
	// gaps is set when some cells are empty.
	gaps bool
}

// reading is how an expression makes the value of a cell.
type reading uint8

const (
	// asText is the cell as it is, which converts to the type of the attribute.
	asText reading = iota
	asNumber
	asBool
	// asMembers parts the cell at the separator.
	asMembers
	// asRow refers to a row of another table.
	asRow
	asJSON
)

func newTable(r *references, s *set, file string) *table {
	t := &table{set: s, file: file}
	for _, e := range s.entries {
		if e.key != "" {
			t.rows = append(t.rows, e)
		}
	}
	names := newNames(map[string]bool{"id": true, "line": true, keyColumn: true})
	for i := range s.Kind.Attributes {
		a := &s.Kind.Attributes[i]
		for _, path := range t.paths(a.Name) {
			c := column{path: path, name: names.give("", path, a.Name), how: t.reading(a, path), gaps: t.lacks(path)}
			if c.rows = t.referred(r, a); c.rows != nil {
				c.how = asRow
			}
			t.columns = append(t.columns, c)
		}
	}
	return t
}

func (t *table) lacks(path string) bool {
	return slices.ContainsFunc(t.rows, func(e *entry) bool { return e.fields.Value(path).IsAbsent() })
}

// referred is the table whose rows all values of an attribute refer to; nil when there
// is none.
func (t *table) referred(r *references, a *schema.Attribute) *set {
	if a.Refers == "" || a.Type != cty.String {
		return nil
	}
	var rows *set
	for _, e := range t.rows {
		v := e.fields.Value(a.Name)
		if v.IsAbsent() {
			continue
		}
		target := r.target(e, Ref{t.Provider, a.Refers, v.Text()})
		if target == nil || target.key == "" || rows != nil && rows != target.set {
			return nil
		}
		rows = target.set
	}
	return rows
}

// paths are those of an attribute that any row has, sorted.
func (t *table) paths(attribute string) []string {
	var found schema.Fields
	seen := map[string]bool{}
	for _, e := range t.rows {
		for _, f := range e.fields.Of(attribute) {
			if !seen[f.Path] {
				seen[f.Path] = true
				found = append(found, f)
			}
		}
	}
	found.Sort()
	paths := make([]string, len(found))
	for i := range found {
		paths[i] = found[i].Path
	}
	return paths
}

// reading is how the cells of a column are read: in one way, that suits all of them.
func (t *table) reading(a *schema.Attribute, path string) reading {
	same := func(fits func(schema.Value) bool) bool {
		for _, e := range t.rows {
			if v := e.fields.Value(path); !v.IsAbsent() && !fits(v) {
				return false
			}
		}
		return true
	}
	is := func(types ...schema.Type) func(schema.Value) bool {
		return func(v schema.Value) bool { return slices.Contains(types, v.Type()) }
	}
	switch {
	case same(is(schema.String)), a.Type.IsPrimitiveType():
		return asText
	case same(is(schema.Number)):
		return asNumber
	case same(is(schema.Bool)):
		return asBool
	case (a.Type.IsSetType() || a.Type.IsListType()) && same(parts):
		return asMembers
	default:
		return asJSON
	}
}

// parts reports whether a list comes back from a cell that has its members.
func parts(v schema.Value) bool {
	for _, item := range v.Items() {
		if item.Type() != schema.String || item.Text() == "" || strings.Contains(item.Written(), separator) {
			return false
		}
	}
	return v.Type() == schema.List
}

// csv is the file. Its first column is the key of the rows.
func (t *table) csv(refs *references) []byte {
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	// Writing to memory does not fail.
	_ = out.Write(t.line(func(c column) string { return c.name }, keyColumn, "id"))
	for _, e := range t.rows {
		_ = out.Write(t.line(func(c column) string { return c.cell(e.fields.Value(c.path), refs.entries) }, e.key, e.ID))
	}
	out.Flush()
	return b.Bytes()
}

// line has the key first and the id last.
func (t *table) line(cell func(column) string, key, id string) []string {
	var rest []string
	for _, c := range t.columns {
		if c.path == t.table.key {
			key = cell(c)
			continue
		}
		rest = append(rest, cell(c))
	}
	return append(append([]string{key}, rest...), id)
}

func (c column) cell(v schema.Value, entries map[Ref]*entry) string {
	switch {
	case v.IsAbsent():
		return ""
	case c.how == asRow:
		return entries[Ref{c.rows.Provider, c.rows.Kind.Name, v.Text()}].key
	case c.how == asMembers:
		return strings.Join(v.Strings(), separator)
	case c.how == asJSON:
		return v.String()
	default:
		return v.Written()
	}
}

// expression reads the cell. An empty one is null, and leaves its field alone.
func (c column) expression() string {
	cell := "each.value." + c.name
	value := ""
	switch c.how {
	case asNumber:
		return "tonumber(" + cell + ")"
	case asBool:
		return "tobool(" + cell + ")"
	case asRow:
		value = c.rows.Kind.Name + "." + c.rows.table.block + "[" + cell + "].id"
	case asMembers:
		value = "split(" + quoted(separator) + ", " + cell + ")"
	case asJSON:
		value = "jsondecode(" + cell + ")"
	default:
		return cell
	}
	if c.gaps {
		return cell + " == null ? null : " + value
	}
	return value
}

// block is the block that goes through the rows, and the local value that has them.
func (t *table) block() string {
	var b bytes.Buffer
	key := keyColumn
	for _, c := range t.columns {
		if c.path == t.table.key {
			key = c.name
		}
	}
	local := strings.TrimPrefix(t.table.local, "local.")
	b.WriteString("locals {\n" + local + " = { for row in csvrows(" + quoted(t.file) + ", { empty = null }) : row." + key + " => row }\n}\n\n")
	b.WriteString("resource " + quoted(t.Kind.Name) + " " + quoted(t.table.block) + " {\nfor_each = " + t.table.local + "\n")
	writeProvider(&b, t.set)
	b.WriteString("\n")
	for i := range t.Kind.Attributes {
		a := &t.Kind.Attributes[i]
		var keys, items []string
		for _, c := range t.columns {
			if schema.PathAttribute(c.path) == a.Name {
				keys, items = append(keys, schema.PathKey(c.path)), append(items, c.expression())
			}
		}
		switch {
		case len(items) == 0:
		case keys[0] == "":
			b.WriteString(a.Name + " = " + items[0] + "\n")
		default:
			b.WriteString(a.Name + " = " + object(keys, items) + "\n")
		}
	}
	b.WriteString("}\n")
	return b.String()
}
