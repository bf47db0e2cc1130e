package openapitest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMiddleware(t *testing.T) {
	documents := Load(t)
	cases := map[string]struct {
		reason             string
		method, path, body string
		version            string
		status             int
		answer             string
		want               int // how many disagreements are reported
	}{
		"agreed":          {"nothing to report", "GET", "/contacts/CON", "", "2021-07-28", 200, `{"contact":{"id":"CON"}}`, 0},
		"version":         {"the header has a closed set of values", "GET", "/contacts/CON", "", "2021-04-15", 200, `{}`, 1},
		"no version":      {"the header is required", "GET", "/contacts/CON", "", "", 200, `{}`, 1},
		"path":            {"an operation must exist", "GET", "/contacts/CON/tags", "", "2021-07-28", 404, ``, 1},
		"query":           {"queries are strict", "GET", "/contacts/CON?x=1", "", "2021-07-28", 200, `{}`, 1},
		"property":        {"bodies are strict", "PUT", "/contacts/CON", `{"gender":"x"}`, "2021-07-28", 200, `{}`, 1},
		"nested property": {"at any depth", "PUT", "/contacts/CON", `{"dndSettings":{"Fax":{}}}`, "2021-07-28", 200, `{}`, 1},
		"type":            {"types are checked", "PUT", "/contacts/CON", `{"dnd":"yes"}`, "2021-07-28", 200, `{}`, 1},
		"required":        {"what is required is there", "POST", "/contacts/", `{"email":"a@example.com"}`, "2021-07-28", 201, `{}`, 1},
		"exception":       {"a declared exception is not reported", "PUT", "/contacts/CON", `{"ssn":"1"}`, "2021-07-28", 200, `{}`, 0},
		"answer":          {"answers are checked", "GET", "/contacts/CON", "", "2021-07-28", 200, `{"contact":{"dnd":"no"}}`, 1},
		"status":          {"statuses are checked", "GET", "/contacts/CON", "", "2021-07-28", 204, ``, 1},
		"gateway":         {"the gateway's answers are its own", "GET", "/contacts/CON", "", "2021-07-28", 429, `{}`, 0},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			next := http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
				if got, err := io.ReadAll(req.Body); err != nil || string(got) != tc.body {
					t.Errorf("the handler reads %q, %v", got, err)
				}
				w.WriteHeader(tc.status)
				_, _ = io.WriteString(w, tc.answer)
			})
			req := httptest.NewRequest(tc.method, tc.path, strings.NewReader(tc.body))
			req.Header.Set("Authorization", "Bearer x")
			if tc.version != "" {
				req.Header.Set("Version", tc.version)
			}
			var reported []string
			rec := httptest.NewRecorder()
			documents.Middleware(next, func(err error) { reported = append(reported, err.Error()) }).ServeHTTP(rec, req)
			if len(reported) != tc.want {
				t.Errorf("%s: reported %q, want %d", tc.reason, reported, tc.want)
			}
			if diff := cmp.Diff([]any{tc.status, tc.answer}, []any{rec.Code, rec.Body.String()}); diff != "" {
				t.Errorf("the answer is handed on (-want +got):\n%s", diff)
			}
		})
	}
}

// TestLoad reads what lies in the folder, and no more.
func TestLoad(t *testing.T) {
	present := Load(t)
	if len(present.apps) < 3 || len(present.operations) < 100 {
		t.Errorf("%d operations in the documents of %q", len(present.operations), present.apps)
	}
	folder := t.TempDir()
	for _, app := range []string{"tills", "books"} {
		text := `{"openapi":"3.0.0","info":{"title":"x","version":"1"},"paths":{"/` + app + `/":{"get":{"responses":{"200":{"description":"ok"}}}}}}`
		if err := os.WriteFile(filepath.Join(folder, app+".json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv(folderVariable, folder)
	if diff := cmp.Diff(map[string][]string{"books": {"GET /books/"}, "tills": {"GET /tills/"}}, Load(t).Operations()); diff != "" {
		t.Errorf("every document counts (-want +got):\n%s", diff)
	}
}

// failing notes that a test would have failed or been skipped.
type failing struct {
	testing.TB
	did string
}

// Helper keeps the line of the caller.
func (f *failing) Helper() {}

// Fatalf ends the test as failed.
func (f *failing) Fatalf(format string, args ...any) {
	f.did = "failed: " + fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// Skipf ends the test as skipped.
func (f *failing) Skipf(format string, args ...any) {
	f.did = "skipped: " + fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// TestLoadNothing fails where the documents are expected.
func TestLoadNothing(t *testing.T) {
	folder := t.TempDir()
	cases := map[string]struct{ reason, folder, work, want string }{
		"expected":   {"who names a folder expects them", folder, ".", "failed: LOCKSTEP_OPENAPI: " + folder + " has none"},
		"not at all": {"a clone of the module has none", "", folder, "skipped: nothing is checked against the official OpenAPI documents: "},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Setenv(folderVariable, tc.folder)
			if tc.work != "." {
				t.Chdir(tc.work)
				if err := os.WriteFile("go.mod", []byte("module x\n"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			f := &failing{TB: t}
			done := make(chan struct{})
			go func() {
				defer close(done)
				Load(f)
			}()
			<-done
			if !strings.HasPrefix(f.did, tc.want) {
				t.Errorf("%s: %q, want %q", tc.reason, f.did, tc.want)
			}
		})
	}
}
