package command

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"

	"lockstep/cmd/internal/report"
	"lockstep/planner/engine"
	"lockstep/providers"
	crm "lockstep/providers/ghl/sandbox"
	"lockstep/providers/runkeeper/sandbox"
)

const runners = `
provider "ghl" {}
provider "runkeeper" {
  account "ada" {}
  account "lin" {}
}
data "runkeeper_athlete" "club" {
  for_each = toset(["ada", "lin"])
  account  = each.key
}
resource "runkeeper_friend" "sam" {
  account = "lin"
  user_id = "4711"
}
`

const withContact = runners + `
resource "ghl_contact" "lin" { email = "lin@example.com" }
mapping "club" {
  for_each = data.runkeeper_athlete.club
  target   = "ghl_contact"
  match    = { email = "${each.key}@example.com" }
  field "tags" { value = [each.value.source] }
}
`

// unreadCase is a report with accounts that refuse.
type unreadCase struct {
	reason, files, ada, lin string
	args                    []string
	code                    int
	rows                    []string // name, accounts, activities known and why not
	told, untold            []string
	stopped                 bool
}

func unreadCases() map[string]unreadCase {
	revoked := sandbox.RevokedToken("lin")
	gone := func(name string) string {
		return `GET /user: 403 "Revoked". The person has disconnected the program. Take the account out, and delete what was kept of the person's health data, ` +
			"unless the person connects again: set RUNKEEPER_TOKEN_" + strings.ToUpper(name) + " to the new token, or unset it and run `lockstep login runkeeper -account=" + name + "`"
	}
	return map[string]unreadCase{
		"Revoked": {
			reason: "the others are reported, and the contact knows why its account is not", files: withContact, ada: sandbox.Token("ada"), lin: revoked,
			rows: []string{"Ada Sample: ada, true, ", "Lin: lin, false, lin: " + gone("lin")},
			told: []string{`Warning: The report lacks the account "lin"`, "The person has disconnected", "request: GET /user", "answer:  403 Revoked"},
		},
		"Redacted": {
			reason: "shared with others, neither the account nor the server is told", files: withContact, ada: sandbox.Token("ada"), lin: revoked, args: []string{"-redact"},
			rows: []string{"redacted-1: , true, ", "redacted-2: , false, (redacted): (redacted)"},
			told: []string{`Warning: The report lacks the account "(redacted)"`, "403"}, untold: []string{"lin", "Revoked", "health", "Ada"},
		},
		"All": {
			reason: "contacts are told when no account is", files: withContact, ada: sandbox.RevokedToken("ada"), lin: revoked,
			rows: []string{"ada: ada, false, ada: " + gone("ada"),
				"Lin: lin, false, lin: " + gone("lin")},
			told: []string{`Warning: The report lacks the account "ada"`, `Warning: The report lacks the account "lin"`},
		},
		"Nobody": {
			reason: "when nothing is known there is no report", files: runners, ada: sandbox.RevokedToken("ada"), lin: revoked, code: ExitError,
			told: []string{`Error: The report lacks the account "ada"`, `Error: The report lacks the account "lin"`},
		},
		"Mixed": {
			reason: "what is wrong in the files is an error beside it", files: withContact + `data "runkeeper_athlete" "typo" { account = "lim" }`, ada: sandbox.Token("ada"), lin: revoked, code: ExitError,
			told: []string{`Error: Cannot use the account "lin" of runkeeper`, `Error: Cannot read data.runkeeper_athlete.typo`, `no account "lim"`},
		},
		"Stopped": {
			reason: "who stops the run gets no report of half of it", files: withContact, ada: sandbox.Token("ada"), lin: revoked, code: ExitInterrupted, stopped: true,
			told: []string{"Error: Interrupted\n\nNo report was written."}, untold: []string{"lacks", "Cannot read"},
		},
	}
}

// TestReportUnread reports with accounts of the API that refuse.
func TestReportUnread(t *testing.T) {
	server, err := crm.Open(crm.Options{Now: time.Now, Seed: []byte(`{"contacts": [{"email": "lin@example.com", "firstName": "Lin"}]}`)})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	market := httptest.NewServer(server)
	defer market.Close()
	runs := sandbox.New(sandbox.Options{})
	// stop is called when lin is asked for.
	stop := func() {}
	world := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.Header.Get("Authorization"), "lin") {
			stop()
		}
		runs.ServeHTTP(w, r)
	}))
	defer world.Close()
	for name, tc := range unreadCases() {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if stop = func() {}; tc.stopped {
				stop = cancel
			}
			env := Env{Environ: []string{
				"GHL_BASE_URL=" + market.URL, "GHL_TOKEN=" + server.Token(), "GHL_LOCATION_ID=" + server.Location(),
				"RUNKEEPER_BASE_URL=" + world.URL, "RUNKEEPER_TOKEN_ADA=" + tc.ada, "RUNKEEPER_TOKEN_LIN=" + tc.lin,
			}}
			got := run(ctx, env, folder(t, tc.files), append([]string{"report", "-format", "csv"}, tc.args...)...)
			if got.code != tc.code {
				t.Fatalf("%s: exit %d, want %d:\n%s%s", tc.reason, got.code, tc.code, got.stdout, got.stderr)
			}
			if diff := cmp.Diff(tc.rows, people(t, got.stdout)); diff != "" {
				t.Errorf("%s: -want +got:\n%s", tc.reason, diff)
			}
			for _, text := range tc.told {
				if !strings.Contains(got.stderr, text) {
					t.Errorf("%s: %q is not told:\n%s", tc.reason, text, got.stderr)
				}
			}
			for _, text := range append(tc.untold, tc.lin, tc.ada) {
				if strings.Contains(got.stdout+got.stderr, text) {
					t.Errorf("%s: %q is told:\n%s%s", tc.reason, text, got.stdout, got.stderr)
				}
			}
		})
	}
}

// people are the rows of a report: who it is, whether it is known what was done,
// and why not.
func people(t *testing.T, text string) []string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for i, row := range rows {
		cell := func(name string) string { return row[slices.Index(rows[0], name)] }
		if i > 0 {
			found = append(found, fmt.Sprintf("%s: %s, %t, %s", cell("name"), cell("accounts"), cell("activities") != "", cell("unread")))
		}
	}
	return found
}

// TestReportStopped stops the report that a complete apply ends with.
func TestReportStopped(t *testing.T) {
	server, err := crm.Open(crm.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	market := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/notes") {
			cancel()
		}
		server.ServeHTTP(w, r)
	}))
	defer market.Close()
	env := Env{Environ: []string{"GHL_BASE_URL=" + market.URL, "GHL_TOKEN=" + server.Token(), "GHL_LOCATION_ID=" + server.Location()}}
	got := run(ctx, env, folder(t, "provider \"ghl\" {}\nresource \"ghl_contact\" \"ann\" { email = \"ann@example.com\" }"), "apply", "-auto-approve", "-report=club.csv")
	if got.code != ExitInterrupted || !strings.Contains(got.stdout, "Apply complete! Resources: 1 added") ||
		!strings.Contains(got.stderr, "No report was written.\n\nThe apply itself is complete") || strings.Contains(got.stderr, "Warning") {
		t.Errorf("a stopped report exits %d, want %d:\n%s%s", got.code, ExitInterrupted, got.stdout, got.stderr)
	}
}

// TestManyUnread tells of a few accounts one by one, and of none twice.
func TestManyUnread(t *testing.T) {
	var f report.Facts
	var planned hcl.Diagnostics
	for i := range mostUnread + 2 {
		account := fmt.Sprintf("a%d", i)
		f.People = append(f.People, report.PersonFacts{Unread: []*providers.AccountError{{Account: account, Err: errors.New("no ZIP file")}}})
		planned = append(planned, &hcl.Diagnostic{Summary: "Cannot read", Extra: &engine.Detail{Account: account}})
	}
	planned = append(planned, &hcl.Diagnostic{Summary: "Other", Extra: &engine.Detail{Account: "b"}}, &hcl.Diagnostic{Summary: "Again", Extra: &engine.Detail{Account: "b"}},
		&hcl.Diagnostic{Summary: "Left out"}, &hcl.Diagnostic{Summary: "Left out, too"})
	var got []string
	for _, d := range append(once(planned, f), unreadAccounts(f)[mostUnread-1:]...) {
		got = append(got, d.Summary+": "+d.Detail)
	}
	want := []string{"Other: ", "Left out: ", "Left out, too: ", `The report lacks the account "a9": no ZIP file.`,
		"The report lacks more accounts: 2 accounts could not be read either. The report says of each person why."}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("told of %d accounts: -want +got:\n%s", len(f.People), diff)
	}
}
