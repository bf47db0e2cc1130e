package credentials

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
)

// maxError is how much of a refusal is read, in bytes.
const maxError = 1 << 20

// Transport sends requests with the token of a login, and refreshes it when
// an answer says that it has ended, once for each request.
type Transport struct {
	Source *Source
	// Next carries out requests; one of its own when nil.
	Next http.RoundTripper
	// Ended reports whether an answer of status 401 with this body means that
	// the token has ended. APIs answer 401 for other reasons too.
	Ended func(message string) bool
	// Advice tells people how to log in again.
	Advice string
}

// NewNext makes a round tripper that keeps as many connections open as there
// are requests under way.
func NewNext() http.RoundTripper {
	base, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport
	}
	t := base.Clone()
	t.MaxIdleConnsPerHost = 32
	return t
}

// RoundTrip sends one request, and a second time after a refresh. A 401 tells
// that the server did not act, so even a create may be sent again.
func (t *Transport) RoundTrip(request *http.Request) (*http.Response, error) {
	ctx := request.Context()
	token, err := t.Source.Token(ctx)
	if err != nil {
		return t.without(request, err)
	}
	answer, message, err := t.send(request, token)
	if err != nil || answer.StatusCode != http.StatusUnauthorized || !t.Ended(message) {
		return answer, err
	}
	again, ok := replay(request)
	if !ok {
		return answer, nil
	}
	token, err = t.Source.Renew(ctx, token)
	if errors.Is(err, errFresh) {
		return answer, nil
	}
	if err != nil {
		return t.without(again, err)
	}
	answer, _, err = t.send(again, token)
	return answer, err
}

// send sends a request with a token, and reads the message of a refusal.
func (t *Transport) send(request *http.Request, token string) (*http.Response, string, error) {
	sent := request.Clone(request.Context())
	sent.Header.Set("Authorization", "Bearer "+token)
	answer, err := t.Next.RoundTrip(sent)
	if err != nil || answer.StatusCode < 400 {
		return answer, "", err
	}
	content, err := io.ReadAll(io.LimitReader(answer.Body, maxError))
	_ = answer.Body.Close()
	if err != nil {
		return nil, "", err
	}
	// An API may quote the token it refuses.
	content = []byte(mask(string(content), token))
	answer.Body = io.NopCloser(bytes.NewReader(content))
	answer.ContentLength = int64(len(content))
	answer.Header.Set("Content-Length", strconv.Itoa(len(content)))
	return answer, words(content), nil
}

// replay is the request once more; not ok when its body cannot be.
func replay(request *http.Request) (*http.Request, bool) {
	again := request.Clone(request.Context())
	if request.Body == nil || request.Body == http.NoBody {
		return again, true
	}
	if request.GetBody == nil {
		return nil, false
	}
	body, err := request.GetBody()
	again.Body = body
	return again, err == nil
}

// without ends a request that there is no token for.
func (t *Transport) without(request *http.Request, err error) (*http.Response, error) {
	if request.Body != nil {
		_ = request.Body.Close()
	}
	return nil, &Error{Err: err, Advice: t.Advice}
}

// Error reports that a request was not sent because there is no token for it.
type Error struct {
	Err error
	// Advice tells people how to log in again; empty when that does not help.
	Advice string
}

// Error renders the cause and, when the login is of no use, what to do.
func (e *Error) Error() string {
	text := "the stored login cannot be refreshed: " + e.Err.Error()
	if e.Advice != "" && (final(e.Err) || errors.Is(e.Err, ErrNone)) {
		text += ". " + e.Advice
	}
	return text
}

// Tokenless reports that nothing was sent. A transport asks for it.
func (e *Error) Tokenless() bool { return true }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// As lets the error pass for a connection that was never made: the server
// certainly did not act.
func (e *Error) As(target any) bool {
	op, ok := target.(**net.OpError)
	if ok {
		*op = &net.OpError{Op: "dial", Net: "tcp", Err: e.Err}
	}
	return ok
}
