package console_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/cmd/internal/console"
)

func open(t *testing.T, path string) *console.History {
	t.Helper()
	h, err := console.OpenHistory(path)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func lines(h *console.History) []string {
	var all []string
	for i := range h.Len() {
		all = append(all, h.At(i))
	}
	return all
}

func TestHistory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "lockstep", "console_history")
	h := open(t, path)
	for _, line := range []string{"1 + 1", "1 + 1", "", " var.secret", "local.a", "1 + 1"} {
		h.Add(line)
	}
	if err := h.Save(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"1 + 1", "local.a", "1 + 1"}, lines(open(t, path))); diff != "" {
		t.Errorf("the newest line comes first, without equal ones in a row and what begins with a space (-want +got):\n%s", diff)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode() != fs.FileMode(0o600) {
		t.Errorf("the mode is %v, and others may read it", info.Mode())
	}
}

func TestHistoryOfControls(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	if err := os.WriteFile(path, []byte("a\n\x1b[2Jb\nc\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"c", "a"}, lines(open(t, path))); diff != "" {
		t.Errorf("what would steer the terminal is left out (-want +got):\n%s", diff)
	}
}

func TestHistoryIsBounded(t *testing.T) {
	h := open(t, "")
	for i := range 3000 {
		h.Add(strings.Repeat("x", 1+i%2))
	}
	if h.Len() != 1000 {
		t.Errorf("%d lines are kept", h.Len())
	}
	if err := h.Save(); err != nil {
		t.Errorf("without a file there is nothing to save: %v", err)
	}
}
