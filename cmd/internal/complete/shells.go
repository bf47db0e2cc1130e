package complete

import (
	"embed"
	"fmt"
	"io"
	"strings"
)

//go:embed scripts
var scripts embed.FS

// Shells are the shells that there is a script for.
func Shells() []string { return []string{"bash", "zsh", "fish", "pwsh"} }

// Script returns the script of one of the Shells.
func Script(shell string) (string, error) {
	text, err := scripts.ReadFile("scripts/" + shell)
	if err != nil {
		return "", fmt.Errorf("there is no completion for the shell %q: %w", shell, err)
	}
	return string(text), nil
}

// Candidate is something that may stand where the cursor is.
type Candidate struct {
	// Value is the whole word, and Text what it is; Text may be empty.
	Value, Text string
}

// open reports whether more is to come in the same word: the value of a flag, a
// file of a folder, or a key.
func (c Candidate) open() bool {
	return strings.ContainsAny(c.Value[max(0, len(c.Value)-1):], "=/[")
}

// Write writes candidates as the scripts of all shells but bash read them: on
// each line the word, and behind a tab what it is.
func Write(w io.Writer, list []Candidate) error {
	var b strings.Builder
	for _, c := range list {
		b.WriteString(c.Value)
		if c.Text != "" {
			b.WriteString("\t" + c.Text)
		}
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}
