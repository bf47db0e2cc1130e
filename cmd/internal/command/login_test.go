package command

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"lockstep/providers/ghl/sandbox"
)

const liveTag = `resource "ghl_tag" "vip" { name = "vip" }`

// market is the sandbox with its authorize page, and a clock that moves.
type market struct {
	*httptest.Server
	sandbox *sandbox.Server
	logins  string

	mu    sync.Mutex
	ahead time.Duration
}

func newMarket(t *testing.T) *market {
	t.Helper()
	m := &market{logins: filepath.Join(t.TempDir(), "logins.json")}
	now := func() time.Time {
		m.mu.Lock()
		defer m.mu.Unlock()
		return time.Now().Add(m.ahead)
	}
	var err error
	if m.sandbox, err = sandbox.Open(sandbox.Options{Now: now}); err != nil {
		t.Fatal(err)
	}
	m.Server = httptest.NewServer(m.sandbox)
	t.Cleanup(m.Close)
	return m
}

// pass moves the clock of the server; the client's clock stays behind.
func (m *market) pass(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ahead += d
}

func (m *market) environ(more ...string) []string {
	return append([]string{
		"LOCKSTEP_CREDENTIALS=" + m.logins, "GHL_CLIENT_SECRET=" + sandbox.DefaultClientSecret,
		"GHL_BASE_URL=" + m.URL, "GHL_LOCATION_ID=" + m.sandbox.Location(), "LOCKSTEP_LOG=debug",
	}, more...)
}

// calls counts the requests to a path.
func (m *market) calls(path string) int {
	n := 0
	for _, c := range m.sandbox.Calls() {
		if c.Path == path {
			n++
		}
	}
	return n
}

var printed = regexp.MustCompile(`(?m)^  (http\S+)$`)

// watched hears what a command writes, and calls visit with the address that
// it prints.
type watched struct {
	mu    sync.Mutex
	text  bytes.Buffer
	visit func(string)
}

func (w *watched) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text.Write(b)
	if m := printed.FindSubmatch(w.text.Bytes()); m != nil && w.visit != nil {
		go w.visit(string(m[1]))
		w.visit = nil
	}
	return len(b), nil
}

// login runs the command; visit is the person with the browser. An argument such as
// "-client-id=" leaves that flag out.
func (m *market) login(environ []string, dir string, stdin io.Reader, visit func(address string), args ...string) ran {
	var stdout bytes.Buffer
	stderr := &watched{visit: visit}
	all := append([]string{"-chdir=" + dir, "login", "ghl", "-no-browser", "-timeout=20s", "-client-id=" + sandbox.DefaultClientID,
		"-authorize-url=" + m.URL + sandbox.AuthorizePath, "-token-url=" + m.URL + "/oauth/token"}, args...)
	for _, without := range args {
		if strings.HasSuffix(without, "=") {
			all = slices.DeleteFunc(all, func(arg string) bool { return strings.HasPrefix(arg, without) })
		}
	}
	code := Run(context.Background(), Env{
		Args:    all,
		Environ: environ, Stdin: stdin, Stdout: &stdout, Stderr: stderr, Providers: Providers(), Now: time.Now,
	})
	return ran{code, stdout.String(), stderr.text.String()}
}

// allow is a person who agrees.
func allow(t *testing.T) func(string) {
	return func(address string) {
		answer, err := http.Get(address + "&auto=1")
		if err != nil {
			t.Error(err)
			return
		}
		answer.Body.Close()
	}
}

// secrets are all texts of the stored logins that must not be seen.
func (m *market) secrets(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(m.logins)
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`"(?:access_token|refresh_token|client_secret)": "([^"]+)"`).FindAllStringSubmatch(string(text), -1)
	if len(found) == 0 {
		t.Fatal("no secret is stored")
	}
	var secrets []string
	for _, f := range found {
		secrets = append(secrets, f[1])
	}
	return secrets
}

func wantNoSecret(t *testing.T, text string, secrets ...string) {
	t.Helper()
	for _, s := range secrets {
		if strings.Contains(text, s) {
			t.Errorf("a secret is printed:\n%s", text)
		}
	}
}

// TestLogin logs in, plans and applies with the stored login, survives the
// end of the token, and logs out.
func TestLogin(t *testing.T) {
	m, dir := newMarket(t), folder(t, liveTag)
	all := ""
	step := func(name string, got ran, code int, want string) {
		t.Helper()
		all += got.stdout + got.stderr
		if got.code != code || !strings.Contains(got.stdout+got.stderr, want) {
			t.Errorf("%s: exit %d, want %d and %q:\n%s%s", name, got.code, code, want, got.stdout, got.stderr)
		}
	}
	command := func(args ...string) ran { return run(context.Background(), Env{Environ: m.environ()}, dir, args...) }
	step("before", command("plan"), ExitError, "lockstep login ghl -location="+m.sandbox.Location())
	var asked url.Values
	step("login", m.login(m.environ(), dir, strings.NewReader(""), func(address string) {
		if u, err := url.Parse(address); err == nil {
			asked = u.Query()
		}
		allow(t)(address)
	}), ExitOK, "Logged in to the location "+m.sandbox.Location())
	if got := asked.Get("scope"); got != "locations/tags.readonly locations/tags.write" {
		t.Errorf("scopes asked for: %q", got)
	}
	if want := "The login lies unencrypted in " + m.logins; !strings.Contains(all, want) {
		t.Errorf("it is not told that there is no keyring:\n%s", all)
	}
	secrets := m.secrets(t)
	step("apply", command("apply", "-auto-approve"), ExitOK, "Apply complete!")
	before := m.calls("/oauth/token")
	m.pass(25 * time.Hour)
	old := outdate(t, m.logins)
	step("plan, token ended", command("plan", "-detailed-exitcode"), ExitOK, "")
	if got := m.calls("/oauth/token") - before; got != 1 {
		t.Errorf("%d refreshes, want one", got)
	}
	secrets = append(secrets, m.secrets(t)...)
	if old == secrets[len(secrets)-1] {
		t.Error("the refresh token was not rotated")
	}
	state, err := os.ReadFile(filepath.Join(dir, "lockstep.state.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	step("logout", command("logout", "ghl"), ExitOK, "Logged out of the location "+m.sandbox.Location())
	step("after", command("plan"), ExitError, "set GHL_TOKEN")
	step("logout again", command("logout", "ghl"), ExitError, "There is no stored login")
	if n := strings.Count(all, "[debug] POST /oauth/token: 200"); n != 2 {
		t.Errorf("the log shows %d requests to the token endpoint, want the login and a refresh:\n%s", n, all)
	}
	wantNoSecret(t, all+string(state), append(secrets, sandbox.DefaultClientSecret)...)
}

// outdate makes the stored login a day older, and returns its refresh token.
func outdate(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var file map[string]any
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	refresh := ""
	for _, entry := range file["accounts"].(map[string]any) {
		login := entry.(map[string]any)["login"].(map[string]any)
		login["saved"] = time.Now().Add(-25 * time.Hour).Format(time.RFC3339)
		refresh = login["refresh_token"].(string)
	}
	if text, err = json.Marshal(file); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return refresh
}

func TestLoginErrors(t *testing.T) {
	deny := func(address string) {
		u, err := url.Parse(address)
		if err != nil {
			t.Error(err)
			return
		}
		form := u.Query()
		form.Set("decision", "deny")
		u.RawQuery = ""
		if answer, err := http.PostForm(u.String(), form); err == nil {
			answer.Body.Close()
		}
	}
	cases := map[string]struct {
		reason  string
		environ []string
		stdin   string
		visit   func(string)
		args    []string
		want    string
	}{
		"denied":         {reason: "the person says no", visit: deny, want: "Access was denied in the browser."},
		"old code":       {reason: "a code that the server does not know", stdin: "an-old-code\n", want: "The code has expired or was used already"},
		"other login":    {reason: "an address of another login", stdin: "http://127.0.0.1/oauth/callback?code=c&state=s\n", args: []string{"-timeout=1s"}, want: "The state does not match: the answer belongs to another login. It is ignored."},
		"wrong secret":   {reason: "the app has another secret", environ: []string{"GHL_CLIENT_SECRET=wrong-secret"}, visit: allow(t), want: "Check the client id and the client secret"},
		"other location": {reason: "the person chose another location", visit: allow(t), args: []string{"-location=LOC2"}, want: "Nothing was stored"},
		"no secret":      {reason: "there is no terminal to ask for it", environ: []string{"GHL_CLIENT_SECRET="}, want: "GHL_CLIENT_SECRET"},
		"no client":      {reason: "which app?", args: []string{"-client-id="}, want: "-client-id"},
		"unencrypted":    {reason: "the secret must not leave unencrypted", args: []string{"-token-url=http://tokens.example.com/oauth/token"}, want: "use https"},
		"no answer":      {reason: "no person does anything", args: []string{"-timeout=1ms"}, want: "The app was not authorized within 1ms"},
		"agency":         {reason: "which location?", environ: []string{"GHL_LOCATION_ID="}, args: []string{"-agency"}, want: "-location=ID"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			m, dir := newMarket(t), folder(t, liveTag)
			got := m.login(m.environ(tc.environ...), dir, strings.NewReader(tc.stdin), tc.visit, tc.args...)
			if got.code != ExitError || !strings.Contains(got.stderr, tc.want) {
				t.Errorf("%s: exit %d, want 1 and %q:\n%s%s", tc.reason, got.code, tc.want, got.stdout, got.stderr)
			}
			wantNoSecret(t, got.stdout+got.stderr, sandbox.DefaultClientSecret, "wrong-secret")
			if _, err := os.Stat(m.logins); err == nil {
				t.Error("a login was stored")
			}
		})
	}
}

// TestLoginBySandboxVariables needs no flag beside the variables that
// `lockstep sandbox` prints.
func TestLoginBySandboxVariables(t *testing.T) {
	m, dir := newMarket(t), folder(t, liveTag)
	environ := m.environ("GHL_CLIENT_ID="+sandbox.DefaultClientID, "GHL_AUTHORIZE_URL="+m.URL+sandbox.AuthorizePath)
	got := m.login(environ, dir, strings.NewReader(""), allow(t), "-client-id=", "-authorize-url=", "-token-url=")
	if got.code != ExitOK || !strings.Contains(got.stdout, "Logged in") {
		t.Errorf("exit %d:\n%s%s", got.code, got.stdout, got.stderr)
	}
}

// TestLoginPasted brings the address of the page at which the browser of
// another machine ended.
func TestLoginPasted(t *testing.T) {
	m, dir := newMarket(t), folder(t, liveTag)
	stdin, keyboard := io.Pipe()
	got := m.login(m.environ(), dir, stdin, func(address string) {
		client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		answer, err := client.Get(address + "&auto=1")
		if err != nil {
			t.Error(err)
			return
		}
		answer.Body.Close()
		_, _ = io.WriteString(keyboard, answer.Header.Get("Location")+"\n")
	})
	if got.code != ExitOK || !strings.Contains(got.stdout, "Logged in") {
		t.Errorf("exit %d:\n%s%s", got.code, got.stdout, got.stderr)
	}
}

// TestLoginAgency makes the token of a location from the token of its agency,
// and makes it again when it has ended.
func TestLoginAgency(t *testing.T) {
	m, dir := newMarket(t), folder(t, liveTag)
	got := m.login(m.environ(), dir, strings.NewReader(""), allow(t), "-agency")
	if got.code != ExitOK || !strings.Contains(got.stdout, "through its agency") {
		t.Fatalf("exit %d:\n%s%s", got.code, got.stdout, got.stderr)
	}
	m.pass(25 * time.Hour)
	text, err := os.ReadFile(m.logins)
	if err != nil {
		t.Fatal(err)
	}
	ended := regexp.MustCompile(`"(expires|saved)": "[^"]*"`).ReplaceAll(text, []byte(`"$1": "2026-01-01T00:00:00Z"`))
	if err := os.WriteFile(m.logins, ended, 0o600); err != nil {
		t.Fatal(err)
	}
	got = run(context.Background(), Env{Environ: m.environ()}, dir, "apply", "-auto-approve")
	if got.code != ExitOK || !strings.Contains(got.stdout, "Apply complete!") {
		t.Errorf("exit %d:\n%s%s", got.code, got.stdout, got.stderr)
	}
	if n := m.calls("/oauth/locationToken"); n != 2 {
		t.Errorf("%d tokens of the location were made, want 2", n)
	}
	wantNoSecret(t, got.stdout+got.stderr, m.secrets(t)...)
	got = run(context.Background(), Env{Environ: m.environ()}, dir, "logout", "ghl")
	if got.code != ExitOK || strings.Count(got.stdout, "Logged out") != 2 {
		t.Errorf("exit %d:\n%s%s", got.code, got.stdout, got.stderr)
	}
}

// TestLoginStaysHome keeps a stored login from a server that it is not for.
func TestLoginStaysHome(t *testing.T) {
	m, dir := newMarket(t), folder(t, liveTag)
	if got := m.login(m.environ(), dir, strings.NewReader(""), allow(t)); got.code != ExitOK {
		t.Fatalf("exit %d:\n%s%s", got.code, got.stdout, got.stderr)
	}
	asked := 0
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer other.Close()
	got := run(context.Background(), Env{Environ: m.environ("GHL_BASE_URL=" + other.URL)}, dir, "plan")
	if got.code != ExitError || !strings.Contains(got.stderr, "another server") || asked != 0 {
		t.Errorf("exit %d after %d requests to another server:\n%s", got.code, asked, got.stderr)
	}
}

// TestParallelRefresh has two runs refresh one login against the sandbox, and
// a third one later.
func TestParallelRefresh(t *testing.T) {
	m, dir := newMarket(t), folder(t, liveTag)
	if got := m.login(m.environ(), dir, strings.NewReader(""), allow(t)); got.code != ExitOK {
		t.Fatalf("exit %d:\n%s%s", got.code, got.stdout, got.stderr)
	}
	get := func() {
		rt, err := Hooks{Credentials: m.logins}.storedGHL(context.Background(), m.sandbox.Location(), m.URL, nil)
		if err != nil || rt == nil {
			t.Errorf("no stored login: %v", err)
			return
		}
		request, err := http.NewRequest(http.MethodGet, m.URL+"/locations/"+m.sandbox.Location()+"/tags", nil)
		if err != nil {
			t.Error(err)
			return
		}
		request.Header.Set("Version", "2021-07-28")
		answer, err := rt.RoundTrip(request)
		if err != nil {
			t.Error(err)
			return
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			t.Errorf("a request with a refreshed login ends with %s", answer.Status)
		}
	}
	for range 2 {
		m.pass(25 * time.Hour)
		outdate(t, m.logins)
		var group sync.WaitGroup
		group.Go(get)
		group.Go(get)
		group.Wait()
	}
	if n := m.calls("/oauth/token"); n != 3 {
		t.Errorf("the token endpoint was asked %d times, want once for the login and once for each refresh", n)
	}
}
