package sandbox

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/oauth2"
)

// asks is how the app asks to be let in.
const asks = "client_id=" + ClientID + "&response_type=code&redirect_uri=http://127.0.0.1:1/back&state=s"

// browse opens the authorize page, and returns the status and where it leads.
func browse(t *testing.T, s *Server, query string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://sandbox"+AuthorizePath+"?"+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := s.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode, answer.Header.Get("Location")
}

// submit sends a form, and returns the status and the body.
func submit(t *testing.T, s *Server, path string, form url.Values) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://sandbox"+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := s.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// code is the form with which the app redeems the code that ada gave it.
func code(t *testing.T, s *Server) url.Values {
	t.Helper()
	_, back := browse(t, s, asks+"&person=ada")
	u, err := url.Parse(back)
	if err != nil || u.Query().Get("state") != "s" {
		t.Fatalf("the code goes to %s, %v", back, err)
	}
	return url.Values{"grant_type": {"authorization_code"}, "code": {u.Query().Get("code")}, "client_id": {ClientID},
		"client_secret": {ClientSecret}, "redirect_uri": {"http://127.0.0.1:1/back"}}
}

func TestAuthorize(t *testing.T) {
	s := New(Options{Now: now})
	cases := map[string]struct {
		reason, query string
		status        int
		back          string
	}{
		"another app": {"only the app is known", "client_id=other&response_type=code&redirect_uri=http://127.0.0.1:1/back", 400, ""},
		"page":        {"somebody is asked", asks, 200, ""},
		"refusal":     {"the app hears of it", asks + "&person=-nobody-", 302, "http://127.0.0.1:1/back?error=access_denied&state=s"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if status, back := browse(t, s, tc.query); status != tc.status || back != tc.back {
				t.Errorf("%s: %d to %q, want %d to %q", tc.reason, status, back, tc.status, tc.back)
			}
		})
	}
}

// TestOAuth gives a token for a code, once, and takes it back.
func TestOAuth(t *testing.T) {
	s := New(Options{Now: now})
	form := code(t, s)
	form.Set("client_secret", "wrong")
	if status, text := submit(t, s, TokenPath, form); status != 400 || !strings.Contains(text, "invalid_client") {
		t.Errorf("a wrong secret gets %d %s", status, text)
	}
	form.Set("client_secret", ClientSecret)
	status, text := submit(t, s, TokenPath, form)
	var token struct {
		Type  string `json:"token_type"`
		Token string `json:"access_token"`
	}
	if json.Unmarshal([]byte(text), &token) != nil || status != 200 || token.Type != "Bearer" || len(token.Token) != 32 {
		t.Fatalf("a code gets %d %s", status, text)
	}
	if status, text := submit(t, s, TokenPath, form); status != 400 || !strings.Contains(text, "invalid_grant") {
		t.Errorf("a used code gets %d %s", status, text)
	}
	_, mine := ask(t, s, "/user", token.Token, "User")
	if _, hers := ask(t, s, "/user", Token("ada"), "User"); mine != hers {
		t.Errorf("the token is that of %s, want %s", mine, hers)
	}
	if status, _ := submit(t, s, RevokePath, url.Values{"access_token": {token.Token}}); status != 204 {
		t.Errorf("to disconnect gets %d", status)
	}
	if answer, text := ask(t, s, "/user", token.Token, "User"); answer.StatusCode != 403 || !strings.Contains(text, "Revoked") {
		t.Errorf("a token that was taken back gets %d %s", answer.StatusCode, text)
	}
}

// TestPKCE redeems codes that are bound to a verifier, and others.
func TestPKCE(t *testing.T) {
	verifier := oauth2.GenerateVerifier()
	bound := "&code_challenge_method=S256&code_challenge=" + oauth2.S256ChallengeFromVerifier(verifier)
	cases := map[string]struct {
		reason, asked, verifier string
		status                  int
	}{
		"right":    {"who asked redeems", bound, verifier, 200},
		"wrong":    {"who heard the code does not", bound, verifier + "x", 400},
		"missing":  {"nor without any verifier", bound, "", 400},
		"unbound":  {"a verifier belongs to a challenge", "", verifier, 400},
		"old-time": {"programs without PKCE go on", "", "", 200},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := New(Options{Now: now})
			_, back := browse(t, s, asks+tc.asked+"&person=ada")
			u, err := url.Parse(back)
			if err != nil {
				t.Fatal(err)
			}
			form := code(t, s)
			form.Set("code", u.Query().Get("code"))
			if tc.verifier != "" {
				form.Set("code_verifier", tc.verifier)
			}
			if status, text := submit(t, s, TokenPath, form); status != tc.status {
				t.Errorf("%s: %d %s", tc.reason, status, text)
			}
		})
	}
}
