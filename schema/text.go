package schema

import (
	"strings"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
)

// CanonicalText spells a text in one way, whatever wrote it: lines end in \n as
// on Unix, not in \r\n as in a checkout on Windows, letters with accents are one
// character (Unicode NFC), not a letter and an accent (NFD) as macOS writes names,
// and no byte order mark stands before it. A text that is spelt so already is
// returned as it is.
func CanonicalText(s string) string {
	s = strings.TrimPrefix(s, "\ufeff")
	if strings.Contains(s, "\r\n") {
		s = strings.ReplaceAll(s, "\r\n", "\n")
	}
	return cty.NormalizeString(s)
}

// NormalText spells a text so that what looks the same compares equal: as
// CanonicalText does, and without byte order marks, zero-width spaces and word
// joiners, which come along with what is pasted. The joiners that shape letters
// stay.
func NormalText(s string) string {
	if isPlainText(s) {
		return s
	}
	return strings.ReplaceAll(CanonicalText(strings.Map(visible, s)), "\r", "\n")
}

// isPlainText reports whether a text is ASCII without carriage returns, as most
// are.
func isPlainText(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf || s[i] == '\r' {
			return false
		}
	}
	return true
}

// visible drops characters that take no room.
func visible(r rune) rune {
	switch r {
	case '\ufeff', '\u200b', '\u2060':
		return -1
	default:
		return r
	}
}
