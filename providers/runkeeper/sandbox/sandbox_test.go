package sandbox

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func now() time.Time { return time.Date(2026, 6, 17, 2, 30, 0, 0, time.UTC) }

// ask makes one request.
func ask(t *testing.T, s *Server, target, token, media string, header ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://sandbox"+target, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Accept", "application/vnd.com.runkeeper."+media+"+json")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := s.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

// TestPages follows next to the oldest item, and meets each once.
func TestPages(t *testing.T) {
	s := New(Options{Now: now})
	link, seen, pages := "/fitnessActivities", map[string]bool{}, 0
	var last time.Time
	size := 0
	for link != "" {
		_, body := ask(t, s, link, Token("ada"), "FitnessActivityFeed")
		var p struct {
			Size  int
			Next  string
			Items []struct {
				URI   string
				Start string `json:"start_time"`
			}
		}
		if err := json.Unmarshal([]byte(body), &p); err != nil {
			t.Fatal(err)
		}
		for _, item := range p.Items {
			start, err := time.Parse(clockForm, item.Start)
			if err != nil || seen[item.URI] || !last.IsZero() && start.After(last) {
				t.Errorf("%s at %s comes twice or too late: %v", item.URI, item.Start, err)
			}
			seen[item.URI], last = true, start
		}
		if p.Next != "" && (len(p.Items) != 25 || !strings.HasPrefix(p.Next, "/fitnessActivities?page=")) {
			t.Errorf("a page of %d before %q", len(p.Items), p.Next)
		}
		link, size, pages = p.Next, p.Size, pages+1
	}
	if len(seen) != size || pages < 5 {
		t.Errorf("%d items on %d pages, want %d", len(seen), pages, size)
	}
}

func TestAnswers(t *testing.T) {
	utf := []string{"Accept-Charset", "UTF-8"}
	cases := map[string]struct {
		reason        string
		target, token string
		media         string
		header        []string
		status        int
		kind, want    string
	}{
		"User":    {"the root", "/user", Token("ada"), "User", utf, 200, "application/vnd.com.runkeeper.User+json;charset=UTF-8", `"fitness_activities":"/fitnessActivities"`},
		"Case":    {"media types in any case", "/user", Token("ada"), "user", nil, 200, "application/vnd.com.runkeeper.User+json;charset=ISO-8859-1", `"userID":`},
		"Media":   {"the type selects the shape", "/weight", Token("ada"), "WeightFeed", utf, 406, "application/json;charset=UTF-8", "reason"},
		"Token":   {"nobody's token", "/user", "x", "User", utf, 401, "application/json;charset=UTF-8", "Unauthorized"},
		"Revoked": {"disconnected", "/user", RevokedToken("ada"), "User", utf, 403, "application/json;charset=UTF-8", `"delete_health":true`},
		"Gone":    {"nobody's activity", "/fitnessActivities/1", Token("ada"), "FitnessActivitySummary", utf, 404, "application/json;charset=UTF-8", "not found"},
		"Page":    {"no number", "/weight?page=x", Token("ada"), "WeightSetFeed", utf, 400, "application/json;charset=UTF-8", "page is not a number"},
		"Beyond":  {"after the last page", "/weight?page=999999999", Token("ada"), "WeightSetFeed", utf, 200, "application/vnd.com.runkeeper.WeightSetFeed+json;charset=UTF-8", `"items":[]`},
		"Empty":   {"nothing measured", "/sleep", Token("ada"), "SleepSetFeed", utf, 200, "application/vnd.com.runkeeper.SleepSetFeed+json;charset=UTF-8", `{"size":0,"items":[]}`},
		"Days":    {"within two days, both within", "/fitnessActivities?noEarlierThan=2030-01-01&noLaterThan=2030-01-02", Token("ada"), "FitnessActivityFeed", utf, 200, "application/vnd.com.runkeeper.FitnessActivityFeed+json;charset=UTF-8", `"size":0`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			answer, body := ask(t, New(Options{Now: now}), tc.target, tc.token, tc.media, tc.header...)
			if diff := cmp.Diff(tc.kind, answer.Header.Get("Content-Type")); diff != "" || answer.StatusCode != tc.status || !strings.Contains(body, tc.want) {
				t.Errorf("%s: %d %s (-want +got):\n%s", tc.reason, answer.StatusCode, body, diff)
			}
		})
	}
}

// TestLatin writes umlauts as one byte unless UTF-8 is asked for.
func TestLatin(t *testing.T) {
	s := New(Options{Now: now})
	for n := range 100 {
		name := fmt.Sprintf("person%d", n)
		_, latin := ask(t, s, "/profile", Token(name), "Profile")
		_, utf := ask(t, s, "/profile", Token(name), "Profile", "Accept-Charset", "utf-8")
		if strings.Contains(utf, "Müller") {
			if !strings.Contains(latin, "M\xfcller") {
				t.Errorf("the profile is %q", latin)
			}
			return
		}
	}
	t.Error("nobody has an umlaut")
}

// TestRefusal refuses once when too many calls were made.
func TestRefusal(t *testing.T) {
	s := New(Options{Now: now, Calls: 2})
	var got []int
	for range 4 {
		answer, _ := ask(t, s, "/user", Token("ada"), "User")
		got = append(got, answer.StatusCode)
	}
	if diff := cmp.Diff([]int{200, 200, 429, 200}, got); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
}
