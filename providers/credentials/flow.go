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
	// WithoutPKCE leaves out what binds the code to this program (RFC 7636), for a
	// server that does not bear it.
	WithoutPKCE bool
	// Port of this machine that the browser comes back to; 0 takes a free one.
	Port int
	// Show is told the address that the person opens.
	Show func(address string)
	// Note is told of an answer that belongs to another login, and is ignored.
	Note func(text string)
	// Paste is where the person may write the code, or the address at which
	// the browser ended; nil when there is no terminal.
	Paste io.Reader
	// Timeout ends the wait.
	Timeout time.Duration
}

// Approval is what a person has decided.
type Approval struct {
	// Config is the app, with the redirect address that belongs to the code.
	Config oauth2.Config
	// Code can be used once; Verifier proves that it was asked for here, and is empty
	// without PKCE.
	Code, Verifier string
}

// Format writes nothing secret, whatever the verb.
func (a Approval) Format(w fmt.State, _ rune) {
	_, _ = io.WriteString(w, "approval of the client "+a.Config.ClientID)
}

// errOther is the error of an answer that belongs to another login. Anybody who can
// open an address in the browser can make one up, so it ends nothing.
var errOther = errors.New("the state does not match: the answer belongs to another login")

// answer is what the browser, or the person, brings back.
type answer struct {
	code string
	err  error
}

// Run waits until the person has decided.
func (f Flow) Run(ctx context.Context) (Approval, error) {
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(f.Port)))
	if err != nil {
		return Approval{}, fmt.Errorf("the browser needs a port of this machine to come back to: %w", err)
	}
	host, state := listener.Addr().String(), rand.Text()
	approval := Approval{Config: f.Config}
	approval.Config.RedirectURL = "http://" + host + CallbackPath
	var options []oauth2.AuthCodeOption
	if !f.WithoutPKCE {
		approval.Verifier = oauth2.GenerateVerifier()
		options = append(options, oauth2.S256ChallengeOption(approval.Verifier))
	}
	answers := make(chan answer)
	waiting, decided := context.WithCancel(ctx)
	stop := serve(ctx, listener, callback(waiting, host, state, answers))
	defer stop()
	defer decided()
	f.Show(approval.Config.AuthCodeURL(state, options...))
	if f.Paste != nil {
		// Reading cannot be interrupted; it ends with the process.
		go pasted(waiting, f.Paste, state, answers)
	}
	timeout := time.NewTimer(f.Timeout)
	defer timeout.Stop()
	for {
		select {
		case a := <-answers:
			if !errors.Is(a.err, errOther) {
				approval.Code = a.code
				return approval, a.err
			}
			f.Note(a.err.Error() + ". It is ignored")
		case <-timeout.C:
			return approval, fmt.Errorf("the app was not authorized within %s", f.Timeout)
		case <-ctx.Done():
			return approval, ctx.Err()
		}
	}
}

// serve answers the browser until the function that it returns is called.
func serve(ctx context.Context, listener net.Listener, handler http.Handler) (stop func()) {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(listener)
	}()
	return func() {
		// The page that says it worked is still under way.
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		if server.Shutdown(grace) != nil {
			_ = server.Close()
		}
		<-served
	}
}

// callback answers the browser when it comes back to the host and no other: a page
// whose name was made to lead here (DNS rebinding) is none of this login.
func callback(waiting context.Context, host, state string, answers chan<- answer) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+CallbackPath, func(w http.ResponseWriter, r *http.Request) {
		if r.Host != host || r.Method != http.MethodGet {
			http.Error(w, "this is the address of a login to lockstep, under another name", http.StatusForbidden)
			return
		}
		a := judge(r.URL.Query(), state)
		text, status := "You are logged in. This window can be closed.", http.StatusOK
		if a.err != nil {
			text, status = "The login failed: "+a.err.Error()+".", http.StatusBadRequest
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Referrer-Policy", "no-referrer")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.WriteHeader(status)
		fmt.Fprintf(w, "<!doctype html><title>lockstep</title><p>%s</p>\n", html.EscapeString(text))
		bring(waiting, a, answers)
	})
	return mux
}

// bring hands an answer over while somebody waits for one.
func bring(waiting context.Context, a answer, answers chan<- answer) {
	select {
	case answers <- a:
	case <-waiting.Done(): // The decision has been made already.
	}
}

// judge reads the parameters that the browser brings back.
func judge(q url.Values, state string) answer {
	switch {
	case subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(state)) != 1:
		return answer{err: errOther}
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
func pasted(waiting context.Context, r io.Reader, state string, answers chan<- answer) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		text := strings.TrimSpace(lines.Text())
		if text == "" {
			continue
		}
		a := judgePasted(text, state)
		bring(waiting, a, answers)
		if !errors.Is(a.err, errOther) {
			return
		}
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
