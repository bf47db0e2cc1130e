package complete

import (
	"io"
	"strings"
)

// special are the characters that bash does not take as they are.
const special = " \t\n\"'`\\$&|;<>(){}[]*?!#~^"

// Line is what stands before the cursor in bash.
type Line struct {
	// Words are the arguments of the command, as the program would get them; the
	// last one is being typed, and may be empty.
	Words []string
	// raw is the last word as it is typed, and quote the quotation mark that it
	// opens; 0 for none.
	raw   string
	quote byte
}

// ParseLine reads a command line up to the cursor.
func ParseLine(text string) Line {
	var l Line
	for rest := text; ; {
		rest = strings.TrimLeft(rest, " \t\n")
		word, raw, after, quote := cutWord(rest)
		l.Words, l.raw, l.quote = append(l.Words, word), raw, quote
		if after == "" {
			break
		}
		rest = after
	}
	l.Words = l.Words[1:]
	if len(l.Words) == 0 {
		l.Words = []string{""}
	}
	return l
}

// cutWord reads the first word of a line. after begins with what ends the word, and
// is empty when the word goes on to the cursor.
func cutWord(line string) (word, raw, after string, quote byte) {
	var b strings.Builder
	for i := 0; i < len(line); i++ {
		ch := line[i]
		switch {
		case quote == '\'' && ch != '\'', quote == '"' && ch != '"' && ch != '\\':
			b.WriteByte(ch)
		case quote != 0 && ch == quote:
			quote = 0
		case ch == '\\':
			if i++; i < len(line) {
				b.WriteByte(line[i])
			}
		case ch == '\'' || ch == '"':
			quote = ch
		case ch == ' ' || ch == '\t' || ch == '\n':
			return b.String(), line[:i], line[i:], 0
		default:
			b.WriteByte(ch)
		}
	}
	return b.String(), line, "", quote
}

// Write writes candidates as bash inserts them. bash takes = : @ and quotation
// marks for ends of words too, so what it would replace, the end of the last word,
// is given.
func (l Line) Write(w io.Writer, list []Candidate, replaced string) error {
	done, _, _, _ := cutWord(strings.TrimSuffix(l.raw, replaced))
	var b strings.Builder
	for _, c := range list {
		rest, ok := strings.CutPrefix(c.Value, done)
		if !ok {
			continue
		}
		b.WriteString(l.quoted(rest))
		if !c.open() && l.quote == 0 {
			// bash itself closes a quotation mark.
			b.WriteByte(' ')
		}
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// quoted is a text as it has to be typed here.
func (l Line) quoted(text string) string {
	escape := special
	switch l.quote {
	case '\'':
		return strings.ReplaceAll(text, "'", `'\''`)
	case '"':
		escape = "\"\\$`!"
	}
	var b strings.Builder
	for i := range len(text) {
		if strings.IndexByte(escape, text[i]) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(text[i])
	}
	return b.String()
}
