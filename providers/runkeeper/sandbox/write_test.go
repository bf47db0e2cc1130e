package sandbox

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// send makes one request that changes something, and returns status, Location
// and body.
func send(t *testing.T, s *Server, method, target, token, kind, accept, body string) (int, string, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, "https://sandbox"+target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Accept-Charset", "UTF-8")
	if kind != "" {
		r.Header.Set("Content-Type", media(kind))
	}
	if accept != "" {
		r.Header.Set("Accept", media(accept))
	}
	answer, err := s.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, answer.Header.Get("Location"), string(text)
}

const run = `{"type": "Running", "start_time": "Sat, 1 Jan 2011 00:00:00", "duration": 600}`

func TestRefusedWrites(t *testing.T) {
	cases := map[string]struct {
		reason                             string
		method, target, kind, accept, body string
		status                             int
		want                               string
	}{
		"Item":       {"a new item has a type of its own", "POST", "/fitnessActivities", "FitnessActivity", "", run, 415, "NewFitnessActivity"},
		"JSON":       {"plain JSON is none", "POST", "/fitnessActivities", "", "", run, 415, "content type"},
		"NoObject":   {"a body is an object", "POST", "/fitnessActivities", "NewFitnessActivity", "", `[]`, 400, "not an object"},
		"Missing":    {"a duration is needed", "POST", "/fitnessActivities", "NewFitnessActivity", "", `{"type": "Running", "start_time": "Sat, 1 Jan 2011 00:00:00"}`, 400, "duration is missing"},
		"Unknown":    {"nobody can write a climb", "POST", "/fitnessActivities", "NewFitnessActivity", "", strings.Replace(run, `"duration"`, `"climb": 1, "duration"`, 1), 400, "climb cannot be written"},
		"Time":       {"a time is spelt in its way", "POST", "/fitnessActivities", "NewFitnessActivity", "", strings.Replace(run, "Sat, 1 Jan 2011", "2011-01-01", 1), 400, "start_time is not a time"},
		"Path":       {"a path has two points", "POST", "/fitnessActivities", "NewFitnessActivity", "", strings.Replace(run, `"duration"`, `"path": [], "duration"`, 1), 400, "path is not an array of at least 2"},
		"Secondary":  {"only another type has a second one", "POST", "/fitnessActivities", "NewFitnessActivity", "", strings.Replace(run, `"duration"`, `"secondary_type": "x", "duration"`, 1), 400, "secondary_type"},
		"NoValue":    {"a measurement has a value", "POST", "/weight", "NewWeightSet", "", `{"timestamp": "Sat, 1 Jan 2011 00:00:00"}`, 400, "no value"},
		"OldShape":   {"one value for each item is another type", "POST", "/weight", "NewWeight", "", `{"timestamp": "Sat, 1 Jan 2011 00:00:00", "weight": 1}`, 415, "NewWeightSet"},
		"NoSets":     {"an exercise has sets", "POST", "/strengthTrainingActivities", "NewStrengthTrainingActivity", "", `{"start_time": "Sat, 1 Jan 2011 00:00:00", "exercises": [{"primary_type": "x"}]}`, 400, "without sets"},
		"Gone":       {"what is not there cannot be changed", "PUT", "/fitnessActivities/1", "FitnessActivity", "FitnessActivity", `{"notes": "x"}`, 404, "not found"},
		"GoneDelete": {"nor deleted", "DELETE", "/weight/1", "", "", "", 404, "not found"},
		"Accept":     {"the answer has a type too", "PUT", "/profile", "Profile", "User", `{"athlete_type": "Runner"}`, 406, "not acceptable"},
		"Profile":    {"a name cannot be written", "PUT", "/profile", "Profile", "Profile", `{"name": "x"}`, 400, "name cannot be written"},
		"Settings":   {"units are miles or kilometres", "PUT", "/settings", "Settings", "Settings", `{"distance_units": "m"}`, 400, "distance_units is not one of"},
		"Connected":  {"what Runkeeper knows cannot be written", "PUT", "/settings", "Settings", "Settings", `{"facebook_connected": true}`, 400, "cannot be written"},
		"Nobody":     {"a person has a number", "POST", "/team", "Invitation", "", `{"userID": 0}`, 400, "nobody"},
		"Name":       {"and no name", "POST", "/team", "Invitation", "", `{"name": "x"}`, 400, "not an invitation"},
		"Reply":      {"nobody has asked", "PUT", "/team/650491", "Reply", "Member", `{"reply": "accepted"}`, 404, "not found"},
		"Silence":    {"a comment says something", "POST", "/fitnessActivities/1/comments", "Comment", "CommentThread", `{"comment": ""}`, 404, "not found"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			status, _, text := send(t, New(Options{Now: now}), tc.method, tc.target, Token("ada"), tc.kind, tc.accept, tc.body)
			if status != tc.status || !strings.Contains(text, tc.want) {
				t.Errorf("%s: %d %s, want %d and %q", tc.reason, status, text, tc.status, tc.want)
			}
		})
	}
}

// TestKept writes, and reads it in another process.
func TestKept(t *testing.T) {
	dir := t.TempDir()
	open := func() *Server {
		s, err := Open(Options{Now: now, DataDir: dir})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s, ada := open(), Token("ada")
	status, location, _ := send(t, s, "POST", "/fitnessActivities", ada, "NewFitnessActivity", "", run)
	if status != 201 || location != "/fitnessActivities/7000000001" {
		t.Fatalf("%d at %q", status, location)
	}
	if status, _, text := send(t, s, "PUT", location, ada, "FitnessActivity", "FitnessActivity", `{"notes": "M\u00fcde"}`); status != 200 || !strings.Contains(text, `"notes":"Müde"`) || !strings.Contains(text, `"duration":600`) {
		t.Errorf("an update answers %d %s", status, text)
	}
	if status, _, text := send(t, s, "POST", location+"/comments", ada, "Comment", "CommentThread", `{"comment": "Well done"}`); status != 200 || !strings.Contains(text, "Well done") {
		t.Errorf("a comment answers %d %s", status, text)
	}
	_, weight, _ := send(t, s, "POST", "/weight", ada, "NewWeightSet", "", `{"timestamp": "Sat, 1 Jan 2011 00:00:00", "weight": 70.7}`)
	if status, _, text := send(t, s, "DELETE", weight, ada, "", "", ""); status != 204 || text != "" {
		t.Errorf("a delete answers %d %s", status, text)
	}
	s = open()
	if _, text := ask(t, s, location, ada, "FitnessActivitySummary", "Accept-Charset", "UTF-8"); !strings.Contains(text, "Müde") {
		t.Errorf("the activity is %s", text)
	}
	if _, text := ask(t, s, location+"/comments", ada, "CommentThread"); !strings.Contains(text, "Well done") {
		t.Errorf("the thread is %s", text)
	}
	if answer, _ := ask(t, s, weight, ada, "WeightSet"); answer.StatusCode != 404 {
		t.Errorf("a deleted weight answers %d", answer.StatusCode)
	}
	if _, next, _ := send(t, s, "POST", "/fitnessActivities", ada, "NewFitnessActivity", "", run); next == location || next == weight {
		t.Errorf("the number of %s is given out twice", next)
	}
	if err := os.WriteFile(filepath.Join(dir, dataFile), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(Options{Now: now, DataDir: dir}); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("a damaged file: %v", err)
	}
}

// TestFriendship asks, answers, and is answered on the other side too.
func TestFriendship(t *testing.T) {
	s, ada, lin := New(Options{Now: now, Empty: true}), Token("ada"), Token("lin")
	id := func(token string) string {
		var root struct {
			UserID json.Number `json:"userID"`
		}
		_, text := ask(t, s, "/user", token, "User")
		if err := json.Unmarshal([]byte(text), &root); err != nil {
			t.Fatal(err)
		}
		return root.UserID.String()
	}
	a, l := id(ada), id(lin)
	status := func() (out []string) {
		for _, who := range [][2]string{{ada, l}, {lin, a}} {
			answer, text := ask(t, s, "/team/"+who[1], who[0], "Member")
			var member struct{ Status string }
			if answer.StatusCode == 200 && json.Unmarshal([]byte(text), &member) != nil {
				t.Fatal(text)
			}
			out = append(out, member.Status)
		}
		return out
	}
	steps := []struct {
		reason                     string
		method, target, token, say string
		code                       int
		want                       []string
	}{
		{"ada asks lin", "POST", "/team", ada, `{"userID": ` + l + `}`, 201, []string{"pending", "pending"}},
		{"and not twice", "POST", "/team", ada, `{"userID": ` + l + `}`, 400, []string{"pending", "pending"}},
		{"nobody answers herself", "PUT", "/team/" + l, ada, `{"reply": "accepted"}`, 400, []string{"pending", "pending"}},
		{"lin looks away", "PUT", "/team/" + a, lin, `{"reply": "ignored"}`, 200, []string{"pending", "pending"}},
		{"lin says no", "PUT", "/team/" + a, lin, `{"reply": "declined"}`, 200, []string{"", ""}},
		{"lin asks herself", "POST", "/team", lin, `{"userID": ` + a + `}`, 201, []string{"pending", "pending"}},
		{"ada agrees", "PUT", "/team/" + l, ada, `{"reply": "accepted"}`, 200, []string{"member", "member"}},
	}
	for _, step := range steps {
		kind := map[string]string{"POST": "Invitation", "PUT": "Reply"}[step.method]
		code, _, text := send(t, s, step.method, step.target, step.token, kind, "Member", step.say)
		if diff := cmp.Diff(step.want, status()); code != step.code || diff != "" {
			t.Errorf("%s: %d %s, want %d (-want +got):\n%s", step.reason, code, text, step.code, diff)
		}
	}
}
