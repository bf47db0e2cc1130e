// Package render writes reports: as a page, as Markdown, as JSON and as CSV.
package render

import (
	"encoding/json"
	"io"
	"path/filepath"
	"strings"

	"lockstep/cmd/internal/report"
)

// HTML is the format of a report when no other one is asked for.
const HTML = "html"

// Formats are the names of the formats.
func Formats() []string { return []string{HTML, "markdown", "json", "csv"} }

// Writer writes a report in one format.
type Writer func(io.Writer, *report.Report) error

// ByName is what writes the format that the ending of a file's name tells; nil
// when it tells none.
func ByName(path string) Writer {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".html", ".htm":
		return Page
	case ".md":
		return Markdown
	case ".json":
		return JSON
	case ".csv":
		return CSV
	default:
		return nil
	}
}

// Find is what writes a format; nil when there is no such format.
func Find(format string) Writer {
	switch format {
	case HTML:
		return Page
	case "markdown":
		return Markdown
	case "json":
		return JSON
	case "csv":
		return CSV
	default:
		return nil
	}
}

// JSON writes a report as package report documents it.
func JSON(w io.Writer, r *report.Report) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}
