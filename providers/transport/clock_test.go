package transport_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"lockstep/providers/transport"
)

// TestAhead compares the clock of this machine with the Date of an answer.
func TestAhead(t *testing.T) {
	now := time.Date(2026, 11, 26, 12, 0, 30, 700_000_000, time.UTC)
	cases := map[string]struct {
		reason, date string
		want         time.Duration
	}{
		"equal":    {"a Date has no fractions of a second", "Thu, 26 Nov 2026 12:00:30 GMT", 0},
		"ahead":    {"this machine is later", "Thu, 26 Nov 2026 11:58:30 GMT", 119 * time.Second},
		"behind":   {"this machine is earlier", "Thu, 26 Nov 2026 12:05:31 GMT", -5 * time.Minute},
		"no date":  {"nothing is known", "", 0},
		"nonsense": {"an answer with a broken Date tells nothing", "today", 0},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			answer := roundTripper(func(*http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: 200, Header: http.Header{"Date": {tc.date}, "Content-Type": {"application/json"}}, Body: http.NoBody}, nil
			})
			c, err := transport.New(transport.Options{BaseURL: "https://api.example.com", Next: answer, Now: func() time.Time { return now }})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.Do(context.Background(), transport.Request{Method: http.MethodDelete, Path: "/x", Safety: transport.Repeatable}); err != nil {
				t.Fatal(err)
			}
			if got := c.Usage().Ahead; got != tc.want {
				t.Errorf("%s: %v, want %v", tc.reason, got, tc.want)
			}
		})
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
