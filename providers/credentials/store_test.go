package credentials

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zalando/go-keyring"
)

// noKeyring is a machine without one.
func noKeyring(t *testing.T) {
	t.Helper()
	keyring.MockInitWithError(errors.New("no keyring here"))
	t.Cleanup(keyring.MockInit)
}

var sample = Login{ClientID: "app", ClientSecret: testSecret, AccessToken: firstAccess, RefreshToken: firstFresh, Details: map[string]string{"location": "LOC"}}

// home sends the user's configuration folder to a temporary one.
func home(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("HOME", dir)
	t.Setenv("XDG_CONFIG_HOME", dir)
	t.Setenv("AppData", dir)
	return dir
}

func TestStore(t *testing.T) {
	type result struct {
		SaveErr  string
		Loaded   bool
		InFile   bool
		Accounts []string
	}
	cases := map[string]struct {
		reason string
		where  string
		broken bool
		want   result
	}{
		"keyring":          {reason: "the keyring is preferred", want: result{Loaded: true, Accounts: []string{"ghl:LOC"}}},
		"no keyring":       {reason: "the file stands in", broken: true, want: result{Loaded: true, InFile: true, Accounts: []string{"ghl:LOC"}}},
		"only the keyring": {reason: "insisting on the keyring", where: "keyring", broken: true, want: result{SaveErr: "the keyring does not take the login: no keyring here", Accounts: []string{}}},
		"only the file":    {reason: "insisting on the file", where: "file", want: result{Loaded: true, InFile: true, Accounts: []string{"ghl:LOC"}}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			home(t)
			keyring.MockInit()
			if tc.broken {
				noKeyring(t)
			}
			store, err := Open(tc.where)
			if err != nil {
				t.Fatal(err)
			}
			var got result
			if err := store.Save(context.Background(), "ghl:LOC", sample); err != nil {
				got.SaveErr = err.Error()
			}
			l, err := store.Load("ghl:LOC")
			got.Loaded = err == nil && cmp.Equal(sample, l)
			text, _ := os.ReadFile(store.Path())
			got.InFile = strings.Contains(string(text), firstFresh)
			got.Accounts, _ = store.Accounts()
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestKeyringLeaves lets the keyring go between two writes: the newest login
// counts, wherever it is.
func TestKeyringLeaves(t *testing.T) {
	home(t)
	keyring.MockInit()
	store, err := Open("")
	if err != nil {
		t.Fatal(err)
	}
	newer := sample
	newer.RefreshToken = "newer-secret"
	for i, step := range []struct {
		broken bool
		login  Login
	}{{false, sample}, {true, newer}, {false, sample}} {
		if step.broken {
			noKeyring(t)
		} else {
			keyring.MockInit()
		}
		if err := store.Save(context.Background(), "ghl:LOC", step.login); err != nil {
			t.Fatal(err)
		}
		got, err := store.Load("ghl:LOC")
		if err != nil || got.RefreshToken != step.login.RefreshToken {
			t.Errorf("step %d: the login that was saved last is not the one that is loaded: %v", i, err)
		}
	}
	if err := store.Delete(context.Background(), "ghl:LOC"); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Load("ghl:LOC"); !errors.Is(err, ErrNone) {
		t.Errorf("a deleted login loads: %v", err)
	}
	if _, err := keyring.Get("lockstep", "ghl:LOC"); !errors.Is(err, keyring.ErrNotFound) {
		t.Errorf("a deleted login stays in the keyring: %v", err)
	}
	if err := store.Delete(context.Background(), "ghl:LOC"); !errors.Is(err, ErrNone) {
		t.Errorf("deleting twice: %v", err)
	}
}

func TestFile(t *testing.T) {
	cases := map[string]struct {
		reason string
		text   string
		mode   os.FileMode
		want   string
	}{
		"open":    {reason: "others may read it", text: `{"version":1}`, mode: 0o644, want: "chmod 600"},
		"damaged": {reason: "what it holds is not quoted", text: `{"version":1,"accounts":{"ghl:LOC":"` + firstAccess + `"}}`, mode: 0o600, want: "is damaged"},
		"newer":   {reason: "it is not understood", text: `{"version":2}`, mode: 0o600, want: "newer version"},
		"empty":   {reason: "there was no login", text: `{"version":1}`, mode: 0o600, want: ErrNone.Error()},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "credentials.json")
			if err := os.WriteFile(path, []byte(tc.text), tc.mode); err != nil {
				t.Fatal(err)
			}
			store, err := Open(path)
			if err != nil {
				t.Fatal(err)
			}
			_, err = store.Load("ghl:LOC")
			if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), firstAccess) {
				t.Errorf("%s: got %v, want %q", tc.reason, err, tc.want)
			}
		})
	}
}

func TestModes(t *testing.T) {
	store := fileStore(t, "ghl:LOC", sample)
	got := map[string]os.FileMode{}
	dir := filepath.Dir(store.Path())
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		got[e.Name()] = info.Mode()
	}
	info, err := os.Stat(dir)
	if err != nil {
		t.Fatal(err)
	}
	got["."] = info.Mode()
	want := map[string]os.FileMode{"credentials.json": 0o600, "credentials.json.lock": 0o600, ".": os.ModeDir | 0o700}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files of the store (-want +got):\n%s", diff)
	}
}

func TestPrintedLogin(t *testing.T) {
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d"} {
		text := fmt.Sprintf(verb+" "+verb+" "+verb, sample, &sample, []Login{sample}) + fmt.Sprintf(verb, &Source{login: sample})
		for _, secret := range sample.secrets() {
			if strings.Contains(text, secret) {
				t.Errorf("%s prints a secret: %s", verb, text)
			}
		}
	}
}

func TestCheckURL(t *testing.T) {
	cases := map[string]struct {
		reason string
		in     string
		want   bool
	}{
		"https":      {reason: "encrypted", in: "https://services.example.com/oauth/token", want: true},
		"http":       {reason: "not encrypted", in: "http://services.example.com/oauth/token"},
		"loopback":   {reason: "does not leave the machine", in: "http://127.0.0.1:8970/oauth/token", want: true},
		"six":        {reason: "does not leave the machine", in: "http://[::1]:8970/oauth/token", want: true},
		"localhost":  {reason: "does not leave the machine", in: "http://localhost:8970/oauth/token", want: true},
		"look-alike": {reason: "the name of another host", in: "http://127.0.0.1.example.com/oauth/token"},
		"no scheme":  {reason: "not an address", in: "services.example.com"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := CheckURL(tc.in) == nil; got != tc.want {
				t.Errorf("%s: %s is accepted: %t, want %t", tc.reason, tc.in, got, tc.want)
			}
		})
	}
}
