package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"lockstep/providers/ghl/sandbox"
)

// planted are values that nothing else can look like.
var planted = map[string]string{
	"email": "zephyrine.quaxly@example.com", "first name": "Zephyrine", "last name": "Quaxly-Umberto",
	"phone": "+19075550188", "national phone": "9075550188", "address": "77 Umbrellaphant Lane", "city": "Xylopolis", "postal code": "QZ7 9XW",
	"company": "Wyvern & Daughters", "birthday": "1961-07-23", "note": "wyverns", "custom field": "gluten of the seventh kind",
	"task": "about the dragonfruit",
}

const plantedFiles = `
provider "ghl" {}

resource "ghl_custom_field" "diet" {
  name      = "Diet"
  field_key = "diet"
  data_type = "TEXT"
}

resource "ghl_contact" "people" {
  for_each      = { "zephyrine.quaxly@example.com" = "Zephyrine" }
  email         = each.key
  first_name    = each.value
  last_name     = "Quaxly-Umberto"
  phone         = "+1 907 555 0188"
  address       = "77 Umbrellaphant Lane"
  city          = "Xylopolis"
  postal_code   = "QZ7 9XW"
  company_name  = "Wyvern & Daughters"
  date_of_birth = "1961-07-23"
  tags          = ["vip"]
  custom_fields = { diet = "gluten of the seventh kind" }
}

resource "ghl_note" "remarks" {
  for_each   = ghl_contact.people
  contact_id = each.value.id
  body       = "Allergic to wyverns."
}

resource "ghl_task" "calls" {
  for_each   = ghl_contact.people
  contact_id = each.value.id
  title      = "Call Zephyrine about the dragonfruit"
  body       = "Zephyrine Quaxly-Umberto, 77 Umbrellaphant Lane"
  due_date   = "2027-01-15T09:00:00Z"
}

resource "ghl_tag" "own" {
  for_each = toset(["zephyrine.quaxly@example.com"])
  name     = "tag of ${each.key}"
}

mapping "sources" {
  for_each = { "Zephyrine" = "zephyrine.quaxly@example.com" }
  target   = "ghl_contact"
  match    = { email = each.value }
  field "source" { value = "list of ${each.key}" }
}

module "person" {
  source   = "./person"
  for_each = toset(["zephyrine.quaxly@example.com"])
  who      = each.key
}
`

const plantedModule = `
variable "who" { type = string }

resource "ghl_tag" "inner" {
  name = "inner tag of ${var.who}"
}
`

// TestPersonalData runs with values that are easy to find: none is in the
// state, while it grows and in the end, and the token is nowhere.
func TestPersonalData(t *testing.T) {
	const token = "pit-5ec3e7aa-77aa-4b0b-8c0c-0123456789ab"
	s := newSite(t, sandbox.Options{Token: token}, 0)
	quoting := quotingServer(t, s, token)
	write(t, filepath.Join(s.dir, "main.hcl"), plantedFiles)
	if err := os.Mkdir(filepath.Join(s.dir, "person"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(s.dir, "person", "main.hcl"), plantedModule)
	path := filepath.Join(s.dir, "lockstep.state.jsonl")
	var mu sync.Mutex
	grown := "" // with intents and results that are not compacted yet
	look := func(_ *http.Request, done bool) {
		if data, err := os.ReadFile(path); err == nil && done {
			mu.Lock()
			defer mu.Unlock()
			grown += string(data)
		}
	}
	s.onCall.Store(&look)

	var told strings.Builder
	for i, args := range [][]string{
		{"plan", "-out=saved.plan"}, {"apply", "-auto-approve"}, {"apply", "-auto-approve", "-json"}, {"apply", "-auto-approve"},
		{"state", "list"}, {"plan", "-out=later.plan"}, {"drift"},
	} {
		var output bytes.Buffer
		c := s.command(t, &output, "lockstep", args...)
		c.Env = append(c.Env, "LOCKSTEP_LOG=debug")
		if i == 1 {
			c.Env = append(c.Env, "GHL_BASE_URL="+quoting)
		}
		code := exitCode(t, c.Run())
		fmt.Fprintf(&told, "%s: exit %d\n%s\n", args, code, output.String())
	}
	state := read(t, path)
	if n := strings.Count(state, `"object"`); n != 7 {
		t.Fatalf("the state has %d objects, want 7:\n%s\n%s", n, state, told.String())
	}
	for what, value := range planted {
		for name, text := range map[string]string{"state": state, "growing state": grown} {
			if strings.Contains(text, value) {
				t.Errorf("the %s is in the %s:\n%s", what, name, text)
			}
		}
	}
	if !strings.Contains(grown, `"intent"`) || !strings.Contains(told.String(), "[debug] POST") || !strings.Contains(told.String(), "***") {
		t.Errorf("the run did not do what this test is about:\n%s\n%s", grown, told.String())
	}
	for name, text := range map[string]string{
		"state": state, "growing state": grown, "output": told.String(),
		"plan": read(t, filepath.Join(s.dir, "saved.plan")), "later plan": read(t, filepath.Join(s.dir, "later.plan")),
	} {
		if strings.Contains(text, token) || strings.Contains(text, token[4:]) {
			t.Errorf("the token is in the %s:\n%s", name, text)
		}
	}
}

// quotingServer is the same CRM, but it refuses the first contact and quotes
// the token and the body.
func quotingServer(t *testing.T, s *site, token string) string {
	t.Helper()
	var refused atomic.Bool
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && r.URL.Path == "/contacts/" && refused.CompareAndSwap(false, true) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprintf(w, `{"statusCode":401,"message":"Invalid private integration token %s"}`, token)
			return
		}
		s.crm.sandbox.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
