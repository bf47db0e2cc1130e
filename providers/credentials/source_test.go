package credentials

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/zalando/go-keyring"
)

// TestMain runs a child process of TestProcesses when it is told to.
func TestMain(m *testing.M) {
	if path := os.Getenv("CREDENTIALS_TEST_STORE"); path != "" {
		os.Exit(child(path, os.Getenv("CREDENTIALS_TEST_CRASH") != ""))
	}
	keyring.MockInit() // no test may touch the keyring of the user who runs it
	os.Exit(m.Run())
}

// child takes a token from a store and prints it, or dies between the
// server's answer and the disk.
func child(path string, crash bool) int {
	store, err := Open(path)
	if err != nil {
		return 1
	}
	client := Client{}
	source, err := store.Source("ghl:LOC", func(ctx context.Context, old Login) (Login, error) {
		renewed, err := client.Refresh(ctx, old)
		if crash {
			os.Exit(9)
		}
		return renewed, err
	}, time.Now)
	if err != nil {
		return 1
	}
	token, err := source.Token(context.Background())
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Print(token)
	return 0
}

func process(t *testing.T, store *Store, crash string) (string, int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "CREDENTIALS_TEST_STORE="+store.Path(), "CREDENTIALS_TEST_CRASH="+crash)
	out, err := cmd.Output()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		t.Error(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

func TestProcesses(t *testing.T) {
	server := newTokenServer(t, time.Now)
	store := fileStore(t, "ghl:LOC", server.ended())
	tokens := make([]string, 3)
	var group sync.WaitGroup
	for i := range tokens {
		group.Go(func() { tokens[i], _ = process(t, store, "") })
	}
	group.Wait()
	const want = "access-1-secret"
	if diff := cmp.Diff([]string{want, want, want}, tokens); diff != "" {
		t.Errorf("processes that refresh one token at once (-want +got):\n%s", diff)
	}
	if requests, _ := server.counted(); requests != 1 {
		t.Errorf("the server was asked %d times, want once", requests)
	}
}

func TestCrash(t *testing.T) {
	server := newTokenServer(t, time.Now)
	store := fileStore(t, "ghl:LOC", server.ended())
	if _, code := process(t, store, "yes"); code != 9 {
		t.Fatalf("the process that is to die exits %d", code)
	}
	if l, err := store.Load("ghl:LOC"); err != nil || l.RefreshToken != firstFresh {
		t.Fatalf("after a crash before the write, the store holds another token, or none: %v", err)
	}
	if token, code := process(t, store, ""); code != 0 || token != "access-1-secret" {
		t.Errorf("the next process exits %d with %q", code, token)
	}
	if requests, made := server.counted(); requests != 2 || made != 1 {
		t.Errorf("%d requests made %d pairs, want 2 and 1", requests, made)
	}
}

// TestTwoAtOnce has two parties refresh one token, and a third one later.
func TestTwoAtOnce(t *testing.T) {
	for name, tc := range map[string]struct {
		reason string
		locked bool
		want   int
	}{
		"locked":   {reason: "the second one finds what the first one stored", locked: true, want: 1},
		"unlocked": {reason: "two machines share no lock; the server's grace helps", want: 2},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClock()
			server := newTokenServer(t, c.now)
			store := fileStore(t, "ghl:LOC", server.ended())
			first, second := source(t, store, c), source(t, store, c)
			if !tc.locked {
				second = source(t, fileStore(t, "ghl:LOC", server.ended()), c)
			}
			var group sync.WaitGroup
			got := make([]string, 2)
			for i, s := range []*Source{first, second} {
				group.Go(func() {
					token, err := s.Token(context.Background())
					if err != nil {
						t.Errorf("%s: %v", tc.reason, err)
					}
					got[i] = token
				})
			}
			group.Wait()
			if got[0] != "access-1-secret" || got[1] != got[0] {
				t.Errorf("%s: got %q", tc.reason, got)
			}
			if requests, _ := server.counted(); requests != tc.want {
				t.Errorf("%s: %d requests, want %d", tc.reason, requests, tc.want)
			}
			c.pass(25 * time.Hour)
			token, err := source(t, store, c).Token(context.Background())
			if err != nil || token != "access-2-secret" {
				t.Errorf("a third one, a day later, gets %q, %v", token, err)
			}
		})
	}
}

// sourceCase is how a source is asked for a token: once, without in.
type sourceCase struct {
	reason string
	in     func(*clock, *tokenServer, *Source) (string, error)
	left   time.Duration // that the stored token is good for
	want   sourceResult
}

type sourceResult struct {
	Token    string
	Requests int
	Err      string
}

func (tc sourceCase) run(t *testing.T) {
	c := newClock()
	server := newTokenServer(t, c.now)
	login := server.ended()
	login.Expires = c.now().Add(tc.left)
	s := source(t, fileStore(t, "ghl:LOC", login), c)
	if tc.in == nil {
		tc.in = func(_ *clock, _ *tokenServer, s *Source) (string, error) { return s.Token(t.Context()) }
	}
	var got sourceResult
	var err error
	if got.Token, err = tc.in(c, server, s); err != nil {
		got.Err = err.Error()
	}
	got.Requests, _ = server.counted()
	if diff := cmp.Diff(tc.want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
	}
}

func TestSource(t *testing.T) {
	ctx := context.Background()
	cases := map[string]sourceCase{
		"current": {reason: "a token that lasts is used", left: time.Hour, want: sourceResult{Token: firstAccess}},
		"early":   {reason: "four minutes are too few", left: 4 * time.Minute, want: sourceResult{Token: "access-1-secret", Requests: 1}},
		"once": {reason: "the new token lasts", left: 0, want: sourceResult{Token: "access-1-secret", Requests: 1},
			in: func(_ *clock, _ *tokenServer, s *Source) (string, error) {
				_, _ = s.Token(ctx)
				return s.Token(ctx)
			}},
		"lost": {reason: "a lost answer is asked for again with the same token", want: sourceResult{Token: "access-1-secret", Requests: 3},
			in: func(_ *clock, server *tokenServer, s *Source) (string, error) {
				server.lose = 2
				return s.Token(ctx)
			}},
		"down, early": {reason: "a token that still lasts is used while the server is down", left: 3 * time.Minute, want: sourceResult{Token: firstAccess, Requests: 5},
			in: func(_ *clock, server *tokenServer, s *Source) (string, error) {
				server.broken = 503
				return s.Token(ctx)
			}},
		"down": {reason: "an ended token is of no use", want: sourceResult{Requests: 5, Err: "no token now: the server answers 503"},
			in: func(_ *clock, server *tokenServer, s *Source) (string, error) {
				server.broken = 503
				return s.Token(ctx)
			}},
		"paused": {reason: "a refusal that may pass is asked about again", want: sourceResult{Requests: 2, Token: "access-1-secret"},
			in: func(_ *clock, server *tokenServer, s *Source) (string, error) {
				server.refusal = "Location is not active"
				if _, err := s.Token(ctx); err == nil {
					return "no refusal", nil
				}
				server.refusal = ""
				return s.Token(ctx)
			}},
		"rejected": {reason: "a refresh token that was used long ago is asked about once", want: sourceResult{Requests: 1,
			Err: `the server answers 400 "Invalid grant: refresh token is invalid *** ***"`},
			in: func(c *clock, server *tokenServer, s *Source) (string, error) {
				server.used[firstFresh], server.quote = c.now().Add(-time.Hour), true
				_, _ = s.Token(ctx)
				return s.Token(ctx)
			}},
	}
	for name, tc := range cases {
		t.Run(name, tc.run)
	}
}

// TestRenew tells a source that the API refused a token.
func TestRenew(t *testing.T) {
	ctx := context.Background()
	cases := map[string]sourceCase{
		"refused": {reason: "a token that the API refuses is refreshed", left: time.Hour, want: sourceResult{Token: "access-1-secret", Requests: 1},
			in: func(_ *clock, _ *tokenServer, s *Source) (string, error) { return s.Renew(ctx, firstAccess) }},
		"refused, old": {reason: "another process refreshed meanwhile", left: time.Hour, want: sourceResult{Token: firstAccess},
			in: func(_ *clock, _ *tokenServer, s *Source) (string, error) { return s.Renew(ctx, "an older one") }},
		"refused, new": {reason: "a new token is not refreshed again", want: sourceResult{Requests: 1, Err: errFresh.Error()},
			in: func(_ *clock, _ *tokenServer, s *Source) (string, error) {
				token, _ := s.Token(ctx)
				return s.Renew(ctx, token)
			}},
	}
	for name, tc := range cases {
		t.Run(name, tc.run)
	}
}

// TestPersistedFirst breaks the disk: a token that cannot be stored is not
// given out, and the next try within the grace succeeds.
func TestPersistedFirst(t *testing.T) {
	c := newClock()
	server := newTokenServer(t, c.now)
	store := fileStore(t, "ghl:LOC", server.ended())
	s := source(t, store, c)
	before := s.renewer
	s.renewer = func(ctx context.Context, old Login) (Login, error) {
		renewed, err := before(ctx, old)
		store.strict, store.keyring = true, true // there is no keyring to write to
		return renewed, err
	}
	noKeyring(t)
	if token, err := s.Token(context.Background()); err == nil {
		t.Errorf("the token %q was given out before it was stored", token)
	}
	store.strict, store.keyring = false, false
	s.renewer = before
	if token, err := s.Token(context.Background()); err != nil || token != "access-1-secret" {
		t.Errorf("the next try gives %q, %v", token, err)
	}
	l, err := store.Load("ghl:LOC")
	if err != nil || l.RefreshToken != "refresh-1-secret" || strings.Join(l.Scopes, " ") != "contacts.readonly" {
		t.Errorf("the store does not hold the new login: %v", err)
	}
}
