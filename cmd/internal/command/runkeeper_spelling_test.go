package command

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"lockstep/providers/runkeeper/sandbox"
)

const oneComment = `
provider "runkeeper" {
  account "ada" {}
}
resource "runkeeper_activity" "run" {
  account          = "ada"
  type             = "Running"
  local_start_time = "2026-06-14T08:00:00"
  duration_s       = 1500
}
resource "runkeeper_comment" "said" {
  account     = "ada"
  activity_id = runkeeper_activity.run.id
  comment     = "Well done 😀"
}
`

// latinOnly keeps texts as ISO-8859-1, as an old server may.
func latinOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body map[string]any
		if text, err := io.ReadAll(r.Body); err == nil && json.Unmarshal(text, &body) == nil {
			for name, v := range body {
				if s, ok := v.(string); ok {
					body[name] = strings.Map(func(r rune) rune {
						if r > 255 {
							return '?'
						}
						return r
					}, s)
				}
			}
			text, err = json.Marshal(body)
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			r.Body = io.NopCloser(strings.NewReader(string(text)))
		}
		next.ServeHTTP(w, r)
	})
}

// TestRunkeeperRespelt comments on a server that keeps the comment in other
// words. It is not posted again: it could not be taken back.
func TestRunkeeperRespelt(t *testing.T) {
	server := sandbox.New(sandbox.Options{Empty: true, Now: time.Now})
	web := httptest.NewServer(latinOnly(server))
	t.Cleanup(web.Close)
	dir := folder(t, oneComment)
	apply := func() ran {
		return run(t.Context(), Env{Environ: []string{"RUNKEEPER_BASE_URL=" + web.URL, "RUNKEEPER_TOKEN_ADA=" + sandbox.Token("ada")}}, dir, "apply", "-auto-approve")
	}
	if got := apply(); got.code != ExitOK {
		t.Errorf("the first apply exits %d:\n%s%s", got.code, got.stdout, got.stderr)
	}
	for range 2 {
		got := apply()
		if got.code != ExitError || !strings.Contains(got.stderr, "main.hcl line 14") || !strings.Contains(got.stderr, "comment cannot be changed in place") {
			t.Errorf("the next apply exits %d:\n%s%s", got.code, got.stdout, got.stderr)
		}
	}
	r := httptest.NewRequest(http.MethodGet, "/fitnessActivities/7000000001/comments", nil)
	r.Header.Set("Authorization", "Bearer "+sandbox.Token("ada"))
	r.Header.Set("Accept", "application/vnd.com.runkeeper.CommentThread+json")
	answer := httptest.NewRecorder()
	if server.ServeHTTP(answer, r); strings.Count(answer.Body.String(), "Well done") != 1 {
		t.Errorf("the thread is %s", answer.Body)
	}
}
