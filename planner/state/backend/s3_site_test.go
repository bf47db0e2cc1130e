package backend_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"lockstep/planner/state/backend"
)

func TestS3Settings(t *testing.T) {
	club := map[string]string{"bucket": "club", "key": "state"}
	with := func(more map[string]string) map[string]string {
		all := maps.Clone(club)
		maps.Copy(all, more)
		return all
	}
	elsewhere := map[string]string{"endpoint": "https://s3.example.com"}
	cases := map[string]struct {
		reason    string
		arguments map[string]string
		vars      map[string]string
		want      string
	}{
		"None":     {"a bucket has many states", nil, nil, "needs a bucket and a key"},
		"Amazon":   {"the files may name a bucket at Amazon's", club, nil, ""},
		"Foreign":  {"but no server for the credentials", with(elsewhere), nil, "no credentials are sent to s3.example.com, which only the files name"},
		"Both":     {"credentials go where the environment says", with(elsewhere), map[string]string{"LOCKSTEP_S3_ENDPOINT": "https://s3.example.com/"}, ""},
		"Amazons":  {"in Amazon's words too", with(elsewhere), map[string]string{"AWS_ENDPOINT_URL_S3": "https://s3.example.com"}, ""},
		"Led":      {"a file cannot lead elsewhere", with(elsewhere), map[string]string{"AWS_ENDPOINT_URL": "https://s3.example.org"}, "is not the one in the environment"},
		"Region":   {"nor can a region, which is a part of the host", with(map[string]string{"region": "x.evil.example/"}), nil, "no region"},
		"Bucket":   {"nor can a bucket", map[string]string{"bucket": "evil.example/", "key": "k"}, nil, "no bucket"},
		"Clear":    {"states hold personal data", club, map[string]string{"LOCKSTEP_S3_ENDPOINT": "http://s3.example.com"}, "is not encrypted"},
		"Written":  {"a password stands in no file", with(map[string]string{"endpoint": "https://ann:hush@s3.example.com"}), nil, "has a user or password in it"},
		"Path":     {"an endpoint is a server", with(map[string]string{"endpoint": "https://s3.example.com/club"}), nil, "is not an address"},
		"Style":    {"a setting is true or false", with(map[string]string{"use_path_style": "often"}), nil, "true or false"},
		"Loopback": {"a server on this machine needs no TLS", with(map[string]string{"endpoint": "http://127.0.0.1:9000"}), nil, ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := backend.Open(backend.Options{Type: "s3", Arguments: tc.arguments, Getenv: environment(tc.vars)})
			switch {
			case tc.want == "" && err != nil, tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)):
				t.Errorf("%s: got %v, want %q", tc.reason, err, tc.want)
			case err != nil && strings.Contains(err.Error(), "hush"):
				t.Errorf("the password is in %q", err)
			}
		})
	}
}

// Credentials come from the environment or from the file of a profile; without any,
// nothing is sent.
func TestS3Credentials(t *testing.T) {
	var sent []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent = append(sent, r.Header.Get("Authorization")+" "+r.Header.Get("X-Amz-Security-Token"))
		w.WriteHeader(http.StatusNotFound)
	}))
	t.Cleanup(server.Close)
	cases := map[string]struct {
		reason string
		vars   map[string]string
		want   string
	}{
		"Keys":    {"keys", map[string]string{"AWS_ACCESS_KEY_ID": "AKIA1", "AWS_SECRET_ACCESS_KEY": "hush"}, "Credential=AKIA1/"},
		"Session": {"keys of a session", map[string]string{"AWS_ACCESS_KEY_ID": "AKIA1", "AWS_SECRET_ACCESS_KEY": "hush", "AWS_SESSION_TOKEN": "token1"}, " token1"},
		"Profile": {"a profile", map[string]string{"AWS_SHARED_CREDENTIALS_FILE": "testdata/aws", "AWS_PROFILE": "club"}, "Credential=AKIA2/"},
		"None":    {"no credentials", map[string]string{"AWS_SHARED_CREDENTIALS_FILE": "testdata/none"}, ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			sent = nil
			b := open(t, backend.Options{Type: "s3", Arguments: map[string]string{"bucket": "club", "key": "k", "endpoint": server.URL}, Getenv: environment(tc.vars)})
			_, err := b.Load(t.Context())
			switch all := strings.Join(sent, "\n"); {
			case tc.want == "" && (err == nil || !strings.Contains(err.Error(), "there are no credentials") || all != ""):
				t.Errorf("%s: %v, sent %q", tc.reason, err, all)
			case tc.want != "" && (err != nil || !strings.Contains(all, tc.want) || strings.Contains(all, "hush")):
				t.Errorf("%s: %v, sent %q", tc.reason, err, all)
			}
		})
	}
}
