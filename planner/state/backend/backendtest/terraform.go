// Package backendtest has servers that keep states, and what every backend must
// hold.
package backendtest

import (
	"encoding/json"
	"io"
	"net/http"
	"sync"
)

// Terraform is a server of Terraform's HTTP protocol for states. It is strict
// where GitLab is: a write needs the id of the lock that is held, and a serial
// that is higher than the last one. The zero value has no state.
type Terraform struct {
	// User and Password that requests must have; empty ones ask for none.
	User, Password string

	mu       sync.Mutex
	document []byte
	serial   int
	lock     json.RawMessage
	lockID   string
}

// ServeHTTP answers GET and POST of the document, LOCK and UNLOCK, and POST and
// DELETE of /lock as GitLab does.
func (s *Terraform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	user, password, _ := r.BasicAuth()
	if user != s.User || password != s.Password {
		http.Error(w, "HTTP Basic: Access denied", http.StatusUnauthorized)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	locks := r.URL.Path == "/lock"
	switch {
	case r.Method == "LOCK" || locks && r.Method == http.MethodPost:
		s.take(w, body)
	case r.Method == "UNLOCK" || locks && r.Method == http.MethodDelete:
		s.release(w, r, body)
	case r.Method == http.MethodPost:
		s.write(w, r, body)
	case s.document == nil:
		w.WriteHeader(http.StatusNoContent)
	default:
		_, _ = w.Write(s.document)
	}
}

func (s *Terraform) take(w http.ResponseWriter, body []byte) {
	var info struct{ ID string }
	switch {
	case json.Unmarshal(body, &info) != nil || info.ID == "":
		http.Error(w, "ID is missing", http.StatusBadRequest)
	case s.lockID != "":
		w.WriteHeader(http.StatusLocked)
		_, _ = w.Write(s.lock)
	default:
		s.lock, s.lockID = body, info.ID
	}
}

func (s *Terraform) release(w http.ResponseWriter, r *http.Request, body []byte) {
	var info struct{ ID string }
	if id := r.URL.Query().Get("ID"); id != "" {
		info.ID = id
	} else if json.Unmarshal(body, &info) != nil {
		http.Error(w, "ID is missing", http.StatusBadRequest)
		return
	}
	if s.lockID == "" || s.lockID != info.ID {
		w.WriteHeader(http.StatusConflict)
		return
	}
	s.lock, s.lockID = nil, ""
}

func (s *Terraform) write(w http.ResponseWriter, r *http.Request, body []byte) {
	var state struct{ Serial int }
	switch {
	case s.lockID != r.URL.Query().Get("ID"):
		w.WriteHeader(http.StatusConflict)
	case json.Unmarshal(body, &state) != nil || state.Serial <= s.serial:
		http.Error(w, "serial has already been taken", http.StatusUnprocessableEntity)
	default:
		s.document, s.serial = body, state.Serial
	}
}
