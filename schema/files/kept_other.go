//go:build !unix

package files

import (
	"bytes"
	"errors"
	"io"
	"os"
)

// Kept returns what a file has now, even when another file is put in its place
// later: an open file could not be replaced on this platform.
func Kept(path string) (io.ReaderAt, error) {
	f, err := OpenRegular(path, os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(f)
	return bytes.NewReader(text), errors.Join(err, f.Close())
}
