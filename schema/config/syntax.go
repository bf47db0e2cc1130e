package config

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"

	"lockstep/schema"
	"lockstep/schema/bounds"
	"lockstep/schema/hcljson"
)

// Parse reads the blocks of one file, which messages call name and whose ending tells
// the native syntax from JSON, in the spelling of CanonicalText: names, keys and texts are the same in every checkout of the
// file. Of what is wrong with its syntax only the first is told: the rest mostly
// follows from it. The file is never nil; its body is nil when it is no text.
func Parse(src []byte, name string) (*hcl.File, hcl.Diagnostics) {
	if d := wrongEncoding(src, name); d != nil {
		return &hcl.File{}, hcl.Diagnostics{d}
	}
	src = []byte(schema.CanonicalText(string(src)))
	if strings.HasSuffix(name, jsonEnding) {
		return hcljson.Parse(src, name, jsonBlocks(name))
	}
	f, diags := bounds.ParseFile(src, name)
	if f == nil {
		f = &hcl.File{Bytes: src}
	}
	if !diags.HasErrors() {
		return f, diags
	}
	return f, hcl.Diagnostics{plainSyntax(slices.MinFunc(diags, byStart), src)}
}

func byStart(a, b *hcl.Diagnostic) int { return cmp.Compare(start(a), start(b)) }

func start(d *hcl.Diagnostic) int {
	if d.Subject == nil {
		return 0
	}
	return d.Subject.Start.Byte
}

// wrongEncoding finds the first line that is not UTF-8. Editors on Windows also
// save UTF-16, which is wrong from the first line on and shows by zero bytes.
func wrongEncoding(src []byte, name string) *hcl.Diagnostic {
	if utf8.Valid(src) && !bytes.Contains(src, []byte{0}) {
		return nil
	}
	line := 1
	for rest := src; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		if r == 0 || r == utf8.RuneError && size == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		rest = rest[size:]
	}
	at := hcl.Pos{Line: line, Column: 1}
	return &hcl.Diagnostic{
		Severity: hcl.DiagError, Summary: "Not UTF-8", Subject: &hcl.Range{Filename: name, Start: at, End: at},
		Detail: "The file is not UTF-8 text. Save it as UTF-8 in your editor.",
	}
}

// typographic are the quotes of word processors.
const typographic = "“”„‟«»‘’"

// straight finds texts in straight quotes, which may have any others within.
var straight = regexp.MustCompile(`"[^"]*"`)

// lineOf is a line of a text, from 1.
func lineOf(src []byte, number int) string {
	lines := strings.Split(string(src), "\n")
	if number < 1 || number > len(lines) {
		return ""
	}
	return lines[number-1]
}

// plainSyntax says what to do where the parser's own words do not help.
func plainSyntax(d *hcl.Diagnostic, src []byte) *hcl.Diagnostic {
	said := *d
	if d.Subject != nil && strings.ContainsAny(straight.ReplaceAllString(lineOf(src, d.Subject.Start.Line), ""), typographic) {
		said.Summary = "Typographic quotes"
		said.Detail = `This line has quotes as a word processor makes them (“ ” „ ’). Write straight ones: "…".`
		return &said
	}
	switch d.Summary {
	case "Invalid multi-line string", "Unterminated template string":
		said.Summary = "Missing quote"
		said.Detail = "This text has no closing quote on its line. Add it; a text of several lines stands between <<EOT and EOT."
	case "Invalid character":
		if d.Detail == "This character is not used within the language." {
			said.Detail = `This character has no meaning here. A text stands in double quotes, as in "ann@example.com".`
		}
	}
	return &said
}
