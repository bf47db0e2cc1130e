package ghl

import (
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/providers/ghl/sandbox"
)

// TestTrialLimit works against a location with the limit of a trial token: it
// may take its time, but is never refused.
func TestTrialLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, err := sandbox.Open(sandbox.Options{Invented: sandbox.Invented{Contacts: 60}, RateMax: 25})
		if err != nil {
			t.Fatal(err)
		}
		defer server.Close()
		var mu sync.Mutex
		var waits []time.Time
		p := New(WithRoundTripper(inProcess{server}), WithOnWait(func(until time.Time) {
			mu.Lock()
			defer mu.Unlock()
			waits = append(waits, until)
		}))
		err = p.Configure(t.Context(), cty.ObjectVal(map[string]cty.Value{
			"location_id": cty.StringVal(server.Location()), "token": cty.StringVal(server.Token()),
		}))
		if err != nil {
			t.Fatal(err)
		}
		var keys []providers.Key
		for page, err := range p.List(t.Context(), providers.Query{Kind: kindContact}) {
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range page.Objects {
				keys = append(keys, providers.Key{ID: o.ID})
			}
		}
		start := time.Now()
		found, err := p.Get(t.Context(), kindContact, keys)
		if err != nil || len(found) != 60 {
			t.Fatalf("%d contacts, %v", len(found), err)
		}
		for _, c := range server.Calls() {
			if c.Status == http.StatusTooManyRequests {
				t.Errorf("%s %s was refused", c.Method, c.Path)
			}
		}
		if took := time.Since(start); took != 20*time.Second || len(waits) == 0 {
			t.Errorf("took %s with %d waits, want the two windows that 62 calls need", took, len(waits))
		}
		usage, ok := p.(providers.Counter)
		if !ok || usage.Usage().Max != 25 || usage.Usage().Calls != 62 {
			t.Errorf("usage %+v", usage.Usage())
		}
	})
}
