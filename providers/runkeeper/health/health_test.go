package health_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/providers"
	"lockstep/providers/runkeeper/export"
	"lockstep/providers/runkeeper/health"
	"lockstep/providers/runkeeper/sandbox"
	"lockstep/providers/transport"
)

var today = time.Date(2026, 6, 17, 2, 30, 0, 0, time.UTC)

func now() time.Time { return today }

// canned answers by path and query, in ISO-8859-1.
type canned map[string]string

// RoundTrip answers one request.
func (c canned) RoundTrip(r *http.Request) (*http.Response, error) {
	body, ok := c[r.URL.RequestURI()]
	status := http.StatusOK
	if !ok {
		body, status = `{"reason":"Not found"}`, http.StatusNotFound
	}
	latin := make([]byte, 0, len(body))
	for _, r := range body {
		latin = append(latin, byte(r))
	}
	accept := strings.TrimSuffix(strings.ToLower(r.Header.Get("Accept")), "+json")
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {accept + "+json;charset=ISO-8859-1"}},
		Body: io.NopCloser(strings.NewReader(string(latin))), Request: r}, nil
}

func open(t *testing.T, next http.RoundTripper) *health.Client {
	t.Helper()
	c, err := health.New(health.Options{BaseURL: "https://health.example.com", Token: "secret-token", Next: next, Now: now,
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const root = `{"userID": 4711, "profile": "/me", "fitness_activities": "/fitnessActivities", "weight": "/weight"}`

func TestFeeds(t *testing.T) {
	// Links are relative, and next leads to what is older.
	a, err := open(t, canned{
		"/user": root,
		"/me":   `{"name": "Lin Müller", "elite": "false", "birthday": "Thu, 28 Jan 1988 00:00:00", "athlete_type": "Runner", "profile": "http://example.com"}`,
		"/fitnessActivities?pageSize=1000": `{"size": "3", "items": [
			{"uri": "/fitnessActivities/3", "type": "Running", "start_time": "Fri, 6 Feb 2015 19:50:28", "utc_offset": 5.5, "total_distance": 6669.10489102216, "duration": 2876.778, "total_calories": 494.06, "has_path": true},
			{"uri": "/fitnessActivities/9", "type": "Running", "start_time": "Fri, 6 Feb 2015 20:50:28", "duration": 1, "is_live": true}],
			"next": "/fitnessActivities?page=1&pageSize=1000&noEarlierThan=1970-01-01"}`,
		"/fitnessActivities?noEarlierThan=1970-01-01&page=1&pageSize=1000": `{"items": [
			{"uri": "/fitnessActivities/3", "type": "Running", "start_time": "Fri, 6 Feb 2015 19:50:28", "duration": 2876.778},
			{"uri": "/fitnessActivities/2", "type": "Yoga", "start_time": "Tue, 03 Feb 2015 20:18:12", "total_distance": "0", "duration": "60", "utc_offset": null}],
			"previous": "/fitnessActivities?page=0"}`,
		"/weight?pageSize=1000":               `{"items": [{"uri": "/weight/7", "timestamp": "Mon, 2 Sep 2013 22:54:16", "weight": 70.7, "fat_percent": 14.5, "source": "Scale", "userID": 4711}]}`,
		"/sleep?pageSize=1000":                `{"items": [{"uri": "/sleep/8", "timestamp": "Tue, 3 Sep 2013 00:00:00", "total_sleep": 480}]}`,
		"/backgroundActivities?pageSize=1000": `{"size": 0, "items": []}`,
		"/nutrition?pageSize=1000":            `{"items": [{"uri": "/nutrition/1", "timestamp": "Sun, 1 Sep 2013 12:00:00", "calories": 800, "meal": "lunch"}]}`,
		"/generalMeasurements?pageSize=1000":  `{"items": []}`,
		"/diabetes?pageSize=1000":             `{"items": []}`,
	}).Account(t.Context())
	if err != nil || a.UserID != "4711" {
		t.Fatalf("%+v, %v", a, err)
	}
	p, err := a.Profile(t.Context())
	want := health.Profile{Name: "Lin Müller", AthleteType: "Runner", Birthday: time.Date(1988, 1, 28, 0, 0, 0, 0, time.UTC)}
	if err != nil || p != want {
		t.Errorf("profile %+v, %v", p, err)
	}
	activities, err := a.Activities(t.Context(), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i := range activities {
		act := &activities[i]
		start, zoned := act.Clock()
		got = append(got, fmt.Sprintf("%s %s %s %v %.2f m %v %v %s", act.ID, act.Type, start.Format(time.RFC3339), zoned, act.Distance, act.Duration, act.Pace.Known, act.Track))
	}
	if diff := cmp.Diff([]string{"3 Running 2015-02-06T19:50:28+05:30 true 6669.10 m 47m56.778s true /fitnessActivities/3", "2 Yoga 2015-02-03T20:18:12Z false 0.00 m 1m0s false "}, got); diff != "" {
		t.Errorf("activities (-want +got):\n%s", diff)
	}
	measurements, err := a.Measurements(t.Context(), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	day := func(d, h, m, s int) time.Time { return time.Date(2013, 9, d, h, m, s, 0, time.UTC) }
	if diff := cmp.Diff([]export.Measurement{
		{ID: "8/sleep_total", Time: day(3, 0, 0, 0), Type: "sleep_total", Value: 480},
		{ID: "7/fat_percent", Time: day(2, 22, 54, 16), Type: "fat_percent", Value: 14.5},
		{ID: "7/weight", Time: day(2, 22, 54, 16), Type: "weight", Value: 70.7},
		{ID: "1/nutrition_calories", Time: day(1, 12, 0, 0), Type: "nutrition_calories", Value: 800},
	}, measurements); diff != "" {
		t.Errorf("measurements (-want +got):\n%s", diff)
	}
}

// run1 is an item of the feed of activities.
const run1 = `{"uri": "/a/1", "type": "Running", "start_time": "Fri, 6 Feb 2015 19:50:28"}`

func TestRefused(t *testing.T) {
	feed := func(text string) canned { return canned{"/user": root, "/fitnessActivities?pageSize=1000": text} }
	cases := map[string]struct {
		reason string
		in     canned
		want   string
	}{
		"NoUser":  {"the root says who it is", canned{"/user": `{"profile": "/profile"}`}, "no userID"},
		"Missing": {"a feed that is gone", canned{"/user": root}, "404"},
		"NoItems": {"an answer of nothing is not a feed of nothing: all would be made again", feed(`{}`), "no items"},
		"Reason":  {"nor is an apology", feed(`{"reason": "try later"}`), "no items"},
		"Shape":   {"another shape", feed(`{"items": {"a": 1}}`), "not a FitnessActivityFeed"},
		"Time":    {"a time is one", feed(`{"items": [{"uri": "/a/1", "type": "Running", "start_time": "2015-02-06"}]}`), "not a time"},
		"Number":  {"a number is one", feed(`{"items": [{"uri": "/a/1", "type": "Running", "start_time": "Fri, 6 Feb 2015 19:50:28", "duration": "long"}]}`), "not a number"},
		"NoType":  {"an activity has a type", feed(`{"items": [{"uri": "/a/1", "start_time": "Fri, 6 Feb 2015 19:50:28"}]}`), "lacks uri, type or start_time"},
		"Abroad":  {"a token is not carried elsewhere", feed(`{"items": [], "next": "https://evil.example.com/x"}`), "not one of its own"},
		"Scheme":  {"nor by two slashes", feed(`{"items": [], "next": "//evil.example.com/x"}`), "not one of its own"},
		"Short":   {"what a feed lacks would look deleted", feed(`{"size": 2, "items": [` + run1 + `]}`), "ends after 1 of 2 items"},
		"Emptied": {"so would all of it", feed(`{"size": "5", "items": []}`), "ends after 0 of 5 items"},
		"Again": {"an item that comes twice may stand for another one", canned{"/user": root,
			"/fitnessActivities?pageSize=1000": `{"size": 2, "items": [` + run1 + `], "next": "/fitnessActivities?page=1"}`, "/fitnessActivities?page=1": `{"size": 2, "items": [` + run1 + `]}`},
			"ends after 1 of 2 items"},
		"NoID":    {"an address ends in an id", feed(`{"items": [{"uri": "/", "type": "Running", "start_time": "Fri, 6 Feb 2015 19:50:28"}]}`), "lacks uri"},
		"NullID":  {"null is none", feed(`{"items": [{"uri": null, "type": "Running", "start_time": "Fri, 6 Feb 2015 19:50:28"}]}`), "lacks uri"},
		"Numeral": {"a number is none", feed(`{"items": [{"uri": 7, "type": "Running", "start_time": "Fri, 6 Feb 2015 19:50:28"}]}`), "cannot unmarshal number"},
		"Circle":  {"pages that do not end", canned{"/user": root, "/fitnessActivities?pageSize=1000": `{"items": [], "next": "/fitnessActivities?pageSize=1000"}`}, "does not end"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			a, err := open(t, tc.in).Account(t.Context())
			if err == nil {
				_, err = a.Activities(t.Context(), time.Time{})
			}
			if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "secret-token") {
				t.Errorf("%s: %v, want %s", tc.reason, err, tc.want)
			}
		})
	}
	for name, o := range map[string]health.Options{"NoToken": {}, "Plain": {Token: "x", BaseURL: "http://health.example.com"}} {
		if _, err := health.New(o); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

// TestThread refuses answers that are no thread: the comment would be missing in
// them, and be posted again.
func TestThread(t *testing.T) {
	cases := map[string]struct {
		reason, in string
		no         bool
	}{
		"Empty":   {"no comment yet", `{"uri": "/fitnessActivities/5/comments", "comments": []}`, false},
		"Without": {"the same, said by leaving it out", `{"uri": "/fitnessActivities/5/comments"}`, false},
		"Nothing": {"an answer of nothing", `{}`, true},
		"Reason":  {"an apology", `{"reason": "try later"}`, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			a, err := open(t, canned{"/user": root, "/fitnessActivities/5/comments": tc.in}).Account(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			all, err := a.Comments(t.Context(), "5")
			if (err != nil) != tc.no || len(all) != 0 || err != nil && !strings.Contains(err.Error(), "not a CommentThread") {
				t.Errorf("%s: %v, %v", tc.reason, all, err)
			}
		})
	}
}

// TestNothing takes an answer of nothing for no profile and no settings: it
// would say that the person has emptied them.
func TestNothing(t *testing.T) {
	a, err := open(t, canned{"/user": root, "/me": `{}`, "/settings": `{"reason": "try later"}`}).Account(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if p, err := a.Profile(t.Context()); err == nil || !strings.Contains(err.Error(), "not a Profile") {
		t.Errorf("profile %+v, %v", p, err)
	}
	if s, err := a.Settings(t.Context()); err == nil || !strings.Contains(err.Error(), "not a Settings") {
		t.Errorf("settings %v, %v", s, err)
	}
}

func TestSandbox(t *testing.T) {
	server := sandbox.New(sandbox.Options{Now: now})
	read := func(token string) (*health.Account, []export.Activity, error) {
		c, err := health.New(health.Options{BaseURL: "https://sandbox", Token: token, Next: server, Now: now})
		if err != nil {
			t.Fatal(err)
		}
		a, err := c.Account(t.Context())
		if err != nil {
			return nil, nil, err
		}
		all, err := a.Activities(t.Context(), time.Time{})
		return a, all, err
	}
	_, first, err := read(sandbox.Token("ada"))
	if err != nil || len(first) < 100 {
		t.Fatalf("%d activities, %v", len(first), err)
	}
	for i := range first {
		if a := &first[i]; a.Start.After(today) || a.Zone == nil || a.Distance <= 0 || i > 0 && a.Start.After(first[i-1].Start) {
			t.Errorf("activity %d is %+v", i, a)
		}
	}
	_, again, err := read(sandbox.Token("ada"))
	if err != nil || cmp.Diff(len(first), len(again)) != "" {
		t.Errorf("the same person did %d and %d activities, %v", len(first), len(again), err)
	}
	var api *providers.APIError
	if _, _, err := read(sandbox.RevokedToken("lin")); !errors.As(err, &api) || api.Status != http.StatusForbidden || !strings.Contains(api.Advice, "disconnected") {
		t.Errorf("a revoked token: %v", err)
	}
	if _, _, err := read("other"); !errors.As(err, &api) || api.Status != http.StatusUnauthorized || !strings.Contains(api.Advice, "not valid") {
		t.Errorf("a wrong token: %v", err)
	}
}

// TestLimit waits for as long as the refusal says in words.
func TestLimit(t *testing.T) {
	cases := map[string]struct {
		reason, in string
		want       time.Duration
		daily      bool
	}{
		"Quarter": {"as recorded", "Rate-limit exceeded. rate limit is 5000 calls per 15 minutes", 15 * time.Minute, false},
		"Hour":    {"a number of one is left out", "rate limit is 100 calls per hour", time.Hour, false},
		"Other":   {"words of another kind", "slow down", 15 * time.Minute, false},
		"Day":     {"no request waits for tomorrow", "Rate-limit exceeded. rate limit is 300000 calls per days1", 0, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			at := today
			refused := false
			next := roundTripper(func(r *http.Request) (*http.Response, error) {
				if refused {
					return canned{"/user": root}.RoundTrip(r)
				}
				refused = true
				return &http.Response{StatusCode: http.StatusTooManyRequests, Header: http.Header{}, Request: r,
					Body: io.NopCloser(strings.NewReader(fmt.Sprintf(`{"reason": %q}`, tc.in)))}, nil
			})
			c, err := health.New(health.Options{BaseURL: "https://health.example.com", Token: "secret-token", Next: next,
				Now:   func() time.Time { return at },
				Sleep: func(ctx context.Context, d time.Duration) error { at = at.Add(d); return ctx.Err() }})
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.Account(t.Context())
			var daily *transport.DailyLimitError
			if errors.As(err, &daily) != tc.daily || err != nil && !tc.daily {
				t.Fatalf("%s: %v", tc.reason, err)
			}
			// The limiter adds a little, so that programs do not come back together.
			if waited := at.Sub(today); waited < tc.want || waited > tc.want+time.Minute {
				t.Errorf("%s: waited %v, want %v", tc.reason, waited, tc.want)
			}
		})
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

// RoundTrip answers one request.
func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
