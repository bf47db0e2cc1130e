package ghl

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"
	"golang.org/x/oauth2"
)

// TestTokenEnded holds the messages of HighLevel's 401 answers.
func TestTokenEnded(t *testing.T) {
	cases := map[string]struct {
		reason string
		in     string
		want   bool
	}{
		"jwt":     {reason: "expired", in: "Invalid JWT", want: true},
		"token":   {reason: "expired", in: "Invalid token: access token is invalid", want: true},
		"private": {reason: "cannot be refreshed", in: "Invalid Private Integration token"},
		"scope":   {reason: "a scope is missing", in: "The token is not authorized for this scope."},
		"version": {reason: "a header is missing", in: "version header was not found."},
		"path":    {reason: "the path is wrong", in: "This route is not yet supported by the IAM Service. Please update your IAM config."},
		"class":   {reason: "the token is of another kind", in: "This authClass type is not allowed to access this scope."},
		"bare":    {reason: "a parameter is missing", in: "E01 - Unauthorized request"},
		"timeout": {reason: "the gateway timed out", in: "Command timed out"},
		"silent":  {reason: "nothing is said", in: ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := TokenEnded(tc.in); got != tc.want {
				t.Errorf("%s: %q means that the token has ended: %t, want %t", tc.reason, tc.in, got, tc.want)
			}
		})
	}
}

// TestStoredLogin says which credential a provider uses.
func TestStoredLogin(t *testing.T) {
	type result struct{ Sent, Err string }
	cases := map[string]struct {
		reason string
		token  string
		login  bool
		err    error
		want   result
	}{
		"written": {reason: "a token that is given wins", token: "pit-1", login: true, want: result{Sent: "Bearer pit-1"}},
		"stored":  {reason: "without one, the stored login is used", login: true, want: result{Sent: "Bearer stored"}},
		"neither": {reason: "both ways are named", want: result{Err: "the provider ghl needs a token: set GHL_TOKEN to a private integration token of the location, " +
			"or run `lockstep login ghl -location=LOC`; with sandbox = true none is needed"}},
		"useless": {reason: "a login of no use is an error", login: true, err: errors.New("it cannot be refreshed"),
			want: result{Err: "the provider ghl has no token: it cannot be refreshed"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var got result
			api := roundTrip(func(r *http.Request) *http.Response {
				got.Sent = r.Header.Get("Authorization")
				return respond(`{"tags":[]}`)
			})
			p := New(WithRoundTripper(api), WithLogin(func(_ context.Context, _, _ string, next http.RoundTripper) (http.RoundTripper, error) {
				if !tc.login || tc.err != nil {
					return nil, tc.err
				}
				return roundTrip(func(r *http.Request) *http.Response {
					r.Header.Set("Authorization", "Bearer stored")
					answer, _ := next.RoundTrip(r)
					return answer
				}), nil
			}))
			config := cty.ObjectVal(map[string]cty.Value{"location_id": cty.StringVal("LOC"), "token": cty.StringVal(tc.token), "base_url": cty.StringVal("https://api.example.com")})
			err := p.Configure(context.Background(), config)
			if err != nil {
				got.Err = err.Error()
			} else if _, err = p.(*Provider).account.send(context.Background(), request{call: tagKind().list.call}); err != nil {
				t.Error(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// roundTrip answers requests without a network.
type roundTrip func(*http.Request) *http.Response

// RoundTrip answers one request.
func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r), nil }

func respond(body string) *http.Response {
	r := httptest.NewRecorder()
	r.WriteString(body)
	return r.Result()
}

func TestLocationToken(t *testing.T) {
	type result struct {
		Sent  string
		Token string
		Err   bool
	}
	cases := map[string]struct {
		reason string
		url    string
		status int
		body   string
		want   result
	}{
		"made":    {reason: "the endpoint stands beside the token endpoint", url: "/oauth/token", status: 200, body: `{"access_token":"t","expires_in":86399,"locationId":"LOC"}`, want: result{Sent: "/oauth/locationToken companyId=COM&locationId=LOC Bearer agency 2021-07-28", Token: "t"}},
		"refused": {reason: "the app is not installed there", url: "/oauth/token", status: 400, body: `{"message":"no"}`, want: result{Sent: "/oauth/locationToken companyId=COM&locationId=LOC Bearer agency 2021-07-28", Err: true}},
		"empty":   {reason: "an answer without a token", url: "/oauth/token", status: 200, body: `{}`, want: result{Sent: "/oauth/locationToken companyId=COM&locationId=LOC Bearer agency 2021-07-28", Err: true}},
		"other":   {reason: "it is not known where the endpoint is", url: "/oauth/other", want: result{Err: true}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var got result
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_ = r.ParseForm()
				got.Sent = strings.Join([]string{r.URL.Path, r.PostForm.Encode(), r.Header.Get("Authorization"), r.Header.Get("Version")}, " ")
				w.WriteHeader(tc.status)
				_, _ = w.Write([]byte(tc.body))
			}))
			defer server.Close()
			token, err := LocationToken(context.Background(), server.URL+tc.url, "agency", "COM", "LOC")
			if got.Err = err != nil; !got.Err {
				got.Token = token.AccessToken
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestOwnerOf(t *testing.T) {
	cases := map[string]struct {
		reason string
		in     map[string]any
		want   Owner
	}{
		"location": {reason: "a location's token", in: map[string]any{"userType": "Location", "companyId": "COM", "locationId": "LOC"}, want: Owner{Company: "COM", Location: "LOC"}},
		"agency":   {reason: "an agency's token", in: map[string]any{"userType": "Company", "companyId": "COM"}, want: Owner{Agency: true, Company: "COM"}},
		"unsaid":   {reason: "without a location it is the agency's", in: map[string]any{"companyId": "COM"}, want: Owner{Agency: true, Company: "COM"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, OwnerOf((&oauth2.Token{}).WithExtra(tc.in))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
