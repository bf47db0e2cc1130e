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
	"sync/atomic"
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
	return &local{path: path, now: now, target: sync.OnceValues(func() (string, error) { return files.Resolve(path) })}
}

type local struct {
	path string
	// target is the file that path leads to.
	target func() (string, error)
	now    func() time.Time
	// lost is set when another run has taken the lease over.
	lost atomic.Bool
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

// errLost stops a run whose lease expired, before it writes over the work of
// the run that took the state over.
var errLost = errors.New("this run lost the lock of the state to another one; what it did until now is recorded")

func (l *local) Append(_ context.Context, lines []byte) (err error) {
	if l.lost.Load() {
		return errLost
	}
	f, err := l.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(lines); err != nil {
		return err
	}
	return f.Sync()
}

func (l *local) Replace(_ context.Context, log []byte) error {
	if l.lost.Load() {
		return errLost
	}
	if err := l.makeFolder(); err != nil {
		return err
	}
	path, err := l.target()
	if err != nil {
		return err
	}
	return files.ReplaceBytes(path, files.Private, log)
}

// makeFolder makes the folder that the path names. The folder of a file behind a
// link must be there: what is missing then is more likely a volume.
func (l *local) makeFolder() error { return os.MkdirAll(filepath.Dir(l.path), 0o700) }
