package sandbox

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

// What a sandbox answers to when Options leave it open.
const (
	// DefaultLocation is the id of the emulated location (sub-account).
	DefaultLocation = "LOCsandbox0000000000"
	// DefaultToken is the location's private integration token that is accepted.
	DefaultToken = "pit-00000000-0000-4000-8000-000000000000"
	// DefaultAgencyToken is the agency's.
	DefaultAgencyToken = "pit-00000000-0000-4000-8000-00000000a9e4"
	// DefaultClientID and DefaultClientSecret name the OAuth app.
	DefaultClientID     = "00000000000000000000c11e-sandbox1"
	DefaultClientSecret = "00000000-0000-4000-8000-00000000c11e"
)

// Invented is how many objects are made up. The same numbers give the same objects.
type Invented struct {
	Contacts int // people
	// Opportunities is how many of the people have one, in a pipeline named Sales; at
	// most Contacts.
	Opportunities int
}

// Options configure a sandbox. The zero value is an empty, unlimited sandbox
// in memory.
type Options struct {
	Location string // location id, 20 characters; DefaultLocation when empty
	Token    string // the location's accepted bearer token; DefaultToken when empty

	// AgencyToken is the accepted bearer token of the agency that the location
	// belongs to; DefaultAgencyToken when empty.
	AgencyToken string

	// Scopes the token carries, such as "contacts.readonly", and AgencyScopes those
	// of the agency's. Nil means all; a call that needs another scope answers 401, as
	// the real API does.
	Scopes, AgencyScopes []string

	Invented // what is put into a new store

	// Seed is a JSON document that a new store starts from:
	//
	//	{"location": {"name", "country", "timezone", "allowDuplicateContact", "contactUniqueIdentifiers"},
	//	 "users": [{"id", "firstName", "lastName", "email", "role"}], "tags": ["vip"],
	//	 "customFields": [...], "customValues": [...], "businesses": [...],
	//	 "pipelines": [{"id", "name", "stages": [{"id", "name"}]}], "lostReasons": [{"id", "name"}],
	//	 "workflows": [{"id", "name", "status"}], "campaigns": [{"id", "name", "status"}],
	//	 "company": {"name", "email", "country", "timezone"}, "snapshots": [{"id", "name", "type"}],
	//	 "locations": [{"id", "name", "country", "timezone"}],
	//	 "contacts": [{..., "tasks": [...], "notes": [...], "opportunities": [...], "appointments": [...], "conversations": [...]}]}
	//
	// Its objects have the properties of the API's create calls and, where the
	// ids matter, an id. Contacts may also have what the API only reads, such
	// as dateAdded, followers, additionalPhones or deleted. An appointment is
	// {"title", "startTime": "2026-07-20 10:00:00", "endTime", "appointmentStatus",
	// "calendarId", "assignedUserId", "address", "notes"}. A conversation is {"type",
	// "unreadCount", "messages"}, and a message {"messageType", "direction", "status",
	// "body", "dateAdded", "callStatus", "callDuration", "recording": base64,
	// "transcription": [...], "emails": [...]}.
	Seed []byte

	RateMax      int           // requests per RateInterval; 0 is no limit
	RateInterval time.Duration // length of the burst window; 10 s when zero
	Daily        int           // requests per 24 h; 200,000 when zero

	SearchLag time.Duration // how long the searches answer from an older picture

	Faults *Faults // what goes wrong; nil is nothing

	App OAuthApp // the OAuth app

	// DataDir keeps the data across runs. Empty means memory only.
	DataDir string

	Now func() time.Time // clock; time.Now when nil
}

// Call is one API request the sandbox has got.
type Call struct {
	Method string
	Path   string
	Status int    // what was answered; 0 when the connection broke before
	Fault  string // the kind of fault that hit it, if one did
}

// Server is an emulated location. It is an http.Handler, safe for concurrent
// use; requests are answered one at a time.
type Server struct {
	opts   Options
	api    handler // every operation, behind the gate
	tokens handler // the OAuth token endpoint

	mu       sync.Mutex // guards everything below
	gate     *gate
	location *location
	oauth    *oauth
	seen     uint64 // requests so far, for trace ids
	calls    []Call

	faults *injector // nil: nothing goes wrong
}

// Open starts a sandbox: it replays the data directory, if there is one, and
// seeds a store that is new. It fails when the directory is in use by another
// process, when its log is unreadable, and when the seed document is wrong.
func Open(opts Options) (*Server, error) {
	opts = withDefaults(opts)
	if opts.Faults != nil {
		if err := opts.Faults.check(); err != nil {
			return nil, fmt.Errorf("open sandbox: %w", err)
		}
	}
	st := newStore(opts)
	l := newLocation(st)
	kinds := l.kinds()
	app := newOAuth(opts.App, l)
	rt, err := newRouter(st, append(kinds, app))
	if err != nil {
		return nil, fmt.Errorf("open sandbox: %w", err)
	}
	if opts.DataDir != "" {
		if err := st.open(opts.DataDir); err != nil {
			return nil, fmt.Errorf("open sandbox: %w", err)
		}
	}
	if st.fresh {
		p := &planter{router: rt, location: opts.Location, now: opts.Now()}
		if err := p.seed(opts, kinds, l.people); err != nil {
			return nil, errors.Join(&SeedError{err}, st.close())
		}
	}
	s := &Server{opts: opts, location: l, oauth: app,
		gate: &gate{location: privateToken{opts.Token, setOf(opts.Scopes)}, agency: privateToken{opts.AgencyToken, setOf(opts.AgencyScopes)},
			oauth: app, limit: newLimiter(opts)}}
	s.api = chain(rt.dispatch, knownApps, s.gate.authenticate, version, s.gate.limits, rt.routed, s.faulty)
	s.tokens = chain(app.issue, s.faulty)
	if opts.Faults != nil { // after the seed, which nothing may go wrong with
		s.faults = newInjector(st, *opts.Faults.complete())
	}
	return s, nil
}

func withDefaults(opts Options) Options {
	if opts.Location == "" {
		opts.Location = DefaultLocation
	}
	if opts.Token == "" {
		opts.Token = DefaultToken
	}
	if opts.AgencyToken == "" {
		opts.AgencyToken = DefaultAgencyToken
	}
	if opts.App.ID == "" {
		opts.App.ID = DefaultClientID
	}
	if opts.App.Secret == "" {
		opts.App.Secret = DefaultClientSecret
	}
	if opts.App.TokenLifetime == 0 {
		opts.App.TokenLifetime = tokenLifetime
	}
	if opts.RateInterval == 0 {
		opts.RateInterval = 10 * time.Second
	}
	if opts.Daily == 0 {
		opts.Daily = 200_000
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	return opts
}

// Close writes what is pending and lets the data directory go.
func (s *Server) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.location.close()
}

// Location is the id of the emulated location.
func (s *Server) Location() string { return s.opts.Location }

// Company is the id of the agency that the location belongs to.
func (s *Server) Company() string { return s.location.settings.CompanyID }

// AgencyToken is the bearer token of the agency that the sandbox accepts.
func (s *Server) AgencyToken() string { return s.opts.AgencyToken }

// Token is the bearer token of the location that the sandbox accepts.
func (s *Server) Token() string { return s.opts.Token }

// Calls lists the requests answered since Open or ResetCalls, refused ones
// included, in the order they were answered.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Call(nil), s.calls...)
}

// ClientID is the id of the OAuth app.
func (s *Server) ClientID() string { return s.opts.App.ID }

// ClientSecret is the secret of the OAuth app.
func (s *Server) ClientSecret() string { return s.opts.App.Secret }

// ResetCalls forgets the calls so far.
func (s *Server) ResetCalls() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = nil
}
