package functions

import "strings"

// appendCells appends the first n cells of the row that a text begins with, which
// the reader of encoding/csv has accepted. They are parts of the text wherever it
// has them as they are: a table need keep nothing of its rows but where they start.
func appendCells(cells []string, text string, n int) []string {
	row, _, _ := strings.Cut(text, "\n")
	if strings.Contains(row, `"`) {
		for range n {
			var cell string
			cell, text = quotedCell(text)
			cells = append(cells, cell)
		}
		return cells
	}
	row = strings.TrimSuffix(row, "\r")
	for range n {
		var cell string
		cell, row, _ = strings.Cut(row, ",")
		cells = append(cells, cell)
	}
	return cells
}

// quotedCell takes the first cell, which may be in quotes, off a row. The row may
// be followed by others.
func quotedCell(text string) (cell, rest string) {
	if !strings.HasPrefix(text, `"`) {
		end := strings.IndexAny(text, ",\n")
		if end < 0 {
			return strings.TrimSuffix(text, "\r"), ""
		}
		if cell, rest = text[:end], text[end+1:]; text[end] == '\n' {
			cell = strings.TrimSuffix(cell, "\r")
		}
		return cell, rest
	}
	text = text[1:]
	end := strings.IndexByte(text, '"')
	doubled := false
	for strings.HasPrefix(text[end+1:], `"`) {
		doubled = true
		end += 2 + strings.IndexByte(text[end+2:], '"')
	}
	if cell, rest = text[:end], strings.TrimPrefix(text[end+1:], ","); doubled {
		cell = strings.ReplaceAll(cell, `""`, `"`)
	}
	// The reader makes one kind of line end of both, within cells too.
	return strings.ReplaceAll(cell, "\r\n", "\n"), rest
}

// blank is the length of the empty lines that a text begins with, which are no rows.
func blank(text string) uint32 {
	all := len(text)
	for {
		switch {
		case strings.HasPrefix(text, "\n"):
			text = text[1:]
		case strings.HasPrefix(text, "\r\n"):
			text = text[2:]
		default:
			return uint32(all - len(text))
		}
	}
}
