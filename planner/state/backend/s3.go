package backend

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"lockstep/planner/state"
)

const (
	// maxTail is how long the lines of a head get before they become a part: every
	// append sends them again, and every load asks for each part.
	maxTail = 32 << 10
	// loadsAtOnce is how many parts are read at a time.
	loadsAtOnce = 8
	// loads is how often a log is read anew that was compacted while it was read.
	loads = 5
	// conflicts is how often a head is changed anew that others wrote meanwhile.
	conflicts = 20
)

// s3Backend keeps a log in a bucket. The object with the key of the state is the
// head: it has the lease, the names of the parts that the log begins with, and the
// lines after them. Every write of the log or the lease is one conditional write of
// the head, so a run that lost its lease cannot write, and a process that is killed
// leaves the log as it was before the write or as it is after it. Parts are never
// changed.
type s3Backend struct {
	bucket *s3Bucket
	key    string
	tenant state.Tenant

	mu sync.Mutex
	// head is the one that was last read or written; known is true when there was one.
	head  s3Head
	known bool
}

func openS3(o Options) (state.Backend, error) {
	site, err := newS3Site(o)
	if err != nil {
		return nil, err
	}
	bucket, err := openBucket(site, o)
	if err != nil {
		return nil, err
	}
	b := &s3Backend{bucket: bucket, key: site.key}
	if !o.inDefault() {
		b.key = b.workspaceKey(o.Workspace)
	}
	b.tenant.Leases = b
	return b, nil
}

// Name tells the bucket, the key and, unless it is Amazon's, the server.
func (b *s3Backend) Name() string { return b.bucket.name(b.key) }

// Load reads the head and the parts that it names.
func (b *s3Backend) Load(ctx context.Context) (io.ReaderAt, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for n := 1; ; n++ {
		if err := b.readHead(ctx); err != nil {
			return nil, err
		}
		log, err := b.content(ctx, b.head)
		if errors.Is(err, errNoObject) && n < loads {
			continue // It was compacted since the head was read.
		}
		return bytes.NewReader(log), err
	}
}

func (b *s3Backend) readHead(ctx context.Context) (err error) {
	b.head, err = b.findHead(ctx)
	b.known = err == nil
	return err
}

// findHead reads the head that the bucket has now; where there is none, an empty one.
func (b *s3Backend) findHead(ctx context.Context) (s3Head, error) {
	text, etag, err := b.bucket.get(ctx, b.key)
	if errors.Is(err, errNoObject) {
		return s3Head{}, nil
	}
	if err != nil {
		return s3Head{}, err
	}
	return decodeS3Head(text, etag)
}

// content is the log of a head.
func (b *s3Backend) content(ctx context.Context, h s3Head) ([]byte, error) {
	parts := make([][]byte, len(h.Parts), len(h.Parts)+1)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(loadsAtOnce)
	for i, part := range h.Parts {
		group.Go(func() (err error) {
			parts[i], _, err = b.bucket.get(ctx, b.partKey(part))
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	if len(parts) == 1 && len(h.tail) == 0 {
		return parts[0], nil
	}
	return slices.Concat(append(parts, h.tail)...), nil
}

func (b *s3Backend) partFolder() string         { return b.key + ".parts/" }
func (b *s3Backend) partKey(part string) string { return b.partFolder() + part }

// Append adds lines to the tail of the head. A tail that is long becomes a part.
func (b *s3Backend) Append(ctx context.Context, lines []byte) error {
	return b.write(ctx, func(h s3Head) (s3Head, error) {
		if h.empty() {
			return h, errNoLog
		}
		h.tail = slices.Concat(h.tail, lines)
		if len(h.tail) <= maxTail {
			return h, nil
		}
		part, err := b.putPart(ctx, h.tail)
		h.Parts, h.tail = append(slices.Clone(h.Parts), part), nil
		return h, err
	})
}

// Replace puts another log in the place of this one, and then removes the parts that
// nothing names any more. Those of a run that is killed before are removed next time.
func (b *s3Backend) Replace(ctx context.Context, log []byte) error {
	// What is listed before the head is written cannot be a part of a later head.
	old, denied := b.bucket.list(ctx, b.partFolder())
	err := b.write(ctx, func(h s3Head) (s3Head, error) {
		if denied != nil {
			old = b.partKeys(h)
		}
		h.Parts, h.tail = nil, bytes.Clone(log)
		if len(log) <= maxTail {
			return h, nil
		}
		part, err := b.putPart(ctx, log)
		h.Parts, h.tail = []string{part}, nil
		return h, err
	})
	if err == nil {
		b.bucket.remove(ctx, old)
	}
	return err
}

// putPart writes a part under a name of its own.
func (b *s3Backend) putPart(ctx context.Context, text []byte) (part string, err error) {
	part = rand.Text()[:16]
	return part, b.bucket.put(ctx, b.partKey(part), text)
}

func (b *s3Backend) partKeys(h s3Head) []string {
	keys := make([]string, len(h.Parts))
	for i, part := range h.Parts {
		keys[i] = b.partKey(part)
	}
	return keys
}

// write changes the log, unless another run has taken the lease or, where this run
// took none, has written.
func (b *s3Backend) write(ctx context.Context, change func(s3Head) (s3Head, error)) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.known {
		if err := b.readHead(ctx); err != nil {
			return err
		}
	}
	known := b.head.Write
	return b.update(ctx, func(h s3Head) (s3Head, error) {
		if err := b.tenant.Holds(h.Lease); err != nil {
			return h, err
		}
		if b.tenant.Token() == "" && h.Write != known {
			return h, state.ErrLost
		}
		return change(h)
	})
}

// update puts what change makes of the head in its place. Where another write came
// between, change is called again with the head that it left.
func (b *s3Backend) update(ctx context.Context, change func(s3Head) (s3Head, error)) error {
	for range conflicts {
		next, err := change(b.head)
		if err != nil {
			return err
		}
		err = b.swap(ctx, next)
		if !errors.Is(err, errOtherObject) {
			return err
		}
	}
	return fmt.Errorf("%s changes whenever it is to be written", b.Name())
}

// swap writes a head in the place of the last one that is known. The error is
// errOtherObject, and the last one is read anew, when that is no longer there.
func (b *s3Backend) swap(ctx context.Context, next s3Head) error {
	next.Format, next.Write = s3Format, rand.Text()
	text, err := next.encode()
	if err != nil {
		return err
	}
	next.etag, err = b.trySwap(ctx, text)
	if err == nil && b.head.etag == "" {
		err = b.checkConditions(ctx, text)
	}
	switch {
	case err == nil:
		b.head = next
	case errors.Is(err, errOtherObject):
		if err := b.readHead(ctx); err != nil {
			return err
		}
		// The answer may have been lost, so that the other one is this one.
		if b.head.Write == next.Write {
			return nil
		}
	}
	return err
}

// trySwap writes the text of a head while the server is away.
func (b *s3Backend) trySwap(ctx context.Context, text []byte) (etag string, err error) {
	err = again(ctx, func(int) (err error) {
		etag, err = b.bucket.swap(ctx, b.key, text, b.head.etag)
		return err
	})
	return etag, err
}

// checkConditions makes a head, which was made just now, once more: only a server
// that does not look at conditions takes it.
func (b *s3Backend) checkConditions(ctx context.Context, text []byte) error {
	_, err := b.trySwap(ctx, text)
	if err == nil {
		b.bucket.remove(ctx, []string{b.key})
		return errNoConditions
	}
	if errors.Is(err, errOtherObject) {
		return nil
	}
	return err
}

// Lock takes the lease.
func (b *s3Backend) Lock(ctx context.Context, holder string) (func() error, error) {
	return b.tenant.Take(ctx, b.Name(), holder)
}

// Unlock ends the lease of a token.
func (b *s3Backend) Unlock(ctx context.Context, id string) error { return state.Unlock(ctx, b, id) }

// Change makes the head the keeper of the lease.
func (b *s3Backend) Change(ctx context.Context, change func(held state.Lease, now time.Time) (*state.Lease, error)) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.readHead(ctx); err != nil {
		return err
	}
	err := b.update(ctx, func(h s3Head) (s3Head, error) {
		next, err := change(h.Lease, b.bucket.now())
		if err != nil {
			return h, err
		}
		if next == nil {
			return h, errUnchanged
		}
		h.Lease = *next
		return h, nil
	})
	if errors.Is(err, errUnchanged) {
		return nil
	}
	return err
}

// errUnchanged ends an update that writes nothing.
var errUnchanged = errors.New("nothing is to be written")
