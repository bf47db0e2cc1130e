package render

import (
	"fmt"
	"io"
	"strings"

	"lockstep/cmd/internal/drift"
	"lockstep/schema"
)

// roomForMarkdown is what Markdown takes at most, in bytes: a comment or an issue on
// GitHub has 65,536 characters.
const roomForMarkdown = 60_000

// Markdown writes a report as GitHub's Markdown. What does not fit into an issue is
// counted.
func Markdown(w io.Writer, r *drift.Report, o Options) error {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n%s\n\n", escape(o.Title), headline(r))
	table(&b, r)
	groups := byClass(r)
	left := len(r.Objects)
	for _, g := range groups {
		if b.Len() > roomForMarkdown {
			break
		}
		fmt.Fprintf(&b, "\n<details><summary>%s (%s)</summary>\n\n", g.Words, count(len(g.Objects), "object", "objects"))
		for i, object := range g.Objects {
			text := item(object)
			if b.Len()+len(text) > roomForMarkdown {
				fmt.Fprintf(&b, "- … and %s more\n", schema.Thousands(len(g.Objects)-i))
				left -= len(g.Objects) - i
				break
			}
			b.WriteString(text)
		}
		b.WriteString("\n</details>\n")
	}
	if left < len(r.Objects) {
		b.WriteString("\nThis is cut to fit. `lockstep drift -format=html` has all of it.\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func table(b *strings.Builder, r *drift.Report) {
	if len(r.Kinds) == 0 {
		return
	}
	line := func(name string, cells []string) { fmt.Fprintf(b, "| %s | %s |\n", name, strings.Join(cells, " | ")) }
	heads := columns(r)
	for i := range heads {
		heads[i] = escape(heads[i])
	}
	line("", heads)
	line("---", strings.Split(strings.Repeat("---:,", len(heads)-1)+"---:", ","))
	for _, row := range rows(r) {
		cells := make([]string, len(r.Kinds))
		for i := range r.Kinds {
			cells[i] = schema.Thousands(row.Of(&r.Kinds[i]))
		}
		line(row.Name, cells)
	}
	cells := make([]string, len(r.Kinds))
	for i := range r.Kinds {
		cells[i] = percent(r.Kinds[i].Coverage)
	}
	line("managed", cells)
}

// item is an object as an item of a list.
func item(o *drift.Object) string {
	name := code(o.Called())
	if o.Link != "" {
		name = "[" + name + "](" + o.Link + ")"
	}
	text := "- " + name
	if o.New {
		text += " **new**"
	}
	for _, part := range []string{what(o), o.Source} {
		if part != "" {
			text += " · " + escape(part)
		}
	}
	if o.Changed != "" {
		text += " · last changed in the CRM " + o.Changed
	}
	text += "\n"
	if o.Action != "update" {
		return text
	}
	for i := range o.Fields {
		f := &o.Fields[i]
		text += fmt.Sprintf("  - %s file %s, CRM %s", code(f.Path), code(short(drift.Text(f.File))), code(short(drift.Text(f.Live))))
		if f.Base != nil {
			text += ", last applied " + code(short(drift.Text(f.Base)))
		}
		text += ": " + movedWords(f.Moved) + "\n"
	}
	return text
}

// longest is how much of a value Markdown shows, in characters.
const longest = 120

func short(s string) string {
	if r := []rune(s); len(r) > longest {
		return string(r[:longest]) + "…"
	}
	return s
}

// code quotes a text so that nothing in it is read as Markdown: a fence is longer than
// the backquotes in it.
func code(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' }), " ")
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if fence == "`" {
		return fence + s + fence
	}
	return fence + " " + s + " " + fence
}

// escape lets a text stand for itself.
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case strings.ContainsRune("\\`*_[]<>|#~@", r):
			b.WriteRune('\\')
		case r == '\n' || r == '\r':
			r = ' '
		}
		b.WriteRune(r)
	}
	return b.String()
}
