package command

import (
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"lockstep/providers/transport"
)

// guarded lets no page in a browser use a server of this machine: neither one whose
// name was made to lead here (DNS rebinding), which its Host tells, nor one of another
// origin, which the browser tells. Programs send neither header.
func guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !loopbackHost(r.Host):
			deny(w, "the request is for the host "+r.Host+", and this server is localhost or 127.0.0.1")
		case foreignPage(r):
			deny(w, "the request comes from a page of another origin")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// foreignPage reports whether a browser sends the request for a page of another
// origin. Following a link is not that: so the page that lets an app in is opened.
func foreignPage(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return false
	case "":
		// An old browser tells the origin only, a program nothing.
		origin := r.Header.Get("Origin")
		u, err := url.Parse(origin)
		return origin != "" && (err != nil || u.Host != r.Host)
	default:
		return r.Method != http.MethodGet || r.Header.Get("Sec-Fetch-Mode") != "navigate" || r.Header.Get("Sec-Fetch-Dest") != "document"
	}
}

// deny refuses a request as the API does.
func deny(w http.ResponseWriter, why string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusForbidden)
	fmt.Fprintf(w, "{\"statusCode\":403,\"message\":%q}\n", "The sandbox serves programs of this machine: "+why+".")
}

// loopbackHost reports whether the Host of a request names this machine.
func loopbackHost(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	name = strings.TrimSuffix(strings.TrimPrefix(name, "["), "]")
	return transport.Loopback(strings.ToLower(name))
}

// orRandom is a text, or one that nobody can guess.
func orRandom(text string) string {
	if text == "" {
		return rand.Text()
	}
	return text
}
