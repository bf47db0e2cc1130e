package credentials

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/zalando/go-keyring"

	"lockstep/schema/files"
)

const (
	// service is the name of the keyring's entries.
	service = "lockstep"
	// lockPoll is how often a lock that another process holds is tried.
	lockPoll = 50 * time.Millisecond
	// lockWait is how long to wait for one: longer than a refresh may take.
	lockWait = time.Minute
	// keyringWait is how long the keyring may take: it may ask a person for
	// its password, or, without a screen, wait for one forever.
	keyringWait = 45 * time.Second
)

// ErrNone is returned for an account without a stored login.
var ErrNone = errors.New("there is no stored login")

// Store keeps logins by the name of their account. Several processes may use
// one store at once.
type Store struct {
	path    string
	keyring bool
	// strict stores refuse to do without the keyring.
	strict bool
}

// Open finds the store. where is "keyring" or "file" to insist on one, the
// path of a file, or empty for the keyring where there is one and the file
// lockstep/credentials.json of the user's configuration folder otherwise.
func Open(where string) (*Store, error) {
	s := &Store{keyring: where == "" || where == "keyring", strict: where == "keyring"}
	if where != "" && where != "keyring" && where != "file" {
		path, err := filepath.Abs(where)
		s.path = path
		return s, err
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return nil, fmt.Errorf("there is no place to keep logins: %w", err)
	}
	s.path = filepath.Join(dir, "lockstep", "credentials.json")
	return s, nil
}

// Path is the file of the store. It holds the names of all logins, and the
// logins that are not in the keyring.
func (s *Store) Path() string { return s.path }

// Load reads the login of an account; ErrNone when there is none.
func (s *Store) Load(account string) (Login, error) {
	f, err := s.read()
	if err != nil {
		return Login{}, err
	}
	e, ok := f.Accounts[account]
	switch {
	case !ok:
		return Login{}, ErrNone
	case !e.Keyring && e.Login != nil:
		return *e.Login, nil
	}
	text, err := ask(func() (string, error) { return keyring.Get(service, account) })
	if errors.Is(err, keyring.ErrNotFound) {
		return Login{}, ErrNone
	}
	if err != nil {
		return Login{}, fmt.Errorf("the login is in the keyring, which cannot be read: %w", err)
	}
	var l Login
	if json.Unmarshal([]byte(text), &l) != nil {
		return Login{}, errors.New("the login in the keyring cannot be understood: log out, and in again")
	}
	return l, nil
}

// Save writes the login of an account. It is on disk, or in the keyring, when
// Save returns.
func (s *Store) Save(ctx context.Context, account string, l Login) error {
	return s.change(ctx, func(f *file) error {
		if s.keyring {
			text, err := json.Marshal(l)
			if err != nil {
				return err
			}
			_, err = ask(func() (string, error) { return "", keyring.Set(service, account, string(text)) })
			if err == nil {
				f.Accounts[account] = entry{Keyring: true}
				return nil
			}
			if s.strict {
				return fmt.Errorf("the keyring does not take the login: %w", err)
			}
		}
		if f.Accounts[account].Keyring {
			// Best effort: the file says from now on that this one is old.
			_, _ = ask(func() (string, error) { return "", keyring.Delete(service, account) })
		}
		f.Accounts[account] = entry{Login: &l}
		return nil
	})
}

// InKeyring reports whether the login of an account lies in the keyring, rather than
// in the file, where it is readable.
func (s *Store) InKeyring(account string) (bool, error) {
	f, err := s.read()
	return err == nil && f.Accounts[account].Keyring, err
}

// Delete forgets the login of an account; ErrNone when there is none.
func (s *Store) Delete(ctx context.Context, account string) error {
	return s.change(ctx, func(f *file) error {
		e, ok := f.Accounts[account]
		if !ok {
			return ErrNone
		}
		if e.Keyring {
			if _, err := ask(func() (string, error) { return "", keyring.Delete(service, account) }); err != nil && !errors.Is(err, keyring.ErrNotFound) {
				return fmt.Errorf("the keyring does not delete the login: %w", err)
			}
		}
		delete(f.Accounts, account)
		return nil
	})
}

// Accounts are the names of all logins, sorted.
func (s *Store) Accounts() ([]string, error) {
	f, err := s.read()
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, len(f.Accounts))
	for name := range f.Accounts {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, nil
}

// Lock keeps other processes from refreshing the login of an account until
// the returned function is called.
func (s *Store) Lock(ctx context.Context, account string) (func(), error) {
	sum := sha256.Sum256([]byte(account))
	return s.lock(ctx, s.path+"."+hex.EncodeToString(sum[:4])+".lock")
}

func (s *Store) lock(ctx context.Context, path string) (func(), error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("the folder of the logins cannot be made: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	l, err := files.NewLock(path)
	if err != nil {
		return nil, fmt.Errorf("the logins cannot be locked: %w", err)
	}
	ok, err := l.TryLockContext(ctx, lockPoll)
	if err != nil || !ok {
		return nil, fmt.Errorf("the logins are locked by another process: %w", err)
	}
	return func() { _ = l.Close() }, nil
}

// change edits the file under its lock.
func (s *Store) change(ctx context.Context, edit func(*file) error) error {
	release, err := s.lock(ctx, s.path+".lock")
	if err != nil {
		return err
	}
	defer release()
	f, err := s.read()
	if err != nil {
		return err
	}
	if err := edit(f); err != nil {
		return err
	}
	return s.write(f)
}

// ask puts a question to the keyring, and gives up on one that does not
// answer.
func ask(question func() (string, error)) (string, error) {
	type reply struct {
		text string
		err  error
	}
	replies := make(chan reply, 1)
	go func() {
		text, err := question()
		replies <- reply{text, err}
	}()
	timeout := time.NewTimer(keyringWait)
	defer timeout.Stop()
	select {
	case r := <-replies:
		return r.text, r.err
	case <-timeout.C:
		return "", errors.New("it does not answer")
	}
}
