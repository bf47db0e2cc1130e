package health_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/providers"
	"lockstep/providers/runkeeper/health"
	"lockstep/providers/transport"
)

// recorded answers writes in turn, and keeps what it was asked.
type recorded struct {
	answers []answered
	asked   []string
}

type answered struct {
	status   int
	location string
	body     string
	lost     bool
}

// RoundTrip answers one request.
func (r *recorded) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.URL.Path == "/user" {
		return canned{"/user": root}.RoundTrip(request)
	}
	line := request.Method + " " + request.URL.Path
	for _, name := range []string{"Content-Type", "Accept"} {
		line += " " + strings.TrimPrefix(request.Header.Get(name), "application/vnd.com.runkeeper.")
	}
	if request.Body != nil {
		body, err := io.ReadAll(request.Body)
		if err != nil {
			return nil, err
		}
		line += " " + string(body)
	}
	r.asked = append(r.asked, line)
	a := r.answers[min(len(r.asked), len(r.answers))-1]
	if a.lost {
		return nil, errors.New("connection reset by peer")
	}
	header := http.Header{"Content-Type": {"application/json"}}
	if a.location != "" {
		header.Set("Location", a.location)
	}
	return &http.Response{StatusCode: a.status, Header: header, Body: io.NopCloser(strings.NewReader(a.body)), Request: request}, nil
}

// The writes of TestWrites, and how each of them is asked for.
const (
	created = `POST /fitnessActivities NewFitnessActivity+json FitnessActivity+json {"notes":"\u00dcber \ud83d\ude00 \u003cb\u003e"}`
	replied = `PUT /team/7 Reply+json Member+json {"reply":"accepted"}`
	removed = "DELETE /weight/7  WeightSet+json"
	said    = `POST /fitnessActivities/5/comments Comment+json CommentThread+json {"comment":"Go"}`
)

func create(ctx context.Context, a *health.Account) error {
	id, err := a.Create(ctx, "/fitnessActivities", "NewFitnessActivity", "FitnessActivity", map[string]any{"notes": "Über 😀 <b>"})
	if err == nil && id != "77" {
		return errors.New("the id is " + id)
	}
	return err
}

func put(ctx context.Context, a *health.Account) error {
	return a.Put(ctx, "/team/7", "Reply", map[string]any{"reply": "accepted"})
}

func remove(ctx context.Context, a *health.Account) error {
	return a.Delete(ctx, "/weight/7", "WeightSet")
}

func comment(ctx context.Context, a *health.Account) error {
	all, err := a.AddComment(ctx, "5", "Go")
	if err == nil && (len(all) != 1 || all[0].Text != "Go" || all[0].UserID != "4711") {
		return errors.New("the thread is another")
	}
	return err
}

// TestWrites sends exact media types and texts that read the same in every
// encoding, and a create never twice.
func TestWrites(t *testing.T) {
	cases := map[string]struct {
		reason    string
		do        func(context.Context, *health.Account) error
		answers   []answered
		want      []string
		err       string
		uncertain bool
	}{
		"Create":       {"as the API wants it", create, []answered{{status: 201, location: "/fitnessActivities/77"}}, []string{created}, "", false},
		"Absolute":     {"an address may be whole", create, []answered{{status: 201, location: "https://api.runkeeper.com/fitnessActivities/77"}}, []string{created}, "", false},
		"NoLocation":   {"something was made, and it is not known what", create, []answered{{status: 201}}, []string{created}, "does not say where", true},
		"CreateLost":   {"a create is not sent twice", create, []answered{{lost: true}}, []string{created}, "reset", true},
		"Create500":    {"nor after an error of the server", create, []answered{{status: 500, body: `{"reason": "oops"}`}}, []string{created}, "oops", true},
		"Create400":    {"what is refused is not there", create, []answered{{status: 400, body: `{"reason": "bad"}`}}, []string{created}, "bad", false},
		"Create429":    {"a refusal by the limit comes before anything is done", create, []answered{{status: 429, body: `{"reason": "5000 calls per 15 minutes"}`}, {status: 201, location: "/fitnessActivities/77"}}, []string{created, created}, "", false},
		"Put":          {"an update may be repeated", put, []answered{{lost: true}, {status: 503}, {status: 200, body: `{}`}}, []string{replied, replied, replied}, "", false},
		"Delete":       {"so may a delete", remove, []answered{{lost: true}, {status: 204}}, []string{removed, removed}, "", false},
		"Comment":      {"the answer is the thread", comment, []answered{{status: 200, body: `{"comments": [{"timestamp": "Tue, 1 May 2018 10:00:00", "userID": 4711, "comment": "Go"}]}`}}, []string{said}, "", false},
		"CommentLost":  {"nothing is said twice", comment, []answered{{lost: true}}, []string{said}, "reset", true},
		"CommentOther": {"an answer of another shape", comment, []answered{{status: 200, body: `[]`}}, []string{said}, "not a CommentThread", true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			next := &recorded{answers: tc.answers}
			at := today
			c, err := health.New(health.Options{BaseURL: "https://health.example.com", Token: "secret-token", Next: next,
				Now:   func() time.Time { return at },
				Sleep: func(ctx context.Context, d time.Duration) error { at = at.Add(d); return ctx.Err() }})
			if err != nil {
				t.Fatal(err)
			}
			a, err := c.Account(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			err = tc.do(t.Context(), a)
			if (err != nil) != (tc.err != "") || err != nil && !strings.Contains(err.Error(), tc.err) || errors.Is(err, transport.ErrUncertain) != tc.uncertain {
				t.Errorf("%s: %v, want %q, uncertain %t", tc.reason, err, tc.err, tc.uncertain)
			}
			if diff := cmp.Diff(tc.want, next.asked); diff != "" {
				t.Errorf("%s: requests (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestAdvice says what a person can do about a permission.
func TestAdvice(t *testing.T) {
	a, err := open(t, &recorded{answers: []answered{{status: 403, body: `{"reason": "Forbidden"}`}}}).Account(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var api *providers.APIError
	if err := a.Delete(t.Context(), "/weight/7", "WeightSet"); !errors.As(err, &api) || !strings.Contains(api.Advice, "Edit Health Information") {
		t.Errorf("%v", err)
	}
	if err := a.Delete(t.Context(), "//evil.example.com/weight/7", "WeightSet"); err == nil || !strings.Contains(err.Error(), "not one of its own") {
		t.Errorf("an address elsewhere: %v", err)
	}
}

func TestClock(t *testing.T) {
	if got := health.Clock(time.Date(2011, 1, 1, 0, 5, 0, 0, time.UTC)); got != "Sat, 1 Jan 2011 00:05:00" {
		t.Errorf("the clock is %q", got)
	}
}
