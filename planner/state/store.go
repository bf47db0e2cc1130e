package state

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/google/uuid"

	"lockstep/schema"
)

// Backend keeps the bytes of one log.
type Backend interface {
	// Name tells people where the log is.
	Name() string
	// Load opens the log, which is empty when there is none yet. What is read from
	// it is what the log has now, whatever is written afterwards, except for lines
	// that are appended.
	Load(ctx context.Context) (io.ReaderAt, error)
	// Append adds whole lines. They are durable when it returns.
	Append(ctx context.Context, lines []byte) error
	// Replace puts a new log in the place of the old one, or fails and leaves
	// the old one as it was.
	Replace(ctx context.Context, log []byte) error
	// Lock keeps others from writing until it is released. A *LockedError
	// names its holder.
	Lock(ctx context.Context, holder string) (release func() error, err error)
	// Unlock ends the lock of an id, which a *LockedError tells, whoever holds it.
	Unlock(ctx context.Context, id string) error
}

// Options of a Store.
type Options struct {
	// Personal is "hashed" or "plain".
	Personal string
	// Key is LOCKSTEP_STATE_KEY.
	Key string
}

// Store is an open state: a snapshot in memory over a log in a backend. Its
// methods may be called concurrently.
type Store struct {
	backend Backend
	sealer  *Sealer
	mu      sync.Mutex
	snap    *Snapshot
	begun   bool
	dirty   bool
}

// Open loads the state from a backend. A backend without a log gives an empty
// one, which is written first by the first change.
func Open(ctx context.Context, b Backend, o Options) (*Store, error) {
	log, err := b.Load(ctx)
	if err != nil {
		return nil, fmt.Errorf("cannot read the state %s: %w", b.Name(), err)
	}
	snap, err := Decode(log)
	if err != nil {
		if errors.Is(err, errNotState) {
			err = fmt.Errorf("%w: restore a copy, or move it away", err)
		}
		return nil, fmt.Errorf("cannot use %s: %w", b.Name(), err)
	}
	s := &Store{backend: b, snap: snap, begun: snap.head.Format != 0, dirty: snap.Cut > 0}
	if !s.begun {
		snap.head = header{Format: FormatVersion, Lineage: uuid.NewString(), Salt: newSalt(), Personal: o.Personal}
	}
	if err := s.unlock(o.Key); err != nil {
		return nil, err
	}
	return s, nil
}

// unlock makes the sealer, and refuses a key that the state was not begun with.
func (s *Store) unlock(key string) error {
	head := &s.snap.head
	switch {
	case head.Key != "" && key == "":
		return fmt.Errorf("the state %s is keyed: set LOCKSTEP_STATE_KEY to the key that it was made with", s.backend.Name())
	case !s.begun && key != "":
		head.Key = argon2id
	case head.Key == "":
		key = "" // Mismatch tells
	}
	if err := checkKey(key); err != nil {
		return err
	}
	s.sealer = newSealer(secret(head.Salt, key), head.Personal != "plain")
	check := s.sealer.digest("check", "")
	if !s.begun {
		head.Check = check
	}
	if head.Key != "" && head.Check != check {
		return fmt.Errorf("the state %s is keyed with another key: set LOCKSTEP_STATE_KEY to the key that it was made with. If that is lost, or is to be changed, move the state away and apply with the new key: what exists is found and adopted again", s.backend.Name())
	}
	return nil
}

func newSalt() string {
	var b [16]byte
	// crypto/rand.Read never fails: it ends the program instead.
	_, _ = rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// Snapshot is the state in memory. It must not be read while it is written.
func (s *Store) Snapshot() *Snapshot { return s.snap }

// Sealer hashes as this state does.
func (s *Store) Sealer() *Sealer { return s.sealer }

// Backend is where the log is kept.
func (s *Store) Backend() Backend { return s.backend }

// Begun reports whether a log exists.
func (s *Store) Begun() bool { return s.begun }

// Batch is a set of lines that become durable together. What is gone is gone
// first, so that objects can take each other's addresses.
type Batch struct {
	Put     []*Record
	Gone    []schema.Address
	Intents []Intent
	// Due actions are to run or are about to be sent, and Ran ones have an answer.
	Due []Due
	Ran []Run
	// Lingering objects were deleted, and may still be listed.
	Lingering []Lingering
	Outputs   map[string]Output
	Marks     map[string]Mark
	// Accounts by the reference of the provider.
	Accounts map[string]string
}

// Write makes a batch durable and visible in the snapshot.
func (s *Store) Write(ctx context.Context, b Batch) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dirty || !s.begun {
		// A log that does not exist, or that ends in half a line, is written
		// anew before anything is appended to it.
		if err := s.replace(ctx); err != nil {
			return err
		}
	}
	lines, err := b.lines(s.snap.Serial + 1)
	if err != nil {
		return fmt.Errorf("cannot encode the state: %w", err)
	}
	if err := s.backend.Append(ctx, lines); err != nil {
		s.dirty = true
		return fmt.Errorf("cannot write the state %s: %w", s.backend.Name(), err)
	}
	s.snap.Serial++
	s.snap.apply(b)
	return nil
}

// Due returns what the state knows of a run that is still to come, while others may
// write.
func (s *Store) Due(run Run) (Due, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, open := s.snap.Due[run]
	return d, open
}

func (s *Snapshot) apply(b Batch) {
	for _, i := range b.Intents {
		s.Intents[i.Address] = i
	}
	for _, d := range b.Due {
		s.Due[d.Run] = d
	}
	for _, r := range b.Ran {
		delete(s.Due, r)
	}
	for _, l := range b.Lingering {
		s.linger(l)
	}
	for _, a := range b.Gone {
		s.drop(a)
	}
	for _, r := range b.Put {
		s.put(r)
	}
	if b.Outputs != nil {
		s.Outputs = b.Outputs
	}
	if b.Marks != nil {
		s.Marks = b.Marks
	}
	if b.Accounts != nil {
		s.Accounts = b.Accounts
	}
}

func (b Batch) lines(serial int) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	var errs []error
	for _, i := range b.Intents {
		errs = append(errs, enc.Encode(map[string]any{"intent": intentLine{i.Address.String(), i.Provider, i.Parent, i.At}}))
	}
	for _, d := range b.Due {
		errs = append(errs, enc.Encode(map[string]any{"due": newRunLine(d)}))
	}
	for _, r := range b.Ran {
		errs = append(errs, enc.Encode(map[string]any{"ran": newRunLine(Due{Run: r})}))
	}
	for _, l := range b.Lingering {
		errs = append(errs, enc.Encode(map[string]any{"lingers": newLingeringLine(l)}))
	}
	for _, a := range b.Gone {
		errs = append(errs, enc.Encode(map[string]any{"gone": a.String()}))
	}
	size := 0
	for _, r := range b.Put {
		size += r.size()
	}
	buf.Grow(size)
	for _, r := range b.Put {
		text, err := r.appendLine(buf.AvailableBuffer())
		buf.Write(text)
		errs = append(errs, err)
	}
	if b.Outputs != nil {
		errs = append(errs, enc.Encode(map[string]any{"outputs": b.Outputs}))
	}
	if b.Accounts != nil {
		errs = append(errs, enc.Encode(map[string]any{"accounts": b.Accounts}))
	}
	if b.Marks != nil {
		errs = append(errs, enc.Encode(map[string]any{"refreshed": b.Marks}))
	}
	errs = append(errs, enc.Encode(map[string]any{"serial": serial}))
	return buf.Bytes(), errors.Join(errs...)
}

// Compact writes the log anew, sorted and without its history. complete says
// that everything which the files want is recorded, so that what a log that was
// cut off had lost is found.
func (s *Store) Compact(ctx context.Context, complete bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if complete {
		s.snap.Cut, s.snap.head.CutOff = 0, false
	}
	return s.replace(ctx)
}

func (s *Store) replace(ctx context.Context) error {
	s.snap.head.CutOff = s.snap.Incomplete()
	data, err := s.snap.encode()
	if err != nil {
		return fmt.Errorf("cannot encode the state: %w", err)
	}
	if err := s.backend.Replace(ctx, data); err != nil {
		return fmt.Errorf("cannot write the state %s: %w", s.backend.Name(), err)
	}
	s.begun, s.dirty, s.snap.Cut = true, false, 0
	return nil
}
