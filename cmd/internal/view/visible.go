package view

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"sync"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Visible is a writer that shows what is there: it spells out characters which a
// reader would not see, or which would make a terminal or a CI system do something.
// They are written as \u202e, which JSON and HCL read as the same character. Several
// goroutines may write.
//
// Values come from strangers: a name of a contact, a key, a file name, a server's
// message. The colours of a palette pass.
type Visible struct {
	out io.Writer
	// json is set for a stream of JSON, which writes other escapes beyond \uffff.
	json bool

	mu sync.Mutex
	// rest are the bytes of a character that a write cut off, and inLine is set
	// behind the first character of a line that is no space.
	rest   []byte
	inLine bool
	// before is the last character written.
	before rune
}

// NewVisible makes a Visible over a stream, of JSON or of text.
func NewVisible(out io.Writer, json bool) *Visible { return &Visible{out: out, json: json} }

// painted are the codes of a palette, and of the lines that a diagnostic quotes.
var painted = regexp.MustCompile(`^\x1b\[(?:[012]|1;4|3[1236]|(?:0;)?22)m`)

// commands begin what a CI system takes for an order: on GitHub "::" at the start of
// a line and "##[" anywhere (workflow commands), on Azure "##vso[" (logging commands).
var commands = [][]byte{[]byte("##["), []byte("##vso[")}

// Write spells out what must not stand in the text. It counts the bytes of the text.
func (v *Visible) Write(text []byte) (int, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	rest := append(v.rest, text...)
	v.rest = nil
	var b bytes.Buffer
	for len(rest) > 0 {
		if !utf8.FullRune(rest) {
			v.rest = rest
			break
		}
		rest = rest[v.next(&b, rest):]
	}
	if _, err := v.out.Write(b.Bytes()); err != nil {
		return 0, err
	}
	return len(text), nil
}

// next writes the first character of a text and returns how many bytes it took.
func (v *Visible) next(b *bytes.Buffer, text []byte) int {
	if code := painted.Find(text); code != nil {
		b.Write(code)
		return len(code)
	}
	r, size := utf8.DecodeRune(text)
	switch {
	case r == utf8.RuneError && size == 1:
		fmt.Fprintf(b, `\x%02x`, text[0])
	case v.orders(text) || hidden(r) && !v.joins(r, text[size:]):
		v.spell(b, r)
	default:
		b.Write(text[:size])
	}
	v.before = r
	switch {
	case r == '\n':
		v.inLine = false
	case !unicode.IsSpace(r):
		v.inLine = true
	}
	return size
}

// orders reports whether a text begins as an order to a CI system does.
func (v *Visible) orders(text []byte) bool {
	if !v.inLine && bytes.HasPrefix(text, []byte("::")) {
		return true
	}
	for _, command := range commands {
		if len(text) >= len(command) && bytes.EqualFold(text[:len(command)], command) {
			return true
		}
	}
	return false
}

// joins reports whether a joiner stands between the letters or pictures that it is
// made for, as in Persian and in many emoji.
func (v *Visible) joins(r rune, rest []byte) bool {
	after, _ := utf8.DecodeRune(rest)
	wide := func(r rune) bool { return r > 0x2ff && r != utf8.RuneError && !hidden(r) || r == 0xfe0f }
	return (r == 0x200c || r == 0x200d) && wide(v.before) && wide(after)
}

// hidden reports whether a character is a control character, changes the direction
// of the text, or takes no room.
func hidden(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r == 0xfe0f: // the picture form of the character before
		return false
	case unicode.Is(unicode.Variation_Selector, r), unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp):
		return true
	}
	switch r {
	case 0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xffa0: // blank though they are letters or symbols
		return true
	default:
		return false
	}
}

func (v *Visible) spell(b *bytes.Buffer, r rune) {
	switch {
	case r <= 0xffff:
		fmt.Fprintf(b, `\u%04x`, r)
	case v.json:
		high, low := utf16.EncodeRune(r)
		fmt.Fprintf(b, `\u%04x\u%04x`, high, low)
	default:
		fmt.Fprintf(b, `\U%08x`, r)
	}
}
