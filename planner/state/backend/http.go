package backend

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"lockstep/planner/state"
)

const (
	// maxAnswer bounds what is read of a server: 1 GiB.
	maxAnswer = 1 << 30
	// answerTime is how long one request may take.
	answerTime = 2 * time.Minute
)

// httpBackend speaks Terraform's protocol for states: GET and POST of one
// document, LOCK and UNLOCK (Terraform's documentation, "Backend Type: http").
// Every write sends the whole document, because the protocol has no other.
type httpBackend struct {
	client *http.Client
	site   httpSite
	agent  string

	mu sync.Mutex
	// log is what the server has, and serial the number of its last write.
	log    []byte
	serial int
	// lock is the id of the lock that this run holds.
	lock string
}

func openHTTP(o Options) (state.Backend, error) {
	site, err := newHTTPSite(o)
	if err != nil {
		return nil, err
	}
	// A server that sends elsewhere would take the password along.
	client := &http.Client{Timeout: answerTime, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &httpBackend{client: client, site: site, agent: o.UserAgent}, nil
}

// Name is the address of the state, without the values of its query.
func (h *httpBackend) Name() string { return withoutQuery(h.site.address) }

// Load gets the document.
func (h *httpBackend) Load(ctx context.Context) (io.ReaderAt, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	status, text, err := h.ask(ctx, http.MethodGet, h.site.address, nil)
	if err != nil {
		return nil, err
	}
	switch status {
	case http.StatusOK:
		h.log, h.serial, err = unseal(text)
		if err != nil {
			return nil, err
		}
	case http.StatusNoContent, http.StatusNotFound:
		h.log, h.serial = nil, 0
	default:
		return nil, h.refused("GET", h.site.address, status, text)
	}
	// What is appended must not be seen by who reads what was loaded.
	return bytes.NewReader(slices.Clip(h.log)), nil
}

// Append sends the log with more lines.
func (h *httpBackend) Append(ctx context.Context, lines []byte) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.log) == 0 {
		return errNoLog
	}
	return h.write(ctx, slices.Concat(h.log, lines))
}

// Replace sends another log.
func (h *httpBackend) Replace(ctx context.Context, log []byte) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.write(ctx, bytes.Clone(log))
}

// write sends a log. A write whose answer was lost is sent again, under a new
// number: GitLab takes each number once.
func (h *httpBackend) write(ctx context.Context, log []byte) error {
	to := h.site.address
	if h.lock != "" {
		to = withID(to, h.lock)
	}
	err := again(ctx, func(int) error {
		h.serial++
		status, text, err := h.send(ctx, h.site.update, to, seal(h.serial, log))
		switch {
		case err != nil:
			return err
		case status == http.StatusConflict || status == http.StatusLocked || status == http.StatusPreconditionFailed:
			return state.ErrLost
		case status/100 != 2:
			return h.refused(h.site.update, h.site.address, status, text)
		}
		return nil
	})
	if err == nil {
		h.log = log
	}
	return err
}

// ask sends a request that may be repeated.
func (h *httpBackend) ask(ctx context.Context, method, address string, body []byte) (status int, text []byte, err error) {
	err = again(ctx, func(int) (err error) {
		status, text, err = h.send(ctx, method, address, body)
		return err
	})
	return status, text, err
}

// send makes one request. Only an answer that another try may mend is an error.
func (h *httpBackend) send(ctx context.Context, method, address string, body []byte) (int, []byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("User-Agent", h.agent)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if h.site.username != "" || h.site.password != "" {
		r.SetBasicAuth(h.site.username, h.site.password)
	}
	answer, err := h.client.Do(r)
	if err != nil {
		return 0, nil, awayError{fmt.Errorf("cannot reach %s: %w", h.site.host(), cause(err))}
	}
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err = errors.Join(err, answer.Body.Close()); err != nil {
		return 0, nil, awayError{fmt.Errorf("the answer of %s breaks off: %w", h.site.host(), err)}
	}
	if answer.StatusCode == http.StatusTooManyRequests || answer.StatusCode >= http.StatusBadGateway {
		return 0, nil, awayError{h.refused(method, address, answer.StatusCode, text)}
	}
	return answer.StatusCode, text, nil
}

// cause leaves the address out of an error: it may have what is not to be shown.
func cause(err error) error {
	var of *url.Error
	if errors.As(err, &of) {
		return of.Err
	}
	return err
}

// refused is the error for a status.
func (h *httpBackend) refused(method, address string, status int, text []byte) error {
	said := strings.TrimSpace(string(text[:min(len(text), 200)]))
	if said != "" {
		said = ": " + said
	}
	what := ""
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		what = ". Set LOCKSTEP_HTTP_USERNAME and LOCKSTEP_HTTP_PASSWORD, and LOCKSTEP_HTTP_ADDRESS to the address that they are for"
	case status/100 == 3:
		what = ". Write the address that it redirects to: a password does not follow"
	case method == h.site.lockMethod && (status == http.StatusNotFound || status == http.StatusMethodNotAllowed || status == http.StatusNotImplemented):
		what = ". A state that is not locked can be written by two runs at a time: write lock_address, lock_method and unlock_method as the server's documentation says"
	}
	path := address
	if at, err := url.Parse(address); err == nil {
		path = at.EscapedPath()
	}
	return fmt.Errorf("%s %s of %s: %d %s%s%s", method, path, h.site.host(), status, http.StatusText(status), said, what)
}

func withID(address, id string) string {
	at, err := url.Parse(address)
	if err != nil {
		return address
	}
	query := at.Query()
	query.Set("ID", id)
	at.RawQuery = query.Encode()
	return at.String()
}

// loopback reports whether an address is of this machine.
func loopback(at *url.URL) bool {
	ip := net.ParseIP(at.Hostname())
	return at.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}
