package command

import (
	"io"
	"os"
	"strings"
	"time"

	"github.com/mattn/go-isatty"
	"golang.org/x/term"

	"lockstep/cmd/internal/view"
)

// Env is everything that a run takes from the outside.
type Env struct {
	// Args are the arguments without the program's name.
	Args []string
	// The streams, and which of them are terminals.
	Stdin                                         io.Reader
	Stdout, Stderr                                io.Writer
	StdinTerminal, StdoutTerminal, StderrTerminal bool
	// Columns returns how wide the terminal is now, 0 when that is not known. It may be
	// nil.
	Columns func() int
	// Environ are the environment's entries, "NAME=value".
	Environ []string
	// Providers that can be used. Their order does not matter.
	Providers []Provider
	// Now is the clock.
	Now func() time.Time
}

// getenv returns the value of an environment variable; a later entry wins, as
// it does for the operating system.
func (e *Env) getenv(name string) string {
	value := ""
	for _, entry := range e.Environ {
		if rest, ok := strings.CutPrefix(entry, name+"="); ok {
			value = rest
		}
	}
	return value
}

// colors reports whether a stream is coloured.
func (e *Env) colors(mode string, terminal bool) bool {
	switch mode {
	case "always":
		return true
	case "never":
		return false
	}
	on := func(name string) bool { v := e.getenv(name); return v != "" && v != "0" }
	switch {
	case e.getenv("NO_COLOR") != "":
		return false
	case on("FORCE_COLOR") || on("CLICOLOR_FORCE"):
		return true
	default:
		return terminal && e.getenv("TERM") != "dumb"
	}
}

// columns is how wide the terminal is now, 0 when that is not known.
func (e *Env) columns() int {
	if e.Columns == nil {
		return 0
	}
	return e.Columns()
}

// wrapWidth is where paragraphs wrap on a stream, in columns: the width of a terminal,
// or never.
func (e *Env) wrapWidth(terminal bool) int {
	switch n := e.columns(); {
	case !terminal:
		return 0
	case n <= 0:
		return view.UsualColumns
	default:
		return n
	}
}

// progressWidth returns the width of the terminal that progress is drawn on; nil when
// lines cannot be drawn anew.
func (e *Env) progressWidth() func() int {
	if !e.StderrTerminal || e.getenv("TERM") == "dumb" {
		return nil
	}
	return e.columns
}

// terminalWidth asks the terminal behind the streams.
func terminalWidth() int {
	for _, f := range []*os.File{os.Stderr, os.Stdout} {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil {
			return width
		}
	}
	return 0
}

// System is the environment of this process.
func System() Env {
	terminal := func(f *os.File) bool { return isatty.IsTerminal(f.Fd()) || isatty.IsCygwinTerminal(f.Fd()) }
	return Env{
		Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		StdinTerminal: terminal(os.Stdin), StdoutTerminal: terminal(os.Stdout), StderrTerminal: terminal(os.Stderr),
		Columns: terminalWidth, Environ: os.Environ(), Providers: Providers(), Now: time.Now,
	}
}
