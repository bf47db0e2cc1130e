package credentials

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

const (
	// early is how long before its end a token is refreshed.
	early = 5 * time.Minute
	// settled is how old a login must be to be refreshed because it was
	// refused: a token that is refused right after its refresh has another
	// trouble, which refreshing would not cure.
	settled = time.Minute
)

// errFresh is returned when refreshing would not help.
var errFresh = errors.New("the token was refused although it is new")

// Renewer makes a new login from one whose token has ended. It may be called
// again with the same old login when its answer was lost.
type Renewer func(ctx context.Context, old Login) (Login, error)

// Source gives the access tokens of one account. It is safe for concurrent
// use.
type Source struct {
	store   *Store
	account string
	renewer Renewer
	now     func() time.Time

	// gate holds one token, which whoever reads or writes the rest takes.
	gate  chan struct{}
	login Login
	// rejected is the error of a refresh token that will not work again.
	rejected      error
	rejectedToken string
}

// Format writes the name of the account only, whatever the verb.
func (s *Source) Format(w fmt.State, _ rune) { _, _ = io.WriteString(w, s.account) }

// Source opens the login of an account; ErrNone when there is none.
func (s *Store) Source(account string, renew Renewer, now func() time.Time) (*Source, error) {
	login, err := s.Load(account)
	if err != nil {
		return nil, err
	}
	return &Source{store: s, account: account, renewer: renew, now: now, gate: make(chan struct{}, 1), login: login}, nil
}

// Token is the access token, refreshed when it is about to end.
func (s *Source) Token(ctx context.Context) (string, error) {
	if err := s.enter(ctx); err != nil {
		return "", err
	}
	defer s.leave()
	if s.fresh(s.login) {
		return s.login.AccessToken, nil
	}
	err := s.renew(ctx, "")
	if err != nil && !final(err) && s.now().Before(s.login.Expires) {
		// It is early: the next request tries again.
		return s.login.AccessToken, nil
	}
	if err != nil {
		return "", err
	}
	return s.login.AccessToken, nil
}

// Renew is a token other than the one that was refused.
func (s *Source) Renew(ctx context.Context, refused string) (string, error) {
	if err := s.enter(ctx); err != nil {
		return "", err
	}
	defer s.leave()
	if s.login.AccessToken != refused && s.fresh(s.login) {
		return s.login.AccessToken, nil
	}
	if err := s.renew(ctx, refused); err != nil {
		return "", err
	}
	return s.login.AccessToken, nil
}

// renew refreshes under the lock of all processes, unless one of them has
// done so already.
func (s *Source) renew(ctx context.Context, refused string) error {
	release, err := s.store.Lock(ctx, s.account)
	if err != nil {
		return err
	}
	defer release()
	stored, err := s.store.Load(s.account)
	if err != nil {
		return err
	}
	if stored.AccessToken != refused && s.fresh(stored) {
		s.login = stored
		return nil
	}
	if refused != "" && s.now().Sub(stored.Saved).Abs() < settled {
		return errFresh
	}
	if s.rejected != nil && s.rejectedToken == stored.RefreshToken {
		return s.rejected
	}
	// The server forgets the old token when it answers: an interruption must
	// not come between the answer and the disk.
	ctx = context.WithoutCancel(ctx)
	renewed, err := s.renewer(ctx, stored)
	if err != nil {
		if final(err) {
			s.rejected, s.rejectedToken = err, stored.RefreshToken
		}
		return err
	}
	renewed.Saved = s.now()
	if err := s.store.Save(ctx, s.account, renewed); err != nil {
		return err
	}
	s.login = renewed
	return nil
}

// fresh reports whether a token will do for a while.
func (s *Source) fresh(l Login) bool {
	return l.AccessToken != "" && (l.Expires.IsZero() || s.now().Add(early).Before(l.Expires))
}

func (s *Source) enter(ctx context.Context) error {
	select {
	case s.gate <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Source) leave() { <-s.gate }
