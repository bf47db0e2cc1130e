package backend_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/planner/state"
	"lockstep/planner/state/backend"
	"lockstep/planner/state/backend/backendtest"
)

// bucket is an S3 server in front of which a test can stand.
type bucket struct {
	server http.Handler
	// between is called instead of the server, where a test has set it.
	between atomic.Pointer[func(w http.ResponseWriter, r *http.Request)]
	url     string
}

func newBucket(t *testing.T) *bucket {
	t.Helper()
	kept, err := backendtest.S3("club")
	if err != nil {
		t.Fatal(err)
	}
	b := &bucket{server: kept}
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	b.url = server.URL
	return b
}

func (b *bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if f := b.between.Load(); f != nil {
		(*f)(w, r)
		return
	}
	b.server.ServeHTTP(w, r)
}

func (b *bucket) put(f func(w http.ResponseWriter, r *http.Request)) { b.between.Store(&f) }

// keys are those of the objects in the bucket.
func (b *bucket) keys() []string {
	w := httptest.NewRecorder()
	b.server.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/club?list-type=2", nil))
	var keys []string
	for part := range strings.SplitSeq(w.Body.String(), "<Key>") {
		if key, _, ok := strings.Cut(part, "</Key>"); ok {
			keys = append(keys, key)
		}
	}
	return keys
}

func (b *bucket) open(t *testing.T) state.Backend {
	t.Helper()
	return open(t, backend.Options{Type: "s3", Arguments: map[string]string{"bucket": "club", "key": "a/state", "endpoint": b.url}, Getenv: environment(signer)})
}

// signer is what requests are signed with.
var signer = map[string]string{"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "hush"}

func TestS3(t *testing.T) {
	backendtest.Suite(t, func(t *testing.T) func() state.Backend {
		b := newBucket(t)
		return func() state.Backend { return b.open(t) }
	})
}

// Every fifth answer is lost, and all is there as if none had been.
func TestS3Lost(t *testing.T) {
	backendtest.Suite(t, func(t *testing.T) func() state.Backend {
		b := newBucket(t)
		b.put(backendtest.Lossy(b.server, 5).ServeHTTP)
		return func() state.Backend { return b.open(t) }
	})
}

func read(t *testing.T, b state.Backend) string {
	t.Helper()
	log, err := b.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(io.NewSectionReader(log, 0, 1<<30))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

const logHead = `{"lockstep_state":2,"lineage":"l","salt":"s","personal_data":"plain","serial":0}` + "\n"

// long are lines that take a part of their own.
func long(name string) []byte {
	return fmt.Appendf(nil, "{\"marks\":{\"%s\":\"%s\"}}\n", name, strings.Repeat("x", 40<<10))
}

// steps are writes of a run, and the log after each.
func steps() (writes []func(state.Backend, *testing.T) error, logs []string) {
	add := func(log string, write func(state.Backend, *testing.T) error) {
		writes, logs = append(writes, write), append(logs, log)
	}
	appends := func(log string, lines []byte) {
		add(log, func(b state.Backend, t *testing.T) error { return b.Append(t.Context(), lines) })
	}
	replaces := func(log string) {
		add(log, func(b state.Backend, t *testing.T) error { return b.Replace(t.Context(), []byte(log)) })
	}
	replaces(logHead)
	appends(logHead+string(long("a")), long("a"))
	appends(logHead+string(long("a"))+"{}\n", []byte("{}\n"))
	appends(logHead+string(long("a"))+"{}\n"+string(long("b")), long("b"))
	replaces(logHead + string(long("c")))
	appends(logHead+string(long("c"))+"{}\n", []byte("{}\n"))
	replaces(logHead + string(long("d")) + string(long("e")))
	return writes, logs
}

// TestS3CutOff cuts a run off from the server at each of its requests, before it is
// carried out or after: the log is as before the write or as after it, and the next
// run goes on from there and leaves no object behind that nothing names.
func TestS3CutOff(t *testing.T) {
	writes, logs := steps()
	for at := int64(1); ; at++ {
		for _, carried := range []bool{false, true} {
			if !cutOffAt(t, at, carried, writes, logs) {
				continue
			}
			if at < 15 {
				t.Errorf("all writes took %d requests", at)
			}
			return
		}
		if t.Failed() {
			t.Fatalf("cut off at request %d", at)
		}
	}
}

// cutOffAt reports whether all writes were done before they were cut off.
func cutOffAt(t *testing.T, at int64, carried bool, writes []func(state.Backend, *testing.T) error, logs []string) bool {
	t.Helper()
	b := newBucket(t)
	var requests atomic.Int64
	b.put(func(w http.ResponseWriter, r *http.Request) {
		n := requests.Add(1)
		switch {
		case n < at:
			b.server.ServeHTTP(w, r)
			return
		case n == at && carried:
			b.server.ServeHTTP(httptest.NewRecorder(), r)
		}
		// What comes after is refused in a way that is not tried again.
		http.Error(w, "", http.StatusForbidden)
	})
	run, done := b.open(t), 0
	for done < len(writes) && writes[done](run, t) == nil {
		done++
	}
	b.between.Store(nil)
	allowed := []string{""}
	if done > 0 {
		allowed = []string{logs[done-1]}
	}
	if done < len(logs) {
		allowed = append(allowed, logs[done])
	}
	next := b.open(t)
	if got := read(t, next); !slices.Contains(allowed, got) {
		t.Errorf("after %d writes the log has %d bytes, and is neither the one before the next write nor the one after it", done, len(got))
	}
	if err := next.Replace(t.Context(), []byte(logHead+string(long("z")))); err != nil {
		t.Error(err)
	}
	if keys := b.keys(); len(keys) != 2 {
		t.Errorf("the head and one part are to be left, not %q", keys)
	}
	return done == len(writes)
}

// A run that lost its lease while a write was under way did not write.
func TestS3Takeover(t *testing.T) {
	b := newBucket(t)
	first, second := b.open(t), b.open(t)
	if _, err := first.Lock(t.Context(), "ann"); err != nil {
		t.Fatal(err)
	}
	if err := first.Replace(t.Context(), []byte(logHead)); err != nil {
		t.Fatal(err)
	}
	if _, err := second.Lock(t.Context(), "bob"); err == nil {
		t.Fatal("the lease is held, and was taken")
	}
	// Three minutes later, by the clock of the server.
	b.put(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", time.Now().Add(3*time.Minute).UTC().Format(http.TimeFormat))
		b.server.ServeHTTP(w, r)
	})
	if _, err := second.Lock(t.Context(), "bob"); err != nil {
		t.Fatalf("the lease has expired, and was not taken over: %v", err)
	}
	if err := first.Append(t.Context(), []byte("{}\n")); err != state.ErrLost {
		t.Errorf("appended without the lease: %v", err)
	}
	if diff := cmp.Diff(logHead, read(t, b.open(t))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A log that is compacted while it is read is read anew.
func TestS3Compacted(t *testing.T) {
	b := newBucket(t)
	writer := b.open(t)
	if err := writer.Replace(t.Context(), []byte(logHead+string(long("a")))); err != nil {
		t.Fatal(err)
	}
	var compacted atomic.Bool
	b.put(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, ".parts/") && r.Method == http.MethodGet && compacted.CompareAndSwap(false, true) {
			if err := writer.Replace(t.Context(), []byte(logHead+string(long("b")))); err != nil {
				t.Error(err)
			}
		}
		b.server.ServeHTTP(w, r)
	})
	if got := read(t, b.open(t)); got != logHead+string(long("b")) {
		t.Errorf("the log has %d bytes", len(got))
	}
}

// A server that does not look at conditions keeps no state.
func TestS3Unconditional(t *testing.T) {
	b := newBucket(t)
	b.put(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("If-None-Match")
		r.Header.Del("If-Match")
		b.server.ServeHTTP(w, r)
	})
	_, err := b.open(t).Lock(t.Context(), "ann")
	if err == nil || !strings.Contains(err.Error(), "has no conditional writes") || len(b.keys()) != 0 {
		t.Errorf("got %v, and %q is left", err, b.keys())
	}
}

// What a server answers becomes another try, or an error that says what to do.
func TestS3Answers(t *testing.T) {
	cases := map[string]struct {
		reason string
		method string
		status int
		code   string
		always bool
		want   string
	}{
		"Conflict": {"two writes at a time are 409 at Amazon's, which is to be tried again", "PUT", 409, "ConditionalRequestConflict", false, ""},
		"Slow":     {"so is 503 of a server that is busy", "PUT", 503, "SlowDown", false, ""},
		"Gone":     {"an ETag of an object that is gone is 404 at Amazon's", "PUT", 404, "NoSuchKey", false, ""},
		"Bucket":   {"without a bucket there is no state", "GET", 404, "NoSuchBucket", true, "Make the bucket"},
		"Denied":   {"the remedy names the rights", "GET", 403, "AccessDenied", true, "need s3:GetObject"},
		"Region":   {"a bucket lies in one region", "GET", 301, "PermanentRedirect", true, "Write the region"},
		"Simple":   {"a server without conditional writes is refused", "PUT", 501, "NotImplemented", true, "has no conditional writes"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			b := newBucket(t)
			var answered atomic.Bool
			b.put(func(w http.ResponseWriter, r *http.Request) {
				if r.Method != tc.method || !answered.CompareAndSwap(false, true) && !tc.always {
					b.server.ServeHTTP(w, r)
					return
				}
				w.Header().Set("Content-Type", "application/xml")
				w.WriteHeader(tc.status)
				_, _ = fmt.Fprintf(w, "<Error><Code>%s</Code><Message>no</Message></Error>", tc.code)
			})
			err := b.open(t).Replace(t.Context(), []byte(logHead))
			switch {
			case tc.want == "" && err != nil, tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)):
				t.Errorf("%s: got %v, want %q", tc.reason, err, tc.want)
			case !answered.Load():
				t.Error("the answer was never given")
			}
		})
	}
}
