package command

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"lockstep/providers/runkeeper/sandbox"
)

// runkeeperWorld is an emulated Runkeeper that may lose answers.
type runkeeperWorld struct {
	*httptest.Server
	sandbox *sandbox.Server
	logins  string
	// lose loses the answers to as many writes, after they took effect. From
	// then on nothing can be read while the world is deaf.
	lose       atomic.Int32
	lost, deaf atomic.Bool
	// late keeps the feed of activities from showing any.
	late atomic.Bool
}

func newRunkeeperWorld(t *testing.T) *runkeeperWorld {
	t.Helper()
	w := &runkeeperWorld{logins: filepath.Join(t.TempDir(), "logins.json"), sandbox: sandbox.New(sandbox.Options{Empty: true})}
	w.Server = httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && w.lose.Add(-1) >= 0 {
			w.lost.Store(true)
			w.sandbox.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		}
		if r.Method == http.MethodGet && r.URL.Path == "/fitnessActivities" && w.late.Load() {
			out.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(out, `{"size": 0, "items": []}`)
			return
		}
		if r.Method == http.MethodGet && w.lost.Load() && w.deaf.Load() {
			http.Error(out, `{"reason": "not now"}`, http.StatusForbidden)
			return
		}
		w.sandbox.ServeHTTP(out, r)
	}))
	t.Cleanup(w.Close)
	return w
}

func (w *runkeeperWorld) environ(more ...string) []string {
	return append([]string{
		"LOCKSTEP_CREDENTIALS=" + w.logins, "RUNKEEPER_BASE_URL=" + w.URL, "RUNKEEPER_CLIENT_ID=" + sandbox.ClientID,
		"RUNKEEPER_CLIENT_SECRET=" + sandbox.ClientSecret, "RUNKEEPER_AUTHORIZE_URL=" + w.URL + sandbox.AuthorizePath, "LOCKSTEP_LOG=debug",
	}, more...)
}

// count is the size of a feed of ada.
func (w *runkeeperWorld) count(t *testing.T, path, media string) int {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Authorization", "Bearer "+sandbox.Token("ada"))
	r.Header.Set("Accept", "application/vnd.com.runkeeper."+media+"+json")
	answer := httptest.NewRecorder()
	w.sandbox.ServeHTTP(answer, r)
	var feed struct{ Size int }
	if err := json.Unmarshal(answer.Body.Bytes(), &feed); err != nil || answer.Code != http.StatusOK {
		t.Fatalf("GET %s: %d %s", path, answer.Code, answer.Body)
	}
	return feed.Size
}

const oneRun = `
provider "runkeeper" {
  account "ada" {}
}
resource "runkeeper_activity" "run" {
  account          = "ada"
  type             = "Running"
  local_start_time = "2026-06-14T08:00:00"
  duration_s       = 1500
}
resource "runkeeper_friend" "lin" {
  account = "ada"
  user_id = "650491"
}
resource "runkeeper_measurement" "weight" {
  account = "ada"
  type    = "weight"
  time    = "2026-06-14T07:00:00"
  value   = 61.5
}
`

// TestRunkeeperLostAnswers loses the answers of all creates. What was made is
// looked up: at once, or by the next run, and never made again.
func TestRunkeeperLostAnswers(t *testing.T) {
	cases := map[string]struct {
		reason string
		lose   int32
		deaf   bool
		first  int
	}{
		"Lost":    {"the objects are found at once", 3, false, ExitOK},
		"LostAll": {"the server does not answer for a while; the next run finds them", 3, true, ExitPartial},
		"One":     {"the others are as they should be", 1, false, ExitOK},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			w, dir := newRunkeeperWorld(t), folder(t, oneRun)
			command := func(args ...string) ran {
				ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
				defer cancel()
				return run(ctx, Env{Environ: w.environ("RUNKEEPER_TOKEN_ADA=" + sandbox.Token("ada"))}, dir, args...)
			}
			w.lose.Store(tc.lose)
			w.deaf.Store(tc.deaf)
			if got := command("apply", "-auto-approve"); got.code != tc.first {
				t.Fatalf("%s: exit %d, want %d:\n%s%s", tc.reason, got.code, tc.first, got.stdout, got.stderr)
			}
			w.lose.Store(0)
			w.deaf.Store(false)
			if got := command("apply", "-auto-approve"); got.code != ExitOK {
				t.Fatalf("the next run exits %d:\n%s%s", got.code, got.stdout, got.stderr)
			}
			if got := command("plan", "-detailed-exitcode"); got.code != ExitOK || !strings.Contains(got.stdout, "No changes") {
				t.Errorf("the last plan exits %d:\n%s%s", got.code, got.stdout, got.stderr)
			}
			if runs, weights := w.count(t, "/fitnessActivities", "FitnessActivityFeed"), w.count(t, "/weight", "WeightSetFeed"); runs != 1 || weights != 1 {
				t.Errorf("%s: %d activities and %d weights, want one of each", tc.reason, runs, weights)
			}
		})
	}
}

// TestRunkeeperLate loses the answer to a create that the feed does not show at
// once. It is not made again as long as it may still appear.
func TestRunkeeperLate(t *testing.T) {
	w, dir := newRunkeeperWorld(t), folder(t, oneRun)
	apply := func() ran {
		return run(t.Context(), Env{Environ: w.environ("RUNKEEPER_TOKEN_ADA=" + sandbox.Token("ada"))}, dir, "apply", "-auto-approve")
	}
	w.lose.Store(3) // whichever is sent first
	w.late.Store(true)
	if got := apply(); got.code != ExitPartial || !strings.Contains(got.stderr, "1 unknown") {
		t.Fatalf("a lost answer exits %d:\n%s%s", got.code, got.stdout, got.stderr)
	}
	w.lose.Store(0)
	if got := apply(); got.code != ExitPartial || !strings.Contains(got.stderr, "not made a second time before") {
		t.Errorf("the next run exits %d:\n%s%s", got.code, got.stdout, got.stderr)
	}
	w.late.Store(false)
	if got := apply(); got.code != ExitOK || w.count(t, "/fitnessActivities", "FitnessActivityFeed") != 1 {
		t.Errorf("once it is shown, a run exits %d:\n%s%s", got.code, got.stdout, got.stderr)
	}
}

// TestRunkeeperNeverMade loses a create that did not take effect. It is made when
// it can no longer appear.
func TestRunkeeperNeverMade(t *testing.T) {
	w, dir := newRunkeeperWorld(t), folder(t, oneRun)
	var down atomic.Bool
	down.Store(true)
	front := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && down.Load() {
			http.Error(out, `{"reason": "oops"}`, http.StatusInternalServerError)
			return
		}
		w.sandbox.ServeHTTP(out, r)
	}))
	t.Cleanup(front.Close)
	apply := func(ahead time.Duration) ran {
		var stdout, stderr bytes.Buffer
		code := Run(t.Context(), Env{
			Args: []string{"-chdir=" + dir, "apply", "-auto-approve"}, Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr,
			Environ: w.environ("RUNKEEPER_TOKEN_ADA="+sandbox.Token("ada"), "RUNKEEPER_BASE_URL="+front.URL), Providers: Providers(),
			Now: func() time.Time { return time.Now().Add(ahead) },
		})
		return ran{code, stdout.String(), stderr.String()}
	}
	steps := []struct {
		reason string
		ahead  time.Duration
		code   int
		want   string
	}{
		{"what became of the creates is not known", 0, ExitPartial, "3 unknown"},
		{"they may still appear", 0, ExitPartial, "3 failed"},
		{"now they would be there", time.Minute + time.Second, ExitOK, "3 added"},
	}
	for _, s := range steps {
		if got := apply(s.ahead); got.code != s.code || !strings.Contains(got.stdout+got.stderr, s.want) {
			t.Errorf("%s: exit %d, want %d and %q:\n%s%s", s.reason, got.code, s.code, s.want, got.stdout, got.stderr)
		}
		down.Store(false)
	}
}

// TestRunkeeperLogin logs in, applies with the stored token, and disconnects.
func TestRunkeeperLogin(t *testing.T) {
	w, dir := newRunkeeperWorld(t), folder(t, oneRun)
	all := ""
	step := func(name string, got ran, code int, want string) {
		t.Helper()
		all += got.stdout + got.stderr
		if got.code != code || !strings.Contains(got.stdout+got.stderr, want) {
			t.Errorf("%s: exit %d, want %d and %q:\n%s%s", name, got.code, code, want, got.stdout, got.stderr)
		}
	}
	login := func(person string, environ []string, args ...string) ran {
		var stdout bytes.Buffer
		stderr := &watched{visit: func(address string) {
			answer, err := http.Get(address + "&person=" + person)
			if err != nil {
				t.Error(err)
				return
			}
			answer.Body.Close()
		}}
		code := Run(context.Background(), Env{
			Args:    append([]string{"-chdir=" + dir, "login", "runkeeper", "-no-browser", "-timeout=20s"}, args...),
			Environ: environ, Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: stderr, Providers: Providers(), Now: time.Now,
		})
		return ran{code, stdout.String(), stderr.text.String()}
	}
	command := func(args ...string) ran { return run(context.Background(), Env{Environ: w.environ()}, dir, args...) }
	step("before", command("plan"), ExitError, "lockstep login runkeeper -account=ada")
	step("no account", login("ada", w.environ()), ExitError, "-account=NAME")
	step("no key", login("ada", []string{"LOCKSTEP_CREDENTIALS=" + w.logins}, "-account=ada"), ExitError, "since 2017")
	step("refused", login("-nobody-", w.environ(), "-account=ada"), ExitError, "Access was denied")
	step("login", login("ada", w.environ(), "-account=ada"), ExitOK, "Logged in to Runkeeper as the person ")
	step("apply", command("apply", "-auto-approve"), ExitOK, "Apply complete! Resources: 3 added")
	if got := w.count(t, "/fitnessActivities", "FitnessActivityFeed"); got != 1 {
		t.Errorf("ada has %d activities", got)
	}
	step("elsewhere", run(context.Background(), Env{Environ: append(w.environ(), "RUNKEEPER_BASE_URL=https://other.example.com")}, dir, "plan"), ExitError, "another server")
	stored, err := os.ReadFile(w.logins)
	if err != nil {
		t.Fatal(err)
	}
	token := storedToken(t, stored)
	step("logout", command("logout", "runkeeper", "-account=ada"), ExitOK, `Logged out of Runkeeper for the account "ada"`)
	step("after", run(context.Background(), Env{Environ: w.environ("RUNKEEPER_TOKEN_ADA=" + token)}, dir, "plan"), ExitError, "disconnected")
	step("remedy", run(context.Background(), Env{Environ: w.environ("RUNKEEPER_TOKEN_ADA=" + token)}, dir, "plan"), ExitError, "set RUNKEEPER_TOKEN_ADA to the new token")
	step("logout again", command("logout", "runkeeper", "-account=ada"), ExitError, "There is no stored login")
	wantNoSecret(t, all, token, sandbox.ClientSecret)
}

func storedToken(t *testing.T, text []byte) string {
	t.Helper()
	var file struct {
		Accounts map[string]struct {
			Login struct {
				Token string `json:"access_token"`
			}
		}
	}
	if err := json.NewDecoder(bytes.NewReader(text)).Decode(&file); err != nil && err != io.EOF {
		t.Fatal(err)
	}
	token := file.Accounts["runkeeper:ada"].Login.Token
	if len(token) != 32 {
		t.Fatalf("no token is stored in %s", text)
	}
	return token
}
