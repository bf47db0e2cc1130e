package sandbox

import (
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// client talks to a sandbox as a program would.
type client struct {
	t       *testing.T
	server  *Server
	handler http.Handler
	now     time.Time
	version string // of the API, when a test needs another than most calls
}

func open(t *testing.T, opts Options) *client {
	t.Helper()
	c := &client{t: t, now: time.Date(2026, 7, 17, 10, 0, 0, 0, time.UTC)}
	if opts.Now == nil {
		opts.Now = func() time.Time { return c.now }
	}
	server, err := Open(opts)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() { _ = server.Close() })
	c.server, c.handler = server, server
	return c
}

// request builds a call with the headers every call needs. LOC in path and body
// stands for the location.
func (c *client) request(method, path, body string) *http.Request {
	path = strings.ReplaceAll(path, "LOC", c.server.Location())
	body = strings.ReplaceAll(body, "LOC", c.server.Location())
	var content io.Reader // stays nil for a call without a body
	if body != "" {
		content = strings.NewReader(body)
	}
	req := httptest.NewRequest(method, path, content)
	req.Header.Set("Authorization", "Bearer "+c.server.Token())
	req.Header.Set("Version", cmp.Or(c.version, "2021-07-28"))
	req.Header.Set("Content-Type", "application/json")
	return req
}

func (c *client) send(req *http.Request) (*httptest.ResponseRecorder, object) {
	c.t.Helper()
	rec := httptest.NewRecorder()
	c.handler.ServeHTTP(rec, req)
	var body object
	if rec.Body.Len() > 0 {
		if err := json.Unmarshal(rec.Body.Bytes(), &body); err != nil {
			c.t.Fatalf("%s %s answered %q: %v", req.Method, req.URL, rec.Body, err)
		}
	}
	return rec, body
}

// call sends a request and gives its status and body, without the traceId.
func (c *client) call(method, path, body string) (int, object) {
	c.t.Helper()
	rec, out := c.send(c.request(method, path, body))
	delete(out, "traceId")
	return rec.Code, out
}

// must sends a request that has to succeed.
func (c *client) must(method, path, body string) object {
	c.t.Helper()
	status, out := c.call(method, path, body)
	if status > 299 {
		c.t.Fatalf("%s %s: %d %v", method, path, status, out)
	}
	return out
}

// contact makes a contact and gives its id.
func (c *client) contact(fields string) string {
	c.t.Helper()
	out := c.must("POST", "/contacts/", `{"locationId":"LOC",`+fields+`}`)
	return out["contact"].(object)["id"].(string)
}

func (c *client) searchIDs(body string) []string {
	c.t.Helper()
	out := c.must("POST", "/contacts/search", `{"locationId":"LOC","pageLimit":100`+body+`}`)
	ids := []string{}
	for _, row := range out["contacts"].([]any) {
		ids = append(ids, row.(object)["id"].(string))
	}
	return ids
}
