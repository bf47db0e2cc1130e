package credentials

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// The secrets of the tests. None may appear in an error.
const (
	testSecret  = "app-secret-4711"
	firstAccess = "access-0-secret"
	firstFresh  = "refresh-0-secret"
)

// clock is a time that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// sleep passes time instead of waiting.
func (c *clock) sleep(ctx context.Context, d time.Duration) error {
	c.pass(d)
	return ctx.Err()
}

// tokenServer rotates refresh tokens, and answers a used one again for 30 s,
// as HighLevel does.
type tokenServer struct {
	*httptest.Server
	now func() time.Time

	mu       sync.Mutex
	made     int
	next     map[string]int       // refresh token to the number of its pair
	used     map[string]time.Time // when it was first used
	requests int
	// lose answers to so many requests after acting on them; answer broken
	// requests with broken, a status, while it is not zero.
	lose, broken int
	quote        bool   // refusals quote the secrets
	refusal      string // every request is refused so
}

func newTokenServer(t *testing.T, now func() time.Time) *tokenServer {
	t.Helper()
	s := &tokenServer{now: now, next: map[string]int{firstFresh: 0}, used: map[string]time.Time{}}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *tokenServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests++
	token := r.PostFormValue("refresh_token")
	pair, known := s.next[token]
	since, used := s.used[token]
	w.Header().Set("Content-Type", "application/json")
	switch {
	case s.broken != 0:
		w.WriteHeader(s.broken)
		return
	case s.refusal != "":
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"statusCode":400,"message":%q}`, s.refusal)
		return
	case r.PostFormValue("client_secret") != testSecret || r.PostFormValue("grant_type") != "refresh_token":
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"statusCode":401,"message":"Invalid client credentials"}`)
		return
	case !known || used && s.now().Sub(since) > 30*time.Second:
		w.WriteHeader(http.StatusBadRequest)
		text := "Invalid grant: refresh token is invalid"
		if s.quote {
			text += " " + token + " " + testSecret
		}
		fmt.Fprintf(w, `{"statusCode":400,"message":%q,"error":"Bad Request"}`, text)
		return
	}
	if !used {
		s.made++
		pair = s.made
		s.next[token], s.used[token] = pair, s.now()
		s.next[fmt.Sprintf("refresh-%d-secret", pair)] = 0
	}
	if s.lose > 0 {
		s.lose--
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_ = conn.Close()
		}
		return
	}
	fmt.Fprintf(w, `{"access_token":"access-%d-secret","refresh_token":"refresh-%[1]d-secret","expires_in":86399,"scope":"contacts.readonly"}`, pair)
}

// counted are the requests, and the pairs that were made.
func (s *tokenServer) counted() (requests, made int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests, s.made
}

// ended is a login whose access token has ended.
func (s *tokenServer) ended() Login {
	return Login{
		ClientID: "app", ClientSecret: testSecret, TokenURL: s.URL + "/oauth/token",
		AccessToken: firstAccess, RefreshToken: firstFresh, Expires: s.now().Add(-time.Minute), Saved: s.now().Add(-24 * time.Hour),
	}
}

// fileStore opens a store in a file that holds a login.
func fileStore(t *testing.T, account string, l Login) *Store {
	t.Helper()
	store, err := Open(filepath.Join(t.TempDir(), "logins", "credentials.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Save(context.Background(), account, l); err != nil {
		t.Fatal(err)
	}
	return store
}

// source opens the login of an account.
func source(t *testing.T, store *Store, c *clock) *Source {
	t.Helper()
	s, err := store.Source("ghl:LOC", Client{Now: c.now, Sleep: c.sleep}.Refresh, c.now)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
