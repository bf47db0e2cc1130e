package accept

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// listEdit changes a list that is written out, and leaves its layout and comments.
type listEdit struct {
	file *file
	// at is what is rewritten: the list, or a call with the list in it.
	at    hcl.Range
	tuple *hclsyntax.TupleConsExpr
	// remove are the numbers of elements, add further elements as text, and put what
	// is replaced within elements.
	remove []int
	add    []string
	put    []replacement
}

// replacement is a text in the place of an expression.
type replacement struct {
	at   hcl.Range
	text string
}

// cut is a part of the file that gets another text.
type cut struct {
	start, end int
	text       string
}

// text is what the list becomes. why is set when it cannot be changed so.
func (e *listEdit) text() (text, why string) {
	var cuts []cut
	for _, r := range e.put {
		cuts = append(cuts, cut{e.file.offset(r.at.Start), e.file.offset(r.at.End), r.text})
	}
	gone := slices.Compact(slices.Sorted(slices.Values(e.remove)))
	last := len(e.tuple.Exprs) - 1
	for slices.Contains(gone, last) {
		last--
	}
	for _, i := range gone {
		cuts = append(cuts, e.without(i, last))
	}
	if len(e.add) > 0 {
		cuts = append(cuts, e.more(last)...)
	}
	slices.SortFunc(cuts, func(a, b cut) int { return b.start - a.start })
	start, end := e.file.offset(e.at.Start), e.file.offset(e.at.End)
	text = e.file.old[start:end]
	before := end
	for _, c := range cuts {
		if c.end > before || c.start < start {
			return "", "its list is laid out in a way that lockstep does not change"
		}
		text, before = text[:c.start-start]+c.text+text[c.end-start:], c.start
	}
	if !e.right(text) {
		return "", "its list is laid out in a way that lockstep does not change"
	}
	return text, ""
}

// right reports whether a text is a list with as many elements as it is to have.
func (e *listEdit) right(text string) bool {
	expr, diags := hclsyntax.ParseExpression([]byte(text), "list", hcl.InitialPos)
	if diags.HasErrors() {
		return false
	}
	tuple, _ := setOf(expr)
	gone := slices.Compact(slices.Sorted(slices.Values(e.remove)))
	return tuple != nil && len(tuple.Exprs) == len(e.tuple.Exprs)-len(gone)+len(e.add)
}

// span is where an element is in the file.
func (e *listEdit) span(i int) (start, end int) {
	r := e.tuple.Exprs[i].Range()
	return e.file.offset(r.Start), e.file.offset(r.End)
}

// without takes an element out, with its line when it has one of its own. last is the
// last element that stays.
func (e *listEdit) without(i, last int) cut {
	text := e.file.old
	start, end := e.span(i)
	after := end + len(text[end:]) - len(strings.TrimLeft(text[end:], " \t"))
	comma := strings.HasPrefix(text[after:], ",")
	if comma {
		after++
		after += len(text[after:]) - len(strings.TrimLeft(text[after:], " \t"))
	} else {
		after = end
	}
	row := strings.LastIndexByte(text[:start], '\n') + 1
	rest, _, _ := strings.Cut(text[after:], "\n")
	own := strings.TrimSpace(text[row:start]) == "" && (strings.TrimSpace(rest) == "" || isComment(rest))
	switch {
	case own:
		return cut{start: row, end: min(after+len(rest)+1, len(text))}
	case i < last || last < 0 && (i == 0 || comma):
		return cut{start: start, end: after}
	case last < 0:
		return cut{start: start, end: end}
	default:
		// The comma before it goes with it.
		_, before := e.span(i - 1)
		return cut{start: before, end: end}
	}
}

// more puts further elements behind the last one: on lines of their own when that has
// one, below its comment.
func (e *listEdit) more(last int) []cut {
	joined := strings.Join(e.add, ", ")
	if last < 0 {
		at := e.file.offset(e.tuple.OpenRange.End)
		return []cut{{at, at, joined}}
	}
	text, newline := e.file.old, e.file.newline()
	start, end := e.span(last)
	indent := text[strings.LastIndexByte(text[:start], '\n')+1 : start]
	line := strings.IndexByte(text[end:], '\n')
	rest := strings.TrimSpace(text[end : end+max(line, 0)])
	comma := strings.HasPrefix(rest, ",")
	comment := strings.TrimSpace(strings.TrimPrefix(rest, ","))
	if strings.TrimSpace(indent) != "" || line < 0 || comment != "" && !isComment(comment) {
		return []cut{{end, end, ", " + joined}}
	}
	below := end + line + 1
	lines := indent + strings.Join(e.add, ","+newline+indent)
	if comma {
		return []cut{{below, below, lines + "," + newline}}
	}
	return []cut{{end, end, ","}, {below, below, lines + newline}}
}

// isComment reports whether the rest of a line is a comment.
func isComment(rest string) bool {
	return strings.HasPrefix(rest, "#") || strings.HasPrefix(rest, "//")
}
