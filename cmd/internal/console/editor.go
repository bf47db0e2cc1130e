package console

import (
	"errors"
	"io"
	"os"

	"golang.org/x/term"
)

// ErrInterrupted is the error of a line that Ctrl-C gave up.
var ErrInterrupted = errors.New("interrupted")

// Editor edits lines at a terminal. The terminal is in raw mode only while a line
// is read, so that signals work while one is evaluated.
type Editor struct {
	in       *os.File
	keys     *keys
	terminal *term.Terminal
	history  *History
}

// NewEditor makes an editor that reads from a terminal and draws on out. complete
// returns the candidates for the end of a text.
func NewEditor(in *os.File, out io.Writer, history *History, complete func(text string) []string) *Editor {
	e := &Editor{in: in, keys: &keys{in: in}, history: history}
	e.terminal = term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{e.keys, out}, "")
	history.gaveUp = func() bool { return e.keys.interrupted }
	e.terminal.History = history
	e.terminal.AutoCompleteCallback = func(line string, at int, key rune) (string, int, bool) {
		if key != '\t' {
			return "", 0, false
		}
		text, list := Extend(line[:at], complete(line[:at]))
		if list != "" {
			// Ignored like all that cannot be drawn: the line is still there.
			_, _ = io.WriteString(e.terminal, list)
		}
		return text + line[at:], len(text), true
	}
	e.terminal.SetBracketedPasteMode(true)
	return e
}

// ReadLine reads one line, which may go on with the one before. The error is
// ErrInterrupted after Ctrl-C, and io.EOF after Ctrl-D in an empty line.
func (e *Editor) ReadLine(goesOn bool) (string, error) {
	raw, err := term.MakeRaw(int(e.in.Fd()))
	if err != nil {
		return "", err
	}
	defer term.Restore(int(e.in.Fd()), raw)
	if width, height, err := term.GetSize(int(e.in.Fd())); err == nil && width > 0 {
		if err := e.terminal.SetSize(width, height); err != nil {
			return "", err
		}
	}
	e.keys.interrupted, e.history.goesOn = false, goesOn
	e.terminal.SetPrompt("> ")
	if goesOn {
		e.terminal.SetPrompt(". ")
	}
	line, err := e.terminal.ReadLine()
	switch {
	case e.keys.interrupted:
		return "", ErrInterrupted
	case errors.Is(err, term.ErrPasteIndicator):
		return line, nil
	}
	return line, err
}

// Close lets the terminal be as it was.
func (e *Editor) Close() { e.terminal.SetBracketedPasteMode(false) }

// keys are what is typed. The terminal of the library takes Ctrl-C for the end
// of the input; here it ends the line, as in a shell.
type keys struct {
	in io.Reader
	// kept was read and not handed on yet.
	kept []byte
	// interrupted is set once the Ctrl-C of this line was handed on.
	interrupted bool
}

const (
	ctrlC = 3
	// giveUp goes to the end of the line, shows ^C and ends it.
	giveUp = "\x05^C\r"
)

// Read hands on what was typed, up to a Ctrl-C, or what stands for one.
func (k *keys) Read(p []byte) (int, error) {
	if len(k.kept) == 0 {
		n, err := k.in.Read(p)
		if n == 0 || err != nil {
			return n, err
		}
		k.kept = append(k.kept, p[:n]...)
	}
	if k.kept[0] == ctrlC && len(p) >= len(giveUp) {
		k.kept, k.interrupted = k.kept[1:], true
		return copy(p, giveUp), nil
	}
	end := 1
	for end < len(k.kept) && k.kept[end] != ctrlC {
		end++
	}
	n := copy(p, k.kept[:end])
	k.kept = k.kept[n:]
	return n, nil
}
