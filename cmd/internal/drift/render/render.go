// Package render writes drift reports for other programs and for people: as JSON,
// Markdown, a page, JUnit and SARIF.
package render

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"lockstep/cmd/internal/drift"
	"lockstep/schema"
)

// Options say how a report is written.
type Options struct {
	// Version of lockstep.
	Version string
	// Title heads a page and Markdown.
	Title string
	// Fails are the classes that make the report a failure.
	Fails []drift.Class
}

// Writer writes a report in one format.
type Writer func(io.Writer, *drift.Report, Options) error

// Formats are the names of the formats.
func Formats() []string { return []string{"json", "markdown", "html", "github", "junit", "sarif"} }

// Find is what writes a format; nil when there is no such format.
func Find(format string) Writer {
	return map[string]Writer{"json": JSON, "markdown": Markdown, "github": Markdown, "html": Page, "junit": JUnit, "sarif": SARIF}[format]
}

// JSON writes a report as package drift documents it, on one line.
func JSON(w io.Writer, r *drift.Report, _ Options) error { return encode(w, r, "") }

func encode(w io.Writer, v any, indent string) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	return enc.Encode(v)
}

// byClass are the objects of a report by their class, without classes that have none.
func byClass(r *drift.Report) (all []group) {
	for _, class := range drift.Classes() {
		g := group{Class: class, Words: capital(class.Words())}
		for i := range r.Objects {
			if r.Objects[i].Class == class {
				g.Objects = append(g.Objects, &r.Objects[i])
			}
		}
		if len(g.Objects) > 0 {
			all = append(all, g)
		}
	}
	return all
}

// group is the objects of one class.
type group struct {
	Class   drift.Class
	Words   string
	Objects []*drift.Object
}

// fieldText tells one field in a line.
func fieldText(f *drift.Field) string {
	text := fmt.Sprintf("%s: file %s, CRM %s", f.Path, drift.Text(f.File), drift.Text(f.Live))
	if f.Base != nil {
		text += ", last applied " + drift.Text(f.Base)
	}
	return text + " (" + movedWords(f.Moved) + ")"
}

func movedWords(moved string) string {
	return map[string]string{"crm": "the CRM moved", "files": "the file moved", "both": "both moved"}[moved]
}

// what is done with an object that is not just updated.
func what(o *drift.Object) string {
	if o.Class == drift.Gone && o.Action == "create" {
		return "still in the files"
	}
	return map[string]string{
		"adopt": "exists in the CRM and is not managed yet", "create": "not created yet", "delete": "no longer in the files",
		"forget": "to be forgotten", "replace": "must be replaced", "move": "moved in the files",
	}[o.Action]
}

// rows are the lines of the table of all kinds: a word, and a number for each kind.
func rows(r *drift.Report) []row {
	all := []row{
		{"in step", func(k *drift.Kind) int { return k.InStep }},
		{"changed in the CRM", func(k *drift.Kind) int { return k.LiveMoved }},
		{"changed in files", func(k *drift.Kind) int { return k.FileMoved }},
		{"changed in both", func(k *drift.Kind) int { return k.BothMoved }},
		{"deleted in the CRM", func(k *drift.Kind) int { return k.Gone }},
		{"recorded, unknowable", func(k *drift.Kind) int { return k.Unknowable.Count }},
		{"unmanaged, untouched", func(k *drift.Kind) int { return k.Unmanaged }},
	}
	if !slices.ContainsFunc(r.Kinds, func(k drift.Kind) bool { return k.Unknowable.Count > 0 }) {
		all = slices.Delete(all, 5, 6)
	}
	return all
}

type row struct {
	Name string
	Of   func(*drift.Kind) int
}

// columns head the table: a kind, and its account where there are several.
func columns(r *drift.Report) []string {
	names := make([]string, len(r.Kinds))
	for i, k := range r.Kinds {
		names[i] = k.Kind
		if slices.ContainsFunc(r.Kinds, func(o drift.Kind) bool { return o.Kind == k.Kind && o.Provider != k.Provider }) {
			names[i] = k.Provider + " " + k.Kind
		}
	}
	return names
}

func percent(p *float64) string {
	if p == nil {
		return "–"
	}
	return fmt.Sprintf("%.1f %%", *p)
}

// count writes a number with its noun.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return schema.Thousands(n) + " " + many
}

// headline sums a report up in a sentence or two.
func headline(r *drift.Report) string {
	n := 0
	for i := range r.Objects {
		if r.Objects[i].Class != drift.Unmanaged {
			n++
		}
	}
	text := "No drift."
	if r.Drifted {
		text = count(n, "object differs", "objects differ") + "."
	}
	if r.Coverage != nil {
		text += " " + percent(r.Coverage) + " of what is live is managed."
	}
	if r.Compared {
		text += fmt.Sprintf(" Since the last report: %s new, %s settled.", schema.Thousands(r.New), schema.Thousands(r.Settled))
	}
	if r.Ignored > 0 {
		text += " " + count(r.Ignored, "object is", "objects are") + " ignored."
	}
	return text
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
