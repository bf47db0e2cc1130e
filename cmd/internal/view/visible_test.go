package view

import (
	"encoding/json"
	"strings"
	"testing"

	"lockstep/planner"
)

func TestVisible(t *testing.T) {
	tests := map[string]struct {
		reason, in, want string
	}{
		"Plain":     {reason: "What is seen stays.", in: "Zoë + 李 «ok»\n\t~ 1\n", want: "Zoë + 李 «ok»\n\t~ 1\n"},
		"Colour":    {reason: "Our own colours pass.", in: "\x1b[32m+\x1b[0m \x1b[1mb\x1b[0;22m", want: "\x1b[32m+\x1b[0m \x1b[1mb\x1b[0;22m"},
		"Escape":    {reason: "Other orders to a terminal do not.", in: "a\x1b[8mb\x1b]0;c\a", want: `a\u001b[8mb\u001b]0;c\u0007`},
		"Return":    {reason: "A line is not written over.", in: "a\rb\x08\x7f\u0085", want: `a\u000db\u0008\u007f\u0085`},
		"Bidi":      {reason: "A text does not turn around.", in: "a\u202eb\u2066c\u061c", want: `a\u202eb\u2066c\u061c`},
		"ZeroWidth": {reason: "Two names that look alike are told apart.", in: "ann\u200b@\ufeffx\u00ad\u2060", want: `ann\u200b@\ufeffx\u00ad\u2060`},
		"Tag":       {reason: "Characters of tags hide whole texts.", in: "a\U000e0041", want: `a\U000e0041`},
		"Blank":     {reason: "Some letters are blank.", in: "a\u3164\u2800", want: `a\u3164\u2800`},
		"Emoji":     {reason: "A joiner between pictures is seen.", in: "👩\u200d💻 ❤\ufe0f\u200d🔥", want: "👩\u200d💻 ❤\ufe0f\u200d🔥"},
		"Persian":   {reason: "So is one between letters that it is made for.", in: "می\u200cخواهم", want: "می\u200cخواهم"},
		"Joiner":    {reason: "Elsewhere it is not.", in: "a\u200db", want: `a\u200db`},
		"Bytes":     {reason: "What is no text is spelt by its bytes.", in: "a\xffb", want: `a\xffb`},
		"GitHub":    {reason: "A value is no workflow command.", in: "::error::x\n  ::add-mask::y\n", want: "\\u003a:error::x\n  \\u003a:add-mask::y\n"},
		"Within":    {reason: "Within a line two colons are two colons.", in: "a::b\n", want: "a::b\n"},
		"Hash":      {reason: "These are commands anywhere in a line.", in: "a ##[error]b ##VSO[task]c", want: `a \u0023#[error]b \u0023#VSO[task]c`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			var whole strings.Builder
			n, err := NewVisible(&whole, false).Write([]byte(tc.in))
			if err != nil || n != len(tc.in) || whole.String() != tc.want {
				t.Errorf("%s\ngot  %q (%d, %v)\nwant %q", tc.reason, whole.String(), n, err, tc.want)
			}
		})
	}
}

// TestVisibleParts writes a text byte by byte.
func TestVisibleParts(t *testing.T) {
	var b strings.Builder
	v := NewVisible(&b, false)
	for _, c := range []byte("Zoë \u202e 李\n") {
		if n, err := v.Write([]byte{c}); n != 1 || err != nil {
			t.Fatal(n, err)
		}
	}
	if want := "Zoë \\u202e 李\n"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}

// TestVisibleJSON wants JSON of the same value.
func TestVisibleJSON(t *testing.T) {
	value := "a\u202eb\U000e0041 ##[error] ::c"
	line, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if _, err := NewVisible(&b, true).Write(line); err != nil {
		t.Fatal(err)
	}
	var got string
	if err := json.Unmarshal([]byte(b.String()), &got); err != nil || got != value {
		t.Errorf("%s is %q (%v), want %q", b.String(), got, err, value)
	}
	if strings.Contains(b.String(), "\u202e") || strings.Contains(b.String(), "##[") {
		t.Errorf("%q is not spelled out", b.String())
	}
}

// TestOwnColoursPass holds that none of the codes that colour a plan or a diagnostic is
// spelled out.
func TestOwnColoursPass(t *testing.T) {
	var b strings.Builder
	out := NewVisible(&b, false)
	for _, p := range []*planner.Plan{mixed(), many(8), {}} {
		if err := Plan(out, p, Options{Color: true}); err != nil {
			t.Fatal(err)
		}
	}
	diags, files := refused()
	if err := Diagnostics(out, diags, files, Options{Color: true}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "\x1b[1m") || strings.Contains(b.String(), `\u001b`) {
		t.Errorf("codes are missing or spelled out:\n%s", b.String())
	}
}
