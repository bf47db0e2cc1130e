package credentials

import (
	"context"
	"io"
	"net/http"
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

// runFlow has a person log in.
func runFlow(t *testing.T, timeout time.Duration, who person) (code string, config oauth2.Config, err error) {
	reader, writer := io.Pipe()
	defer writer.Close()
	f := Flow{
		Config:  oauth2.Config{ClientID: "app", Endpoint: oauth2.Endpoint{AuthURL: "https://market.example.com/choose"}, Scopes: []string{"a", "b"}},
		Timeout: timeout, Paste: reader,
		Show: func(address string) {
			u, err := url.Parse(address)
			if err != nil {
				t.Error(err)
				return
			}
			go who(t, u.Query(), writer)
		},
	}
	return f.Run(context.Background())
}

func TestFlow(t *testing.T) {
	type result struct{ Code, Err string }
	cases := map[string]struct {
		reason string
		in     person
		want   result
	}{
		"browser":      {reason: "the browser brings the code", in: visit(func(url.Values) {}), want: result{Code: "the-code"}},
		"denied":       {reason: "the person says no", in: visit(func(q url.Values) { q.Del("code"); q.Set("error", "access_denied") }), want: result{Err: "access was denied in the browser"}},
		"other error":  {reason: "the server says no", in: visit(func(q url.Values) { q.Set("error", "invalid_scope"); q.Set("error_description", "no such scope") }), want: result{Err: `the authorization failed with "invalid_scope" "no such scope"`}},
		"wrong state":  {reason: "another program sends a code", in: visit(func(q url.Values) { q.Set("state", "guessed") }), want: result{Err: "the state does not match: the answer belongs to another login. Start again"}},
		"no state":     {reason: "another program sends a code", in: visit(func(q url.Values) { q.Del("state") }), want: result{Err: "the state does not match: the answer belongs to another login. Start again"}},
		"no code":      {reason: "nothing to go on with", in: visit(func(q url.Values) { q.Del("code") }), want: result{Err: "the answer has no code"}},
		"pasted code":  {reason: "the person brings the code", in: paste(func(url.Values) string { return "\n  pasted-code " }), want: result{Code: "pasted-code"}},
		"pasted page":  {reason: "the person brings the address", in: paste(func(q url.Values) string { return q.Get("redirect_uri") + "?code=c1&state=" + q.Get("state") }), want: result{Code: "c1"}},
		"pasted other": {reason: "the address of another login", in: paste(func(q url.Values) string { return q.Get("redirect_uri") + "?code=c1&state=x" }), want: result{Err: "the state does not match: the answer belongs to another login. Start again"}},
		"no answer":    {reason: "no person does anything", in: func(*testing.T, url.Values, io.Writer) {}, want: result{Err: "the app was not authorized within 1s"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			timeout := 30 * time.Second
			if name == "no answer" {
				timeout = time.Second
			}
			code, config, err := runFlow(t, timeout, tc.in)
			got := result{Code: code}
			if err != nil {
				got.Err = err.Error()
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			if !strings.HasPrefix(config.RedirectURL, "http://127.0.0.1:") || !strings.HasSuffix(config.RedirectURL, CallbackPath) {
				t.Errorf("the browser is sent back to %s", config.RedirectURL)
			}
		})
	}
}

// TestFlowStops ends the wait when the command is interrupted.
func TestFlowStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	f := Flow{Timeout: time.Minute, Show: func(string) { cancel() }}
	if _, _, err := f.Run(ctx); err != context.Canceled {
		t.Errorf("an interrupted login ends with %v", err)
	}
}
