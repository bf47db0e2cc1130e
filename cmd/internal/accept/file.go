package accept

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"golang.org/x/text/unicode/norm"

	"lockstep/schema"
	"lockstep/schema/config"
)

// byteOrderMark begins files of some programs.
const byteOrderMark = "\ufeff"

// file is a file, and what is replaced in it.
type file struct {
	name, old, new string
	// canonical is the text that ranges are about.
	canonical string
	// oldLines and lines are where the lines of the two texts start; nil until asked for.
	oldLines, lines []int
	wishes          []*wish
}

// file reads a file once.
func (d *decision) file(name string) (*file, error) {
	if f := d.files[name]; f != nil {
		return f, nil
	}
	text, err := d.Texts(name)
	if err != nil {
		return nil, err
	}
	f := &file{name: name, old: text, new: text, canonical: schema.CanonicalText(text)}
	d.files[name] = f
	return f, nil
}

func (f *file) add(w *wish) { f.wishes = append(f.wishes, w) }

// word makes the text that takes the place of what is written, and the value that the
// field then has; why is set when no text can.
func (f *file) word(w *wish) (text string, want schema.Value, why string) {
	if w.written.Cell() {
		return wordCell(w)
	}
	return f.wordExpression(w)
}

// replace makes the new text. What would not be read back is refused, and its place
// left as it is.
func (f *file) replace() {
	if len(f.wishes) == 0 {
		return
	}
	if f.wishes[0].written.Cell() {
		f.new = f.replaceCells()
		return
	}
	f.new = f.replaceExpressions()
}

// newline is how the file ends its lines.
func (f *file) newline() string {
	if strings.Contains(f.old, "\r\n") {
		return "\r\n"
	}
	return "\n"
}

// offset is where a position of the canonical text is in the file as it is.
func (f *file) offset(p hcl.Pos) int {
	if f.oldLines == nil {
		f.oldLines, f.lines = lineStarts(f.old), lineStarts(f.canonical)
	}
	at, column := f.oldLines[p.Line-1], p.Byte-f.lines[p.Line-1]
	if p.Line == 1 && strings.HasPrefix(f.old, byteOrderMark) {
		at += len(byteOrderMark)
	}
	row, _, _ := strings.Cut(f.old[at:], "\n")
	if norm.NFC.IsNormalString(row) {
		return at + column
	}
	var it norm.Iter
	it.InitString(norm.NFC, row)
	for composed := 0; !it.Done() && composed < column; {
		composed += len(it.Next())
	}
	return at + it.Pos()
}

// lineStarts are the offsets of all lines.
func lineStarts(text string) []int {
	starts := []int{0}
	for i := range len(text) {
		if text[i] == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// source is an expression as the file spells it.
func (f *file) source(r hcl.Range) string { return f.old[f.offset(r.Start):f.offset(r.End)] }

// replaceExpressions puts the new texts in the place of expressions.
func (f *file) replaceExpressions() string {
	slices.SortFunc(f.wishes, func(a, b *wish) int { return b.written.At.Start.Byte - a.written.At.Start.Byte })
	text, before := f.old, len(f.old)+1
	for i, w := range f.wishes {
		if i > 0 && w.written.Spot == f.wishes[i-1].written.Spot {
			continue
		}
		start, end := f.offset(w.written.At.Start), f.offset(w.written.At.End)
		if end > before {
			w.refuse("it overlaps another one")
			continue
		}
		text, before = text[:start]+w.text+text[end:], start
	}
	if _, diags := config.Parse([]byte(text), f.name); diags.HasErrors() {
		for _, w := range f.wishes {
			w.refuse("the file could not be read any more")
		}
		return f.old
	}
	return text
}
