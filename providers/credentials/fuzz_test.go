package credentials

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzFile reads files of any content: a login, or an error that does not
// quote the file.
func FuzzFile(f *testing.F) {
	f.Add(`{"version":1,"accounts":{"ghl:LOC":{"login":{"access_token":"access-0-secret"}}}}`)
	f.Add(`{"version":1,"accounts":{"ghl:LOC":"access-0-secret"}}`)
	f.Add(`{"version":1,"accounts":null}`)
	f.Add("\xff{")
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), "credentials.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		store, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		store.keyring = false
		if _, err := store.Load("ghl:LOC"); err != nil && strings.Contains(err.Error(), firstAccess) {
			t.Errorf("the error quotes the file: %v", err)
		}
	})
}

// FuzzPasted reads what a person may paste: an address needs the state.
func FuzzPasted(f *testing.F) {
	f.Add("http://127.0.0.1:1/oauth/callback?code=c&state=s")
	f.Add("code")
	f.Add("?error=access_denied&state=the-state")
	f.Fuzz(func(t *testing.T, text string) {
		a := judgePasted(text, "the-state")
		if (a.code == "") == (a.err == nil) && text != "" {
			t.Errorf("%q gives the code %q and the error %v", text, a.code, a.err)
		}
		if strings.Contains(text, "?") && a.err == nil && !strings.Contains(text, "state") && !strings.Contains(text, "%") {
			t.Errorf("%q is accepted without the state", text)
		}
	})
}
