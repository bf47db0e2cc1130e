package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"lockstep/providers"
)

// TestFirstContact counts how often a server is asked that has, or has not,
// answered before, and how long that takes.
func TestFirstContact(t *testing.T) {
	ok, refused := step{status: 200, body: `{}`}, step{err: &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}}
	page := step{status: 502, body: "<html>"}
	wrong := step{status: 401, body: `{"message":"Invalid JWT"}`}
	cases := map[string]struct {
		reason   string
		steps    []step
		requests int
		calls    int
		atMost   time.Duration
	}{
		"Refused": {"a wrong address is told within three seconds, and asked for once", []step{refused}, 5, 3, 3 * time.Second},
		"Gateway": {"a page is no answer of the API", []step{page}, 5, 3, 3 * time.Second},
		"Token":   {"a token that was refused is not tried again", []step{wrong}, 5, 1, 0},
		"Away":    {"a server that has answered is waited for, each time", []step{ok, refused}, 3, 9, time.Minute},
		"Came":    {"one that comes up is used", []step{refused, refused, ok}, 1, 3, 3 * time.Second},
		"Revoked": {"a token that was good is refused a few times, and then not sent again", []step{ok, wrong}, 9, 4, 0},
		"Again":   {"one that is good again is", []step{ok, wrong, wrong, ok, wrong, wrong, ok}, 9, 9, 0},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &script{steps: tc.steps}
				c := newClient(t, s, func(o *Options) {
					o.Advise = func(e *providers.APIError) { e.Extent = providers.WholeAccount }
				})
				begun := time.Now()
				for range tc.requests {
					_, _ = c.Do(t.Context(), Request{Method: "GET", Path: "/x", Safety: Read})
				}
				if took := time.Since(begun); len(s.seen) != tc.calls || took > tc.atMost {
					t.Errorf("%s: %d calls in %s, want %d in at most %s", tc.reason, len(s.seen), took, tc.calls, tc.atMost)
				}
			})
		})
	}
}

// TestSharedServer asks for a server once that the clients of two people share.
func TestSharedServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, server := &script{steps: []step{{err: &net.DNSError{IsNotFound: true}}}}, &Contact{}
		for range 2 {
			_, err := newClient(t, s, func(o *Options) { o.Server = server }).Do(t.Context(), Request{Method: "GET", Path: "/x", Safety: Read})
			var api *providers.APIError
			if !errors.As(err, &api) || api.Extent != providers.WholeServer {
				t.Errorf("error %v is not about the server", err)
			}
		}
		if len(s.seen) != firstFailures {
			t.Errorf("%d calls, want %d", len(s.seen), firstFailures)
		}
	})
}

// TestSilence tells of a server that takes long to answer for the first time.
func TestSilence(t *testing.T) {
	for name, tc := range map[string]struct {
		reason string
		takes  time.Duration
		told   int
	}{
		"Quick": {"there is nothing to tell", time.Second, 0},
		"Slow":  {"the address is told while it is waited for, once", 20 * time.Second, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				next := &script{steps: []step{{status: 200, body: `{}`}}}
				var told []string
				c := newClient(t, roundTrip(func(r *http.Request) (*http.Response, error) {
					time.Sleep(tc.takes)
					return next.RoundTrip(r)
				}), func(o *Options) { o.OnSilence = func(server string) { told = append(told, server) } })
				for range 2 {
					_, _ = c.Do(t.Context(), Request{Method: "GET", Path: "/x", Safety: Read})
				}
				synctest.Wait()
				if len(told) != tc.told || tc.told > 0 && told[0] != "https://api.example.com" {
					t.Errorf("%s: told %q", tc.reason, told)
				}
			})
		})
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

// RoundTrip calls the function.
func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestUnanswered names why there was no answer.
func TestUnanswered(t *testing.T) {
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	cases := map[string]struct {
		err            error
		why            string
		never, passing bool
	}{
		"Certificate": {&tls.CertificateVerificationError{Err: errors.New("x509")}, "certificate", true, false},
		"NoTLS":       {tls.RecordHeaderError{Msg: "first record"}, "does not speak TLS", true, false},
		"Plain":       {errors.New("http: server gave HTTP response to HTTPS client"), "does not speak TLS", true, false},
		"Alert":       {&net.OpError{Op: "remote error", Err: tls.AlertError(40)}, "refuses to speak TLS", true, false},
		"Name":        {dial(&net.DNSError{IsNotFound: true}), "a name that the network does not know", true, true},
		"Resolver":    {dial(&net.DNSError{IsTimeout: true}), "name service", true, true},
		"Refused":     {dial(syscall.ECONNREFUSED), "refuses the connection", true, true},
		"DialTimeout": {dial(context.DeadlineExceeded), "in time", true, true},
		"Timeout":     {context.DeadlineExceeded, "in time", false, true},
		"Cut":         {fmt.Errorf("read: %w", io.ErrUnexpectedEOF), "broke the connection off", false, true},
		"Route":       {dial(syscall.ENETUNREACH), "cannot be reached", true, true},
		"Other":       {errors.New("odd"), "no answer that can be read", false, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			why, never, passing := unanswered(tc.err)
			if !strings.Contains(why, tc.why) || never != tc.never || passing != tc.passing {
				t.Errorf("%v: %q, never %t, passing %t; want %q, %t, %t", tc.err, why, never, passing, tc.why, tc.never, tc.passing)
			}
		})
	}
}

// noToken is the error of a login that gives no token.
type noToken struct{}

// Error says why.
func (noToken) Error() string { return "the stored login cannot be refreshed. Log in again." }

// Tokenless reports that nothing was sent.
func (noToken) Tokenless() bool { return true }

// TestTokenless blames the login, not the server, when there is no token to send.
func TestTokenless(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := newClient(t, &script{steps: []step{{err: noToken{}}}}, nil).Do(t.Context(), Request{Method: "GET", Path: "/x", Safety: Read})
		var api *providers.APIError
		if !errors.As(err, &api) {
			t.Fatalf("%v is no APIError", err)
		}
		const advice = "Nothing was sent to https://api.example.com: the stored login cannot be refreshed. Log in again."
		if api.Extent != providers.WholeAccount || api.Advice != advice || !errors.As(err, &noToken{}) {
			t.Errorf("extent %d, advice %q, error %v", api.Extent, api.Advice, err)
		}
	})
}
