package view

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/hashicorp/hcl/v2"

	"lockstep/planner/engine"
)

// How much is written, in bytes: of a line, of one error, of all warnings, and of
// all errors. What is left out is counted; -json lists more.
const (
	maxShownLine     = 1_500
	maxShownEach     = 6_000
	maxShownWarnings = 15_000
	maxShownErrors   = 35_000
)

// Diagnostics renders errors and warnings for people, each with its source
// lines. Those of the same cause fold into the first.
func Diagnostics(w io.Writer, diags hcl.Diagnostics, files map[string]*hcl.File, o Options) error {
	var out bytes.Buffer
	for _, part := range []struct {
		severity  hcl.DiagnosticSeverity
		room      int
		one, many string
	}{
		{hcl.DiagWarning, maxShownWarnings, "warning", "warnings"},
		{hcl.DiagError, maxShownErrors, "error", "errors"},
	} {
		all := foldCauses(slices.DeleteFunc(slices.Clone(diags), func(d *hcl.Diagnostic) bool { return d.Severity != part.severity }))
		for i, f := range all {
			text, err := f.text(files, o)
			if err != nil {
				return err
			}
			if i > 0 && out.Len()+len(text) > part.room {
				fmt.Fprintf(&out, "And %s of other kinds; -json lists more.\n\n", counted(len(all)-i, part.one, part.many))
				break
			}
			out.WriteString(text)
		}
	}
	_, err := w.Write(out.Bytes())
	return err
}

// text is the diagnostic with what it is about, for people.
func (f *folded) text(files map[string]*hcl.File, o Options) (string, error) {
	var out strings.Builder
	shown := *known(brief(f.Diagnostic), files)
	shown.Summary, shown.Detail = printable(shown.Summary), printable(shown.Detail)
	// The writer would break lines of files and keys of addresses as well.
	shown.Summary, shown.Detail = Fit(shown.Summary, max(o.Width-len("Warning: "), 0)), Fit(shown.Detail, o.Width)
	if err := hcl.NewDiagnosticTextWriter(&out, files, 0, o.Color).WriteDiagnostic(&shown); err != nil {
		return "", err
	}
	for _, lines := range [][]string{originLines(f.Diagnostic), f.lines()} {
		for i, line := range lines {
			line = printable(strings.ReplaceAll(line, "\n", " "))
			lines[i] = wrap(line, max(o.Width-2, 0), originIndent)
		}
		if len(lines) > 0 {
			fmt.Fprintf(&out, "  %s\n\n", strings.Join(lines, "\n  "))
		}
	}
	return cut(out.String()), nil
}

// originIndent is where the texts of originLines begin.
const originIndent = "           "

// cut takes the ends off lines, and off a text, that are too long to be read.
func cut(s string) string {
	if len(s) <= maxShownLine {
		return s
	}
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = cutAt(line, maxShownLine)
	}
	s = strings.Join(lines, "\n")
	if len(s) <= maxShownEach {
		return s
	}
	return cutAt(s, maxShownEach) + "\n\n"
}

// cutAt is a text of at most so many bytes, and a sign that there was more.
func cutAt(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// printable spells control characters out: neither a name in the CRM nor the
// words of a server may steer the terminal.
func printable(s string) string {
	steers := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }
	if !strings.ContainsFunc(s, steers) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if steers(r) {
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// brief takes out of the detail what originLines says of the request anyway.
func brief(d *hcl.Diagnostic) *hcl.Diagnostic {
	detail, ok := engine.DetailOf(d)
	if !ok || detail.API == nil || detail.API.Method == "" {
		return d
	}
	rest, found := strings.CutPrefix(d.Detail, detail.API.Error())
	if !found {
		return d
	}
	c := *d
	c.Detail = strings.TrimLeft(rest, ". ")
	return &c
}

// known drops a place in a file whose text is not at hand, and says it in
// words instead: a data file, for example. So it does where the place would be cut off
// its line, as in JSON that a program wrote.
func known(d *hcl.Diagnostic, files map[string]*hcl.File) *hcl.Diagnostic {
	far := d.Subject != nil && d.Subject.Start.Column > maxShownLine
	if d.Subject == nil || files[d.Subject.Filename] != nil && !far {
		return d
	}
	c := *d
	c.Subject, c.Context = nil, nil
	if name := d.Subject.Filename; far {
		c.Detail = fmt.Sprintf("  at %s line %d, column %d%s\n\n%s", name, d.Subject.Start.Line, d.Subject.Start.Column, within(files[name], d.Subject), d.Detail)
	} else if name != "" {
		c.Detail = fmt.Sprintf("  at %s line %d\n\n%s", name, d.Subject.Start.Line, d.Detail)
	}
	return &c
}

// within names the block in which a place is, as in ", in locals"; "" where no file tells.
func within(file *hcl.File, at *hcl.Range) string {
	if file == nil {
		return ""
	}
	nav, ok := file.Nav.(interface{ ContextString(int) string })
	if !ok {
		return ""
	}
	if block := nav.ContextString(at.Start.Byte); block != "" {
		return ", in " + block
	}
	return ""
}

// Sorted returns the diagnostics with errors last, where a terminal shows
// them, and otherwise in their order.
func Sorted(diags hcl.Diagnostics) hcl.Diagnostics {
	out := slices.Clone(diags)
	slices.SortStableFunc(out, func(a, b *hcl.Diagnostic) int { return cmp.Compare(b.Severity, a.Severity) })
	return out
}

// originLines say which object and which request an error is about.
func originLines(d *hcl.Diagnostic) []string {
	detail, ok := engine.DetailOf(d)
	if !ok {
		return nil
	}
	var lines []string
	if detail.Address != "" {
		lines = append(lines, "object:  "+detail.Address)
	}
	if detail.Origin != "" {
		lines = append(lines, "row:     "+detail.Origin)
	}
	api := detail.API
	if api == nil {
		return lines
	}
	if api.Field != "" {
		lines = append(lines, "field:   "+api.Field)
	}
	if api.Method != "" {
		lines = append(lines, "request: "+api.Method+" "+api.Path)
	}
	if api.Status != 0 {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("answer:  %d %s", api.Status, api.Message)))
	}
	if api.Status == 0 && api.Err != nil {
		lines = append(lines, "answer:  none, "+api.Err.Error())
	}
	if len(api.Scopes) > 0 {
		lines = append(lines, "scope:   "+strings.Join(api.Scopes, ", "))
	}
	if api.TraceID != "" {
		lines = append(lines, "trace:   "+api.TraceID)
	}
	return lines
}

// FromError returns the diagnostics that an error carries, or makes one with the
// given summary.
func FromError(summary string, err error) hcl.Diagnostics {
	if err == nil {
		return nil
	}
	var diags hcl.Diagnostics
	if errors.As(err, &diags) {
		return diags
	}
	return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: summary, Detail: sentence(err.Error())}}
}

// sentence makes a sentence of an error text.
func sentence(s string) string {
	if s == "" {
		return s
	}
	s = strings.ToUpper(s[:1]) + s[1:]
	if strings.HasSuffix(s, ".") || strings.HasSuffix(s, "\n") {
		return s
	}
	return s + "."
}
