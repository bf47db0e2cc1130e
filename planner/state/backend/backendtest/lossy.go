package backendtest

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
)

// Lossy is a server whose answers get lost: each Nth request is carried out, and its
// connection then breaks off.
func Lossy(server http.Handler, n int64) http.Handler {
	var requests atomic.Int64
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if requests.Add(1)%n != 0 {
			server.ServeHTTP(w, r)
			return
		}
		server.ServeHTTP(httptest.NewRecorder(), r)
		hangUp(w)
	})
}

// hangUp breaks the connection of a request off without an answer.
func hangUp(w http.ResponseWriter) {
	if connection, _, err := http.NewResponseController(w).Hijack(); err == nil {
		_ = connection.Close()
	}
}
