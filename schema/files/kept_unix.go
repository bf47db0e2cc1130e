//go:build unix

package files

import (
	"io"
	"os"
)

// Kept opens a file for reading what it has now, even when another file is put in
// its place later. It is closed when nothing refers to it any more.
func Kept(path string) (io.ReaderAt, error) {
	f, err := OpenRegular(path, os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	return f, nil
}
