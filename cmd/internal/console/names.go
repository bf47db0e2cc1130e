package console

import (
	"slices"
	"strings"
)

// Word is the name at the end of a text that is being typed, such as
// `ghl_contact.leads["ann`. It is empty where no name is begun, and within a text
// between quotation marks.
func Word(text string) string {
	start := len(text)    // of the name at hand, len(text) for none
	var texts []int       // the open braces in each text that is around
	open, key := 0, false // the open braces here; within the key of a name
	quoted := false
	for i := 0; i < len(text); i++ {
		ch := text[i]
		switch {
		case key:
			key = ch != '"'
		case quoted && ch == '$' && strings.HasPrefix(text[i:], "${"):
			i++
			texts, open, quoted, start = append(texts, open), 0, false, len(text)
		case quoted:
			quoted = ch != '"'
			start = len(text)
		case ch == '"' && i > 0 && text[i-1] == '[' && start < i-1:
			key = true
		case ch == '"':
			quoted, start = true, len(text)
		case ch == '}' && open == 0 && len(texts) > 0:
			open, texts, quoted = texts[len(texts)-1], texts[:len(texts)-1], true
		case !nameByte(ch):
			open += strings.Count(string(ch), "{") - strings.Count(string(ch), "}")
			start = len(text)
		case start == len(text):
			start = i
		}
	}
	if quoted {
		return ""
	}
	return text[start:]
}

// nameByte reports whether names contain a byte, outside of keys.
func nameByte(ch byte) bool {
	return ch == '_' || ch == '-' || ch == '.' || ch == '[' || ch == ']' || ch >= 0x80 ||
		'0' <= ch && ch <= '9' || 'a' <= ch && ch <= 'z' || 'A' <= ch && ch <= 'Z'
}

// Next are the names that go on from a word, up to the next dot or key: of
// "local.a" and "local.b" the word "lo" is offered both, the word "" only "local.".
func Next(word string, names []string) []string {
	var next []string
	for _, name := range names {
		if strings.HasPrefix(name, word) && name != word {
			next = append(next, step(name, len(word)))
		}
	}
	slices.Sort(next)
	return slices.Compact(next)
}

// step is a name up to the end of the part that begins somewhere in it.
func step(name string, from int) string {
	key := false
	for i := range len(name) {
		ch := name[i]
		if ch == '"' {
			key = !key
		}
		if !key && (ch == ']' && i >= from || (ch == '.' || ch == '[') && i > from) {
			return name[:i+1]
		}
	}
	return name
}

// Extend completes a text by what all candidates for its last word have in common.
// list is what to show where that is nothing more than the word.
func Extend(text string, candidates []string) (extended, list string) {
	if len(candidates) == 0 {
		return text, ""
	}
	word := Word(text)
	common := candidates[0]
	for _, c := range candidates[1:] {
		for !strings.HasPrefix(c, common) {
			common = common[:len(common)-1]
		}
	}
	if len(candidates) > 1 && common == word {
		return text, strings.Join(candidates, "  ") + "\n"
	}
	return strings.TrimSuffix(text, word) + common, ""
}
