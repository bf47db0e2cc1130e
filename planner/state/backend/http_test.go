package backend_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/planner/state"
	"lockstep/planner/state/backend"
	"lockstep/planner/state/backend/backendtest"
)

// environment is a lookup of variables.
func environment(vars map[string]string) func(string) string {
	return func(name string) string { return vars[name] }
}

func open(t *testing.T, o backend.Options) state.Backend {
	t.Helper()
	b, err := backend.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestLocal(t *testing.T) {
	backendtest.Suite(t, func(t *testing.T) func() state.Backend {
		path := t.TempDir() + "/state.jsonl"
		return func() state.Backend { return open(t, backend.Options{Type: "local", Path: path}) }
	})
}

// gitlab is how GitLab's documentation configures the backend.
func gitlab(address string) map[string]string {
	return map[string]string{
		"LOCKSTEP_HTTP_ADDRESS": address + "/state", "LOCKSTEP_HTTP_LOCK_ADDRESS": address + "/lock",
		"LOCKSTEP_HTTP_LOCK_METHOD": "POST", "LOCKSTEP_HTTP_UNLOCK_METHOD": "DELETE",
		"LOCKSTEP_HTTP_USERNAME": "ann", "LOCKSTEP_HTTP_PASSWORD": "a secret",
	}
}

func TestHTTP(t *testing.T) {
	cases := map[string]struct {
		reason string
		server *backendtest.Terraform
		vars   func(address string) map[string]string
	}{
		"Plain":  {"LOCK and UNLOCK at one address", &backendtest.Terraform{}, func(string) map[string]string { return nil }},
		"GitLab": {"a password, and locks at another address", &backendtest.Terraform{User: "ann", Password: "a secret"}, gitlab},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			backendtest.Suite(t, func(t *testing.T) func() state.Backend {
				server := httptest.NewServer(&backendtest.Terraform{User: tc.server.User, Password: tc.server.Password})
				t.Cleanup(server.Close)
				o := backend.Options{Type: "http", Arguments: map[string]string{"address": server.URL + "/state"}, Getenv: environment(tc.vars(server.URL))}
				return func() state.Backend { return open(t, o) }
			})
		})
	}
}

// Every fifth answer is lost, and all is there as if none had been.
func TestHTTPLost(t *testing.T) {
	backendtest.Suite(t, func(t *testing.T) func() state.Backend {
		server := httptest.NewServer(backendtest.Lossy(&backendtest.Terraform{}, 5))
		t.Cleanup(server.Close)
		o := backend.Options{Type: "http", Arguments: map[string]string{"address": server.URL}, Getenv: environment(nil)}
		return func() state.Backend { return open(t, o) }
	})
}

func TestHTTPSettings(t *testing.T) {
	cases := map[string]struct {
		reason    string
		arguments map[string]string
		vars      map[string]string
		want      string
	}{
		"None":     {"without an address there is no state", nil, nil, "has no address"},
		"File":     {"an address in the files is enough", map[string]string{"address": "https://example.com/s"}, nil, ""},
		"Password": {"a password goes nowhere on the word of a file", map[string]string{"address": "https://example.com/s"}, map[string]string{"LOCKSTEP_HTTP_PASSWORD": "hush"}, "not sent to example.com, which only the files name"},
		"Both": {"a password goes where the environment says", map[string]string{"address": "https://example.com/s"},
			map[string]string{"LOCKSTEP_HTTP_PASSWORD": "hush", "LOCKSTEP_HTTP_ADDRESS": "https://example.com/s"}, ""},
		"Foreign": {"a file cannot lead elsewhere", map[string]string{"address": "https://evil.example/s"},
			map[string]string{"LOCKSTEP_HTTP_PASSWORD": "hush", "LOCKSTEP_HTTP_ADDRESS": "https://example.com/s"}, "is not the one in LOCKSTEP_HTTP_ADDRESS"},
		"Lock": {"nor can the address of the lock", map[string]string{"lock_address": "https://evil.example/s"},
			map[string]string{"LOCKSTEP_HTTP_PASSWORD": "hush", "LOCKSTEP_HTTP_ADDRESS": "https://example.com/s"}, "lock_address is on another server (evil.example)"},
		"Clear":   {"states hold personal data", map[string]string{"address": "http://example.com/s"}, nil, "is not encrypted"},
		"Written": {"a password stands in no file", map[string]string{"address": "https://ann:hush@example.com/s"}, nil, "has a user or password in it"},
		"Odd":     {"no address at all", map[string]string{"address": "state.json"}, nil, "is not an address"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := backend.Open(backend.Options{Type: "http", Arguments: tc.arguments, Getenv: environment(tc.vars)})
			switch {
			case tc.want == "" && err != nil, tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)):
				t.Errorf("%s: got %v, want %q", tc.reason, err, tc.want)
			case err != nil && strings.Contains(err.Error(), "hush"):
				t.Errorf("the password is in %q", err)
			}
		})
	}
}

// A query may have a token, so it is not shown.
func TestHTTPQuery(t *testing.T) {
	server := httptest.NewServer(&backendtest.Terraform{})
	t.Cleanup(server.Close)
	o := backend.Options{Type: "http", Arguments: map[string]string{"address": server.URL + "/state?token=hush"}, Getenv: environment(nil)}
	b := open(t, o)
	if diff := cmp.Diff(server.URL+"/state?…", b.Name()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if _, err := b.Lock(t.Context(), "ann"); err != nil {
		t.Fatal(err)
	}
	_, err := open(t, o).Lock(t.Context(), "bob")
	if err == nil || !strings.Contains(err.Error(), "locked by ann") || strings.Contains(err.Error(), "hush") {
		t.Errorf("got %v", err)
	}
}

// What a server answers becomes an error that says what to do.
func TestHTTPRefused(t *testing.T) {
	cases := map[string]struct {
		reason   string
		status   int
		answer   string
		load     bool
		location string
		want     string
	}{
		"Unauthorized": {"a password is missing or wrong", 401, "denied", true, "", "Set LOCKSTEP_HTTP_USERNAME"},
		"Redirect":     {"a password does not follow", 302, "", true, "https://evil.example/", "Write the address that it redirects to"},
		"Fault":        {"a server's own words", 500, "no disk", true, "", "500 Internal Server Error: no disk"},
		"Other":        {"a state of Terraform is not written over", 200, `{"version":4,"serial":1,"resources":[]}`, true, "", "something else than a lockstep state"},
		"Newer":        {"nor is one of later days", 200, `{"lockstep_log":9,"serial":1,"lines":[]}`, true, "", "newer lockstep"},
		"NoLocks":      {"a server without locks", 405, "", false, "", "A state that is not locked"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if tc.location != "" {
					w.Header().Set("Location", tc.location)
				}
				w.WriteHeader(tc.status)
				_, _ = w.Write([]byte(tc.answer))
			}))
			t.Cleanup(server.Close)
			b := open(t, backend.Options{Type: "http", Arguments: map[string]string{"address": server.URL}, Getenv: environment(nil)})
			_, err := b.Load(t.Context())
			if !tc.load {
				_, err = b.Lock(t.Context(), "ann")
			}
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s: got %v, want %q", tc.reason, err, tc.want)
			}
		})
	}
}
