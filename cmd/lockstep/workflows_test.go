package main

import (
	"io/fs"
	"strings"
	"testing"
)

// TestActionsInsertNothing wants what others wrote to reach a shell by the environment
// only: an expression inside a script would be run.
func TestActionsInsertNothing(t *testing.T) {
	files, err := fs.Glob(top(), ".github/actions/*/action.yml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no actions: %v", err)
	}
	for _, file := range files {
		text, err := fs.ReadFile(top(), file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSpace(line)
			if strings.HasPrefix(line, "run:") && (strings.Contains(line, "${{") || strings.HasPrefix(line, "run: |")) {
				t.Errorf("%s: %s inserts what it runs, or has more than a line; put it into a script", file, line)
			}
		}
	}
}
