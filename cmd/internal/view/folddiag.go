package view

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner/engine"
	"lockstep/providers"
	"lockstep/schema/eval"
)

// How many of the others a folded error names.
const (
	shownRows    = 20
	quotedRows   = 5
	shownObjects = 10
)

// folded is an error or warning that stands for others of the same cause.
type folded struct {
	*hcl.Diagnostic
	others []*hcl.Diagnostic
	// more counts others that are not at hand.
	more int
}

// foldCauses gathers what has the same cause: the same words about the same line and
// attribute, for one object after the other.
func foldCauses(diags hcl.Diagnostics) []*folded {
	first := map[string]*folded{}
	var out []*folded
	for _, d := range diags {
		key := causeOf(d)
		f := first[key]
		if f == nil {
			f = &folded{Diagnostic: d}
			first[key] = f
			out = append(out, f)
		} else {
			f.others = append(f.others, d)
		}
		detail, _ := engine.DetailOf(d)
		f.more += detail.More
	}
	return out
}

// causeOf is the same for diagnostics of the same cause. What is quoted about an
// object, or read from a server, tells the object and not the cause.
func causeOf(d *hcl.Diagnostic) string {
	parts := []string{strconv.Itoa(int(d.Severity)), d.Summary}
	if d.Subject != nil {
		parts = append(parts, d.Subject.String())
	}
	detail, _ := engine.DetailOf(d)
	words := brief(d).Detail
	if _, ok := d.Extra.(*eval.About); ok {
		words = ""
	}
	if detail.Address != "" {
		words = quotedText.ReplaceAllString(words, "")
	}
	if api := detail.API; api != nil && api.Extent == providers.WholeServer {
		// It is the same for all accounts behind the server.
		parts[1], detail.Account = quotedText.ReplaceAllString(d.Summary, ""), ""
	}
	parts = append(parts, words, detail.Path, detail.Account)
	if api := detail.API; api != nil {
		parts = append(parts, strconv.Itoa(api.Status), quotedText.ReplaceAllString(api.Message, ""), api.Field)
	}
	return strings.Join(parts, "\x00")
}

// lines name the others.
func (f *folded) lines() []string {
	rows, files := map[string][]row{}, []string{}
	var named []string
	for _, d := range f.others {
		detail, _ := engine.DetailOf(d)
		file, line, ok := rowOf(detail)
		switch {
		case ok && rows[file] == nil:
			files = append(files, file)
			fallthrough
		case ok:
			rows[file] = append(rows[file], row{line, f.differing(d)})
		default:
			named = append(named, cmp.Or(detail.Address, accountOf(detail), requestOf(detail)))
		}
	}
	var lines []string
	more := f.more
	for _, file := range files {
		n := len(rows[file])
		if len(files) == 1 && len(named) == 0 {
			// What is not at hand is of the same file.
			n, more = n+more, 0
		}
		lines = append(lines, "And "+counted(n, "row", "rows")+" of "+file+": "+rowsText(rows[file]))
	}
	if line := namedLine(named); line != "" {
		lines = append(lines, line)
	}
	if more > 0 {
		lines = append(lines, "And "+counted(more, "", "")+", not listed")
	}
	return lines
}

// row is a line of a table, with what is quoted about it.
type row struct {
	line int
	text string
}

// differing is the first quoted text of another diagnostic that is not in the one
// that stands for it; empty when there is none.
func (f *folded) differing(d *hcl.Diagnostic) string {
	said := quotedText.FindAllString(f.Detail, -1)
	for _, text := range quotedText.FindAllString(d.Detail, -1) {
		if !slices.Contains(said, text) {
			return text
		}
	}
	return ""
}

// rowOf is the row of a table that an object was made from.
func rowOf(d engine.Detail) (file string, line int, ok bool) {
	file, text, found := cutLast(d.Origin, ":")
	line, err := strconv.Atoi(text)
	return file, line, found && err == nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// accountOf names the account that could not be read.
func accountOf(d engine.Detail) string {
	if d.Account == "" {
		return ""
	}
	return "the account " + strconv.Quote(d.Account)
}

// requestOf is the request that was refused, with what it needs.
func requestOf(d engine.Detail) string {
	if d.API == nil {
		return ""
	}
	text := d.API.Method + " " + d.API.Path
	if len(d.API.Scopes) > 0 {
		text += " (scope " + strings.Join(d.API.Scopes, ", ") + ")"
	}
	return text
}

// rowsText names the first of many rows, in their order, and says of few what is
// in them.
func rowsText(rows []row) string {
	slices.SortFunc(rows, func(a, b row) int { return a.line - b.line })
	var parts []string
	for _, r := range rows[:min(len(rows), shownRows)] {
		text := strconv.Itoa(r.line)
		if r.text != "" && len(r.text) < 40 && len(rows) <= quotedRows {
			text += " (" + r.text + ")"
		}
		parts = append(parts, text)
	}
	if len(rows) > shownRows {
		parts = append(parts, "…")
	}
	return strings.Join(parts, ", ")
}

// namedLine names the first of many objects or requests; some have no name.
func namedLine(named []string) string {
	total := len(named)
	named = slices.DeleteFunc(named, func(s string) bool { return s == "" })
	slices.Sort(named)
	named = slices.Compact(named)
	switch {
	case total == 0:
		return ""
	case len(named) == 0:
		return "And " + counted(total, "time", "times")
	case len(named) > shownObjects:
		named = append(named[:shownObjects:shownObjects], "…")
	}
	return "And " + counted(total, "", "") + ": " + strings.Join(named, ", ")
}

// counted is "299 more rows".
func counted(n int, one, many string) string {
	noun := many
	if n == 1 {
		noun = one
	}
	return strings.TrimSpace(fmt.Sprintf("%s more %s", thousands(n), noun))
}
