package health

import (
	"context"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"lockstep/providers"
	"lockstep/providers/transport"
)

// DefaultBaseURL is the address of the API.
const DefaultBaseURL = "https://api.runkeeper.com"

// Options configure a Client.
type Options struct {
	// BaseURL of the API; DefaultBaseURL when empty.
	BaseURL string
	// Server is what the clients of several people share; a new one when nil.
	Server *transport.Contact
	// Token of the person, what gave it, and how a new one takes its place, as the
	// end of a sentence; empty when that is not known.
	Token, TokenFrom, Again string
	// UserAgent names the program, empty sends none.
	UserAgent string
	// Next carries out requests; a client of its own when nil.
	Next http.RoundTripper
	// Unlimited asks as often as it can.
	Unlimited bool
	// Now and Sleep replace the clock.
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
	// MaxWait is how long one request may wait in all; see transport.Options.
	MaxWait time.Duration
	// Log is told about attempts, OnWait until when requests wait, and OnSilence of
	// a server that has not answered for a while.
	Log       func(transport.Event)
	OnWait    func(until time.Time)
	OnSilence func(server string)
}

// The limit that one key was seen to have (Health Graph API, rate limits); a
// refusal tells when it is another.
const (
	limitCalls    = 5000
	limitInterval = 15 * time.Minute
)

// Client reads one person's account. It is safe for concurrent use.
type Client struct {
	http *transport.Client
}

// New makes a client. It does no I/O.
func New(o Options) (*Client, error) {
	if o.BaseURL == "" {
		o.BaseURL = DefaultBaseURL
	}
	if o.Next == nil {
		o.Next = http.DefaultTransport
	}
	bearer, err := transport.Bearer(o.Token)
	if err != nil {
		return nil, err
	}
	header := http.Header{"Authorization": {bearer}, "Accept-Charset": {"UTF-8"}}
	if o.UserAgent != "" {
		header.Set("User-Agent", o.UserAgent)
	}
	limit := limitCalls
	if o.Unlimited {
		limit = transport.Unlimited
	}
	c, err := transport.New(transport.Options{
		BaseURL: o.BaseURL, Header: header, Max: limit, Interval: limitInterval, Next: refusals{o.Next},
		Server: o.Server,
		Now:    o.Now, Sleep: o.Sleep, MaxWait: o.MaxWait, Log: o.Log, OnWait: o.OnWait, OnSilence: o.OnSilence, Advise: o.advise,
	})
	if err != nil {
		return nil, err
	}
	return &Client{http: c}, nil
}

// Usage counts the calls so far.
func (c *Client) Usage() providers.Usage { return c.http.Usage() }

// advise tells what to do about refusals.
func (o *Options) advise(e *providers.APIError) {
	again := "."
	if o.Again != "" {
		again = ": " + o.Again + "."
	}
	token := "The token"
	if o.TokenFrom != "" {
		token += " " + o.TokenFrom
	}
	token += ", sent to " + e.Server + ","
	switch {
	case strings.EqualFold(e.Message, "Revoked"):
		e.Extent = providers.WholeAccount
		e.Advice = "The person has disconnected the program. Take the account out, and delete what was kept of the person's health data, unless the person connects again" + again
	case e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden:
		if e.Status == http.StatusUnauthorized {
			e.Extent = providers.WholeAccount
		}
		e.Advice = token + " is not valid, or lacks a permission: Read Health Information to read, Edit Health Information to write. Ask the person to connect again" + again
	}
}

// get reads a resource. link is a path with its query, as the API writes it.
func (c *Client) get(ctx context.Context, link, name string, into any) error {
	u, err := own(link)
	if err != nil {
		return err
	}
	answer, err := c.http.Do(ctx, transport.Request{
		Method: http.MethodGet, Path: u.EscapedPath(), Query: u.Query(), Safety: transport.Read,
		Header: http.Header{"Accept": {media(name)}},
	})
	if err != nil {
		return err
	}
	if err := json.Unmarshal(utf(answer.Header, answer.Body), into); err != nil {
		return fmt.Errorf("GET %s: the answer is not a %s: %w", u.Path, name, err)
	}
	return nil
}

// utf turns a text in ISO-8859-1, the API's own encoding, into UTF-8. Its
// bytes are the code points.
func utf(header http.Header, body []byte) []byte {
	_, params, err := mime.ParseMediaType(header.Get("Content-Type"))
	latin := err == nil && strings.EqualFold(params["charset"], "ISO-8859-1")
	if !latin && utf8.Valid(body) {
		return body
	}
	out := make([]byte, 0, len(body)+len(body)/8)
	for _, b := range body {
		out = utf8.AppendRune(out, rune(b))
	}
	return out
}
