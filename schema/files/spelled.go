package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/text/unicode/norm"
)

// Spelled returns a path as its files are named on the disk. The language writes
// an accented letter as one character (Unicode NFC), and a name that was made on
// macOS may have it as a letter and an accent (NFD), which other systems take for
// another name. A path that names nothing either way is returned as it is.
func Spelled(path string) string {
	if norm.NFD.IsNormalString(path) || exists(path) {
		return path
	}
	dir, name := filepath.Split(path)
	if trimmed := filepath.Clean(dir); dir != "" && trimmed != path {
		dir = Spelled(trimmed)
	}
	for _, spelt := range []string{name, norm.NFD.String(name)} {
		if found := filepath.Join(dir, spelt); exists(found) {
			return found
		}
	}
	return path
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
