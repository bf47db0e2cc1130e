package sandbox

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// maxBody is the largest request body read, in bytes.
const maxBody = 16 << 20

// object is a JSON object on its way in or out.
type object = map[string]any

// call is one request on its way through the chain.
type call struct {
	method  string
	path    string
	header  http.Header
	rawBody []byte
	query   url.Values
	v3      bool // the request asks for Version v3
	now     time.Time

	bearer
	trouble

	route *route            // nil: no route has this method and path
	vars  map[string]string // values of the pattern's {names}
	body  object            // checked against the route's shape; nil without one
	rows  []object          // the body, where the route takes a list
}

// bearer is what the token of a call allows.
type bearer struct {
	scopes  map[string]bool // what the token carries; nil: all
	granted []string        // the scopes in their order; nil for a private integration
	agency  bool            // the token is an agency's
	private bool            // the token is a private integration's
}

// trouble is what a fault plan does to a call.
type trouble struct {
	fault  string         // what goes wrong with the call, if anything does
	spoils func(int) bool // whether a row of a bulk call fails; nil: none does
	shift  shift          // how the rows of the page move
	moved  moved          // how the rows of earlier pages moved
}

// handler answers a call. It runs with the server's lock held.
type handler func(*call) *answer

// middleware wraps a handler: a stage of the chain in front of the routes.
type middleware func(handler) handler

// chain puts the stages before the last handler; the first stage sees a call
// first.
func chain(last handler, stages ...middleware) handler {
	for _, stage := range slices.Backward(stages) {
		last = stage(last)
	}
	return last
}

// answer is a status with a JSON object, with bytes that were encoded already,
// or with no body at all.
type answer struct {
	status int
	body   object
	raw    []byte   // an encoded object without its closing brace
	rows   []object // an array that is the whole answer; nil: there is none
	bare   bool     // send the object without a traceId
	page   []byte   // in place of all these; HTML unless the header names another type

	header    http.Header   // in addition to the usual ones, or in place of them
	unmetered bool          // without the rate-limit headers
	delay     time.Duration // how late the answer is
	drop      bool          // the connection breaks before the answer
	cut       bool          // the connection breaks in the middle of the body
	halved    bool          // the body ends in its middle, as if that were all
}

func newCall(req *http.Request) (*call, error) {
	c := &call{method: req.Method, path: req.URL.Path, header: req.Header, query: req.URL.Query()}
	if req.Body == nil {
		return c, nil
	}
	raw, err := io.ReadAll(io.LimitReader(req.Body, maxBody+1))
	if err != nil {
		return c, fmt.Errorf("read request: %w", err)
	}
	if len(raw) > maxBody {
		return c, fmt.Errorf("read request: more than %d bytes", maxBody)
	}
	c.rawBody = raw
	return c, nil
}

// sent is an answer that is no object: bytes of a type, to be saved under a name
// when it has one.
func sent(kind, name string, body []byte) *answer {
	header := http.Header{"Content-Type": {kind}}
	if name != "" {
		header.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	}
	return &answer{status: http.StatusOK, page: body, header: header}
}

// encode renders the body; every JSON answer carries the trace id.
func (a *answer) encode(trace string) []byte {
	if a.page != nil {
		return a.page
	}
	if a.raw != nil {
		out := append(a.raw, `,"traceId":`...)
		out = strconv.AppendQuote(out, trace)
		return append(out, '}')
	}
	if a.rows != nil {
		return encoded(a.rows)
	}
	if a.body == nil {
		return nil
	}
	if !a.bare {
		a.body["traceId"] = trace
	}
	return encoded(a.body)
}

// encoded is the JSON of an answer.
func encoded(body any) []byte {
	out, err := json.Marshal(body)
	if err != nil { // only values the sandbox built itself get here
		return []byte(`{"statusCode":500,"message":"Internal server error"}`)
	}
	return out
}

// traceID is a UUID that follows from what was asked before, so that equal runs
// give equal answers.
func traceID(location string, seq, seen uint64) string {
	name := fmt.Sprintf("%s/%d/%d", location, seq, seen)
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte(name)).String()
}
