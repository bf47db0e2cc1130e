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

// TestReferenceWritten decodes the recorded answers of what can be written.
func TestReferenceWritten(t *testing.T) {
	t.Run("activity", func(t *testing.T) {
		for _, name := range []string{"fitnessActivity.detail.json", "fitnessActivity.detail.manual.json"} {
			var w wireDetail
			if err := json.Unmarshal(sample(t, name), &w); err != nil || w.URI == "" || w.Type == "" || w.Start.IsZero() || !w.UserID.Known {
				t.Errorf("%s is %+v, %v", name, w, err)
			}
		}
	})
	t.Run("member", func(t *testing.T) {
		a := &Account{client: &Client{http: cannedClient(t, sample(t, "team.member.json"))}}
		if f, err := a.Friend(t.Context(), "650491"); err != nil || f.UserID != "650491" || f.Status != "member" || f.Name == "" {
			t.Errorf("member %+v, %v", f, err)
		}
	})
	t.Run("settings", func(t *testing.T) {
		a := &Account{client: &Client{http: cannedClient(t, sample(t, "settings.json"))}}
		if all, err := a.Settings(t.Context()); err != nil || all["distance_units"] != "mi" || all["post_weight_twitter"] != false {
			t.Errorf("settings %v, %v", all, err)
		}
	})
	t.Run("thread", func(t *testing.T) {
		a := &Account{client: &Client{http: cannedClient(t, sample(t, "commentThread.CONSTRUCTED.json"))}}
		if all, err := a.Comments(t.Context(), "1"); err != nil || len(all) != 1 || all[0].Text != "Test comment" || all[0].UserID != "650491" || all[0].At.IsZero() {
			t.Errorf("comments %+v, %v", all, err)
		}
	})
	t.Run("weight", func(t *testing.T) {
		a := &Account{client: &Client{http: cannedClient(t, sample(t, "weight.detail.json"))}}
		if set, err := a.MeasurementSet(t.Context(), Measures()[0], "110650274"); err != nil || len(set) != 1 || set[0].Type != "mass_weight" {
			t.Errorf("weights %+v, %v", set, err)
		}
	})
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
	f.Add([]byte(`{"uri": "/strengthTrainingActivities/9", "start_time": "Fri, 6 Feb 2015 19:50:28", "exercises": [{"sets": [{"weight": 20}]}]}`))
	f.Add([]byte(`{"comments": [{"timestamp": "Tue, 1 May 2018 10:00:00", "userID": 650491, "comment": "Go"}]}`))
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
		var strength wireStrength
		if json.Unmarshal(data, &strength) == nil {
			if s, err := strength.strength(); err == nil && (s.ID == "" || s.Start.IsZero()) {
				t.Errorf("unsound session %+v", s)
			}
		}
		var thread wireThread
		if json.Unmarshal(data, &thread) == nil && len(thread.comments()) != len(thread.Comments) {
			t.Error("a comment is lost")
		}
		interval(string(data))
	})
}
