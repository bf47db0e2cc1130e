package sandbox

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"time"
)

// reply is what goes back over the wire.
type reply struct {
	status int
	header http.Header
	body   []byte
	sent   int // bytes of the body before the connection breaks; all of them: it does not
	delay  time.Duration
	drop   bool // the connection breaks before the answer
}

// reply answers a request, with everything but the wire.
func (s *Server) reply(req *http.Request) reply {
	c, err := newCall(req)
	s.mu.Lock()
	defer s.mu.Unlock()
	c.now = s.opts.Now()
	s.seen++
	trace := traceID(s.location.settings.ID, s.location.seq, s.seen)
	var a *answer
	switch {
	case err != nil:
		a = badRequest("request entity too large")
	case authorizePaths[c.path]:
		a = s.oauth.authorize(c)
		a.unmetered = true
	case c.path == tokenPath:
		a = s.tokens(c)
		a.unmetered = true
	default:
		a = s.api(c)
	}
	if a.drop {
		a.status = 0
	}
	s.calls = append(s.calls, Call{Method: req.Method, Path: req.URL.Path, Status: a.status, Fault: c.fault})
	header := http.Header{}
	if !a.unmetered {
		s.gate.limit.headers(header, c.now)
	}
	return a.over(header, trace)
}

// over puts an answer on the wire.
func (a *answer) over(header http.Header, trace string) reply {
	body := a.encode(trace)
	if a.halved {
		body = body[:len(body)/2]
	}
	switch {
	case a.page != nil:
		header.Set("Content-Type", "text/html; charset=utf-8")
	case body != nil:
		header.Set("Content-Type", "application/json; charset=utf-8")
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	maps.Copy(header, a.header)
	r := reply{status: a.status, header: header, body: body, sent: len(body), delay: a.delay, drop: a.drop}
	if a.cut {
		r.sent = len(body) / 2
		r.drop = len(body) == 0
	}
	return r
}

// late waits until the answer is due.
func (r reply) late(ctx context.Context) error {
	if r.delay == 0 {
		return nil
	}
	timer := time.NewTimer(r.delay)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// ServeHTTP answers one API request. A fault that breaks the connection needs a
// writer that can be hijacked, as net/http has over HTTP/1; with
// another one it answers 502, which leaves a client as much in the dark. In one
// process, RoundTrip breaks connections too.
func (s *Server) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r := s.reply(req)
	if r.late(req.Context()) != nil {
		return // the client waits no longer
	}
	if r.drop {
		hangUp(w)
		return
	}
	maps.Copy(w.Header(), r.header)
	w.WriteHeader(r.status)
	// A client that went away is no error of ours. Less than Content-Length
	// makes net/http close the connection.
	_, _ = w.Write(r.body[:r.sent])
}

// hangUp closes the connection without an answer.
func hangUp(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // a reset rather than an orderly end; either will do
	}
	_ = conn.Close() // nothing was written that could fail
}

// RoundTrip answers one API request in the same process, without a socket.
// Where a fault breaks the connection it returns an error, or a body that
// does, as a client sees it when a server is reset.
func (s *Server) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		defer req.Body.Close()
	}
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	r := s.reply(req)
	if err := r.late(req.Context()); err != nil {
		return nil, err
	}
	if r.drop {
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	}
	var body io.Reader = bytes.NewReader(r.body)
	if r.sent < len(r.body) {
		body = io.MultiReader(bytes.NewReader(r.body[:r.sent]), brokenReader{})
	}
	return &http.Response{
		StatusCode: r.status, Status: strconv.Itoa(r.status) + " " + http.StatusText(r.status),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: r.header, Body: io.NopCloser(body), ContentLength: int64(len(r.body)), Request: req,
	}, nil
}

// brokenReader is where a connection broke.
type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
