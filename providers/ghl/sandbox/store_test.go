package sandbox

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// walk makes and changes a bit of everything, and gives the contact's id.
func walk(c *client) string {
	field := c.must("POST", "/locations/LOC/customFields", `{"name":"Tier","dataType":"TEXT"}`)["customField"].(object)["id"].(string)
	id := c.contact(`"email":"ada@example.com","tags":["vip"],"customFields":[{"key":"tier","field_value":"Gold"}]`)
	task := c.must("POST", "/contacts/"+id+"/tasks", `{"title":"Call","dueDate":"2026-07-20","completed":false}`)["task"].(object)["id"].(string)
	c.must("POST", "/contacts/"+id+"/tasks", `{"title":"Write","dueDate":"2026-07-21","completed":false}`)
	c.must("DELETE", "/contacts/"+id+"/tasks/"+task, "")
	c.must("POST", "/contacts/"+id+"/notes", `{"body":"Met"}`)
	c.must("POST", "/locations/LOC/customValues", `{"name":"Mail","value":"help@example.com"}`)
	c.must("PUT", "/locations/LOC/customFields/"+field, `{"name":"Level"}`)
	gone := c.contact(`"email":"gone@example.com"`)
	c.must("DELETE", "/contacts/"+gone, "")
	return id
}

// everything reads all that a client can see.
func everything(c *client, id string) []object {
	out := []object{c.must("POST", "/contacts/search", `{"locationId":"LOC","pageLimit":10}`)}
	out = append(out, c.must("POST", "/locations/LOC/tasks/search", `{}`))
	for _, path := range []string{
		"/contacts/" + id, "/contacts/" + id + "/tasks", "/contacts/" + id + "/notes", "/locations/LOC",
		"/locations/LOC/tags", "/locations/LOC/customFields", "/locations/LOC/customValues",
	} {
		out = append(out, c.must("GET", path, ""))
	}
	return out
}

func TestDataSurvives(t *testing.T) {
	cases := map[string]struct {
		reason string
		leave  func(t *testing.T, c *client, log string) // how the first run ends
	}{
		"closed": {"the log is replayed", func(t *testing.T, c *client, _ string) {
			if err := c.server.Close(); err != nil {
				t.Fatal(err)
			}
		}},
		"killed": {"every answered change is in the log before Close", func(t *testing.T, c *client, log string) {
			raw, err := os.ReadFile(log)
			if err != nil {
				t.Fatal(err)
			}
			if err := c.server.Close(); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(log, raw, 0o600); err != nil {
				t.Fatal(err)
			}
		}},
		"torn": {"half a line was never answered", func(t *testing.T, c *client, log string) {
			if err := c.server.Close(); err != nil {
				t.Fatal(err)
			}
			raw, err := os.ReadFile(log)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(log, append(raw, `{"seq":99,"kind":"conta`...), 0o600); err != nil {
				t.Fatal(err)
			}
		}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			first := open(t, Options{DataDir: dir, Invented: Invented{Contacts: 3}})
			id := walk(first)
			want := everything(first, id)
			tc.leave(t, first, filepath.Join(dir, logFile))
			second := open(t, Options{DataDir: dir, Invented: Invented{Contacts: 500}, Seed: []byte(club)})
			if diff := cmp.Diff(want, everything(second, id)); diff != "" {
				t.Errorf("%s, and a seed is for new stores only (-want +got):\n%s", tc.reason, diff)
			}
			if again := second.contact(`"email":"new@example.com"`); again == id {
				t.Errorf("the id %s was given twice", id)
			}
		})
	}
}

// TestDeletedContactTakesBelongings holds that tasks, notes and appointments go
// with their contact, in the log too.
func TestDeletedContactTakesBelongings(t *testing.T) {
	dir := t.TempDir()
	seed := `{"contacts":[{"id":"ada","email":"ada@example.com","notes":[{"body":"Met"}],
		"tasks":[{"id":"call","title":"Call","dueDate":"2026-07-20"}],
		"appointments":[{"id":"lunch","title":"Lunch","startTime":"2026-07-20 12:00:00","endTime":"2026-07-20 13:00:00"}]}]}`
	first := open(t, Options{DataDir: dir, Seed: []byte(seed)})
	first.must("DELETE", "/contacts/ada", "")
	left := func(c *client) []any {
		status, refusal := c.call("DELETE", "/locations/LOC/tasks/call", "")
		people := c.server.location.people
		return []any{status, refusal["message"], c.must("POST", "/locations/LOC/tasks/search", `{}`)["tasks"], people.store.size() - people.size()}
	}
	want := []any{400, "The task id is invalid.", []any{}, 1} // the settings of the location
	if diff := cmp.Diff(want, left(first)); diff != "" {
		t.Errorf("deleted (-want +got):\n%s", diff)
	}
	if err := first.server.Close(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, left(open(t, Options{DataDir: dir}))); diff != "" {
		t.Errorf("read again (-want +got):\n%s", diff)
	}
}

// TestEarlierLog reads a log that a sandbox without collections wrote, with what
// that sandbox answered then.
func TestEarlierLog(t *testing.T) {
	dir := t.TempDir()
	log, err := os.ReadFile(filepath.Join("testdata", "earlier", logFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, logFile), log, 0o600); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join("testdata", "earlier", "want.json"))
	if err != nil {
		t.Fatal(err)
	}
	var want []object
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	c := open(t, Options{DataDir: dir})
	ada := c.searchIDs(`,"query":"ada@example.com"`)
	got := append(everything(c, ada[0]), c.must("GET", "/contacts/grace/appointments", ""), c.must("GET", "/users/?locationId=LOC", ""))
	for _, answers := range [][]object{want, got} {
		for _, answer := range answers {
			delete(answer, "traceId")
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("an earlier log gives other answers (-want +got):\n%s", diff)
	}
}

func TestLogIsCompacted(t *testing.T) {
	dir := t.TempDir()
	first := open(t, Options{DataDir: dir})
	id := first.contact(`"email":"ada@example.com"`)
	for range 200 {
		first.must("PUT", "/contacts/"+id, `{"firstName":"Ada"}`)
	}
	want := first.must("GET", "/contacts/"+id, "")
	if err := first.server.Close(); err != nil {
		t.Fatal(err)
	}
	second := open(t, Options{DataDir: dir})
	raw, err := os.ReadFile(filepath.Join(dir, logFile))
	if err != nil {
		t.Fatal(err)
	}
	got := []any{strings.Count(string(raw), "\n"), second.must("GET", "/contacts/"+id, "")}
	if diff := cmp.Diff([]any{2, want}, got); diff != "" {
		t.Errorf("one line for the location, one for the contact (-want +got):\n%s", diff)
	}
}

func TestOpenRefuses(t *testing.T) {
	used := t.TempDir()
	open(t, Options{DataDir: used})
	broken := t.TempDir()
	if err := os.WriteFile(filepath.Join(broken, logFile), []byte("nonsense\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		reason string
		in     Options
		want   string
	}{
		"in use":    {"two processes would overwrite each other", Options{DataDir: used}, "is in use by another run"},
		"broken":    {"a log that is not ours is left alone", Options{DataDir: broken}, "sandbox log, line 1"},
		"seed":      {"a seed must be JSON", Options{Seed: []byte("{")}, "the seed is not the JSON of a location"},
		"member":    {"a slip in the seed is told", Options{Seed: []byte(`{"contact":[]}`)}, `a seed has no member "contact"; it may have location, users, tags, customFields, customValues, pipelines`},
		"children":  {"and where it is", Options{Seed: []byte(`{"contacts":[{"email":"a@example.com","tasks":[{"title":"x"}]}]}`)}, "contacts: contact 1: tasks: "},
		"bad phone": {"a seed is held to the API's rules", Options{Seed: []byte(`{"contacts":[{"phone":"x"}]}`)}, "phone must be a valid phone number"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := Open(tc.in)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s: got error %v, want %q in it", tc.reason, err, tc.want)
			}
		})
	}
}

func TestEqualSeedsAreEqual(t *testing.T) {
	read := func() []string { return open(t, Options{Invented: Invented{Contacts: 50}}).searchIDs("") }
	if diff := cmp.Diff(read(), read()); diff != "" {
		t.Errorf("the same number gives the same people (-first +second):\n%s", diff)
	}
}
