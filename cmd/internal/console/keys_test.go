package console

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/term"
)

// TestKeys reads lines through the terminal of the library, as the editor does.
func TestKeys(t *testing.T) {
	cases := map[string]struct {
		reason, typed string
		// want are the lines; ^C stands for one that was given up.
		want string
	}{
		"plain":      {"lines are as they are typed", "a\rb\r", "a,b"},
		"given up":   {"Ctrl-C ends a line that is not kept", "abc\x03d\r", "^C,d"},
		"before":     {"a Ctrl-C that is typed ahead does not give up the line before", "a\r\x03b\r", "a,^C,b"},
		"twice":      {"each Ctrl-C ends a line", "\x03\x03a\r", "^C,^C,a"},
		"end":        {"Ctrl-D in an empty line ends", "a\r\x04b\r", "a"},
		"not empty":  {"Ctrl-D in a line does not", "ab\x04\r", "ab"},
		"cursor":     {"what is typed stands where the cursor is", "b\x01a\r", "ab"},
		"from there": {"Ctrl-C works wherever the cursor is", "abc\x01\x03d\r", "^C,d"},
	}
	for name, tc := range cases {
		for how, in := range map[string]io.Reader{"whole": strings.NewReader(tc.typed), "byte by byte": iotest.OneByteReader(strings.NewReader(tc.typed))} {
			t.Run(name+" "+how, func(t *testing.T) {
				k := &keys{in: in}
				terminal := term.NewTerminal(struct {
					io.Reader
					io.Writer
				}{k, io.Discard}, "> ")
				var got []string
				for {
					k.interrupted = false
					line, err := terminal.ReadLine()
					if errors.Is(err, io.EOF) {
						break
					}
					if k.interrupted {
						line = "^C"
					}
					got = append(got, line)
				}
				if text := strings.Join(got, ","); text != tc.want {
					t.Errorf("%s: got %q, want %q", tc.reason, text, tc.want)
				}
			})
		}
	}
}
