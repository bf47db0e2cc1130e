package state

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"
)

// Local keeps the log in a file, and its lock in a file beside it that ends in
// ".lock". Both are readable by their owner only.
func Local(path string) Backend { return &local{path: path, now: time.Now} }

type local struct {
	path string
	now  func() time.Time
	// lost is set when another run has taken the lease over.
	lost atomic.Bool
}

func (l *local) Name() string { return l.path }

func (l *local) Load(context.Context) ([]byte, error) {
	data, err := os.ReadFile(l.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, err
}

// writable says that the log can be appended to, or does not exist yet.
func (l *local) writable() error {
	f, err := os.OpenFile(l.path, os.O_APPEND|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// errLost stops a run whose lease expired, before it writes over the work of
// the run that took the state over.
var errLost = errors.New("this run lost the lock of the state to another one; what it did until now is recorded")

func (l *local) Append(_ context.Context, lines []byte) (err error) {
	if l.lost.Load() {
		return errLost
	}
	f, err := os.OpenFile(l.path, os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(lines); err != nil {
		return err
	}
	return f.Sync()
}

func (l *local) Replace(_ context.Context, log []byte) (err error) {
	if l.lost.Load() {
		return errLost
	}
	dir := filepath.Dir(l.path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, filepath.Base(l.path)+".new-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(log)
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return err
	}
	if err := os.Rename(f.Name(), l.path); err != nil {
		return err
	}
	return syncDir(dir)
}

// syncDir makes a rename durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
