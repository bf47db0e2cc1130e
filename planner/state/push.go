package state

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
)

// Pushed is what Push did.
type Pushed struct {
	// Records that the pushed log has, and Replaced the records of the log whose place
	// it took.
	Records, Replaced int
}

// errCut is returned for a log that cannot be trusted to be whole.
var errCut = errors.New("it was cut off, so some of what it recorded is missing: take another copy, or apply with it where it is, which looks for what is missing")

// errEmpty is returned for nothing.
var errEmpty = errors.New("there is nothing in it")

// NoStateError reports that what was to be pushed is no state.
type NoStateError struct{ Err error }

// Error returns why the log is no state.
func (e *NoStateError) Error() string { return e.Err.Error() }

// Unwrap returns the reason.
func (e *NoStateError) Unwrap() error { return e.Err }

// Push puts a log in the place of what a backend keeps, whose lock is held. A log
// of another lineage, and one of which the backend has a later serial, or other contents
// with the same serial, is refused unless it is forced. A log that was cut off, or is no log, is refused always.
func Push(ctx context.Context, to Backend, log io.ReaderAt, force bool) (Pushed, error) {
	pushed, err := Decode(log)
	switch {
	case err != nil:
		return Pushed{}, &NoStateError{err}
	case pushed.Cut > 0:
		return Pushed{}, errCut
	case pushed.Lineage() == "":
		return Pushed{}, &NoStateError{errEmpty}
	}
	old, err := to.Load(ctx)
	if err != nil {
		return Pushed{}, fmt.Errorf("cannot read the state %s: %w", to.Name(), err)
	}
	kept, err := Decode(old)
	if err == nil {
		err = follows(pushed, kept)
	}
	if err != nil && !force {
		return Pushed{}, fmt.Errorf("the state of %s would be lost: %w", to.Name(), err)
	}
	text, err := io.ReadAll(io.NewSectionReader(log, 0, math.MaxInt64))
	if err != nil {
		return Pushed{}, err
	}
	if err := to.Replace(ctx, text); err != nil {
		return Pushed{}, fmt.Errorf("cannot write the state %s: %w", to.Name(), err)
	}
	done := Pushed{Records: pushed.Records.Len()}
	if kept != nil {
		done.Replaced = kept.Records.Len()
	}
	return done, nil
}

// follows returns nil when a log may take the place of another one.
func follows(pushed, kept *Snapshot) error {
	switch {
	case kept.Lineage() == "":
		return nil
	case kept.Lineage() != pushed.Lineage():
		return errors.New("it is another state (their lineages differ)")
	case kept.Serial > pushed.Serial:
		return fmt.Errorf("it is newer (serial %d, and the pushed one has %d)", kept.Serial, pushed.Serial)
	case kept.Serial == pushed.Serial && !kept.Incomplete():
		return sameContents(pushed, kept)
	default:
		return nil
	}
}

// sameContents returns an error for two logs that were the same once, until each was
// written apart from the other.
func sameContents(pushed, kept *Snapshot) error {
	one, err := pushed.encode()
	if err != nil {
		return err
	}
	other, err := kept.encode()
	if err != nil {
		return err
	}
	if !bytes.Equal(one, other) {
		return fmt.Errorf("it has the same serial (%d) and other contents, so both were written since one was copied", kept.Serial)
	}
	return nil
}
