package state

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"lockstep/schema/files"
)

// Lock takes the lease of the state. It refuses a state that cannot be written,
// because what is done after it could not be recorded.
func (l *local) Lock(ctx context.Context, holder string) (func() error, error) {
	if err := l.writable(); err != nil {
		return nil, err
	}
	path, err := l.lockPath()
	if err != nil {
		return nil, err
	}
	return l.tenant.Take(ctx, path, holder)
}

// Unlock ends the lease of a token.
func (l *local) Unlock(ctx context.Context, id string) error { return Unlock(ctx, l, id) }

// lockPath is beside the file that the path of the state leads to, so that runs
// which come to it by other links meet the same lock.
func (l *local) lockPath() (string, error) {
	path, err := l.target()
	return path + ".lock", err
}

// Change makes a local log the keeper of its lease, in a file beside it. An
// advisory lock keeps others out meanwhile.
func (l *local) Change(ctx context.Context, change func(held Lease, now time.Time) (*Lease, error)) (err error) {
	path, err := l.lockPath()
	if err != nil {
		return err
	}
	if err := l.makeFolder(); err != nil {
		return err
	}
	guard, err := files.NewLock(path)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if ok, err := guard.TryLockContext(ctx, 20*time.Millisecond); err != nil || !ok {
		return fmt.Errorf("cannot lock %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, guard.Unlock()) }()
	file, err := files.OpenRegular(path, os.O_RDWR)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	next, err := change(readLease(file), l.now())
	if err != nil || next == nil {
		return err
	}
	return writeLease(file, next)
}

// readLease returns the lease in a file. A run that was cut off leaves half a
// lease, which counts as no lease.
func readLease(file io.Reader) Lease {
	var held Lease
	data, err := io.ReadAll(file)
	if err != nil || json.Unmarshal(data, &held) != nil {
		return Lease{}
	}
	return held
}

// writeLease puts a lease in the place of the one in a file; one without token
// leaves the file empty.
func writeLease(file *os.File, next *Lease) (err error) {
	var data []byte
	if next.Token != "" {
		if data, err = json.Marshal(next); err != nil {
			return err
		}
	}
	if err := file.Truncate(0); err != nil {
		return err
	}
	_, err = file.WriteAt(data, 0)
	return err
}
