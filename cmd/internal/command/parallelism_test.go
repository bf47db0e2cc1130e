package command

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"lockstep/providers/ghl/sandbox"
)

// TestParallelism counts how many writes are under way at once.
func TestParallelism(t *testing.T) {
	cases := map[string]struct {
		reason      string
		n           int
		least, most int
	}{
		"one":   {"one after the other", 1, 1, 1},
		"three": {"three at once, and no more", 3, 2, 3},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			server, err := sandbox.Open(sandbox.Options{Now: time.Now})
			if err != nil {
				t.Fatal(err)
			}
			defer server.Close()
			var mu sync.Mutex
			var now, peak int
			web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost {
					mu.Lock()
					now++
					peak = max(peak, now)
					mu.Unlock()
					time.Sleep(5 * time.Millisecond)
					defer func() { mu.Lock(); now--; mu.Unlock() }()
				}
				server.ServeHTTP(w, r)
			}))
			defer web.Close()
			env := Env{Environ: []string{"GHL_BASE_URL=" + web.URL, "GHL_TOKEN=" + server.Token(), "GHL_LOCATION_ID=" + server.Location()}}
			got := run(context.Background(), env, folder(t, thirtyTags), "apply", "-auto-approve", fmt.Sprintf("-parallelism=%d", tc.n))
			if got.code != ExitOK {
				t.Fatalf("exit %d: %s", got.code, got.stderr)
			}
			if peak < tc.least || peak > tc.most {
				t.Errorf("%s: %d writes at once, want %d to %d", tc.reason, peak, tc.least, tc.most)
			}
		})
	}
}
