package command

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"lockstep/providers/ghl/sandbox"
)

// TestWaitForAName lets the request for the name of the location wait for the rate
// limit: the line that tells of it is gone when the plan is shown.
func TestWaitForAName(t *testing.T) {
	server, err := sandbox.Open(sandbox.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	var asked atomic.Int32
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/locations/"+server.Location() && asked.Add(1) == 1 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		server.ServeHTTP(w, r)
	}))
	defer web.Close()
	env := Env{
		Environ:        []string{"GHL_BASE_URL=" + web.URL, "GHL_TOKEN=" + server.Token(), "GHL_LOCATION_ID=" + server.Location()},
		StderrTerminal: true, Columns: func() int { return 60 },
	}
	got := run(context.Background(), env, folder(t, strings.Replace(thirtyTags, "30", "3", 1)), "plan")
	if got.code != ExitOK || asked.Load() != 2 || !strings.Contains(got.stdout, `in the location "Sandbox" (`+server.Location()+`).`) {
		t.Fatalf("exit %d after %d requests for the name:\n%s%s", got.code, asked.Load(), got.stdout, got.stderr)
	}
	told, gone := strings.LastIndex(got.stderr, "next "), strings.LastIndex(got.stderr, "\r\x1b[J")
	if told < 0 || gone < told {
		t.Errorf("the line of the wait is missing, or stays: %q", got.stderr)
	}
}
