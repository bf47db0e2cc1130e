package transport

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"lockstep/providers"
	"lockstep/schema"
)

const (
	// maxAnswer is how much of an answer is read, in bytes.
	maxAnswer = 128 << 20
	// maxFailures is how often a request may fail otherwise than by 429, which is waited
	// for as long as the caller allows: another run may use up each window.
	maxFailures = 4
	// firstBackoff doubles with each failure.
	firstBackoff = 500 * time.Millisecond
)

// Request is one API call.
type Request struct {
	Method string
	// Path below the base URL, with its ids already escaped.
	Path   string
	Query  url.Values
	Header http.Header
	// Body is sent as JSON; a []byte is sent as it is.
	Body   any
	Safety Safety
	// Bytes is set for an answer that is no JSON: how many bytes it has at most.
	Bytes int64
	// Room takes the body of the answer, which is then good until Room is used
	// for another one; nil makes room. It is for who reads many long answers.
	Room *bytes.Buffer
}

// Response is an answer with a status of 2xx.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// dotted reports whether a path has a step that stands for another one. Escaped
// dots do so too.
func dotted(path string) bool {
	return slices.ContainsFunc(strings.Split(path, "/"), func(step string) bool {
		plain, err := url.PathUnescape(step)
		return err == nil && (plain == "." || plain == "..")
	})
}

// Do makes one API call, with the repetitions that its Safety allows. Errors
// are *providers.APIError, or the context's.
func (c *Client) Do(ctx context.Context, r Request) (*Response, error) {
	if dotted(r.Path) {
		return nil, c.apiError(r, errors.New(`an id is "." or "..", which no object has: the path would lead to another object`))
	}
	body, err := encode(r.Body)
	if err != nil {
		return nil, fmt.Errorf("%s %s: the request cannot be written as JSON: %w", r.Method, r.Path, err)
	}
	if failed := cmp.Or(c.server.failed.Load(), c.token.failed.Load()); failed != nil {
		again := *failed
		return nil, &again
	}
	defer c.listen()()
	refusals, failures, lost := 0, 0, false
	until := c.deadline()
	for attempt := 1; ; attempt++ {
		if err := c.limit.acquire(ctx, until); err != nil {
			return nil, c.notSent(r, err, lost && r.Safety != Read)
		}
		response, failure := c.attempt(ctx, r, body, attempt, until)
		if failure == nil {
			return response, nil
		}
		lost = lost || failure.lost
		var wait time.Duration
		switch {
		case ctx.Err() != nil:
			return nil, c.final(r, failure)
		case failure.api.Status == http.StatusTooManyRequests:
			refusals++
			if wait, err = c.limit.refused(failure.header, refusals, until); err != nil {
				failure.api.Err = err
				return nil, c.final(r, failure)
			}
			// The limiter holds everybody back, this request included.
			c.log(Event{Method: r.Method, Path: r.Path, Attempt: attempt, Status: failure.api.Status, Wait: wait})
			continue
		case failure.passing && r.Safety != Once:
			if failures++; failures >= c.patience(failure) {
				return nil, c.final(r, failure)
			}
			wait = c.backoff(failures, failure.header)
			if err := until.allows(c.options.Now(), wait, "its failure may pass"); err != nil {
				failure.api.Err = errors.Join(failure.api.Err, err)
				return nil, c.final(r, failure)
			}
		default:
			return nil, c.final(r, failure)
		}
		c.log(Event{Method: r.Method, Path: r.Path, Attempt: attempt, Status: failure.api.Status, Wait: wait})
		if err := c.options.Sleep(ctx, wait); err != nil {
			return nil, c.final(r, failure)
		}
	}
}

// failure is an attempt that did not succeed.
type failure struct {
	api    *providers.APIError
	header http.Header
	// passing failures may go away by themselves; lost ones leave open
	// whether the server acted.
	passing, lost bool
	// took is how long it took.
	took time.Duration
}

// attempt sends the request once.
func (c *Client) attempt(ctx context.Context, r Request, body []byte, number int, until deadline) (*Response, *failure) {
	c.calls.Add(1)
	sent := c.options.Now()
	response, header, f := c.exchange(ctx, r, body, until.at.Sub(sent))
	c.limit.release(sent, header)
	c.compareClocks(sent, header)
	event := Event{Method: r.Method, Path: r.Path, Attempt: number, Took: c.options.Now().Sub(sent)}
	c.learn(f)
	if f != nil {
		f.took = event.Took
		event.Status, event.TraceID, event.Err = f.api.Status, f.api.TraceID, f.api.Error()
	} else {
		event.Status = response.Status
	}
	c.log(event)
	return response, f
}

// exchange sends the request and reads the answer. header is nil when there
// was none.
func (c *Client) exchange(ctx context.Context, r Request, body []byte, left time.Duration) (*Response, http.Header, *failure) {
	ctx, cancel := context.WithTimeout(ctx, min(c.options.Timeout, max(left, time.Second)))
	defer cancel()
	request, err := c.request(ctx, r, body)
	if err != nil {
		return nil, nil, &failure{api: c.apiError(r, err)}
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return nil, nil, c.broken(r, err)
	}
	defer answer.Body.Close()
	success, most := answer.StatusCode >= 200 && answer.StatusCode < 300, int64(maxAnswer)
	if success && r.Bytes > 0 {
		most = r.Bytes
	}
	content, err := readAll(answer, r.Room, most)
	if errors.Is(err, ErrTooLong) && success {
		return nil, answer.Header, &failure{api: c.apiError(r, err), header: answer.Header}
	}
	if err != nil && success {
		f := c.broken(r, err)
		return nil, answer.Header, f
	}
	if !success {
		return nil, answer.Header, c.refusal(r, answer, content)
	}
	if problem := notJSON(answer.Header, content); problem != "" && (r.Bytes == 0 || strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html")) {
		api := c.apiError(r, nil)
		api.Status, api.Message = answer.StatusCode, problem
		if isPage(content) {
			c.page(api)
		}
		return nil, answer.Header, &failure{api: api, header: answer.Header, passing: true, lost: true}
	}
	return &Response{Status: answer.StatusCode, Header: answer.Header, Body: content}, answer.Header, nil
}

// ErrTooLong is the cause of an error for an answer with more bytes than may be
// read. The request is not repeated.
var ErrTooLong = errors.New("the answer is too long")

// readAll reads a body of at most so many bytes into a buffer, or a new one where
// that is nil. A body whose length is known is read without growing.
func readAll(answer *http.Response, b *bytes.Buffer, most int64) ([]byte, error) {
	if b == nil {
		b = &bytes.Buffer{}
	}
	b.Reset()
	n := answer.ContentLength
	if n > most {
		return nil, tooLong(most)
	}
	if n > 0 {
		// ReadFrom wants room to notice the end.
		b.Grow(int(n) + bytes.MinRead)
	}
	_, err := b.ReadFrom(io.LimitReader(answer.Body, most+1))
	if err == nil && int64(b.Len()) > most {
		err = tooLong(most)
	}
	return b.Bytes(), err
}

func tooLong(most int64) error {
	return fmt.Errorf("%w: more than %s bytes", ErrTooLong, schema.Thousands(int(most)))
}

func (c *Client) request(ctx context.Context, r Request, body []byte) (*http.Request, error) {
	target := c.base.String() + r.Path
	if len(r.Query) > 0 {
		target += "?" + r.Query.Encode()
	}
	var reader io.Reader
	if body != nil {
		reader = bytes.NewReader(body)
	}
	request, err := http.NewRequestWithContext(ctx, r.Method, target, reader)
	if err != nil {
		return nil, errors.New("the address of the request is malformed")
	}
	request.Header.Set("Accept", "application/json")
	if r.Bytes > 0 {
		request.Header.Set("Accept", "*/*")
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	for _, header := range []http.Header{c.options.Header, r.Header} {
		for name, values := range header {
			request.Header[http.CanonicalHeaderKey(name)] = values
		}
	}
	return request, nil
}

// broken is the failure of a connection. The request may have been carried
// out unless the connection was never made.
func (c *Client) broken(r Request, err error) *failure {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		// The outer text repeats the address, query and all.
		err = wrapped.Err
	}
	api := c.apiError(r, err)
	api.Extent = providers.WholeServer
	why, never, passing := unanswered(err)
	api.Advice = c.unreached(why)
	var login interface {
		error
		Tokenless() bool
	}
	if errors.As(err, &login) && login.Tokenless() {
		api.Extent, api.Err, api.Advice = providers.WholeAccount, tokenless{err}, "Nothing was sent to "+c.where()+": "+strings.TrimSuffix(login.Error(), ".")+"."
	}
	return &failure{api: api, passing: passing, lost: !never}
}

// backoff is how long to wait after so many failures.
func (c *Client) backoff(failures int, header http.Header) time.Duration {
	wait := firstBackoff << (failures - 1)
	if after, ok := retryAfter(header, c.options.Now()); ok && after < time.Minute {
		wait = max(wait, after)
	}
	return wait + jitter(wait/2)
}

// final finishes the error of a request that is given up.
func (c *Client) final(r Request, f *failure) error {
	if f.lost && r.Safety != Read {
		f.api.Err = errors.Join(ErrUncertain, f.api.Err)
	}
	switch {
	case isDaily(f.api.Err):
		f.api.Advice = "Run the command again after the quota has been reset; it goes on where it stopped."
		f.api.Extent = providers.WholeAccount
	case isWait(f.api.Err):
		f.api.Advice, f.api.Extent = adviseWait(f.api), providers.WholeAccount
	}
	c.giveUp(f.api)
	return f.api
}

// notSent is the error of a request that was not sent, or not again after an
// attempt that was lost.
func (c *Client) notSent(r Request, err error, lost bool) error {
	switch {
	case isDaily(err) || isWait(err):
		return c.final(r, &failure{api: c.apiError(r, err), lost: lost})
	case lost:
		return fmt.Errorf("%s %s: not sent again: %w", r.Method, r.Path, errors.Join(ErrUncertain, err))
	default:
		return fmt.Errorf("%s %s: not sent: %w", r.Method, r.Path, err)
	}
}

func (c *Client) log(e Event) {
	if c.options.Log != nil {
		c.options.Log(e)
	}
}

func encode(body any) ([]byte, error) {
	switch body := body.(type) {
	case nil:
		return nil, nil
	case []byte:
		return body, nil
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(body); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}
