package state

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"lockstep/schema/files"
)

// Local keeps the log in a file, and its lock in a file beside it that ends in
// ".lock". Both are readable by their owner only.
//
// Where the path leads over links, it is the file behind them that is written,
// and the lock lies beside that file. Links are followed once.
func Local(path string) Backend { return newLocal(path, time.Now) }

func newLocal(path string, now func() time.Time) *local {
	l := &local{path: path, now: now, target: sync.OnceValues(func() (string, error) { return files.Resolve(path) })}
	l.tenant.Leases = l
	return l
}

type local struct {
	path string
	// target is the file that path leads to.
	target func() (string, error)
	now    func() time.Time
	tenant Tenant
}

func (l *local) Name() string { return l.path }

func (l *local) Load(context.Context) (io.ReaderAt, error) {
	path, err := l.target()
	if err != nil {
		return nil, err
	}
	log, err := files.Kept(path)
	if errors.Is(err, fs.ErrNotExist) {
		return strings.NewReader(""), nil
	}
	return log, err
}

// open opens the log for appending.
func (l *local) open() (*os.File, error) {
	path, err := l.target()
	if err != nil {
		return nil, err
	}
	return files.OpenRegular(path, os.O_APPEND|os.O_WRONLY)
}

// writable returns nil when the log can be appended to, or does not exist yet.
func (l *local) writable() error {
	f, err := l.open()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// ErrLost is returned to a run whose lease expired, before it writes over the work of
// the run that took the state over.
var ErrLost = errors.New("this run lost the lock of the state to another one; what it did until now is recorded")

// Append adds lines to the file, and syncs it.
func (l *local) Append(ctx context.Context, lines []byte) error {
	return l.whileHeld(ctx, func() (err error) {
		f, err := l.open()
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		if _, err := f.Write(lines); err != nil {
			return err
		}
		return f.Sync()
	})
}

// Replace puts another file in the place of this one.
func (l *local) Replace(ctx context.Context, log []byte) error {
	return l.whileHeld(ctx, func() error {
		if err := l.makeFolder(); err != nil {
			return err
		}
		path, err := l.target()
		if err != nil {
			return err
		}
		return files.ReplaceBytes(path, files.Private, log)
	})
}

// whileHeld writes while no other run can take the lease. A run that took none
// writes as well.
func (l *local) whileHeld(ctx context.Context, write func() error) error {
	switch {
	case l.tenant.Lost():
		return ErrLost
	case l.tenant.Token() == "":
		return write()
	}
	return l.Change(ctx, func(held Lease, _ time.Time) (*Lease, error) {
		if err := l.tenant.Holds(held); err != nil {
			return nil, err
		}
		return nil, write()
	})
}

// makeFolder makes the folder that the path names. The folder of a file behind a
// link must be there: what is missing then is more likely a volume.
func (l *local) makeFolder() error { return os.MkdirAll(filepath.Dir(l.path), 0o700) }
