package credentials

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// api accepts one token, and says why it refuses another.
type api struct {
	accept, refusal string

	mu     sync.Mutex
	tokens []string
	bodies []string
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	a.mu.Lock()
	defer a.mu.Unlock()
	a.tokens, a.bodies = append(a.tokens, token), append(a.bodies, string(body))
	if token != a.accept {
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprintf(w, `{"statusCode":401,"message":%q}`, a.refusal)
		return
	}
	fmt.Fprint(w, "{}")
}

func ended(message string) bool { return strings.Contains(message, "Invalid JWT") }

func TestTransport(t *testing.T) {
	const next = "access-1-secret"
	type result struct {
		Status    int
		Tokens    []string
		Bodies    []string
		Refreshes int
		Answer    string
	}
	cases := map[string]struct {
		reason string
		in     *api
		want   result
	}{
		"good": {reason: "the stored token is sent", in: &api{accept: firstAccess},
			want: result{Status: 200, Tokens: []string{firstAccess}, Bodies: []string{"{1}"}, Answer: "{}"}},
		"ended": {reason: "a refreshed token is sent, with the body again", in: &api{accept: next, refusal: "Invalid JWT"},
			want: result{Status: 200, Tokens: []string{firstAccess, next}, Bodies: []string{"{1}", "{1}"}, Refreshes: 1, Answer: "{}"}},
		"scope": {reason: "a missing scope is not cured by refreshing", in: &api{accept: next, refusal: "The token is not authorized for this scope."},
			want: result{Status: 401, Tokens: []string{firstAccess}, Bodies: []string{"{1}"},
				Answer: `{"statusCode":401,"message":"The token is not authorized for this scope."}`}},
		"timeout": {reason: "a timeout that is dressed as 401", in: &api{accept: next, refusal: "Command timed out"},
			want: result{Status: 401, Tokens: []string{firstAccess}, Bodies: []string{"{1}"}, Answer: `{"statusCode":401,"message":"Command timed out"}`}},
		"still": {reason: "a second refusal is the answer", in: &api{accept: "no token", refusal: "Invalid JWT"},
			want: result{Status: 401, Tokens: []string{firstAccess, next}, Bodies: []string{"{1}", "{1}"}, Refreshes: 1, Answer: `{"statusCode":401,"message":"Invalid JWT"}`}},
		"quoted": {reason: "the token in a refusal is masked", in: &api{accept: next, refusal: "Not this: " + firstAccess},
			want: result{Status: 401, Tokens: []string{firstAccess}, Bodies: []string{"{1}"}, Answer: `{"statusCode":401,"message":"Not this: ***"}`}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			c := newClock()
			server := newTokenServer(t, c.now)
			login := server.ended()
			login.Expires = c.now().Add(time.Hour)
			service := httptest.NewServer(tc.in)
			defer service.Close()
			client := http.Client{Transport: &Transport{Source: source(t, fileStore(t, "ghl:LOC", login), c), Next: NewNext(), Ended: ended}}
			answer, err := client.Post(service.URL+"/contacts/", "application/json", strings.NewReader("{1}"))
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			text, err := io.ReadAll(answer.Body)
			if err != nil {
				t.Fatal(err)
			}
			requests, _ := server.counted()
			got := result{Status: answer.StatusCode, Tokens: tc.in.tokens, Bodies: tc.in.bodies, Refreshes: requests, Answer: string(text)}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestManyRefused has many requests refused at once: one refresh serves all.
func TestManyRefused(t *testing.T) {
	c := newClock()
	server := newTokenServer(t, c.now)
	login := server.ended()
	login.Expires = c.now().Add(time.Hour)
	service := httptest.NewServer(&api{accept: "access-1-secret", refusal: "Invalid JWT"})
	defer service.Close()
	client := http.Client{Transport: &Transport{Source: source(t, fileStore(t, "ghl:LOC", login), c), Next: NewNext(), Ended: ended}}
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			answer, err := client.Get(service.URL)
			if err != nil {
				t.Error(err)
				return
			}
			answer.Body.Close()
			if answer.StatusCode != http.StatusOK {
				t.Errorf("a request ends with %s", answer.Status)
			}
		})
	}
	group.Wait()
	if requests, _ := server.counted(); requests != 1 {
		t.Errorf("%d refreshes, want one", requests)
	}
}

// TestWithoutToken wants errors that tell what to do, hold no secret, and leave no
// doubt that the request was not carried out.
func TestWithoutToken(t *testing.T) {
	cases := map[string]struct {
		reason string
		spoil  func(*clock, *tokenServer, *Login)
		want   string
	}{
		"used": {reason: "the refresh token is of no use any more", want: "the stored login cannot be refreshed: " +
			`the server answers 400 "Invalid grant: refresh token is invalid *** ***". Log in again`,
			spoil: func(c *clock, s *tokenServer, _ *Login) { s.used[firstFresh], s.quote = c.now().Add(-time.Hour), true }},
		"secret": {reason: "the app has another secret", want: `the stored login cannot be refreshed: the server answers 401 "Invalid client credentials". Log in again`,
			spoil: func(_ *clock, _ *tokenServer, l *Login) { l.ClientSecret = "wrong-secret" }},
		"down": {reason: "logging in again would not help", want: "the stored login cannot be refreshed: no token now: the server answers 502",
			spoil: func(_ *clock, s *tokenServer, _ *Login) { s.broken = 502 }},
		"paused": {reason: "the same login works again when the location is switched on", want: `the stored login cannot be refreshed: the server answers 400 "Location is not active"`,
			spoil: func(_ *clock, s *tokenServer, _ *Login) { s.refusal = "Location is not active" }},
		"unencrypted": {reason: "the secret does not leave unencrypted", want: "the stored login cannot be refreshed: http://tokens.example.com/token would send secrets unencrypted: use https",
			spoil: func(_ *clock, _ *tokenServer, l *Login) { l.TokenURL = "http://tokens.example.com/token" }},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			c := newClock()
			server := newTokenServer(t, c.now)
			login := server.ended()
			tc.spoil(c, server, &login)
			tr := &Transport{Source: source(t, fileStore(t, "ghl:LOC", login), c), Next: NewNext(), Ended: ended, Advice: "Log in again"}
			request, err := http.NewRequest(http.MethodPost, "http://127.0.0.1:1/", strings.NewReader("{}"))
			if err != nil {
				t.Fatal(err)
			}
			_, err = tr.RoundTrip(request)
			if err == nil {
				t.Fatal("the request was sent")
			}
			if diff := cmp.Diff(tc.want, err.Error()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			var op *net.OpError
			if !errors.As(err, &op) || op.Op != "dial" {
				t.Errorf("the error does not pass for a connection that was never made")
			}
			for _, secret := range login.secrets() {
				if strings.Contains(fmt.Sprintf("%v %+v", err, errors.Unwrap(err)), secret) {
					t.Errorf("the error holds a secret")
				}
			}
		})
	}
}
