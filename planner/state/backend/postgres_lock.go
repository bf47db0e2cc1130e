package backend

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"lockstep/planner/state"
)

// Lock takes the lease, which is kept by the server's clock.
func (p *postgres) Lock(ctx context.Context, holder string) (func() error, error) {
	release, err := p.tenant.Take(ctx, p.Name(), holder)
	if err != nil {
		p.rest()
		return nil, err
	}
	return func() error {
		defer p.rest()
		return release()
	}, nil
}

// Unlock ends the lease of a token.
func (p *postgres) Unlock(ctx context.Context, id string) error {
	defer p.rest()
	return state.Unlock(ctx, p, id)
}

// Change keeps the lease in the row of the state: it is changed only if it still is
// what it was when it was read. After a lost answer, the lease shows whether it was
// changed.
func (p *postgres) Change(ctx context.Context, change func(held state.Lease, now time.Time) (*state.Lease, error)) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var asked []byte
	return again(ctx, func(int) error {
		for {
			kept, now, err := p.lease(ctx)
			if err != nil {
				return err
			}
			var held state.Lease
			if err := json.Unmarshal(kept, &held); err != nil {
				return fmt.Errorf("the lease of the state is not one: %w", err)
			}
			if is, err := json.Marshal(held); err != nil || asked != nil && bytes.Equal(is, asked) {
				return err
			}
			next, err := change(held, now)
			if err != nil || next == nil {
				return err
			}
			if asked, err = json.Marshal(next); err != nil {
				return err
			}
			tag, err := p.link.ask(ctx, updateLease, nil, p.site.name, p.site.workspace, kept, asked)
			if err != nil || tag.RowsAffected() == 1 {
				return err
			}
			// Another run was faster.
		}
	})
}

// lease is the one that is held, and the time.
func (p *postgres) lease(ctx context.Context) (kept []byte, now time.Time, err error) {
	read := func(row [][]byte) error {
		microseconds, err := strconv.ParseInt(string(row[1]), 10, 64)
		kept, now = bytes.Clone(row[0]), time.UnixMicro(microseconds)
		return err
	}
	if ok, err := p.link.made(ctx); err != nil {
		return nil, now, err
	} else if ok {
		if _, err := p.link.ask(ctx, selectLease, read, p.site.name, p.site.workspace); err != nil || kept != nil {
			return kept, now, err
		}
	}
	if _, err := p.make(ctx); err != nil {
		return nil, now, err
	}
	_, err = p.link.ask(ctx, selectLease, read, p.site.name, p.site.workspace)
	return kept, now, err
}
