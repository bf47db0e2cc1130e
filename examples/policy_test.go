package examples_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/open-policy-agent/opa/v1/rego"
)

// TestPolicy gives real plans to the rules of the example, as conftest does.
func TestPolicy(t *testing.T) {
	program, applied := build(t), folder(t, "policy")
	if got := run(t, program, applied, "", "apply", "-auto-approve"); got.Exit != 0 {
		t.Fatalf("cannot apply: %s", got.Stderr)
	}
	const (
		vip      = `"ann@example.com"  = ["vip"]`
		lead     = `"bob@example.com"  = ["lead"]`
		bare     = `"cleo@example.com" = []`
		vipGoes  = `ghl_contact.customer["ann@example.com"] has the tag vip, and would be deleted.`
		replaced = `ghl_custom_field.tier would be replaced because of data_type, and its value of every contact would be lost.`
	)
	cases := map[string]struct {
		reason     string
		edit       []string // old and new texts of main.hcl
		plan, show []string // more flags
		want       []string
	}{
		"as it is":        {reason: "a plan without changes is allowed"},
		"vip":             {reason: "the tag counts that the contact has in the CRM", edit: []string{vip, ""}, want: []string{vipGoes}},
		"lead":            {reason: "another tag protects nothing", edit: []string{lead, ""}},
		"no tags":         {reason: "no tag protects nothing", edit: []string{bare, ""}},
		"tag and contact": {reason: "who gets the tag with this plan is not deleted by it", edit: []string{lead, "", bare, `"cleo@example.com" = ["vip"]`}},
		"tag goes":        {reason: "a vip may lose the tag", edit: []string{`["vip"]`, `["lead"]`}},
		"replaced":        {reason: "a field of another type is another field", edit: []string{`"TEXT"`, `"NUMERICAL"`}, want: []string{replaced}},
		"renamed":         {reason: "a field with another name is the same field", edit: []string{`"Tier"`, `"Level"`}},
		"both":            {reason: "each rule denies by itself", edit: []string{vip, "", `"TEXT"`, `"NUMERICAL"`}, want: []string{vipGoes, replaced}},
		"destroy":         {reason: "it deletes the vip as well", plan: []string{"-destroy"}, want: []string{vipGoes}},
		"redacted": {reason: "what cannot be told is denied", edit: []string{lead, ""}, show: []string{"-redact"},
			want: []string{`ghl_contact.customer["redacted-1"] would be deleted, and its tags are not told. Make the JSON without -redact.`}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(applied)); err != nil {
				t.Fatal(err)
			}
			edit(t, filepath.Join(dir, "main.hcl"), tc.edit)
			if diff := cmp.Diff(tc.want, denied(t, showJSON(t, program, dir, tc.plan, tc.show))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// edit replaces texts of a file: old and new ones in turn.
func edit(t *testing.T, file string, texts []string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(texts); i += 2 {
		if !strings.Contains(string(data), texts[i]) {
			t.Fatalf("%s does not have %s", file, texts[i])
		}
	}
	if err := os.WriteFile(file, []byte(strings.NewReplacer(texts...).Replace(string(data))), 0o600); err != nil {
		t.Fatal(err)
	}
}

// showJSON plans, and returns the plan as programs read it.
func showJSON(t *testing.T, program, dir string, plan, show []string) any {
	t.Helper()
	if got := run(t, program, dir, "", append([]string{"plan", "-out=next.plan"}, plan...)...); got.Exit != 0 {
		t.Fatalf("cannot plan: %s", got.Stderr)
	}
	out, err := exec.Command(program, append(append([]string{"-chdir=" + dir, "show", "-json"}, show...), "next.plan")...).Output()
	if err != nil {
		t.Fatalf("cannot show the plan: %v", err)
	}
	var document any
	if err := json.Unmarshal(out, &document); err != nil {
		t.Fatal(err)
	}
	return document
}

// denied are the messages of the rules named deny in package main, which conftest asks for.
func denied(t *testing.T, plan any) []string {
	t.Helper()
	query := rego.New(rego.Query("data.main.deny"), rego.Load([]string{"policy/policy"}, nil), rego.Input(plan), rego.StrictBuiltinErrors(true))
	found, err := query.Eval(context.Background())
	if err != nil || len(found) != 1 {
		t.Fatalf("the rules cannot be evaluated: %v, %v", found, err)
	}
	var messages []string
	for _, message := range found[0].Expressions[0].Value.([]any) {
		messages = append(messages, message.(string))
	}
	return messages
}
