package accept

import (
	"encoding/csv"
	"slices"
	"strings"

	"lockstep/schema"
)

// wordCell makes the text of a cell.
func wordCell(w *wish) (text string, want schema.Value, why string) {
	reading := w.written.Reading
	switch {
	case reading.Separator != "" && w.attribute.Own == schema.OwnMembers:
		return wordMembersCell(w)
	case reading.Separator != "" || !isOne(w.field.Live):
		return "", want, "a cell has one value, and there are several"
	case w.field.Live.IsAbsent() && reading.Converts && !reading.Spared:
		return "", want, "an empty cell cannot be converted"
	case w.field.Live.IsAbsent():
		return "", schema.StringValue(""), ""
	}
	return w.field.Live.Written(), w.field.Live, ""
}

// isOne reports whether a value is one, or none.
func isOne(v schema.Value) bool {
	return v.Type() != schema.List && v.Type() != schema.Map && v.Type() != schema.Unknown
}

// wordMembersCell takes members out of a cell that has several, and puts others in. The
// rest stays as it is.
func wordMembersCell(w *wish) (text string, want schema.Value, why string) {
	reading := w.written.Reading
	members := strings.Split(reading.Text, reading.Separator)
	remove, add, why := editMembers(w, reading.Claim, members)
	if why != "" {
		return "", want, why
	}
	var left []string
	for i, m := range members {
		if !slices.Contains(remove, i) {
			left = append(left, m)
		}
	}
	for _, m := range add {
		if strings.Contains(m, reading.Separator) {
			return "", want, m + " has the separator of the cell in it"
		}
	}
	left = append(left, add...)
	if len(left) == 0 && !reading.Spared {
		return "", want, "no member would be left in the cell, and an empty one is a member without a name"
	}
	return strings.Join(left, reading.Separator), wanted(w, reading.Claim), ""
}

// cell is a place in a table: the line, from 1, on which its row starts, and the name
// of its column.
type cell struct {
	line   int
	column string
}

// replaceCells gives cells other texts.
func (f *file) replaceCells() string {
	texts := map[cell]string{}
	for _, w := range f.wishes {
		texts[cell{w.written.Line, w.written.Column}] = w.text
	}
	text := withCells(f.old, texts, f.newline())
	if !sameBut(f.old, text, texts) {
		for _, w := range f.wishes {
			w.refuse("the file could not be read any more")
		}
		return f.old
	}
	return text
}

// withCells is a table in which some cells have other texts. All else, quotes too,
// stays as it is.
func withCells(table string, texts map[cell]string, newline string) string {
	var out strings.Builder
	t := scan{text: table, line: 1}
	if strings.HasPrefix(table, byteOrderMark) {
		t.at = len(byteOrderMark)
	}
	var columns []string
	kept := 0
	for t.more() {
		line := t.line
		row := t.row()
		if columns == nil {
			for _, r := range row {
				columns = append(columns, schema.CanonicalText(unquoted(table[r.start:r.end])))
			}
			continue
		}
		for i, r := range row {
			if i >= len(columns) {
				break
			}
			text, ok := texts[cell{line, columns[i]}]
			if !ok {
				continue
			}
			out.WriteString(table[kept:r.start])
			out.WriteString(quoted(text, strings.HasPrefix(table[r.start:r.end], `"`) || text == "" && len(row) == 1, newline))
			kept = r.end
		}
	}
	out.WriteString(table[kept:])
	return out.String()
}

// quoted is the text of a cell, in quotes where it must or is to be.
func quoted(text string, quotes bool, newline string) string {
	if !quotes && !strings.ContainsAny(text, "\",\r\n") {
		return text
	}
	text = strings.ReplaceAll(text, `"`, `""`)
	return `"` + strings.ReplaceAll(text, "\n", newline) + `"`
}

func unquoted(cell string) string {
	inner, ok := strings.CutPrefix(cell, `"`)
	if !ok {
		return cell
	}
	return strings.ReplaceAll(strings.TrimSuffix(inner, `"`), `""`, `"`)
}

// span is where a cell is in the text, quotes included.
type span struct{ start, end int }

// scan goes through the rows of a table that encoding/csv has accepted.
type scan struct {
	text     string
	at, line int
}

// more goes past empty lines, which are no rows.
func (s *scan) more() bool {
	for {
		switch rest := s.text[s.at:]; {
		case strings.HasPrefix(rest, "\n"):
			s.at, s.line = s.at+1, s.line+1
		case strings.HasPrefix(rest, "\r\n"):
			s.at, s.line = s.at+2, s.line+1
		default:
			return rest != ""
		}
	}
}

// row takes the cells of one row.
func (s *scan) row() []span {
	var cells []span
	for {
		start := s.at
		if strings.HasPrefix(s.text[s.at:], `"`) {
			s.quotedCell()
		} else if end := strings.IndexAny(s.text[s.at:], ",\n"); end < 0 {
			s.at = len(s.text)
		} else {
			s.at += end
		}
		end := s.at
		if rest := s.text[start:end]; strings.HasSuffix(rest, "\r") && !strings.HasPrefix(s.text[end:], ",") {
			end--
		}
		cells = append(cells, span{start, end})
		if strings.HasPrefix(s.text[s.at:], ",") {
			s.at++
			continue
		}
		if strings.HasPrefix(s.text[s.at:], "\r\n") {
			s.at++
		}
		if strings.HasPrefix(s.text[s.at:], "\n") {
			s.at, s.line = s.at+1, s.line+1
		}
		return cells
	}
}

// quotedCell goes to behind the closing quote.
func (s *scan) quotedCell() {
	start := s.at
	s.at++
	for {
		end := strings.IndexByte(s.text[s.at:], '"')
		if end < 0 {
			s.at = len(s.text)
			break
		}
		s.at += end + 1
		if !strings.HasPrefix(s.text[s.at:], `"`) {
			break
		}
		s.at++
	}
	s.line += strings.Count(s.text[start:s.at], "\n")
}

// sameBut reports whether two tables have the same cells but for those with other
// texts, all of which are there.
func sameBut(old, changed string, texts map[cell]string) bool {
	was, now := csv.NewReader(strings.NewReader(schema.CanonicalText(old))), csv.NewReader(strings.NewReader(schema.CanonicalText(changed)))
	was.FieldsPerRecord, now.FieldsPerRecord = -1, -1
	columns, err := was.Read()
	header, err2 := now.Read()
	if err != nil || err2 != nil || !slices.Equal(columns, header) {
		return false
	}
	found := 0
	for {
		a, errA := was.Read()
		b, errB := now.Read()
		if errA != nil || errB != nil {
			return errA == errB && found == len(texts) // both are at the end
		}
		line, _ := was.FieldPos(0)
		for i, column := range columns {
			if text, ok := texts[cell{line, column}]; ok && i < len(a) {
				a[i] = schema.CanonicalText(text)
				found++
			}
		}
		if !slices.Equal(a, b) {
			return false
		}
	}
}
