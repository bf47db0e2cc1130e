package backend_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lockstep/planner/state"
	"lockstep/planner/state/backend"
	"lockstep/planner/state/backend/backendtest"
	"lockstep/schema"
)

// Workspaces are states beside each other: what is written in one is in no other, and
// what is left of a removed one is nothing.
func TestWorkspaces(t *testing.T) {
	cases := map[string]func(t *testing.T) backend.Options{
		"local": func(t *testing.T) backend.Options {
			return backend.Options{Type: "local", Path: t.TempDir() + "/state.jsonl"}
		},
		"postgres": func(t *testing.T) backend.Options {
			return backend.Options{Type: "postgres", Arguments: map[string]string{"name": "club"}, Getenv: environment(map[string]string{"PG_CONN_STR": backendtest.NewPostgres(t).Address()})}
		},
		"s3": func(t *testing.T) backend.Options {
			return backend.Options{Type: "s3", Arguments: map[string]string{"bucket": "club", "key": "a/state", "endpoint": newBucket(t).url}, Getenv: environment(signer)}
		},
	}
	for name, options := range cases {
		t.Run(name, func(t *testing.T) {
			o := options(t)
			all, err := backend.OpenWorkspaces(o)
			if err != nil {
				t.Fatal(err)
			}
			listed(t, all)
			for _, name := range []string{"north", "south"} {
				if err := all.MakeWorkspace(t.Context(), name); err != nil {
					t.Fatal(err)
				}
			}
			if err := all.MakeWorkspace(t.Context(), "north"); !errors.Is(err, backend.ErrWorkspaceExists) {
				t.Errorf("a workspace is made twice: %v", err)
			}
			listed(t, all, "north", "south")
			checkApart(t, o)
			if err := all.RemoveWorkspace(t.Context(), "north"); err != nil {
				t.Fatal(err)
			}
			listed(t, all, "south")
			if records := recordsIn(t, o, "north"); records != 0 {
				t.Errorf("a removed workspace has %d records", records)
			}
			if records := recordsIn(t, o, "default"); records != 1 {
				t.Errorf("the default workspace has %d records after another was removed, want 1", records)
			}
		})
	}
}

func listed(t *testing.T, all backend.Workspaces, want ...string) {
	t.Helper()
	names, err := all.ListWorkspaces(t.Context())
	slices.Sort(names)
	if err != nil || !slices.Equal(names, want) {
		t.Errorf("the workspaces are %v (%v), want %v", names, err, want)
	}
}

// checkApart writes a record in two workspaces and more in one of them.
func checkApart(t *testing.T, o backend.Options) {
	t.Helper()
	for workspace, records := range map[string]int{"default": 1, "north": 20} {
		o.Workspace = workspace
		b := open(t, o)
		release, err := b.Lock(t.Context(), "ann")
		if err != nil {
			t.Fatal(err)
		}
		s, err := state.Open(t.Context(), b, state.Options{Personal: "plain"})
		if err != nil {
			t.Fatal(err)
		}
		for i := range records {
			if err := s.Write(t.Context(), state.Batch{Put: []*state.Record{numbered(i)}}); err != nil {
				t.Fatal(err)
			}
		}
		if err := release(); err != nil {
			t.Error(err)
		}
	}
	got := map[string]int{}
	for _, workspace := range []string{"default", "north", "south"} {
		got[workspace] = recordsIn(t, o, workspace)
	}
	if diff := cmp.Diff(map[string]int{"default": 1, "north": 20, "south": 0}, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

func recordsIn(t *testing.T, o backend.Options, workspace string) int {
	t.Helper()
	o.Workspace = workspace
	s, err := state.Open(t.Context(), open(t, o), state.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s.Snapshot().Records.Len()
}

// The HTTP protocol has one state at an address.
func TestWorkspacesOfOne(t *testing.T) {
	o := backend.Options{Type: "http", Arguments: map[string]string{"address": "https://example.com/state"}, Workspace: "north", Getenv: environment(nil)}
	if _, err := backend.Open(o); err == nil {
		t.Error("a workspace is opened where there is only one")
	}
	if _, err := backend.OpenWorkspaces(o); err == nil {
		t.Error("workspaces are listed where there is only one")
	}
}

func numbered(n int) *state.Record {
	r := state.NewRecord(schema.Address{Kind: "crm_tag", Name: fmt.Sprint("t", n)})
	r.Provider, r.ID = "crm", fmt.Sprint(n)
	return r
}
