package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"lockstep/providers/ghl/sandbox"
)

// TestReplacedFieldKilled kills an apply that makes a custom field of another type
// anew, at one of its writes. The CRM has dropped some values by then. The next
// apply writes what is missing: that is neither a conflict, nor an edit in the
// CRM, nor a mass change.
func TestReplacedFieldKilled(t *testing.T) {
	tests := map[string]struct {
		reason string
		// write is the one at which the process is killed: when the request arrives, or
		// when it is answered.
		write    int64
		answered bool
		// flags of the next apply.
		flags []string
	}{
		"Delete":     {reason: "The values may still be there, and then need leave as before.", write: 1, flags: []string{"-accept-deletes=60"}},
		"Deleted":    {reason: "The values are gone, and need no leave any more.", write: 1, answered: true},
		"Create":     {reason: "The state knows that the field is gone.", write: 2},
		"Created":    {reason: "The new field is there, and the state does not know it.", write: 2, answered: true},
		"FirstValue": {reason: "No value is known to be written again.", write: 3},
		"SomeValues": {reason: "Some values are written again.", write: 30, answered: true},
		"LastValue":  {reason: "All values are written again.", write: 62, answered: true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, sandbox.Options{}, time.Millisecond)
			s.writeField(t, "TEXT")
			s.mustRun(t, "apply", "-auto-approve")
			s.writeField(t, "NUMERICAL")
			s.killAtAWrite(t, tc.write, tc.answered, "apply", "-auto-approve", "-accept-deletes=60")
			code, output := s.run(t, append([]string{"apply", "-auto-approve"}, tc.flags...)...)
			if code != 0 || strings.Contains(output, "conflict") {
				t.Fatalf("%s The next apply exits %d:\n%s", tc.reason, code, output)
			}
			if code, output := s.run(t, "plan", "-detailed-exitcode"); code != 0 {
				t.Errorf("%s A plan in the end exits %d:\n%s", tc.reason, code, output)
			}
			if fields := look(t, s.crm).Fields; len(fields) != 1 {
				t.Errorf("%s There are %d fields in the end: %v", tc.reason, len(fields), fields)
			}
		})
	}
}

// writeField declares a field of a type, and 60 people with values of it.
func (s *site) writeField(t *testing.T, dataType string) {
	t.Helper()
	text := fmt.Sprintf(`provider "ghl" {}

resource "ghl_custom_field" "tier" {
  name      = "Tier"
  data_type = %q
}

resource "ghl_contact" "c" {
  count         = 60
  email         = "c${count.index}@example.com"
  custom_fields = { tier = "5" }
}
`, dataType)
	if err := os.WriteFile(filepath.Join(s.dir, "main.hcl"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (s *site) mustRun(t *testing.T, args ...string) {
	t.Helper()
	if code, output := s.run(t, args...); code != 0 {
		t.Fatalf("%v exits %d:\n%s", args, code, output)
	}
}

// killAtAWrite runs a command and kills it when one of its writes arrives, or is
// answered.
func (s *site) killAtAWrite(t *testing.T, at int64, answered bool, args ...string) {
	t.Helper()
	var output bytes.Buffer
	process := s.command(t, &output, "lockstep", args...)
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	var writes atomic.Int64
	kill := func(r *http.Request, done bool) {
		if r.Method == http.MethodGet || strings.HasSuffix(r.URL.Path, "/search") || done != answered {
			return
		}
		if writes.Add(1) == at {
			_ = process.Process.Kill()
		}
	}
	s.onCall.Store(&kill)
	defer s.onCall.Store(nil)
	if code := exitCode(t, process.Wait()); code != -1 {
		t.Fatalf("the command was to be killed, and exits %d:\n%s", code, output.String())
	}
}
