package console

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"lockstep/schema/files"
)

// maxHistory is how many lines are kept.
const maxHistory = 1000

// History are the lines that were typed, in a file that only its owner can read.
// A line that begins with a space is not kept, with those that go on with it, nor one
// that Ctrl-C gave up.
type History struct {
	path  string
	lines []string // the newest last
	// gaveUp reports whether Ctrl-C ended the line at hand; nil when none can be.
	gaveUp func() bool
	// goesOn is set for a line that goes on with the one before, and hidden when that
	// is not kept.
	goesOn, hidden bool
}

// OpenHistory reads the history that a file keeps; there may be none yet. Without a
// path, or with a file that cannot be read, the history lasts as long as the program.
func OpenHistory(path string) (*History, error) {
	h := &History{path: path}
	if path == "" {
		return h, nil
	}
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		h.path = ""
		return h, err
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSuffix(line, "\n"); !strings.ContainsFunc(line, unicode.IsControl) {
			h.keep(line)
		}
	}
	return h, nil
}

// Add keeps a line.
func (h *History) Add(line string) {
	if !h.goesOn {
		h.hidden = strings.HasPrefix(line, " ")
	}
	if !h.hidden && (h.gaveUp == nil || !h.gaveUp()) {
		h.keep(line)
	}
}

func (h *History) keep(line string) {
	if strings.TrimSpace(line) == "" || len(h.lines) > 0 && h.lines[len(h.lines)-1] == line {
		return
	}
	h.lines = append(h.lines, line)
	h.lines = h.lines[max(0, len(h.lines)-maxHistory):]
}

// Len returns the number of lines.
func (h *History) Len() int { return len(h.lines) }

// At returns a line, the newest for 0.
func (h *History) At(i int) string { return h.lines[len(h.lines)-1-i] }

// Save writes the file.
func (h *History) Save() error {
	if h.path == "" || len(h.lines) == 0 {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(h.path), 0o700); err != nil {
		return err
	}
	return files.ReplaceBytes(h.path, files.Private, []byte(strings.Join(h.lines, "\n")+"\n"))
}
