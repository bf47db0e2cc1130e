package encryption

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"sync"

	"lockstep/planner/state"
)

// Backend returns a backend that keeps its log in another one, encrypted as the keys
// say. A log in clear is encrypted by the next write, and the other way round; without
// settings, a log stays as it is.
func (k *Keys) Backend(in state.Backend) state.Backend { return &backend{Backend: in, keys: k} }

type backend struct {
	// Backend has the log as it is kept, and its lock.
	state.Backend
	keys *Keys

	mu sync.Mutex
	// known is true when cipher is the one of the log as it is kept now; nil is for one
	// in clear.
	known  bool
	cipher *cipher
}

// Lock takes the lock, unless this run could not write what it is to encrypt.
func (b *backend) Lock(ctx context.Context, holder string) (func() error, error) {
	if err := b.keys.check(); err != nil {
		return nil, err
	}
	return b.Backend.Lock(ctx, holder)
}

// Load opens the log, decrypted.
func (b *backend) Load(ctx context.Context) (io.ReaderAt, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.load(ctx)
}

func (b *backend) load(ctx context.Context) (io.ReaderAt, error) {
	b.known, b.cipher = false, nil
	kept, err := b.Backend.Load(ctx)
	if err != nil {
		return nil, err
	}
	mark := make([]byte, len(formatMark))
	if _, err := kept.ReadAt(mark, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if !Encrypted(mark) {
		b.known = true
		return kept, nil
	}
	// A long log is not held in memory twice.
	sealed := bufio.NewReader(io.NewSectionReader(kept, 0, math.MaxInt64))
	line, err := sealed.ReadBytes('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	c, err := b.keys.openCipher(line)
	if err != nil {
		return nil, err
	}
	log, err := c.open(sealed)
	if err != nil {
		return nil, err
	}
	b.known, b.cipher = true, c
	return bytes.NewReader(log), nil
}

func whole(log io.ReaderAt) ([]byte, error) {
	return io.ReadAll(io.NewSectionReader(log, 0, math.MaxInt64))
}

// Append adds lines, or writes all of the log anew when it is to be encrypted, or in
// clear, from now on.
func (b *backend) Append(ctx context.Context, lines []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.known {
		if _, err := b.load(ctx); err != nil {
			return err
		}
	}
	encrypted := b.cipher != nil
	switch {
	case encrypted && b.keys.clears(), !encrypted && b.keys.encrypts():
		return b.convert(ctx, lines)
	case !encrypted:
		return b.Backend.Append(ctx, lines)
	}
	sealed, err := b.cipher.batch(lines)
	if err != nil {
		return err
	}
	return b.written(b.cipher, b.Backend.Append(ctx, sealed))
}

// convert writes the log with more lines as it is to be kept from now on.
func (b *backend) convert(ctx context.Context, lines []byte) error {
	kept, err := b.load(ctx)
	if err != nil {
		return err
	}
	log, err := whole(kept)
	if err != nil {
		return err
	}
	if len(log) == 0 {
		return b.Backend.Append(ctx, lines) // There is no log, which is its error to tell.
	}
	return b.replace(ctx, append(log, lines...))
}

// Replace puts another log in the place of this one.
func (b *backend) Replace(ctx context.Context, log []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.known {
		// A log that this run cannot read is not written over.
		if _, err := b.load(ctx); err != nil {
			return err
		}
	}
	return b.replace(ctx, log)
}

func (b *backend) replace(ctx context.Context, log []byte) error {
	if b.keys.clears() || !b.keys.encrypts() && b.cipher == nil {
		return b.written(nil, b.Backend.Replace(ctx, log))
	}
	c, err := b.keys.newCipher(b.cipher)
	if err != nil {
		return err
	}
	sealed, err := c.begin(log)
	if err != nil {
		return err
	}
	return b.written(c, b.Backend.Replace(ctx, sealed))
}

// written notes how the log is kept now. After a write that failed it is not known
// what arrived.
func (b *backend) written(c *cipher, err error) error {
	b.known, b.cipher = err == nil, c
	return err
}
