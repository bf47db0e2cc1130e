package transport

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"lockstep/providers"
)

// TestMaxWait has servers that make requests wait.
func TestMaxWait(t *testing.T) {
	ok := step{status: 200, body: `{}`}
	after := func(text string) step {
		return step{status: 429, body: `{}`, header: map[string]string{"Retry-After": text}}
	}
	window := step{status: 200, body: `{}`, header: map[string]string{"X-RateLimit-Max": "1", "X-RateLimit-Remaining": "0", "X-RateLimit-Interval-Milliseconds": "7200000"}}
	endless := window
	endless.header = map[string]string{"X-RateLimit-Max": "1", "X-RateLimit-Remaining": "0", "X-RateLimit-Interval-Milliseconds": "9223372036854775807"}
	tests := map[string]struct {
		reason string
		most   time.Duration
		steps  []step
		// requests are made one after the other; the last one is looked at.
		requests, calls int
		took            time.Duration
		said            string
	}{
		"Short":    {"What is short is waited for.", time.Hour, []step{after("30"), ok}, 1, 2, 35 * time.Second, ""},
		"Long":     {"What is too long is not.", time.Minute, []step{after("120"), ok}, 1, 1, 0, "api.example.com has lockstep wait for 2m"},
		"Days":     {"Nor is a wait of days.", 0, []step{after("172800"), ok}, 1, 1, 0, "api.example.com has lockstep wait for 48h"},
		"Ages":     {"Nor one that no clock counts to.", 0, []step{after("1e300"), ok}, 1, 1, 0, "(Retry-After), and 1h0m0s is the most"},
		"Date":     {"Nor one until a day far away.", 0, []step{after("Fri, 31 Dec 2999 23:59:59 GMT"), ok}, 1, 1, 0, "Retry-After"},
		"Sum":      {"Waits add up.", time.Minute, []step{after("25"), after("25"), after("25"), ok}, 1, 3, 55 * time.Second, "Retry-After"},
		"Others":   {"The next request does not ask again.", time.Minute, []step{after("120"), ok}, 2, 1, 0, "Retry-After"},
		"Window":   {"Nor is a window waited for that is too long.", time.Hour, []step{window}, 2, 1, 0, "its limit is 1 requests per 2h0m0s"},
		"Endless":  {"A window of a thousand years is one.", time.Hour, []step{endless}, 2, 1, 0, "its limit is 1 requests per 24h0m0s"},
		"Patient":  {"Who allows it waits.", 3 * time.Hour, []step{window, window}, 2, 2, 2*time.Hour + time.Second, ""},
		"Crowded":  {"Other runs may use up one window after another.", 0, append(slices.Repeat([]step{after("10")}, 30), ok), 1, 31, 320 * time.Second, ""},
		"At once":  {"Who is told to come back at once does not do so for ever.", 0, append(slices.Repeat([]step{after("0")}, 30), ok), 1, 31, 320 * time.Second, ""},
		"For ever": {"What never ends is given up in time.", 45 * time.Second, []step{after("0")}, 1, 8, 48 * time.Second, "Retry-After"},
		"Failures": {"Failures that may pass count too.", time.Second, []step{{status: 503, body: `{}`}}, 1, 2, 2 * time.Second, "its failure may pass"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &script{steps: tc.steps}
				c := newClient(t, s, func(o *Options) { o.MaxWait = tc.most })
				start := time.Now()
				var err error
				for range tc.requests {
					_, err = c.Do(t.Context(), Request{Method: http.MethodGet, Path: "/x", Safety: Read})
				}
				if took := time.Since(start); took > tc.took || len(s.at) != tc.calls {
					t.Errorf("%s: %d calls in %s, want %d in %s", tc.reason, len(s.at), took, tc.calls, tc.took)
				}
				checkWait(t, tc.reason, err, tc.said)
			})
		})
	}
}

// checkWait wants an error about a wait that says something; none when that is
// empty.
func checkWait(t *testing.T, reason string, err error, said string) {
	t.Helper()
	if said == "" {
		if err != nil {
			t.Errorf("%s: %v", reason, err)
		}
		return
	}
	var wait *WaitError
	var api *providers.APIError
	if !errors.As(err, &wait) || !errors.As(err, &api) || !strings.Contains(err.Error()+api.Advice, said) || !strings.Contains(api.Advice, "-max-wait") {
		t.Errorf("%s: error %v, want one with %q and advice", reason, err, said)
	}
}

// TestMaxWaitSlow has a server that takes its time.
func TestMaxWaitSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := roundTrip(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		c := newClient(t, slow, func(o *Options) { o.MaxWait = 10 * time.Second })
		start := time.Now()
		_, err := c.Do(t.Context(), Request{Method: http.MethodGet, Path: "/x", Safety: Read})
		if took := time.Since(start); err == nil || took > 11*time.Second {
			t.Errorf("after %s: %v", took, err)
		}
	})
}
