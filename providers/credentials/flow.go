package credentials

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

// CallbackPath is where the browser comes back to.
const CallbackPath = "/oauth/callback"

// Flow asks a person, in a browser, to authorize an app.
type Flow struct {
	// Config is the app; its redirect address is filled in.
	Config oauth2.Config
	// Port of this machine that the browser comes back to; 0 takes a free one.
	Port int
	// Show is told the address that the person opens.
	Show func(address string)
	// Paste is where the person may write the code, or the address at which
	// the browser ended; nil when there is no terminal.
	Paste io.Reader
	// Timeout ends the wait.
	Timeout time.Duration
}

// answer is what the browser, or the person, brings back.
type answer struct {
	code string
	err  error
}

// Run waits until the person has decided. It returns the code, and the app's
// configuration with the redirect address that belongs to the code.
func (f Flow) Run(ctx context.Context) (string, oauth2.Config, error) {
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(f.Port)))
	if err != nil {
		return "", f.Config, fmt.Errorf("the browser needs a port of this machine to come back to: %w", err)
	}
	config, state := f.Config, rand.Text()
	config.RedirectURL = "http://" + listener.Addr().String() + CallbackPath
	answers := make(chan answer, 2)
	server := &http.Server{Handler: callback(state, answers), ReadHeaderTimeout: 10 * time.Second}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(listener)
	}()
	defer func() {
		// The page that says it worked is still under way.
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		if server.Shutdown(grace) != nil {
			_ = server.Close()
		}
		<-served
	}()
	f.Show(config.AuthCodeURL(state))
	if f.Paste != nil {
		// Reading cannot be interrupted; it ends with the process.
		go pasted(f.Paste, state, answers)
	}
	timeout := time.NewTimer(f.Timeout)
	defer timeout.Stop()
	select {
	case a := <-answers:
		return a.code, config, a.err
	case <-timeout.C:
		return "", config, fmt.Errorf("the app was not authorized within %s", f.Timeout)
	case <-ctx.Done():
		return "", config, ctx.Err()
	}
}

// callback answers the browser when it comes back.
func callback(state string, answers chan<- answer) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+CallbackPath, func(w http.ResponseWriter, r *http.Request) {
		a := judge(r.URL.Query(), state)
		text, status := "You are logged in. This window can be closed.", http.StatusOK
		if a.err != nil {
			text, status = "The login failed: "+a.err.Error()+".", http.StatusBadRequest
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Referrer-Policy", "no-referrer")
		w.WriteHeader(status)
		fmt.Fprintf(w, "<!doctype html><title>lockstep</title><p>%s</p>\n", html.EscapeString(text))
		select {
		case answers <- a:
		default: // The decision has been made already.
		}
	})
	return mux
}

// judge reads the parameters that the browser brings back.
func judge(q url.Values, state string) answer {
	switch {
	case subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(state)) != 1:
		return answer{err: errors.New("the state does not match: the answer belongs to another login. Start again")}
	case q.Get("error") == "access_denied":
		return answer{err: errors.New("access was denied in the browser")}
	case q.Get("error") != "":
		return answer{err: fmt.Errorf("the authorization failed with %q %q", q.Get("error"), q.Get("error_description"))}
	case q.Get("code") == "":
		return answer{err: errors.New("the answer has no code")}
	}
	return answer{code: q.Get("code")}
}

// pasted reads what the person writes: a code, or an address that has one.
// The end of the input says nothing: the browser may still come back.
func pasted(r io.Reader, state string, answers chan<- answer) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		text := strings.TrimSpace(lines.Text())
		if text == "" {
			continue
		}
		answers <- judgePasted(text, state)
		return
	}
}

func judgePasted(text, state string) answer {
	if !strings.Contains(text, "?") && !strings.Contains(text, "=") && !strings.Contains(text, "://") {
		// A bare code cannot be checked; the person took it from the browser.
		return answer{code: text}
	}
	_, query, _ := strings.Cut(text, "?")
	query, _, _ = strings.Cut(query, "#")
	q, err := url.ParseQuery(query)
	if err != nil {
		return answer{err: errors.New("what was pasted is neither a code nor an address that has one")}
	}
	return judge(q, state)
}
