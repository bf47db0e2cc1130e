package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html"
	"net/http"
	"net/url"
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

func (s *Server) serveLogin() {
	s.mux.HandleFunc("GET "+AuthorizePath, s.authorize)
	s.mux.HandleFunc("POST "+TokenPath, s.token)
	s.mux.HandleFunc("POST "+RevokePath, s.revoke)
}

// authorize asks who it is that connects, and sends the browser back. The
// argument person answers in their place; -nobody- is somebody who refuses.
func (s *Server) authorize(w http.ResponseWriter, r *http.Request) {
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
		answer.Set("code", s.newCode(name, back.String()))
	}
	back.RawQuery = answer.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

// hidden carries the arguments of the page on.
func hidden(q url.Values) string {
	text := ""
	for _, name := range []string{"client_id", "response_type", "redirect_uri", "state"} {
		text += fmt.Sprintf("<input type=hidden name=%s value=\"%s\">", name, html.EscapeString(q.Get(name)))
	}
	return text
}

// newCode is a code that can be used once, with the address it was made for.
func (s *Server) newCode(name, back string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data.Next++
	code := secret(fmt.Sprintf("code %s %d", name, s.data.Next))
	s.codes[code+" "+back] = name
	return code
}

// secret is 32 hexadecimal digits, as tokens are.
func secret(of string) string {
	sum := sha256.Sum256([]byte(of))
	return hex.EncodeToString(sum[:16])
}

// token gives a token for a code. It never ends, and there is none to refresh.
func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	code := r.PostFormValue("code") + " " + r.PostFormValue("redirect_uri")
	name, ok := s.codes[code]
	problem := ""
	switch {
	case r.PostFormValue("client_id") != ClientID || r.PostFormValue("client_secret") != ClientSecret:
		problem = "invalid_client"
	case r.PostFormValue("grant_type") != "authorization_code" || !ok:
		problem = "invalid_grant"
	}
	if problem != "" {
		write(w, r, "application/json", http.StatusBadRequest, map[string]any{"error": problem})
		return
	}
	delete(s.codes, code)
	token := secret("token " + code)
	s.data.Tokens[token] = name
	if err := s.save(); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	write(w, r, "application/json", http.StatusOK, map[string]any{"token_type": "Bearer", "access_token": token})
}

// revoke disconnects the program.
func (s *Server) revoke(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	token := r.PostFormValue("access_token")
	if s.data.Tokens[token] == "" {
		write(w, r, "application/json", http.StatusBadRequest, map[string]any{"error": "invalid_token"})
		return
	}
	s.data.Tokens[token] = ""
	if err := s.save(); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
