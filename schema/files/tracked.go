package files

import (
	"bufio"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/format/index"
)

// isTracked reports whether git tracks a path, whose folder has no links in it.
// Where letters differ in case only it counts as tracked: on many file systems
// that is the same file.
func isTracked(path string) (bool, error) {
	for top := filepath.Dir(path); ; top = filepath.Dir(top) {
		at, err := indexOf(top)
		if err != nil {
			return false, err
		}
		if at != "" {
			name, err := filepath.Rel(top, path)
			if err != nil {
				return false, err
			}
			return lists(at, filepath.ToSlash(name))
		}
		if top == filepath.Dir(top) {
			return false, nil
		}
	}
}

// indexOf returns the path of the index of the work tree whose top is a folder,
// "" for any other folder. In a linked work tree and in a submodule .git is a file
// that names the folder (gitrepository-layout(5)).
func indexOf(top string) (string, error) {
	git := filepath.Join(top, ".git")
	info, err := os.Stat(git)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", nil
	case err != nil:
		return "", err
	case info.IsDir():
		return filepath.Join(git, "index"), nil
	}
	text, err := os.ReadFile(git)
	if err != nil {
		return "", err
	}
	dir, ok := strings.CutPrefix(strings.TrimSpace(string(text)), "gitdir: ")
	if !ok {
		return "", nil
	}
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(top, dir)
	}
	return filepath.Join(dir, "index"), nil
}

// lists reports whether an index has a file of that name. A work tree to which
// nothing was ever added has no index.
func lists(at, name string) (bool, error) {
	file, err := os.Open(at)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer file.Close()
	var entries index.Index
	if err := index.NewDecoder(bufio.NewReader(file)).Decode(&entries); err != nil {
		return false, err
	}
	for _, e := range entries.Entries {
		if strings.EqualFold(e.Name, name) {
			return true, nil
		}
	}
	return false, nil
}
