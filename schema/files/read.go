package files

import (
	"io"
	"os"
	"strings"
)

// ReadText returns the whole text of a file. It takes the memory of the text
// once, where os.ReadFile and a conversion take it twice.
func ReadText(path string) (text string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	var b strings.Builder
	if info, err := f.Stat(); err == nil {
		b.Grow(int(info.Size()))
	}
	if _, err := io.Copy(&b, f); err != nil {
		return "", err
	}
	return b.String(), nil
}
