package transport

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lockstep/providers"
)

// step is one scripted answer.
type step struct {
	status int
	header map[string]string
	body   string
	err    error // no answer at all
	cut    bool  // the connection breaks in the middle of the answer
}

// script answers requests in turn; the last step repeats.
type script struct {
	mu    sync.Mutex
	steps []step
	at    []time.Time
	seen  []*http.Request
}

// RoundTrip gives the next answer.
func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	current := s.steps[min(len(s.at), len(s.steps)-1)]
	s.at = append(s.at, time.Now())
	s.seen = append(s.seen, r)
	if current.err != nil {
		return nil, current.err
	}
	header := http.Header{}
	for name, value := range current.header {
		header.Set(name, value)
	}
	var body io.Reader = strings.NewReader(current.body)
	if current.cut {
		body = io.MultiReader(body, brokenReader{})
	}
	return &http.Response{StatusCode: current.status, Header: header, Body: io.NopCloser(body), Request: r}, nil
}

var errReset = errors.New("connection reset by peer")

type brokenReader struct{}

// Read fails.
func (brokenReader) Read([]byte) (int, error) { return 0, errReset }

func newClient(t *testing.T, next http.RoundTripper, change func(*Options)) *Client {
	t.Helper()
	o := Options{BaseURL: "https://api.example.com", Next: next, Header: http.Header{"Authorization": {"Bearer secret-token"}},
		Transient: func(e *providers.APIError) bool { return e.Status == 401 && e.Message == "Command timed out" }}
	if change != nil {
		change(&o)
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestDoRepeats(t *testing.T) {
	ok := step{status: 200, body: `{}`}
	busy := step{status: 429, body: `{"statusCode":429,"message":"Too Many Requests"}`, header: map[string]string{"X-RateLimit-Max": "25", "X-RateLimit-Remaining": "0", "X-RateLimit-Interval-Milliseconds": "10000"}}
	busyAfter := step{status: 429, body: `{}`, header: map[string]string{"Retry-After": "3"}}
	broken := step{err: errReset}
	failing := step{status: 503, body: "<html><title>Bad gateway</title></html>"}
	timeout := step{status: 401, body: `{"statusCode":401,"message":"Command timed out"}`}
	type want struct {
		calls     int
		failed    bool
		uncertain bool
		atLeast   time.Duration
	}
	cases := map[string]struct {
		reason string
		safety Safety
		steps  []step
		want   want
	}{
		"429":                   {"a refusal is repeated after the interval in the headers, also for a create", Once, []step{busy, ok}, want{calls: 2, atLeast: 10 * time.Second}},
		"429 with Retry-After":  {"the server's own time counts", Once, []step{busyAfter, ok}, want{calls: 2, atLeast: 3 * time.Second}},
		"read, 5xx":             {"a read is repeated", Read, []step{failing, failing, ok}, want{calls: 3}},
		"read, 5xx for ever":    {"a read that fails is not uncertain: it has no effect", Read, []step{failing}, want{calls: firstFailures, failed: true}},
		"write, 5xx":            {"an idempotent write is repeated", Repeatable, []step{failing, ok}, want{calls: 2}},
		"write, lost for ever":  {"one of the attempts may have taken effect", Repeatable, []step{broken}, want{calls: firstFailures, failed: true, uncertain: true}},
		"create, 5xx":           {"a create is not repeated, and may have taken effect", Once, []step{failing}, want{calls: 1, failed: true, uncertain: true}},
		"create, reset":         {"a create whose answer is lost is not repeated", Once, []step{broken}, want{calls: 1, failed: true, uncertain: true}},
		"create, cut answer":    {"an answer that breaks off is lost", Once, []step{{status: 201, body: `{"contact":{"id"`, cut: true}}, want{calls: 1, failed: true, uncertain: true}},
		"create, 401 timeout":   {"the gateway's timeout hides what happened", Once, []step{timeout}, want{calls: 1, failed: true, uncertain: true}},
		"read, 401 timeout":     {"the gateway's timeout is no matter of the token", Read, []step{timeout, ok}, want{calls: 2}},
		"create, 400":           {"a refusal is certain", Once, []step{{status: 400, body: `{"message":"no"}`}}, want{calls: 1, failed: true}},
		"read, HTML with 200":   {"a page of a proxy is no answer", Read, []step{{status: 200, body: "<!doctype html><title>Login</title>"}, ok}, want{calls: 2}},
		"create, HTML with 200": {"a page of a proxy says nothing about the create", Once, []step{{status: 200, body: "<html>"}}, want{calls: 1, failed: true, uncertain: true}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &script{steps: tc.steps}
				start := time.Now()
				_, err := newClient(t, s, nil).Do(t.Context(), Request{Method: "POST", Path: "/x", Body: map[string]any{"a": 1}, Safety: tc.safety})
				got := want{calls: len(s.at), failed: err != nil, uncertain: errors.Is(err, ErrUncertain), atLeast: tc.want.atLeast}
				if diff := cmp.Diff(tc.want, got, cmp.AllowUnexported(want{})); diff != "" {
					t.Errorf("%s (-want +got):\n%s\nerror: %v", tc.reason, diff, err)
				}
				if took := time.Since(start); took < tc.want.atLeast {
					t.Errorf("%s: took %s, want at least %s", tc.reason, took, tc.want.atLeast)
				}
			})
		})
	}
}

func TestDoErrors(t *testing.T) {
	cases := map[string]struct {
		reason string
		in     step
		want   *providers.APIError
	}{
		"array": {"messages are joined", step{status: 422, body: `{"message":["a should not exist","b is bad"],"error":"Unprocessable Entity","statusCode":422,"traceId":"t1"}`},
			&providers.APIError{Status: 422, Message: "a should not exist; b is bad", TraceID: "t1"}},
		"error key": {"not every answer has a message", step{status: 400, body: `{"error":"Contact with id X not found","status":400}`},
			&providers.APIError{Status: 400, Message: "Contact with id X not found"}},
		"nested": {"newer answers nest", step{status: 400, body: `{"error":{"code":"x","message":"no"}}`},
			&providers.APIError{Status: 400, Message: "no"}},
		"duplicate": {"the object in the way is named", step{status: 400, body: `{"message":"dup","meta":{"contactId":"C1"}}`},
			&providers.APIError{Status: 400, Message: "dup", ExistingID: "C1"}},
		"existing": {"other kinds name it otherwise", step{status: 400, body: `{"message":"dup","meta":{"existingId":"O1"}}`},
			&providers.APIError{Status: 400, Message: "dup", ExistingID: "O1"}},
		"empty": {"an empty body is no mystery", step{status: 404}, &providers.APIError{Status: 404, Gone: true}},
		"HTML": {"a page is named as such", step{status: 403, body: "<html><head><title>Blocked</title>"}, &providers.APIError{Status: 403, Message: "an HTML page (Blocked) instead of JSON", Extent: providers.WholeServer,
			Advice: "The server https://api.example.com answers with a page for people, which the API does not do: a proxy or a sign-in page of the network may stand between. Open the address in a browser, and check the network."}},
		"text":   {"a text is named by its type", step{status: 400, body: "oops", header: map[string]string{"Content-Type": "text/plain; charset=x"}}, &providers.APIError{Status: 400, Message: "a body of text/plain instead of JSON"}},
		"secret": {"the server may quote the token, we do not", step{status: 401, body: `{"message":"token secret-token is bad"}`}, &providers.APIError{Status: 401, Message: "token *** is bad"}},
		"moved": {"a redirect would carry the token away", step{status: 302, header: map[string]string{"Location": "https://login.example.com/?next=secret"}, body: "<html>Moved"},
			&providers.APIError{Status: 302, Message: "a redirect to login.example.com, which is not followed", Advice: adviceRedirect, Extent: providers.WholeServer}},
		"moved on": {"one that leads nowhere", step{status: 307}, &providers.APIError{Status: 307, Message: "a redirect, which is not followed", Advice: adviceRedirect, Extent: providers.WholeServer}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := newClient(t, &script{steps: []step{tc.in}}, nil).Do(t.Context(), Request{Method: "GET", Path: "/x", Query: map[string][]string{"email": {"ann@example.com"}}})
			var got *providers.APIError
			if !errors.As(err, &got) {
				t.Fatalf("%s: error %v is no APIError", tc.reason, err)
			}
			tc.want.Method, tc.want.Path, tc.want.Server = "GET", "/x", "https://api.example.com"
			if diff := cmp.Diff(tc.want, got, cmpopts.IgnoreFields(providers.APIError{}, "Err")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			if strings.Contains(err.Error(), "ann@") || strings.Contains(err.Error(), "secret-token") {
				t.Errorf("the error tells too much: %v", err)
			}
		})
	}
}

func TestNew(t *testing.T) {
	cases := map[string]struct {
		reason, in string
		want       bool
	}{
		"https":     {"the real thing", "https://services.example.com", true},
		"http":      {"the token would be sent unencrypted", "http://services.example.com", false},
		"localhost": {"a server on this machine", "http://localhost:8080", true},
		"loopback":  {"a server on this machine", "http://127.0.0.1:8080", true},
		"IPv6":      {"a server on this machine", "http://[::1]:8080", true},
		"trap":      {"a name that only begins like an address of this machine", "http://127.0.0.1.example.com", false},
		"nothing":   {"no host", "services", false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if _, err := New(Options{BaseURL: tc.in}); (err == nil) != tc.want {
				t.Errorf("%s: %v", tc.reason, err)
			}
		})
	}
}

func TestBearer(t *testing.T) {
	cases := map[string]struct {
		reason, in, want string
	}{
		"Plain":   {"as it is", "pit-1234", "Bearer pit-1234"},
		"Break":   {"secrets often end in a line break", " pit-1234\r\n", "Bearer pit-1234"},
		"Empty":   {"nothing but white space", " \n", ""},
		"Two":     {"two lines are no token", "pit-1234\npit-5678", ""},
		"Control": {"nor is what cannot be sent", "pit\x00-1234", ""},
		"Quotes":  {"nor what was copied from a text", "“pit-1234”", ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := Bearer(tc.in)
			if got != tc.want || (err == nil) != (tc.want != "") || err != nil && strings.Contains(err.Error(), "1234") {
				t.Errorf("%s: %q, %v, want %q", tc.reason, got, err, tc.want)
			}
		})
	}
}

func TestDoCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{steps: []step{{status: 429, body: `{}`}}}
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		start := time.Now()
		_, err := newClient(t, s, nil).Do(ctx, Request{Method: "POST", Path: "/x"})
		if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, ErrUncertain) {
			t.Errorf("error %v, want the context's and certainty: the request was refused before", err)
		}
		if took := time.Since(start); took != 2*time.Second {
			t.Errorf("the wait ended after %s, not with the context", took)
		}
	})
}

// TestDoBegun ends a wait for the rate limit when whoever asked has stopped,
// and finishes what need not wait.
func TestDoBegun(t *testing.T) {
	cases := map[string]struct {
		reason    string
		steps     []step
		stop      time.Duration
		took      time.Duration
		calls     int
		canceled  bool
		uncertain bool
	}{
		"Waiting":   {"no wait takes a quarter of an hour", []step{{status: 429, body: `{}`, header: map[string]string{"Retry-After": "900"}}}, 2 * time.Second, 2 * time.Second, 1, true, false},
		"Lost":      {"what may have taken effect before is not called certain", []step{{status: 503}, {status: 429, header: map[string]string{"Retry-After": "900"}}}, 2 * time.Second, 2 * time.Second, 2, true, true},
		"Repeating": {"what passes by itself is waited for", []step{{status: 503}, {status: 200, body: `{}`}}, 0, time.Second, 2, false, false},
		"Free":      {"what has begun is done", []step{{status: 200, body: `{}`}}, 0, 0, 1, false, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &script{steps: tc.steps}
				asked, stop := context.WithCancel(t.Context())
				defer stop()
				if tc.stop == 0 {
					stop()
				}
				time.AfterFunc(tc.stop, stop)
				start := time.Now()
				_, err := newClient(t, s, nil).Do(providers.Begun(asked), Request{Method: "PUT", Path: "/x", Safety: Repeatable})
				if errors.Is(err, context.Canceled) != tc.canceled || errors.Is(err, ErrUncertain) != tc.uncertain || len(s.at) != tc.calls {
					t.Errorf("%s: %d calls, %v", tc.reason, len(s.at), err)
				}
				if took := time.Since(start); took > tc.took {
					t.Errorf("%s: took %s, want at most %s", tc.reason, took, tc.took)
				}
			})
		})
	}
}

// TestDoBegunWithin ends a wait also with a context of the call's own.
func TestDoBegunWithin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(providers.Begun(t.Context()), 2*time.Second)
		defer cancel()
		s := &script{steps: []step{{status: 429, header: map[string]string{"Retry-After": "900"}}}}
		start := time.Now()
		_, err := newClient(t, s, nil).Do(ctx, Request{Method: "POST", Path: "/x"})
		if took := time.Since(start); !errors.Is(err, context.DeadlineExceeded) || took != 2*time.Second {
			t.Errorf("after %s: %v", took, err)
		}
	})
}

func TestDailyLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{steps: []step{{status: 200, body: `{}`, header: map[string]string{
			"X-RateLimit-Limit-Daily": "10000", "X-RateLimit-Daily-Remaining": "0", "X-RateLimit-Daily-Reset": "3600000"}}}}
		c := newClient(t, s, nil)
		if _, err := c.Do(t.Context(), Request{Method: "GET", Path: "/x"}); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		_, err := c.Do(t.Context(), Request{Method: "POST", Path: "/x"})
		var daily *DailyLimitError
		if !errors.As(err, &daily) || errors.Is(err, ErrUncertain) {
			t.Fatalf("error %v, want the daily limit", err)
		}
		want := &DailyLimitError{Limit: 10000, Reset: start.Add(time.Hour)}
		if diff := cmp.Diff(want, daily); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		if len(s.at) != 1 || time.Since(start) != 0 {
			t.Errorf("%d calls, waited %s: nothing is sent and nothing waits for tomorrow", len(s.at), time.Since(start))
		}
		time.Sleep(time.Hour)
		if _, err := c.Do(t.Context(), Request{Method: "GET", Path: "/x"}); err != nil {
			t.Errorf("after the reset: %v", err)
		}
	})
}

func TestDoConnections(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	cases := map[string]struct{ reason, url string }{
		"certificate": {"nothing is sent to a server that cannot prove who it is", server.URL},
		"refused":     {"nothing is sent to a closed port", gone.URL},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, nil, func(o *Options) { o.BaseURL, o.Next = tc.url, nil })
			_, err := c.Do(t.Context(), Request{Method: "POST", Path: "/x", Body: map[string]any{}})
			if err == nil || errors.Is(err, ErrUncertain) {
				t.Errorf("%s: %v", tc.reason, err)
			}
		})
	}
}

func TestEventsHaveNoSecrets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		s := &script{steps: []step{{status: 503}, {status: 401, body: `{"message":"secret-token"}`}}}
		c := newClient(t, s, func(o *Options) { o.Log = func(e Event) { fmt.Fprintf(&log, "%+v\n", e) } })
		_, err := c.Do(t.Context(), Request{Method: "GET", Path: "/x", Safety: Read, Query: map[string][]string{"email": {"ann@example.com"}}})
		if err == nil {
			t.Fatal("no error")
		}
		if log.Len() == 0 || strings.Contains(log.String(), "secret-token") || strings.Contains(log.String(), "ann@") {
			t.Errorf("the log is empty or tells too much:\n%s", log.String())
		}
	})
}

func FuzzRefusal(f *testing.F) {
	f.Add(422, []byte(`{"message":["a"],"error":{"message":["b",{"message":"c"}]},"meta":{"contactId":"x"}}`))
	f.Add(500, []byte("<html><title>x"))
	f.Add(400, []byte(`{"message":{"message":{}},"meta":[]}`))
	c, err := New(Options{BaseURL: "https://api.example.com"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		r := c.refusal(Request{Method: "GET", Path: "/x"}, &http.Response{StatusCode: status, Header: http.Header{}}, body)
		if r.api.Status != status || r.api.Error() == "" {
			t.Errorf("%+v", r.api)
		}
	})
}

// TestRoom wants answers in the room that was given, also after one that was
// cut off in it.
func TestRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		long := `{"page":1,"text":"an answer that is longer than the next"}`
		c := newClient(t, &script{steps: []step{{status: 200, body: `{"pa`, cut: true}, {status: 200, body: long}, {status: 200, body: `{"page":2}`}}}, nil)
		var room bytes.Buffer
		for _, want := range []string{long, `{"page":2}`} {
			got, err := c.Do(t.Context(), Request{Method: "GET", Path: "/x", Safety: Read, Room: &room})
			if err != nil {
				t.Fatal(err)
			}
			if string(got.Body) != want || room.String() != want {
				t.Errorf("Do(...) = body %s, room %s, want both %s", got.Body, room.String(), want)
			}
		}
	})
}
