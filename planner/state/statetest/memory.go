// Package statetest has a state.Backend for tests.
package statetest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync"
)

// ErrFull is why a write is not taken.
var ErrFull = errors.New("the disk is full")

// Memory is a state.Backend that keeps its log in memory. The zero value is empty
// and takes all writes. It may be used by several goroutines, except for Log,
// Writes and Clean.
type Memory struct {
	mu sync.Mutex
	// Log is what was written.
	Log []byte
	// Writes counts the writes, be they taken or not.
	Writes int
	// Clean leaves nothing behind of a write that is not taken, as a process that is
	// killed before it; else half of it is.
	Clean bool
	// full reports that only left more writes are taken.
	full bool
	left int
}

// Take lets a number of writes pass and none after them, as a disk that fills up or
// a process that is killed. All pass when the number is negative.
func (m *Memory) Take(writes int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.full, m.left = writes >= 0, writes
}

// Name returns "memory".
func (m *Memory) Name() string { return "memory" }

// Load returns the log.
func (m *Memory) Load(context.Context) (io.ReaderAt, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return bytes.NewReader(bytes.Clone(m.Log)), nil
}

// takes counts a write, and reports whether it is taken. The lock is held.
func (m *Memory) takes() bool {
	m.Writes++
	if !m.full {
		return true
	}
	m.left--
	return m.left >= 0
}

// Append adds lines to the log. It returns ErrFull and, unless Clean, leaves half of
// them behind when it takes no more writes.
func (m *Memory) Append(_ context.Context, lines []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.takes() {
		if !m.Clean {
			m.Log = append(m.Log, lines[:len(lines)/2]...)
		}
		return ErrFull
	}
	m.Log = append(m.Log, lines...)
	return nil
}

// Replace puts another log in the place of this one, or returns ErrFull and
// leaves it as it is.
func (m *Memory) Replace(_ context.Context, log []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.takes() {
		return ErrFull
	}
	m.Log = bytes.Clone(log)
	return nil
}

// Lock holds nothing.
func (m *Memory) Lock(context.Context, string) (func() error, error) {
	return func() error { return nil }, nil
}

// Unlock does nothing.
func (m *Memory) Unlock(context.Context, string) error { return nil }
