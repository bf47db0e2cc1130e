package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lockstep/cmd/internal/command"
	"lockstep/providers/ghl/sandbox"
)

// project is a folder, and the CRM that it is for, with what was sent to it.
type project struct {
	dir string
	env []string

	mu   sync.Mutex
	wire []request
}

// request is a call to the CRM. made is the id of the contact that its answer
// tells of.
type request struct{ method, path, made string }

// newProject makes an empty folder, and a CRM with what seed has.
func newProject(t testing.TB, seed []byte) *project {
	t.Helper()
	p := &project{dir: quickFolder(t)}
	server, err := sandbox.Open(sandbox.Options{Now: time.Now, Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	crm := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		server.ServeHTTP(answer, r)
		body := answer.Body.Bytes()
		var told struct{ Contact struct{ ID string } }
		if r.Method == http.MethodPost && json.Unmarshal(body, &told) != nil {
			told.Contact.ID = ""
		}
		p.mu.Lock()
		p.wire = append(p.wire, request{r.Method, r.URL.Path, told.Contact.ID})
		p.mu.Unlock()
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		if _, err := io.Copy(w, bytes.NewReader(body)); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(func() {
		crm.Close()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	p.env = []string{"GHL_BASE_URL=" + crm.URL, "GHL_TOKEN=" + server.Token(), "GHL_LOCATION_ID=" + server.Location()}
	return p
}

func (p *project) file(t testing.TB, name, text string) {
	t.Helper()
	path := filepath.Join(p.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// run runs a command and wants its exit code. It returns the calls to the CRM.
func (p *project) run(t testing.TB, exit int, args ...string) []request {
	t.Helper()
	before := len(p.wire)
	var stderr strings.Builder
	code := command.Run(context.Background(), command.Env{
		Args: append([]string{"-chdir=" + p.dir}, args...), Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: &stderr,
		Environ: p.env, Now: time.Now, Providers: command.Providers(),
	})
	if code != exit {
		t.Fatalf("%v exits %d, want %d:\n%s", args, code, exit, stderr.String())
	}
	return p.wire[before:]
}

// rowFiles are people of a file, with a field that their block writes and one
// that a mapping does.
const rowFiles = `
provider "ghl" {}

locals {
  members = { for row in csvrows("members.csv") : row.email => row }
}

resource "ghl_contact" "member" {
  for_each   = local.members
  email      = each.key
  first_name = each.value.name
}

mapping "city" {
  for_each = local.members
  target   = "ghl_contact"
  match    = { email = each.key }
  field "city" { value = each.value.city }
}
`

// TestRowsCalls holds that a person is one call, however many blocks and mappings
// write to them.
func TestRowsCalls(t *testing.T) {
	people := 1000
	if testing.Short() || raced {
		people = 100
	}
	rows := func(name, city string) string {
		text := "email,name,city\n"
		for i := range people {
			text += fmt.Sprintf("p%04d@example.com,%s%d,%s%d\n", i, name, i, city, i)
		}
		return text
	}
	p := newProject(t, nil)
	p.file(t, "main.hcl", rowFiles)
	steps := []struct {
		reason, rows string
		args         []string
		most         int
	}{
		{"a new person is one POST", rows("A", "X"), []string{"apply", "-auto-approve"}, people + 10},
		{"nothing to do", rows("A", "X"), []string{"plan", "-detailed-exitcode"}, 10},
		{"a change of both fields is one PUT", rows("B", "Y"), []string{"apply", "-auto-approve", fmt.Sprint("-accept-changes=", people)}, people + 10},
		{"and all is done then", rows("B", "Y"), []string{"plan", "-detailed-exitcode"}, 10},
		{"so is a change of the mapped field alone", rows("B", "Z"), []string{"apply", "-auto-approve", fmt.Sprint("-accept-changes=", people)}, people + 10},
	}
	for _, step := range steps {
		p.file(t, "members.csv", step.rows)
		if calls := len(p.run(t, command.ExitOK, step.args...)); calls > step.most {
			t.Errorf("%s: %d people take %d calls, want at most %d", step.reason, people, calls, step.most)
		}
	}
}

// TestClubCalls holds that the running club makes each person in one call: what
// its mappings give goes with the POST, and no PUT follows it.
func TestClubCalls(t *testing.T) {
	example := os.DirFS(filepath.Join("..", "..", "examples", "running-club"))
	seed, err := os.ReadFile(filepath.Join("..", "..", "examples", "running-club", "seed.json"))
	if err != nil {
		t.Fatal(err)
	}
	p := newProject(t, seed)
	if err := os.CopyFS(p.dir, example); err != nil {
		t.Fatal(err)
	}
	for _, left := range []string{".lockstep", "lockstep.state.jsonl", "lockstep.state.jsonl.lock"} {
		if err := os.RemoveAll(filepath.Join(p.dir, left)); err != nil {
			t.Fatal(err)
		}
	}
	main, err := os.ReadFile(filepath.Join(p.dir, "main.hcl"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(main), "\nprovider \"runkeeper\" {")
	if !found {
		t.Fatal("the example has no Runkeeper")
	}
	p.file(t, "main.hcl", "provider \"ghl\" {}\n\nprovider \"runkeeper\" {"+rest)
	var made, again []string
	for _, r := range p.run(t, command.ExitOK, "apply", "-auto-approve") {
		id, _ := strings.CutPrefix(r.path, "/contacts/")
		switch {
		case r.method == http.MethodPost && r.path == "/contacts/":
			made = append(made, r.made)
		case r.method == http.MethodPut && slices.Contains(made, id):
			again = append(again, id)
		}
	}
	if len(made) == 0 || slices.Contains(made, "") {
		t.Fatalf("the club makes people, and the CRM tells their ids: %q", made)
	}
	if diff := cmp.Diff([]string{}, again, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("a person that was just made is written again: -want +got:\n%s", diff)
	}
	p.run(t, command.ExitOK, "plan", "-detailed-exitcode")
}
