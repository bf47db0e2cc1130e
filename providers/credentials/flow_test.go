package credentials

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/oauth2"
)

// person is who logs in: asked are the parameters of the page that was shown,
// paste is the terminal.
type person func(t *testing.T, asked url.Values, paste io.Writer)

// visit is a person whose browser comes back with parameters like the right
// ones, changed.
func visit(change func(url.Values)) person {
	return func(t *testing.T, asked url.Values, _ io.Writer) {
		q := url.Values{"state": {asked.Get("state")}, "code": {"the-code"}}
		change(q)
		answer, err := http.Get(asked.Get("redirect_uri") + "?" + q.Encode())
		if err != nil {
			t.Error(err)
			return
		}
		answer.Body.Close()
	}
}

// paste is a person who pastes a text.
func paste(text func(asked url.Values) string) person {
	return func(_ *testing.T, asked url.Values, w io.Writer) { _, _ = io.WriteString(w, text(asked)+"\n") }
}

// other is a program that sends an answer of its own, and then who.
func other(change func(url.Values), who person) person {
	return func(t *testing.T, asked url.Values, w io.Writer) {
		visit(change)(t, asked, w)
		who(t, asked, w)
	}
}

// rebound is a page whose name leads to this machine, and then who.
func rebound(who person) person {
	return func(t *testing.T, asked url.Values, w io.Writer) {
		q := url.Values{"state": {asked.Get("state")}, "code": {"another-code"}}
		r, err := http.NewRequest(http.MethodGet, asked.Get("redirect_uri")+"?"+q.Encode(), nil)
		if err != nil {
			t.Error(err)
			return
		}
		r.Host = "evil.example.com"
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Error(err)
			return
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusForbidden {
			t.Errorf("a request to another host gets %d", answer.StatusCode)
		}
		who(t, asked, w)
	}
}

// outcome is what a login ends with, and what it told on the way.
type outcome struct{ Code, Err, Note string }

// runFlow has a person log in, with a second for those who do nothing.
func runFlow(t *testing.T, who person) (outcome, Approval, url.Values) {
	reader, writer := io.Pipe()
	defer writer.Close()
	var got outcome
	asked := make(chan url.Values, 1)
	f := Flow{
		Config:  oauth2.Config{ClientID: "app", Endpoint: oauth2.Endpoint{AuthURL: "https://market.example.com/choose"}, Scopes: []string{"a", "b"}},
		Timeout: 30 * time.Second, Paste: reader, Note: func(text string) { got.Note = text },
		Show: func(address string) {
			u, err := url.Parse(address)
			if err != nil {
				t.Error(err)
				return
			}
			asked <- u.Query()
			if who != nil {
				go who(t, u.Query(), writer)
			}
		},
	}
	if who == nil {
		f.Timeout = time.Second
	}
	approval, err := f.Run(context.Background())
	got.Code = approval.Code
	if err != nil {
		got.Err = err.Error()
	}
	return got, approval, <-asked
}

func TestFlow(t *testing.T) {
	right := visit(func(url.Values) {})
	guess := func(q url.Values) { q.Set("state", "guessed") }
	const ignored = "the state does not match: the answer belongs to another login. It is ignored"
	cases := map[string]struct {
		reason string
		in     person
		want   outcome
	}{
		"browser":      {reason: "the browser brings the code", in: right, want: outcome{Code: "the-code"}},
		"denied":       {reason: "the person says no", in: visit(func(q url.Values) { q.Del("code"); q.Set("error", "access_denied") }), want: outcome{Err: "access was denied in the browser"}},
		"other error":  {reason: "the server says no", in: visit(func(q url.Values) { q.Set("error", "invalid_scope"); q.Set("error_description", "no such scope") }), want: outcome{Err: `the authorization failed with "invalid_scope" "no such scope"`}},
		"wrong state":  {reason: "another program sends a code", in: other(guess, right), want: outcome{Code: "the-code", Note: ignored}},
		"no state":     {reason: "another program sends a code", in: other(func(q url.Values) { q.Del("state") }, right), want: outcome{Code: "the-code", Note: ignored}},
		"wrong denial": {reason: "another program cannot end the login", in: other(func(q url.Values) { guess(q); q.Set("error", "access_denied") }, right), want: outcome{Code: "the-code", Note: ignored}},
		"rebound":      {reason: "a page of another name cannot answer", in: rebound(right), want: outcome{Code: "the-code"}},
		"no code":      {reason: "nothing to go on with", in: visit(func(q url.Values) { q.Del("code") }), want: outcome{Err: "the answer has no code"}},
		"pasted code":  {reason: "the person brings the code", in: paste(func(url.Values) string { return "\n  pasted-code " }), want: outcome{Code: "pasted-code"}},
		"pasted page":  {reason: "the person brings the address", in: paste(func(q url.Values) string { return q.Get("redirect_uri") + "?code=c1&state=" + q.Get("state") }), want: outcome{Code: "c1"}},
		"pasted other": {reason: "the address of another login, and then the code", in: paste(func(q url.Values) string { return q.Get("redirect_uri") + "?code=c1&state=x\nc2" }), want: outcome{Code: "c2", Note: ignored}},
		"no answer":    {reason: "no person does anything", want: outcome{Err: "the app was not authorized within 1s"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, approval, asked := runFlow(t, tc.in)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			back := approval.Config.RedirectURL
			if !strings.HasPrefix(back, "http://127.0.0.1:") || !strings.HasSuffix(back, CallbackPath) {
				t.Errorf("the browser is sent back to %s", back)
			}
			challenge := oauth2.S256ChallengeFromVerifier(approval.Verifier)
			if asked.Get("code_challenge") != challenge || asked.Get("code_challenge_method") != "S256" || strings.Contains(asked.Encode(), approval.Verifier) {
				t.Errorf("the code is not bound to this program: %v", asked)
			}
		})
	}
}

// TestFlowWithoutPKCE asks a server that does not bear its parameters.
func TestFlowWithoutPKCE(t *testing.T) {
	shown := ""
	f := Flow{Timeout: time.Millisecond, WithoutPKCE: true, Show: func(address string) { shown = address }}
	if approval, err := f.Run(t.Context()); err == nil || approval.Verifier != "" || strings.Contains(shown, "challenge") {
		t.Errorf("%s with the verifier %q, %v", shown, approval.Verifier, err)
	}
}

// TestExchange redeems a code with servers that know the verifier of PKCE or not.
func TestExchange(t *testing.T) {
	cases := map[string]struct {
		reason, refusal string
		requests        int
		token           string
	}{
		"Known":   {"the verifier goes along", "", 1, "token for the-verifier"},
		"Unknown": {"a server that validates names has not looked at the code", `{"statusCode":422,"message":["property code_verifier should not exist"]}`, 2, "token for "},
		"Wrong":   {"any other refusal is one", `{"statusCode":400,"message":"Invalid grant: code_verifier is wrong"}`, 1, ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			requests := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				requests++
				w.Header().Set("Content-Type", "application/json")
				if r.PostFormValue("code_verifier") != "" && tc.refusal != "" {
					w.WriteHeader(http.StatusUnprocessableEntity)
					_, _ = io.WriteString(w, tc.refusal)
					return
				}
				_, _ = io.WriteString(w, `{"access_token":"token for `+r.PostFormValue("code_verifier")+`"}`)
			}))
			defer server.Close()
			approval := Approval{Code: "c", Verifier: "the-verifier", Config: oauth2.Config{ClientID: "app", Endpoint: oauth2.Endpoint{TokenURL: server.URL}}}
			login, _, err := Client{}.Exchange(t.Context(), approval)
			if (err == nil) != (tc.token != "") || login.AccessToken != tc.token || requests != tc.requests {
				t.Errorf("%s: %q after %d requests, %v", tc.reason, login.AccessToken, requests, err)
			}
		})
	}
}

// TestFlowStops ends the wait when the command is interrupted.
func TestFlowStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	f := Flow{Timeout: time.Minute, Show: func(string) { cancel() }}
	if _, err := f.Run(ctx); err != context.Canceled {
		t.Errorf("an interrupted login ends with %v", err)
	}
}
