package ghl

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"strconv"
)

// fetch is a request for a page that is under way.
type fetch struct {
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
		f.body, f.err = l.provider.send(ctx, r)
	}()
	return f
}

// wait returns the answer.
func (f *fetch) wait() ([]byte, error) {
	<-f.done
	return f.body, f.err
}

// used says that the answer has been decoded and its room may hold another.
func (l *lister) used(f *fetch) {
	f.body = nil
	l.rooms = append(l.rooms, f.room)
}

// ahead asks for the page after one that has just come, before it is decoded;
// nil when no call may be made in vain: when that was the last page, or the
// first, after which a caller may find it cheaper to read by id.
func (l *lister) ahead(ctx context.Context, r request, body []byte, read int) *fetch {
	if l.kind.list.limit == "" || read == 0 {
		return nil
	}
	read += l.kind.Listing.Page
	if read >= totalOf(body) {
		return nil
	}
	cursor := lastCursor(body)
	if cursor == "" {
		return nil
	}
	return l.fetch(ctx, following(r, cursor, read))
}

// following is the request for the page after a cursor or, where rows have
// none, after so many rows.
func following(r request, cursor string, read int) request {
	r.body = maps.Clone(r.body)
	if cursor == "" {
		r.body["skip"] = read
		return r
	}
	r.body["searchAfter"] = json.RawMessage(cursor)
	return r
}

// lastCursor finds the cursor of the last row without decoding; empty when
// there is none. Within a text the quotes would be escaped.
func lastCursor(body []byte) string {
	name := []byte(`"searchAfter":[`)
	at := bytes.LastIndex(body, name)
	if at < 0 {
		return ""
	}
	rest := body[at+len(name)-1:]
	end := bytes.IndexByte(rest, ']')
	if end < 0 || !json.Valid(rest[:end+1]) {
		return ""
	}
	return string(rest[:end+1])
}

// totalOf finds the total of an answer without decoding, 0 when it has none.
func totalOf(body []byte) int {
	name := []byte(`"total":`)
	at := bytes.LastIndex(body, name)
	if at < 0 {
		return 0
	}
	rest := body[at+len(name):]
	end := 0
	for end < len(rest) && rest[end] >= '0' && rest[end] <= '9' {
		end++
	}
	n, err := strconv.Atoi(string(rest[:end]))
	if err != nil {
		return 0
	}
	return n
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
