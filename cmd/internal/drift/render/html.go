package render

import (
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"lockstep/cmd/internal/drift"
	"lockstep/schema"
)

//go:embed assets/page.html
var pageHTML string

//go:embed assets/page.css
var pageCSS string

//go:embed assets/page.js
var pageJS string

// openRows is up to how many objects a class is unfolded from the beginning.
const openRows = 50

// mostTallied is how many fields of a class are counted one by one.
const mostTallied = 12

// page is what the template sees.
type page struct {
	*drift.Report
	Title, Headline string
	Style           template.CSS
	Script          template.JS
	// Policy lets exactly this style and this script work, and nothing else.
	Policy  string
	Columns []string
	Rows    []row
	Groups  []group
}

// Page writes a report as one HTML page that needs nothing else: no network, no other
// file, and to be read no JavaScript either.
func Page(w io.Writer, r *drift.Report, o Options) error {
	t, err := template.New("page").Funcs(template.FuncMap{
		"text": drift.Text, "whole": schema.Thousands, "percent": percent, "what": what, "moved": movedWords,
		"when": when, "tally": tally,
		"open":  func(g group) bool { return len(g.Objects) <= openRows },
		"cells": func(x row, i int) string { return schema.Thousands(x.Of(&r.Kinds[i])) },
	}).Parse(pageHTML)
	if err != nil {
		return err
	}
	return t.Execute(w, page{Report: r, Title: o.Title, Headline: headline(r), Style: template.CSS(pageCSS), Script: template.JS(pageJS),
		Policy:  "default-src 'none'; style-src 'sha256-" + digest(pageCSS) + "'; script-src 'sha256-" + digest(pageJS) + "'; base-uri 'none'; form-action 'none'",
		Columns: columns(r), Rows: rows(r), Groups: byClass(r)})
}

// when is a time, RFC 3339, as people read it; anything else stays as it is.
func when(text string) string {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return text
	}
	return at.UTC().Format("2 January 2006, 15:04 UTC")
}

// tally counts the fields of the objects of a class, most frequent first: of very many
// objects a reader first wants to know what moved.
func tally(g group) string {
	counts := map[string]int{}
	for _, o := range g.Objects {
		for i := range o.Fields {
			if o.Action == "update" {
				counts[o.Fields[i].Path]++
			}
		}
	}
	paths := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	more := max(len(paths)-mostTallied, 0)
	parts := make([]string, 0, mostTallied+1)
	for _, path := range paths[:len(paths)-more] {
		parts = append(parts, path+" "+schema.Thousands(counts[path]))
	}
	if more > 0 {
		parts = append(parts, "and "+count(more, "more field", "more fields"))
	}
	return strings.Join(parts, " · ")
}

// digest names a style or script in a policy.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64.StdEncoding.EncodeToString(sum[:])
}
