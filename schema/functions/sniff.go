package functions

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// notText says why the bytes of a file are no text, and what to do; empty when they
// are text. name is the file.
func notText(name, content string) string {
	line := notUTF8(content)
	switch {
	case strings.HasPrefix(content, "\xff\xfe") || strings.HasPrefix(content, "\xfe\xff"):
		return name + " is UTF-16 text (\"Unicode\" in some programs); save it as UTF-8, in a spreadsheet program as CSV UTF-8"
	case strings.HasPrefix(content, "PK\x03\x04"):
		return name + " is a workbook (xlsx, ods) or another ZIP archive, whatever its name is; open it in a spreadsheet program and save it as CSV UTF-8"
	case strings.HasPrefix(content, "\xd0\xcf\x11\xe0"):
		return name + " is an old workbook (xls), whatever its name is; open it in a spreadsheet program and save it as CSV UTF-8"
	case line > 0:
		return fmt.Sprintf("%s line %d is not UTF-8 text; save the file as UTF-8, in a spreadsheet program as CSV UTF-8, or read it with filebase64 if it is not text", name, line)
	default:
		return ""
	}
}

// notUTF8 is the first line that is not UTF-8, from 1; 0 when all are.
func notUTF8(text string) int {
	line := 0
	for part := range strings.Lines(text) {
		if line++; !utf8.ValidString(part) {
			return line
		}
	}
	return 0
}

// jsonStart is how an object or a list of JSON begins. A column may be named [id].
var jsonStart = regexp.MustCompile(`^[\[{]\s*["{\[]`)

// notTable says why the first line of a text is no header of a table, and what to do;
// empty when it may be one.
func notTable(where, text string) string {
	first, _, _ := strings.Cut(text, "\n")
	first = strings.TrimSpace(first)
	switch lower := strings.ToLower(first); {
	case strings.HasPrefix(lower, "<"):
		return where + " is a web page or XML, not a table; export it again, signed in"
	case jsonStart.MatchString(lower):
		return where + " is JSON, not a table; read it with jsondecode(file(…))"
	case strings.HasPrefix(lower, "sep="):
		return where + " line 1 is a hint for one spreadsheet program; remove the line, so that the first one names the columns"
	default:
		return ""
	}
}
