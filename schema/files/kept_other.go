//go:build !unix

package files

import (
	"io"
	"strings"
)

// Kept returns what a file has now, even when another file is put in its place
// later: an open file could not be replaced on this platform.
func Kept(path string) (io.ReaderAt, error) {
	text, err := ReadText(path)
	if err != nil {
		return nil, err
	}
	return strings.NewReader(text), nil
}
