package sandbox

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// The beginnings of tokens: of a person, and of a person who has disconnected.
const (
	tokenPrefix   = "sandbox-"
	revokedPrefix = "sandbox-revoked-"
)

// Token is the token of the person of a name, of a server without a secret. Every
// name has one, escaped as in an address.
func Token(name string) string { return tokenPrefix + url.QueryEscape(name) }

// RevokedToken is the token of a person who has disconnected.
func RevokedToken(name string) string { return revokedPrefix + url.QueryEscape(name) }

// Options of a Server.
type Options struct {
	// Now is the clock: activities end a day before.
	Now func() time.Time
	// Calls that are answered before the next ones are refused for a quarter
	// of an hour; 0 never refuses.
	Calls int
	// Empty people have done nothing yet, and have no friends.
	Empty bool
	// DataDir keeps what is written; it is in memory when empty. Open reads it.
	DataDir string
	// Secret is in every token and is the secret of the app, for a server that others
	// reach; everybody knows them when it is empty.
	Secret string
}

// Token is the token of the person of a name.
func (s *Server) Token(name string) string {
	return s.athletes.options.prefix() + url.QueryEscape(name)
}

// ClientSecret is the secret of the app.
func (s *Server) ClientSecret() string { return cmp.Or(s.athletes.options.Secret, ClientSecret) }

// prefix begins the tokens of people.
func (o *Options) prefix() string {
	if o.Secret == "" {
		return tokenPrefix
	}
	return tokenPrefix + o.Secret + "-"
}

// Server answers for every person that is asked for. It is safe for concurrent
// use.
type Server struct {
	mux *http.ServeMux

	mu       sync.Mutex // guards what follows
	athletes *athletes
	calls    int
}

// New makes a server that keeps what is written in memory.
func New(o Options) *Server {
	if o.Now == nil {
		o.Now = time.Now
	}
	all := newAthletes(o)
	s := &Server{mux: http.NewServeMux(), athletes: all}
	s.handle("GET /user", []string{"User"}, "", (*person).user)
	s.handle("GET /profile", []string{"Profile"}, "", (*person).profile)
	s.handle("PUT /profile", []string{"Profile"}, "Profile", (*person).putProfile)
	s.handle("GET /settings", []string{"Settings"}, "", (*person).settings)
	s.handle("PUT /settings", []string{"Settings"}, "Settings", (*person).putSettings)
	s.handle("GET /team", []string{"TeamFeed"}, "", (*person).team)
	s.handle("POST /team", nil, "Invitation", all.invite)
	s.handle("GET /team/{id}", []string{"Member"}, "", (*person).member)
	s.handle("PUT /team/{id}", []string{"Member"}, "Reply", all.reply)
	for _, f := range newFeeds() {
		s.serve(&served{f, all})
	}
	newLogin(&s.mu, all).serve(s.mux)
	return s
}

// serve answers for one feed and its items.
func (s *Server) serve(f *served) {
	s.handle("GET "+f.path, []string{f.list}, "", f.rows)
	s.handle("POST "+f.path, nil, "New"+f.media, f.create)
	s.handle("GET "+f.path+"/{id}", f.item, "", f.one)
	s.handle("PUT "+f.path+"/{id}", f.item, f.media, f.update)
	s.handle("DELETE "+f.path+"/{id}", nil, "", f.remove)
	if f.when == "start_time" {
		s.handle("GET "+f.path+"/{id}/comments", []string{"CommentThread"}, "", f.thread)
		s.handle("POST "+f.path+"/{id}/comments", []string{"CommentThread"}, "Comment", f.comment)
	}
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Calls are the requests so far.
func (s *Server) Calls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

// request is what a handler is asked, with the body of a write.
type request struct {
	*http.Request
	body map[string]any
}

// answer is what a handler answers; a status of 0 is 200.
type answer struct {
	status   int
	location string
	body     any
}

// refusal is an answer other than 2xx.
type refusal struct {
	status int
	body   map[string]any
}

// Error is the reason.
func (r *refusal) Error() string { return fmt.Sprint(r.body["reason"]) }

func refuse(status int, format string, a ...any) error {
	return &refusal{status, map[string]any{"reason": fmt.Sprintf(format, a...)}}
}

var errNotFound = &refusal{http.StatusNotFound, map[string]any{"reason": "not found"}}

// media is the name of a media type.
func media(name string) string { return "application/vnd.com.runkeeper." + name + "+json" }

// handle answers one method of one path. accept are the media types that can be
// asked for, empty for any; send is the media type of the body, empty without a
// body.
func (s *Server) handle(pattern string, accept []string, send string, do func(*person, request) (answer, error)) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		a, kind, err := s.answer(r, accept, send, do)
		if err != nil {
			no := &refusal{status: http.StatusBadRequest, body: map[string]any{"reason": err.Error()}}
			errors.As(err, &no)
			write(w, r, "application/json", no.status, no.body)
			return
		}
		if a.location != "" {
			w.Header().Set("Location", a.location)
		}
		write(w, r, kind, max(a.status, http.StatusOK), a.body)
	})
}

func (s *Server) answer(r *http.Request, accept []string, send string, do func(*person, request) (answer, error)) (a answer, kind string, err error) {
	p, err := s.whose(r)
	if err != nil {
		return a, "", err
	}
	i := slices.IndexFunc(accept, func(name string) bool { return strings.EqualFold(media(name), r.Header.Get("Accept")) })
	switch {
	case len(accept) > 0 && i < 0:
		return a, "", refuse(http.StatusNotAcceptable, "not acceptable")
	case len(accept) > 0:
		kind = media(accept[i])
	}
	asked := request{Request: r}
	if send != "" {
		if asked.body, err = body(r, send); err != nil {
			return a, "", err
		}
	}
	if a, err = do(p, asked); err == nil && r.Method != http.MethodGet {
		err = s.athletes.save()
	}
	return a, kind, err
}

// most is how much of a body is read, in bytes.
const most = 1 << 20

// body reads the body of a write, which must be of an exact type.
func body(r *http.Request, send string) (map[string]any, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || !strings.EqualFold(kind, media(send)) {
		return nil, refuse(http.StatusUnsupportedMediaType, "the content type is not %s", media(send))
	}
	text, err := io.ReadAll(io.LimitReader(r.Body, most))
	if err != nil {
		return nil, err
	}
	out := map[string]any{}
	if json.Unmarshal(text, &out) != nil || len(out) == 0 {
		return nil, refuse(http.StatusBadRequest, "the body is not an object with properties")
	}
	return out, nil
}

// whose finds whose token a request has, or says why it is refused.
func (s *Server) whose(r *http.Request) (*person, error) {
	s.calls++
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	name, known := strings.CutPrefix(token, s.athletes.options.prefix())
	if text, err := url.QueryUnescape(name); err == nil {
		name = text
	}
	given, ok := s.athletes.data.Tokens[token]
	most := s.athletes.options.Calls
	switch {
	case most > 0 && s.calls > most:
		s.calls = 0
		return nil, refuse(http.StatusTooManyRequests, "Rate-limit exceeded. rate limit is %d calls per 15 minutes", most)
	case strings.HasPrefix(token, revokedPrefix), ok && given == "":
		return nil, &refusal{http.StatusForbidden, map[string]any{"reason": "Revoked", "delete_health": true}}
	case ok:
		name = given
	case !known || name == "":
		return nil, refuse(http.StatusUnauthorized, "Unauthorized")
	}
	return s.athletes.person(name), nil
}

// write sends an answer in the encoding that is asked for.
func write(w http.ResponseWriter, r *http.Request, media string, status int, body any) {
	if body == nil {
		w.WriteHeader(status)
		return
	}
	data, err := json.Marshal(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	charset := "UTF-8"
	if !strings.EqualFold(r.Header.Get("Accept-Charset"), charset) {
		charset, data = "ISO-8859-1", latin(data)
	}
	w.Header().Set("Content-Type", media+";charset="+charset)
	w.WriteHeader(status)
	if _, err := w.Write(data); err != nil {
		// The client has gone.
		return
	}
}

// latin writes a text in ISO-8859-1, with ? for what that does not have.
func latin(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for _, r := range string(text) {
		if r > 255 {
			r = '?'
		}
		out = append(out, byte(r))
	}
	return out
}
