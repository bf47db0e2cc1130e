package sandbox

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// knock is a call at the gateway, and what it answers.
type knock struct {
	reason       string
	opts         Options
	method, path string
	header       map[string]string // replaces the usual ones; "" removes
	body         string
	want         int
	wantMessage  any
}

func knockAll(t *testing.T, cases map[string]knock) {
	t.Helper()
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			c := open(t, tc.opts)
			if tc.method == "" {
				tc.method = http.MethodGet
			}
			req := c.request(tc.method, tc.path, tc.body)
			for name, value := range tc.header {
				req.Header.Del(name)
				if value != "" {
					req.Header.Set(name, value)
				}
			}
			rec, body := c.send(req)
			if diff := cmp.Diff([]any{tc.want, tc.wantMessage}, []any{rec.Code, body["message"]}); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff([]Call{{Method: tc.method, Path: req.URL.Path, Status: tc.want}}, c.server.Calls()); diff != "" {
				t.Errorf("the call is counted (-want +got):\n%s", diff)
			}
		})
	}
}

// TestCredentials holds what the gateway says of tokens, versions and scopes.
func TestCredentials(t *testing.T) {
	knockAll(t, map[string]knock{
		"no token": {
			reason: "a call without a token is unauthorized", path: "/locations/LOC",
			header: map[string]string{"Authorization": ""}, want: 401, wantMessage: "Invalid JWT",
		},
		"wrong private integration token": {
			reason: "the message names the kind of token", path: "/locations/LOC",
			header: map[string]string{"Authorization": "Bearer pit-nonsense"},
			want:   401, wantMessage: "Invalid Private Integration token",
		},
		"no version": {
			reason: "the header is required", path: "/locations/LOC", header: map[string]string{"Version": ""},
			want: 401, wantMessage: "version header was not found.",
		},
		"unknown version": {
			reason: "only four versions exist", path: "/locations/LOC", header: map[string]string{"Version": "2020-01-01"},
			want: 401, wantMessage: "version header is invalid",
		},
		"another version": {
			reason: "established paths take any version", path: "/locations/LOC", header: map[string]string{"Version": "v3"},
			want: 200,
		},
		"scope": {
			reason: "a missing scope is 401, not 403", path: "/users/?locationId=LOC",
			opts: Options{Scopes: []string{"contacts.readonly"}},
			want: 401, wantMessage: "The token is not authorized for this scope.",
		},
	})
}

// TestPaths holds that paths are compared to the letter.
func TestPaths(t *testing.T) {
	knockAll(t, map[string]knock{
		"letter case": {
			reason: "paths are compared to the letter", path: "/locations/LOC/customvalues",
			want: 401, wantMessage: "This route is not yet supported by the IAM Service. Please update your IAM config.",
		},
		"missing slash": {
			reason: "a trailing slash matters", path: "/contacts?locationId=LOC",
			want: 401, wantMessage: "This route is not yet supported by the IAM Service. Please update your IAM config.",
		},
		"unknown app": {reason: "no body at all", path: "/no-such-resource", want: 404},
		"v3 path": {
			reason: "a v3 path is unknown to the other versions", path: "/oauth/installed-locations",
			want: 404, wantMessage: "Cannot GET /oauth/installed-locations",
		},
	})
}

// TestOwnLocation holds that a token sees its location and nothing else.
func TestOwnLocation(t *testing.T) {
	knockAll(t, map[string]knock{
		"foreign location": {
			reason: "a token sees its own location", path: "/locations/OTHERLOCATION0000000",
			want: 403, wantMessage: "The token does not have access to this location.",
		},
		"foreign location in a body": {
			reason: "wherever the location is named", method: "POST", path: "/contacts/search",
			body: `{"locationId":"other","pageLimit":1}`,
			want: 403, wantMessage: "The token does not have access to this location.",
		},
		"missing location": {
			reason: "a missing location is as foreign", path: "/users/",
			want: 403, wantMessage: "The token does not have access to this location.",
		},
		"agency": {
			reason: "a location's token on an agency's endpoint", path: "/locations/search",
			want: 403, wantMessage: "Forbidden resource",
		},
		"users without anything": {
			reason: "a missing parameter dressed as 401", path: "/users/search",
			want: 401, wantMessage: "E01 - Unauthorized request",
		},
		"users without a company": {
			reason: "the company is required", path: "/users/search?locationId=LOC",
			want: 422, wantMessage: []any{"companyId must be a string", "companyId should not be empty"},
		},
	})
}

func TestLimits(t *testing.T) {
	type seen struct {
		Status                  int
		Remaining, Daily, Reset string
	}
	c := open(t, Options{RateMax: 2, Daily: 4})
	get := func() seen {
		rec, _ := c.send(c.request("GET", "/locations/LOC", ""))
		h := rec.Header()
		return seen{rec.Code, h.Get("X-RateLimit-Remaining"), h.Get("X-RateLimit-Daily-Remaining"), h.Get("X-RateLimit-Daily-Reset")}
	}
	got := []seen{get(), get(), get()}
	c.now = c.now.Add(10 * time.Second)
	got = append(got, get(), get())
	c.now = c.now.Add(10 * time.Second)
	got = append(got, get())
	c.now = c.now.Add(24 * time.Hour)
	got = append(got, get())
	want := []seen{
		{200, "1", "3", "86400000"}, {200, "0", "2", "86400000"}, {429, "0", "2", "86400000"},
		{200, "1", "1", "86390000"}, {200, "0", "0", "86390000"},
		{429, "2", "0", "86380000"},
		{200, "1", "3", "86400000"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("both windows are fixed and open with the first request (-want +got):\n%s", diff)
	}
}
