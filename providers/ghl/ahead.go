package ghl

import (
	"bytes"
	"context"
	"errors"
)

// fetch is a request for a page that is under way.
type fetch struct {
	// at is where the page before ended; unset for the first.
	at   position
	done chan struct{}
	room *bytes.Buffer
	body []byte
	err  error
}

// fetch sends a request and does not wait for its answer. It ends with the
// context at the latest.
func (l *lister) fetch(ctx context.Context, r request) *fetch {
	f := &fetch{done: make(chan struct{}), room: &bytes.Buffer{}}
	if n := len(l.rooms); n > 0 {
		f.room, l.rooms = l.rooms[n-1], l.rooms[:n-1]
	}
	r.room = f.room
	go func() {
		defer close(f.done)
		f.body, f.err = l.account.send(ctx, r)
	}()
	return f
}

// wait returns the answer.
func (f *fetch) wait() ([]byte, error) {
	<-f.done
	return f.body, f.err
}

// used notes that the answer has been decoded and its room may hold another.
func (l *lister) used(f *fetch) {
	f.body = nil
	l.rooms = append(l.rooms, f.room)
}

// ahead asks for the page after one that has just come, before it is decoded;
// nil when no call may be made in vain: when that was the last page, or the
// first, after which a caller may find it cheaper to read by id.
func (l *lister) ahead(ctx context.Context, r request, body []byte, read int) *fetch {
	if read == 0 {
		return nil
	}
	paging := &l.listing.page
	at, found := paging.guess(body, read+l.listing.size)
	if !found {
		return nil
	}
	f := l.fetch(ctx, paging.following(r, at))
	f.at = at
	return f
}

// children lists the objects of each parent, one request each, of which a few
// are under way at once. Pages come in the order of the parents.
func (l *lister) children(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	parents := l.query.Parents
	var queue []*fetch
	started := 0
	for i := range parents {
		for ; started < len(parents) && started < i+parallel; started++ {
			r, _, err := l.request(ctx, parents[started:started+1])
			if err != nil {
				return err
			}
			queue = append(queue, l.fetch(ctx, r))
		}
		current := queue[0]
		queue = queue[1:]
		body, err := current.wait()
		r, keep, badRequest := l.request(ctx, parents[i:i+1])
		err = errors.Join(badRequest, err)
		a, err := l.page(ctx, r, body, err, parents[i:i+1])
		if err != nil {
			return err
		}
		l.used(current)
		if !l.yield(l.filter(a, keep, parents[i:i+1])) {
			return errStopped
		}
	}
	return nil
}
