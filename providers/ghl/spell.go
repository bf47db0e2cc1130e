package ghl

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"lockstep/schema"
)

// spellName spells a text that objects are told apart by.
func spellName(s string) string { return strings.TrimSpace(schema.NormalText(s)) }

func spellLower(s string) string { return strings.ToLower(spellName(s)) }
func spellUpper(s string) string { return strings.ToUpper(spellName(s)) }

// liveMember and liveLower spell a member of a live set, which is removed by its
// text: one with a character that takes no room is another member.
func liveMember(s string) string { return norm.NFC.String(strings.TrimSpace(s)) }
func liveLower(s string) string  { return strings.ToLower(liveMember(s)) }

// removable are the texts by which members are removed: where letters have
// accents, a live member may be spelt by composed or by separate ones.
func removable(members []string) []string {
	out := slices.Clone(members)
	for _, m := range members {
		out = append(out, norm.NFD.String(m))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// spellEmail spells an e-mail address, also one that was copied from a link.
func spellEmail(s string) string {
	s = strings.Map(func(r rune) rune {
		if r >= utf8.RuneSelf && unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(strings.TrimPrefix(spellLower(s), "mailto:"))
}

// bareKey spells a field key as the server does, without the model.
func bareKey(s string) string {
	s = spellLower(s)
	for _, model := range []string{"contact.", "opportunity."} {
		if rest, ok := strings.CutPrefix(s, model); ok {
			return rest
		}
	}
	return s
}

// formatting are the elements and attributes that text editors write. Other
// angle brackets are text: an address, a type, a comparison.
const (
	formatting = `p|br|div|span|b|strong|i|em|u|s|strike|del|ins|a|ul|ol|li|h[1-6]|blockquote|pre|code|hr|img|table|thead|tbody|tr|td|th|font|sub|sup|mark|small`
	properties = `(?:\s+[a-zA-Z-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))*\s*/?`
)

var (
	htmlBreak = regexp.MustCompile(`(?i)<br` + properties + `>|</(?:p|div|li|h[1-6])>`)
	htmlTag   = regexp.MustCompile(`(?i)</?(?:` + formatting + `)` + properties + `>`)
)

// plainText takes the formatting from a rich text, which the server may have
// added to a plain one. A text that is nothing but formatting stays.
func plainText(s string) string {
	s = schema.NormalText(s)
	if !strings.ContainsAny(s, "<&") {
		return strings.TrimSpace(s)
	}
	plain := htmlTag.ReplaceAllString(htmlBreak.ReplaceAllString(s, "\n"), "")
	if plain = strings.TrimSpace(html.UnescapeString(plain)); plain != "" {
		return plain
	}
	return strings.TrimSpace(s)
}
