package bench

import (
	"bytes"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Traffic is what went through the proxy.
type Traffic struct {
	Calls       int       // requests
	Writes      int       // requests that may change something
	Refused     int       // answers 429
	First, Last time.Time // when the first request came and the last answer went
}

// proxy forwards requests to the sandbox and counts them.
type proxy struct {
	server *httptest.Server

	mu   sync.Mutex
	seen Traffic
}

func newProxy(target *url.URL) *proxy {
	p := &proxy{}
	forward := &httputil.ReverseProxy{
		Rewrite:    func(r *httputil.ProxyRequest) { r.SetURL(target) },
		Transport:  &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true},
		BufferPool: &buffers{},
		ErrorLog:   log.New(io.Discard, "", 0), // who ends early drops what it reads ahead
		ModifyResponse: func(r *http.Response) error {
			if r.StatusCode == http.StatusTooManyRequests {
				p.note(func(t *Traffic) { t.Refused++ })
			}
			return nil
		},
	}
	p.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.note(func(t *Traffic) { t.request(r, time.Now()) })
		// A sandbox may answer before the body was passed on to its end, which
		// would break the answer.
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		forward.ServeHTTP(w, r)
		p.note(func(t *Traffic) { t.Last = time.Now() })
	}))
	return p
}

func (t *Traffic) request(r *http.Request, now time.Time) {
	if t.Calls == 0 {
		t.First = now
	}
	t.Calls++
	if r.Method != http.MethodGet && !strings.HasSuffix(r.URL.Path, "/search") {
		t.Writes++
	}
}

func (p *proxy) note(change func(*Traffic)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(&p.seen)
}

// take returns what was seen since the last take.
func (p *proxy) take() Traffic {
	p.mu.Lock()
	defer p.mu.Unlock()
	seen := p.seen
	p.seen = Traffic{}
	return seen
}

// buffers lends the proxy its copying buffers: the peak memory of this process
// is the least that can be told of a child's.
type buffers struct{ pool sync.Pool }

func (b *buffers) Get() []byte {
	if buffer, ok := b.pool.Get().(*[]byte); ok {
		return *buffer
	}
	return make([]byte, 32<<10)
}

func (b *buffers) Put(buffer []byte) { b.pool.Put(&buffer) }
