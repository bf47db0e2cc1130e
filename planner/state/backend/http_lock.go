package backend

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"lockstep/planner/state"
)

// lockInfo is who locks, as Terraform writes it (Terraform's documentation,
// "Backend Type: http", and the LockInfo of its statemgr package).
type lockInfo struct {
	ID        string
	Operation string
	// Info has the lease as JSON, of which others need nothing.
	Info    string
	Who     string
	Version string
	Created time.Time
	Path    string
}

func (h *httpBackend) newLockInfo(l state.Lease) (lockInfo, error) {
	info, err := json.Marshal(l)
	return lockInfo{ID: l.Token, Operation: "lockstep", Info: string(info), Who: l.Holder, Version: h.agent, Created: l.Since, Path: h.Name()}, err
}

// lease is whose lock it is. Of a lock that lockstep did not make, only
// what Terraform tells is known.
func (i lockInfo) lease() state.Lease {
	var l state.Lease
	if json.Unmarshal([]byte(i.Info), &l) != nil || l.Token != i.ID {
		return state.Lease{Token: i.ID, Holder: i.Who, Since: i.Created}
	}
	return l
}

// Lock takes the server's lock. The protocol has no leases: a lock ends when it is
// released. One of a process on this machine that has ended is released first.
func (h *httpBackend) Lock(ctx context.Context, holder string) (func() error, error) {
	lease := state.NewLease(holder, time.Now())
	mine, err := h.newLockInfo(lease)
	if err != nil {
		return nil, err
	}
	err = h.take(ctx, mine)
	var locked *state.LockedError
	if errors.As(err, &locked) && locked.Ended {
		if err := h.Unlock(ctx, locked.ID); err != nil {
			return nil, err
		}
		err = h.take(ctx, mine)
	}
	if err != nil {
		return nil, err
	}
	h.mu.Lock()
	h.lock = mine.ID
	h.mu.Unlock()
	return sync.OnceValue(func() error {
		h.mu.Lock()
		h.lock = ""
		h.mu.Unlock()
		return h.release(context.WithoutCancel(ctx), mine)
	}), nil
}

// take asks for the lock. Its answer may have been lost, so that the lock is ours
// already.
func (h *httpBackend) take(ctx context.Context, mine lockInfo) error {
	body, err := json.Marshal(mine)
	if err != nil {
		return err
	}
	status, text, err := h.ask(ctx, h.site.lockMethod, h.site.lock, body)
	switch {
	case err != nil:
		return err
	case status/100 == 2:
		return nil
	case status != http.StatusLocked && status != http.StatusConflict:
		return h.refused(h.site.lockMethod, h.site.lock, status, text)
	}
	var held lockInfo
	if err := json.Unmarshal(text, &held); err != nil {
		return h.refused(h.site.lockMethod, h.site.lock, status, text)
	}
	if held.ID == mine.ID {
		return nil
	}
	l := held.lease()
	return &state.LockedError{Path: withoutQuery(h.site.lock), ID: l.Token, Holder: l.Holder, Since: l.Since, Ended: l.Free(time.Now())}
}

// Unlock ends the lock of an id.
func (h *httpBackend) Unlock(ctx context.Context, id string) error {
	return h.release(ctx, lockInfo{ID: id})
}

func (h *httpBackend) release(ctx context.Context, lock lockInfo) error {
	body, err := json.Marshal(lock)
	if err != nil {
		return err
	}
	return again(ctx, func(try int) error {
		// GitLab takes the id from the query, others from the body.
		status, text, err := h.send(ctx, h.site.unlockMethod, withID(h.site.unlock, lock.ID), body)
		switch {
		case err != nil:
			return err
		case status/100 == 2:
			return nil
		case status != http.StatusLocked && status != http.StatusConflict:
			return h.refused(h.site.unlockMethod, h.site.unlock, status, text)
		case try > 0:
			// The try before released it, and another run has taken it since.
			return nil
		}
		return fmt.Errorf("the lock %s is not the one that is held", lock.ID)
	})
}
