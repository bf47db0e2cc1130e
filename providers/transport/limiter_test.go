package transport

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// windowServer counts requests in fixed windows that begin with the first
// request, as the real one does, and refuses what is too much.
type windowServer struct {
	mu       sync.Mutex
	max      int
	interval time.Duration
	latency  time.Duration
	start    time.Time
	used     int
	refused  int
	answered []time.Time
}

// RoundTrip counts a request after half of the latency.
func (s *windowServer) RoundTrip(r *http.Request) (*http.Response, error) {
	time.Sleep(s.latency / 2)
	status, header := s.count()
	time.Sleep(s.latency / 2)
	return &http.Response{StatusCode: status, Header: header, Body: http.NoBody, Request: r}, nil
}

func (s *windowServer) count() (int, http.Header) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if s.start.IsZero() || now.Sub(s.start) >= s.interval {
		s.start, s.used = now, 0
	}
	status := http.StatusOK
	if s.used >= s.max {
		s.refused++
		status = http.StatusTooManyRequests
	} else {
		s.used++
		s.answered = append(s.answered, now)
	}
	header := http.Header{}
	header.Set("X-RateLimit-Max", strconv.Itoa(s.max))
	header.Set("X-RateLimit-Remaining", strconv.Itoa(s.max-s.used))
	header.Set("X-RateLimit-Interval-Milliseconds", strconv.FormatInt(s.interval.Milliseconds(), 10))
	return status, header
}

func TestLimiter(t *testing.T) {
	cases := map[string]struct {
		reason   string
		max      int
		latency  time.Duration
		requests int
		workers  int
		// want is the time that the windows alone make necessary.
		want time.Duration
	}{
		"burst":       {"a hundred requests go out at once", 100, 0, 100, 20, 0},
		"two windows": {"the rest waits for the next window", 100, 0, 200, 20, 10 * time.Second},
		"trial":       {"the limit is what the headers say, not what we began with", 25, 0, 100, 10, 30 * time.Second},
		"latency":     {"answers that take time do not let too many through", 25, 400 * time.Millisecond, 100, 10, 30 * time.Second},
		"many":        {"more workers than places", 25, 100 * time.Millisecond, 100, 100, 30 * time.Second},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &windowServer{max: tc.max, interval: 10 * time.Second, latency: tc.latency}
				c := newClient(t, s, nil)
				start := time.Now()
				var group sync.WaitGroup
				for range tc.workers {
					group.Go(func() {
						for range tc.requests / tc.workers {
							if _, err := c.Do(t.Context(), Request{Method: "GET", Path: "/x", Safety: Read}); err != nil {
								t.Error(err)
							}
						}
					})
				}
				group.Wait()
				if s.refused > 0 {
					t.Errorf("%s: the server refused %d requests", tc.reason, s.refused)
				}
				// Each window may be longer by the requests under way.
				allowed := tc.want + time.Duration(tc.requests/tc.max+tc.requests/tc.workers)*tc.latency
				if took := time.Since(start); took < tc.want || took > allowed {
					t.Errorf("%s: took %s, want %s to %s", tc.reason, took, tc.want, allowed)
				}
				if got := c.Usage().Calls; got != tc.requests {
					t.Errorf("%d calls counted, want %d", got, tc.requests)
				}
			})
		})
	}
}

func TestLimiterSharesTheBucket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &windowServer{max: 10, interval: 10 * time.Second}
		for range 6 {
			s.count()
		}
		c := newClient(t, s, nil)
		for range 8 {
			if _, err := c.Do(t.Context(), Request{Method: "GET", Path: "/x", Safety: Read}); err != nil {
				t.Fatal(err)
			}
		}
		if s.refused > 0 {
			t.Errorf("the server refused %d requests although its answers told of the other program", s.refused)
		}
	})
}

// TestLimiterLeavesRoom has a run that could use up every window, and one that comes later.
func TestLimiterLeavesRoom(t *testing.T) {
	cases := map[string]struct {
		reason  string
		max     int
		latency time.Duration
	}{
		"at once": {"all of a window is used up in a moment", 100, 0},
		"slow":    {"answers take their time", 100, 300 * time.Millisecond},
		"trial":   {"one place of a small limit is enough", 25, 50 * time.Millisecond},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &windowServer{max: tc.max, interval: 10 * time.Second, latency: tc.latency}
				long, short := newClient(t, s, nil), newClient(t, s, nil)
				ctx, stop := context.WithCancel(t.Context())
				var group sync.WaitGroup
				for range 20 {
					group.Go(func() {
						for ctx.Err() == nil {
							_, _ = long.Do(ctx, Request{Method: "GET", Path: "/x", Safety: Read}) // refused requests come again
						}
					})
				}
				time.Sleep(2 * time.Minute)
				start := time.Now()
				if _, err := short.Do(ctx, Request{Method: "GET", Path: "/x", Safety: Read}); err != nil {
					t.Error(err)
				}
				if took := time.Since(start); took > 30*time.Second {
					t.Errorf("%s: the run beside it waited for %s", tc.reason, took)
				}
				stop()
				group.Wait()
			})
		})
	}
}

func TestLimiterTellsOfWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &windowServer{max: 2, interval: 10 * time.Second}
		var told []time.Duration
		start := time.Now()
		c := newClient(t, s, func(o *Options) {
			o.OnWait = func(until time.Time) { told = append(told, until.Sub(start)) }
		})
		for range 3 {
			if _, err := c.Do(t.Context(), Request{Method: "GET", Path: "/x", Safety: Read}); err != nil {
				t.Fatal(err)
			}
		}
		if len(told) != 1 || told[0] != 10*time.Second {
			t.Errorf("told to wait until %v, want once, until the next window", told)
		}
	})
}
