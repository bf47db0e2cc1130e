package state

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"
	"time"

	"lockstep/schema/files"
)

const (
	// leaseTime is how long a lease holds without being renewed: how long a
	// run that was cut off can keep others waiting.
	leaseTime = 2 * time.Minute
	// renewTime is how often a run renews its lease.
	renewTime = 30 * time.Second
)

// lease is who may write the state, and until when.
type lease struct {
	Token   string    `json:"token"`
	Holder  string    `json:"holder"`
	Host    string    `json:"host"`
	PID     int       `json:"pid"`
	Since   time.Time `json:"since"`
	Expires time.Time `json:"expires"`
}

// LockedError reports who keeps the state locked.
type LockedError struct {
	// Path of the lock.
	Path string
	// Holder is who, Since when, and Expires when the lock ends unless its
	// holder renews it.
	Holder         string
	Since, Expires time.Time
}

// Error names the holder, since when and until when.
func (e *LockedError) Error() string {
	return fmt.Sprintf("the state is locked by %s since %s; unless that run renews it, the lock (%s) ends at %s",
		e.Holder, e.Since.Format(time.RFC3339), e.Path, e.Expires.Format(time.RFC3339))
}

// Lock takes the lease of the state and renews it until it is released. A
// lease that has expired, or whose process on this host has ended, is taken
// over. It refuses a state that cannot be written, because what is done after it
// could not be recorded.
func (l *local) Lock(_ context.Context, holder string) (func() error, error) {
	if err := l.writable(); err != nil {
		return nil, err
	}
	host, err := os.Hostname()
	if err != nil {
		host = "unknown host"
	}
	mine := lease{Token: rand.Text(), Holder: holder, Host: host, PID: os.Getpid(), Since: l.now().UTC().Truncate(time.Second)}
	path, err := l.lockPath()
	if err != nil {
		return nil, err
	}
	err = l.exclusively(func(held lease) (*lease, error) {
		if held.Token != "" && l.now().Before(held.Expires) && !held.ended(host) {
			return nil, &LockedError{Path: path, Holder: held.Holder, Since: held.Since, Expires: held.Expires}
		}
		return l.renewed(mine), nil
	})
	if err != nil {
		return nil, err
	}
	l.lost.Store(false)
	stop := make(chan struct{})
	var renewing sync.WaitGroup
	renewing.Go(func() { l.keep(mine, stop) })
	return sync.OnceValue(func() error {
		close(stop)
		renewing.Wait()
		return l.exclusively(func(held lease) (*lease, error) {
			if held.Token != mine.Token {
				return nil, nil
			}
			return &lease{}, nil
		})
	}), nil
}

// lockPath is beside the file that the path of the state leads to, so that runs
// which come to it by other links meet the same lock.
func (l *local) lockPath() (string, error) {
	path, err := l.target()
	return path + ".lock", err
}

func (l *local) renewed(mine lease) *lease {
	mine.Expires = l.now().UTC().Add(leaseTime).Truncate(time.Second)
	return &mine
}

// keep renews a lease until it is stopped, or finds that it was taken over.
func (l *local) keep(mine lease, stop <-chan struct{}) {
	tick := time.NewTicker(renewTime)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
		}
		// A renewal that fails is tried again before the lease ends; only a
		// lease that another run has taken by now is lost.
		_ = l.exclusively(func(held lease) (*lease, error) {
			if held.Token != mine.Token {
				l.lost.Store(true)
				return nil, nil
			}
			return l.renewed(mine), nil
		})
	}
}

// ended reports whether the holder was a process on this host that has ended.
func (h lease) ended(host string) bool {
	if h.Host != host || h.PID == 0 {
		return false
	}
	p, err := os.FindProcess(h.PID)
	if err != nil {
		return true
	}
	return errors.Is(p.Signal(syscall.Signal(0)), os.ErrProcessDone)
}

// exclusively reads the lease, asks what it should become and writes that; nil
// leaves it. An advisory lock keeps others out meanwhile.
func (l *local) exclusively(change func(held lease) (*lease, error)) (err error) {
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
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
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
	next, err := change(readLease(file))
	if err != nil || next == nil {
		return err
	}
	return writeLease(file, next)
}

// readLease returns the lease in a file. A run that was cut off leaves half a
// lease, which counts as no lease.
func readLease(file io.Reader) lease {
	var held lease
	data, err := io.ReadAll(file)
	if err != nil || json.Unmarshal(data, &held) != nil {
		return lease{}
	}
	return held
}

// writeLease puts a lease in the place of the one in a file; one without token
// leaves the file empty.
func writeLease(file *os.File, next *lease) (err error) {
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
