package state

import (
	"bufio"
	"errors"
	"io"
	"math"
	"strings"
)

// lines reads a log line by line, and knows where each begins.
type lines struct {
	log io.ReaderAt
	in  *bufio.Reader
	// at is where the last line begins, and next where the one after it does.
	at, next int64
}

// lineRoom is how much of a log is read at a time.
const lineRoom = 1 << 16

func newLines(log io.ReaderAt) *lines {
	return &lines{log: log, in: bufio.NewReaderSize(io.NewSectionReader(log, 0, math.MaxInt64), lineRoom)}
}

// read returns the next line without its newline, until another one is read. whole
// reports whether there was one. The error is io.EOF after the last line.
func (l *lines) read() (text []byte, whole bool, err error) {
	text, err = l.in.ReadSlice('\n')
	for errors.Is(err, bufio.ErrBufferFull) {
		text = append([]byte(nil), text...)
		var more []byte
		more, err = l.in.ReadBytes('\n')
		text = append(text, more...)
	}
	l.at, l.next = l.next, l.next+int64(len(text))
	switch {
	case err == nil:
		return text[:len(text)-1], true, nil
	case errors.Is(err, io.EOF) && len(text) > 0:
		return text, false, nil
	default:
		return nil, false, err
	}
}

// textRoom keeps many short texts in few allocations.
type textRoom struct {
	chunk strings.Builder
}

func (t *textRoom) keep(text []byte) string {
	if len(text) == 0 {
		return ""
	}
	if t.chunk.Cap()-t.chunk.Len() < len(text) {
		// What was kept stays in the chunk before.
		t.chunk = strings.Builder{}
		t.chunk.Grow(max(lineRoom, len(text)))
	}
	begin := t.chunk.Len()
	t.chunk.Write(text)
	return t.chunk.String()[begin:]
}

// source is a text that lies in a log, or in memory when log is nil.
type source struct {
	log  io.ReaderAt
	text string
}

// piece is a part of a source. The zero value is empty.
type piece struct {
	of *source
	at int64
	n  int32
	// secret reports that a value in it was sensitive: few are, and reading all to
	// find them takes long.
	secret bool
}

// inMemory makes a piece of a text, which is shorter than 2 GiB.
func inMemory(text string) piece {
	if text == "" {
		return piece{}
	}
	return piece{of: &source{text: text}, n: int32(len(text)), secret: strings.Contains(text, secretMark)}
}

// read appends the piece to b.
func (p piece) read(b []byte) ([]byte, error) {
	switch {
	case p.of == nil:
		return b, nil
	case p.of.log == nil:
		return append(b, p.of.text...), nil
	}
	begin := len(b)
	b = append(b, make([]byte, p.n)...)
	_, err := p.of.log.ReadAt(b[begin:], p.at)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return b, err
}
