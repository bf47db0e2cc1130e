package health

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"lockstep/providers/transport"
)

// reference is where recorded samples lie, from the folder that holds the
// module.
const reference = "shared/reference/runkeeper/samples"

// sample reads a recorded sample, or skips the test where there is none.
func sample(t *testing.T, name string) []byte {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = parent
	}
	data, err := os.ReadFile(filepath.Join(filepath.Dir(dir), filepath.FromSlash(reference), name))
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("the recorded samples are not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestReferenceFeeds decodes every recorded feed whole.
func TestReferenceFeeds(t *testing.T) {
	for _, name := range []string{"fitnessActivities.page0.json", "fitnessActivities.page1.json", "fitnessActivities.2018.json", "feed.empty.json"} {
		t.Run(name, func(t *testing.T) {
			var page feed
			if err := json.Unmarshal(sample(t, name), &page); err != nil {
				t.Fatal(err)
			}
			for _, raw := range page.Items {
				var w wireActivity
				if err := json.Unmarshal(raw, &w); err != nil {
					t.Fatal(err)
				}
				a := w.activity()
				if a.ID == "" || a.Type == "" || a.Start.IsZero() || a.Duration == 0 || (a.Zone != nil) != w.UTCOffset.Known {
					t.Errorf("%s is %+v", raw, a)
				}
			}
		})
	}
	for _, name := range []string{"weight.feed.json", "weightSet.feed.CONSTRUCTED.json", "sleep.feed.json", "backgroundActivities.feed.json"} {
		t.Run(name, func(t *testing.T) {
			var page feed
			if err := json.Unmarshal(sample(t, name), &page); err != nil {
				t.Fatal(err)
			}
			for _, raw := range page.Items {
				if found, err := measurements(raw, nil); err != nil || len(found) == 0 {
					t.Errorf("%s holds %d measurements, %v", raw, len(found), err)
				}
			}
		})
	}
}

// TestReferenceFriends decodes the recorded list of friends.
func TestReferenceFriends(t *testing.T) {
	found, err := (&Account{client: &Client{http: cannedClient(t, sample(t, "team.feed.json"))}}).Friends(t.Context())
	if err != nil || len(found) == 0 || found[0].UserID == "" || found[0].Name == "" {
		t.Errorf("friends %+v, %v", found, err)
	}
}

// cannedClient gives every request the same answer.
func cannedClient(t *testing.T, body []byte) *transport.Client {
	t.Helper()
	c, err := transport.New(transport.Options{BaseURL: "https://health.example.com", Next: always(body)})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

type always []byte

// RoundTrip answers one request.
func (a always) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(a)), Request: r}, nil
}

// TestReferenceLimits reads the recorded words of refusals.
func TestReferenceLimits(t *testing.T) {
	if wait, daily := interval(string(sample(t, "error.429.app-15min.json"))); wait != limitInterval || daily != 0 {
		t.Errorf("wait %v, %d a day", wait, daily)
	}
	if _, daily := interval(string(sample(t, "error.429.app-day.json"))); daily != 300000 {
		t.Errorf("%d a day", daily)
	}
}

// FuzzItems reads any bytes as an item of a feed.
func FuzzItems(f *testing.F) {
	f.Add([]byte(`{"uri": "/fitnessActivities/3", "type": "Running", "start_time": "Fri, 6 Feb 2015 19:50:28", "utc_offset": 5.5, "total_distance": 6669.1, "duration": "2876.778"}`))
	f.Add([]byte(`{"uri": "/weight/7", "timestamp": "Mon, 2 Sep 2013 22:54:16", "weight": 70.7, "source": "Scale"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var w wireActivity
		if json.Unmarshal(data, &w) == nil {
			if a := w.activity(); a.Distance < 0 || a.Duration < 0 {
				t.Errorf("unsound activity %+v", a)
			}
		}
		found, err := measurements(data, nil)
		if err != nil && len(found) > 0 {
			t.Errorf("%d measurements beside %v", len(found), err)
		}
		interval(string(data))
	})
}
