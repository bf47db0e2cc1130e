package transport

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"lockstep/providers"
)

// ErrUncertain is in the chain of an error that leaves open whether the server
// acted: the request was sent and its answer was lost.
var ErrUncertain = errors.New("the answer was lost, so the request may or may not have taken effect")

// Safety is what asking twice would do.
type Safety uint8

// The safeties. The zero value is the careful one.
const (
	// Once is for creates: repeated only after 429, which refuses before
	// acting. A lost answer is ErrUncertain.
	Once Safety = iota
	// Repeatable is for writes that have the same effect when repeated. When
	// every repetition loses its answer, the error is ErrUncertain.
	Repeatable
	// Read is for requests without effect.
	Read
)

// Options configure a Client.
type Options struct {
	// BaseURL is the address of the API. Only https is accepted, except for
	// loopback hosts.
	BaseURL string
	// Server is what is known of the server, which its clients share; a new one
	// when nil.
	Server *Contact
	// Header is sent with every request; it holds the token.
	Header http.Header
	// Max requests per Interval until the server states its own limit; 100
	// per 10 s when zero. Unlimited is no limit.
	Max      int
	Interval time.Duration
	// Next carries out requests; a client of its own when nil.
	Next http.RoundTripper
	// Timeout of one attempt; 60 s when zero.
	Timeout time.Duration
	// Now and Sleep replace the clock.
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
	// Log is told about attempts and waits. Events hold no secret, no query
	// and no body.
	Log func(Event)
	// MaxWait is how long one request may wait in all, for the rate limit and for
	// its repetitions; an hour when zero. See WaitError.
	MaxWait time.Duration
	// OnWait is told until when requests wait for the rate limit.
	OnWait func(until time.Time)
	// OnSilence is told of a server that has not answered for a while, once, by a
	// goroutine of its own.
	OnSilence func(server string)
	// Advise adds to an error what the provider knows about it.
	Advise func(*providers.APIError)
	// Transient reports whether a refusal is a passing failure of the server
	// although its status tells otherwise.
	Transient func(*providers.APIError) bool
}

// Unlimited is the Max of a server that counts no requests.
const Unlimited = -1

// Event is what happened to a request, for the log.
type Event struct {
	Method, Path string
	// Attempt counts from 1.
	Attempt int
	// Status is 0 when no answer came.
	Status  int
	TraceID string
	// Took is how long the attempt took; Wait how long the request waits
	// before its next attempt.
	Took, Wait time.Duration
	// Err is why an attempt failed, without secrets.
	Err string
}

// Client makes the requests of one account. It is safe for concurrent use.
type Client struct {
	options Options
	base    *url.URL
	http    *http.Client
	limit   *limiter
	secrets []string
	calls   atomic.Int64
	// ahead is providers.Usage.Ahead, in nanoseconds.
	ahead atomic.Int64
	// server and token are what is known of both so far.
	server, token *Contact
}

// New makes a client. It does no I/O.
func New(options Options) (*Client, error) {
	base, err := url.Parse(strings.TrimSuffix(options.BaseURL, "/"))
	if err != nil || base.Host == "" {
		return nil, fmt.Errorf("%q is not an address of an API, as in https://services.example.com", options.BaseURL)
	}
	if base.Scheme != "https" && (base.Scheme != "http" || !Loopback(base.Hostname())) {
		return nil, fmt.Errorf("%s would send the token unencrypted: use https", base.Redacted())
	}
	options.Timeout = cmp.Or(options.Timeout, time.Minute)
	options.MaxWait = cmp.Or(options.MaxWait, time.Hour)
	options.Max = cmp.Or(options.Max, 100)
	options.Interval = cmp.Or(options.Interval, 10*time.Second)
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Sleep == nil {
		options.Sleep = sleep
	}
	next := options.Next
	if next == nil {
		next = newRoundTripper()
	}
	c := &Client{options: options, base: base, limit: newLimiter(options), secrets: secretsOf(options.Header), server: options.Server, token: &Contact{}}
	if c.server == nil {
		c.server = &Contact{}
	}
	// A redirect would carry the token to another server.
	c.http = &http.Client{Transport: next, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return c, nil
}

// Bearer is the header that carries a token. White space about it is left out,
// as a file or a secret of a CI system often ends in a line break. The error
// does not tell the token.
func Bearer(token string) (string, error) {
	token = strings.TrimSpace(token)
	if token == "" {
		return "", errors.New("the token is empty")
	}
	if strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", errors.New("the token has white space within or a character that no token has: check how it was copied")
	}
	return "Bearer " + token, nil
}

// Host is the host of the API.
func (c *Client) Host() string { return c.base.Host }

// Usage counts the calls so far, with the limits the server has stated.
func (c *Client) Usage() providers.Usage {
	u := c.limit.usage()
	u.Calls, u.Ahead = int(c.calls.Load()), time.Duration(c.ahead.Load())
	return u
}

// compareClocks learns from the Date of an answer, which has no fractions of a
// second. What lies between sending and answer is no difference.
func (c *Client) compareClocks(sent time.Time, header http.Header) {
	date, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return
	}
	ahead := sent.Sub(date.Add(time.Second))
	if behind := date.Sub(c.options.Now()); behind > 0 {
		ahead = -behind
	}
	if ahead > -time.Second && ahead < time.Second {
		ahead = 0
	}
	c.ahead.Store(int64(ahead.Truncate(time.Second)))
}

func newRoundTripper() http.RoundTripper {
	base, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport
	}
	t := base.Clone()
	t.MaxIdleConnsPerHost = 32
	return t
}

// sleep waits, or returns the context's error.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// secretsOf are the texts that must never appear in an error: an API may
// quote the token it refuses.
func secretsOf(header http.Header) []string {
	var secrets []string
	for _, v := range header.Values("Authorization") {
		_, token, ok := strings.Cut(v, " ")
		if !ok {
			token = v
		}
		if len(token) >= 4 {
			secrets = append(secrets, token)
		}
	}
	return secrets
}

// mask takes secrets out of a text.
func (c *Client) mask(s string) string {
	for _, secret := range c.secrets {
		s = strings.ReplaceAll(s, secret, "***")
	}
	return s
}
