package schema

import (
	"strings"

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
