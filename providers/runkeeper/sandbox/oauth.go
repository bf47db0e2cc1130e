package sandbox

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"sync"

	"golang.org/x/oauth2"
)

// The app of the sandbox, and the paths of its pages (Health Graph API,
// registration and authorization).
const (
	ClientID      = "sandbox-client"
	ClientSecret  = "sandbox-client-secret"
	AuthorizePath = "/apps/authorize"
	TokenPath     = "/apps/token"
	RevokePath    = "/apps/de-authorize"
)

// login connects programs with people.
type login struct {
	mu       *sync.Mutex // the server's
	athletes *athletes
	codes    map[string]approval // that were not used yet
}

// approval is what a person allowed, until its code is used.
type approval struct {
	person string
	// challenge binds it to who asked for it (RFC 7636); empty without PKCE.
	challenge string
}

// verifies reports whether a verifier belongs to the challenge. Without a challenge
// there is none (RFC 9700, section 2.1.1).
func (a approval) verifies(verifier string) bool {
	if a.challenge == "" || verifier == "" {
		return a.challenge == verifier
	}
	return oauth2.S256ChallengeFromVerifier(verifier) == a.challenge
}

func newLogin(mu *sync.Mutex, all *athletes) *login {
	return &login{mu: mu, athletes: all, codes: map[string]approval{}}
}

func (l *login) serve(mux *http.ServeMux) {
	mux.HandleFunc("GET "+AuthorizePath, l.authorize)
	mux.HandleFunc("POST "+TokenPath, l.token)
	mux.HandleFunc("POST "+RevokePath, l.revoke)
}

// authorize asks who it is that connects, and sends the browser back. The
// argument person answers in their place; -nobody- refuses.
func (l *login) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	switch {
	case q.Get("client_id") != ClientID, q.Get("response_type") != "code", err != nil || back.Host == "":
		http.Error(w, "client_id, response_type or redirect_uri is wrong", http.StatusBadRequest)
		return
	case q.Get("person") == "":
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, "<!doctype html><title>Runkeeper sandbox</title><form><p>Connect as <input name=person value=ada>%s<button>Allow</button></p></form>\n", hidden(q))
		return
	}
	answer := url.Values{}
	if state := q.Get("state"); state != "" {
		answer.Set("state", state)
	}
	if name := q.Get("person"); name == "-nobody-" {
		answer.Set("error", "access_denied")
	} else {
		answer.Set("code", l.newCode(approval{name, q.Get("code_challenge")}, back.String()))
	}
	back.RawQuery = answer.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

// hidden carries the arguments of the page on.
func hidden(q url.Values) string {
	text := ""
	for _, name := range []string{"client_id", "response_type", "redirect_uri", "state", "code_challenge", "code_challenge_method"} {
		text += fmt.Sprintf("<input type=hidden name=%s value=\"%s\">", name, html.EscapeString(q.Get(name)))
	}
	return text
}

// newCode is a code that can be used once, with the address it was made for.
func (l *login) newCode(a approval, back string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	text := secret(fmt.Sprintf("code %s %d", a.person, l.athletes.next()))
	l.codes[text+" "+back] = a
	return text
}

// secret is 32 hexadecimal digits, as tokens are.
func secret(of string) string {
	sum := sha256.Sum256([]byte(of))
	return hex.EncodeToString(sum[:16])
}

// token answers a token for a code. It never ends, and has no refresh token.
func (l *login) token(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	given := r.PostFormValue("code") + " " + r.PostFormValue("redirect_uri")
	approved, ok := l.codes[given]
	problem := ""
	switch {
	case r.PostFormValue("client_id") != ClientID || r.PostFormValue("client_secret") != cmp.Or(l.athletes.options.Secret, ClientSecret):
		problem = "invalid_client"
	case r.PostFormValue("grant_type") != "authorization_code" || !ok || !approved.verifies(r.PostFormValue("code_verifier")):
		problem = "invalid_grant"
	}
	if problem != "" {
		write(w, r, "application/json", http.StatusBadRequest, map[string]any{"error": problem})
		return
	}
	delete(l.codes, given)
	token := secret("token " + given)
	l.athletes.data.Tokens[token] = approved.person
	if err := l.athletes.save(); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	write(w, r, "application/json", http.StatusOK, map[string]any{"token_type": "Bearer", "access_token": token})
}

// revoke disconnects the program.
func (l *login) revoke(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	token := r.PostFormValue("access_token")
	if l.athletes.data.Tokens[token] == "" {
		write(w, r, "application/json", http.StatusBadRequest, map[string]any{"error": "invalid_token"})
		return
	}
	l.athletes.data.Tokens[token] = ""
	if err := l.athletes.save(); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
