package openapitest

import (
	"io"
	"net/http"
	"net/http/httptest"
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
