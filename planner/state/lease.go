package state

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	// leaseTime is how long a lease holds without being renewed: how long a
	// run that was cut off can keep others waiting.
	leaseTime = 2 * time.Minute
	// renewTime is how often a run renews its lease.
	renewTime = 30 * time.Second
)

// Lease is who may write a state, and until when. One without a token is free.
type Lease struct {
	// Token names this lease among all others.
	Token  string `json:"token"`
	Holder string `json:"holder"`
	// Host and PID tell, on the same machine, whether the holder has ended.
	Host  string    `json:"host"`
	PID   int       `json:"pid"`
	Since time.Time `json:"since"`
	// Expires is zero where the holder cannot renew a lease, which then never ends by itself.
	Expires time.Time `json:"expires"`
}

// NewLease returns a lease of this process that begins now, and does not expire.
func NewLease(holder string, now time.Time) Lease {
	return Lease{Token: rand.Text(), Holder: holder, Host: here(), PID: os.Getpid(), Since: now.UTC().Truncate(time.Second)}
}

// Free reports whether another run may take the lease: it was released, has
// expired, or its process on this machine has ended.
func (h Lease) Free(now time.Time) bool {
	expired := !h.Expires.IsZero() && !now.Before(h.Expires)
	return h.Token == "" || expired || h.ended(here())
}

// here names the machine, and on Linux also the set of processes that ids of
// processes are of: two containers of one name do not see each other's.
func here() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown host"
	}
	processes, err := os.Readlink("/proc/self/ns/pid")
	if err != nil {
		return host
	}
	return host + " " + processes
}

// Leases keeps the one lease of a state.
type Leases interface {
	// Change hands change the lease that is held, and the time by the clock that
	// it is kept with, and puts what it returns in its place; nil leaves it. No
	// other run comes between. change may be called again.
	Change(ctx context.Context, change func(held Lease, now time.Time) (*Lease, error)) error
}

// Tenant takes the lease of a state and renews it for one run.
type Tenant struct {
	// Leases to take it from.
	Leases Leases
	// mine is the token of the lease that this run holds.
	mine atomic.Pointer[string]
	// lost is set when another run has taken the lease over.
	lost atomic.Bool
}

// Token of the lease that this run took and did not release; else empty.
func (t *Tenant) Token() string {
	if token := t.mine.Load(); token != nil {
		return *token
	}
	return ""
}

// Holds returns ErrLost when this run took a lease and another one is held now.
func (t *Tenant) Holds(held Lease) error {
	if token := t.Token(); token != "" && held.Token != token {
		t.lost.Store(true)
	}
	if t.Lost() {
		return ErrLost
	}
	return nil
}

// Lost reports whether another run has taken the lease over.
func (t *Tenant) Lost() bool { return t.lost.Load() }

// LockedError reports who keeps the state locked.
type LockedError struct {
	// Path of the lock.
	Path string
	// ID ends the lock when it is given to Unlock.
	ID string
	// Holder is who, Since when, and Expires when the lock ends unless its
	// holder renews it; zero where locks do not end by themselves.
	Holder         string
	Since, Expires time.Time
	// Ended is true when the holder was a process on this machine that has ended, and
	// the backend has not taken its lock over.
	Ended bool
}

// Error names the holder, since when and until when.
func (e *LockedError) Error() string {
	if e.Expires.IsZero() {
		return fmt.Sprintf("the state is locked by %s since %s; the lock (%s) does not end by itself: when that run has ended, run `lockstep force-unlock %s`",
			e.Holder, e.Since.Format(time.RFC3339), e.Path, e.ID)
	}
	return fmt.Sprintf("the state is locked by %s since %s; unless that run renews it, the lock (%s) ends at %s, or with `lockstep force-unlock %s`",
		e.Holder, e.Since.Format(time.RFC3339), e.Path, e.Expires.Format(time.RFC3339), e.ID)
}

// Take takes the lease and renews it until it is released. where names the lock
// in a *LockedError, which is returned while another run holds it.
func (t *Tenant) Take(ctx context.Context, where, holder string) (release func() error, err error) {
	var mine Lease
	err = t.Leases.Change(ctx, func(held Lease, now time.Time) (*Lease, error) {
		if !held.Free(now) && held.Token != mine.Token {
			return nil, &LockedError{Path: where, ID: held.Token, Holder: held.Holder, Since: held.Since, Expires: held.Expires}
		}
		mine = NewLease(holder, now)
		return mine.renewed(now), nil
	})
	if err != nil {
		return nil, err
	}
	t.mine.Store(&mine.Token)
	t.lost.Store(false)
	stop := make(chan struct{})
	var renewing sync.WaitGroup
	renewing.Go(func() { t.keep(context.WithoutCancel(ctx), mine, stop) })
	return sync.OnceValue(func() error {
		close(stop)
		renewing.Wait()
		t.mine.Store(nil)
		if err := Unlock(context.WithoutCancel(ctx), t.Leases, mine.Token); !errors.Is(err, errNotHeld) {
			return err
		}
		return nil // another run took it over
	}), nil
}

var errNotHeld = errors.New("the state is not locked with this id; the error of a run that is kept out tells the id")

// Unlock ends the lease of a token, or fails and leaves another lease as it is.
func Unlock(ctx context.Context, l Leases, token string) error {
	return l.Change(ctx, func(held Lease, _ time.Time) (*Lease, error) {
		if held.Token != token {
			return nil, errNotHeld
		}
		return &Lease{}, nil
	})
}

func (h Lease) renewed(now time.Time) *Lease {
	h.Expires = now.UTC().Add(leaseTime).Truncate(time.Second)
	return &h
}

// keep renews a lease until it is stopped, or finds that it was taken over.
func (t *Tenant) keep(ctx context.Context, mine Lease, stop <-chan struct{}) {
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
		t.renew(ctx, mine)
	}
}

func (t *Tenant) renew(ctx context.Context, mine Lease) {
	ctx, cancel := context.WithTimeout(ctx, renewTime)
	defer cancel()
	_ = t.Leases.Change(ctx, func(held Lease, now time.Time) (*Lease, error) {
		if held.Token != mine.Token {
			t.lost.Store(true)
			return nil, nil
		}
		return mine.renewed(now), nil
	})
}

// ended reports whether the holder was a process on this machine that has ended.
func (h Lease) ended(host string) bool {
	if h.Host != host || h.PID == 0 {
		return false
	}
	p, err := os.FindProcess(h.PID)
	if err != nil {
		return true
	}
	return errors.Is(p.Signal(syscall.Signal(0)), os.ErrProcessDone)
}
